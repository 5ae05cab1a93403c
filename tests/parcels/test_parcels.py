"""A parcel's ways: put in, fetched, to the desk, back; and what happens when something fails."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from community.models import Notification
from parcels import operations
from parcels.models import Compartment, Courier, Parcel, ProxyCode
from tests.parcels.lockers import somebody, stand

pytestmark = pytest.mark.django_db


def code_of(refusal):
    return next(iter(refusal.value.error_dict.values()))[0].code


def refused(call, *args, **values):
    with pytest.raises(ValidationError) as refusal:
        call(*args, **values)
    return code_of(refusal)


def test_a_parcel_is_put_in_and_its_recipient_is_told(place):
    row = place.put_in("sf 1428-0916 6631")
    assert (row.state, row.waybill, row.compartment.number) == ("stored", "SF142809166631", 1)
    assert len(row.code) == 6
    assert row.keep_until > timezone.now() + timedelta(hours=47)
    told = Notification.objects.get(kind="parcels.arrived")
    assert row.code not in str(told.facts)
    assert [step.what for step in row.steps.order_by("pk")] == ["opened_for_deposit", "stored"]


def test_the_smallest_fitting_compartment_is_taken_until_none_is_left(place):
    sizes = [place.begin(size=size).compartment.size for size in ("small", "small", "small")]
    assert sizes == ["small", "small", "medium"]
    assert place.begin().compartment.size == "large"
    assert refused(place.begin) == "nothing_free"


def test_one_waybill_is_here_once(place):
    first = place.begin("SF0000000001")
    assert place.begin("SF0000000001").pk == first.pk  # sent again
    place.shut(first)
    assert refused(place.begin, "SF0000000001") == "waybill_here"
    second = place.begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        Parcel.objects.filter(pk=second.pk).update(waybill="SF0000000001")


def test_two_parcels_never_share_a_compartment_and_none_is_nowhere(place):
    one, two = place.put_in(), place.put_in()
    for change in ({"compartment": one.compartment}, {"compartment": None}, {"shelf": place.shelf}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Parcel.objects.filter(pk=two.pk).update(**change)


def test_a_parcel_that_does_not_fit_goes_into_another(place):
    row = place.begin()
    operations.another_compartment(row, size="large")
    row = place.shut(place.deliver(row))
    assert (row.state, row.compartment.size) == ("stored", "large")
    assert place.begin().compartment.number == 1  # the first one is free again


def test_nothing_put_in_is_undone_and_the_waybill_free_again(place):
    row = operations.undo_deposit(place.begin("SF0000000001"))
    assert (row.state, row.compartment) == ("undone", None)
    assert place.begin("SF0000000001").pk != row.pk


def test_a_stuck_door_gives_the_compartment_back(place):
    place.behave(jam=[1])
    row = operations.look(place.begin())
    assert row.state == "undone"
    place.behave()
    row = place.begin()
    operations.another_compartment(row, size="small", is_broken=True)
    assert Compartment.objects.get(bank=place.bank, number=1).is_faulty


def test_fetched_with_the_code_the_compartment_is_free(place):
    row = place.put_in()
    code = row.code
    taken = place.deliver(operations.take_by_code(place.bank, f"{code[:3]} {code[3:]}"))
    assert place.shut(taken).state == "collected"
    row.refresh_from_db()
    assert (row.code, row.code_index, row.compartment) == ("", "", None)
    with pytest.raises(operations.WrongCode):
        operations.take_by_code(place.bank, code)


def test_the_qr_opens_too_and_a_code_of_another_bank_does_not(place):
    row = place.put_in()
    other = operations.add_bank(compound=place.compound, name="2", sizes={"small": 1})
    with pytest.raises(operations.WrongCode):
        operations.take_by_code(other, row.code)
    assert operations.take_by_code(place.bank, f"K1:{row.secret}").pk == row.pk


def test_a_bank_takes_no_codes_after_five_wrong_ones(place):
    row = place.put_in()
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(operations.WrongCode) as wrong:
            operations.take_by_code(place.bank, "000000" if row.code != "000000" else "1")
        assert wrong.value.left == left
    with pytest.raises(operations.WrongCode) as wrong:
        operations.take_by_code(place.bank, row.code)
    assert wrong.value.wait_s > 0
    assert place.compound.events.filter(kind="parcels.codes_guessed").count() == 1


def test_somebody_else_fetches_once_and_the_own_code_changes(place):
    row = place.put_in()
    proxy = operations.let_fetch(row, name="王阿姨")
    taken = place.deliver(operations.take_by_code(place.bank, proxy.code))
    assert taken.code != row.code
    assert place.shut(taken).by_proxy
    assert ProxyCode.objects.get().used_at
    assert Notification.objects.filter(kind="parcels.fetched").exists()
    with pytest.raises(operations.WrongCode):
        operations.take_by_code(place.bank, proxy.code)


def test_a_door_that_does_not_open_for_fetching_keeps_the_parcel(place):
    row = place.put_in()
    place.behave(jam=[1])
    taken = operations.look(place.deliver(operations.take(row)))
    assert (taken.state, taken.compartment.number) == ("stored", 1)
    assert taken.code


@pytest.mark.parametrize(
    ("seen", "behaviour", "state", "doubt"),
    [
        (True, {}, "stored", ""),
        (False, {}, "stored", "maybe_empty"),
        (False, {"vanish": True}, "opening", "door_silent"),
    ],
)
def test_power_cut_between_opening_and_storing(place, seen, behaviour, state, doubt):
    row = place.begin()
    if seen:
        operations.look(row)
    from community.devices.drivers import simulated_locker

    simulated_locker.shut(place.device_id, 1)
    place.behave(**behaviour)
    assert operations.resolve_left(timezone.now() + timedelta(minutes=2)) == 1
    row.refresh_from_db()
    assert (row.state, row.doubt) == (state, doubt)
    assert row.compartment


def test_an_open_door_is_flagged_once_and_the_desk_settles_it(place):
    row = place.begin()
    later = timezone.now() + timedelta(minutes=2)
    assert [operations.resolve_left(later), operations.resolve_left(later)] == [1, 0]
    row.refresh_from_db()
    assert row.doubt == "door_open"
    assert operations.say_what_is_there(row, "inside").state == "stored"
    row.refresh_from_db()
    assert (row.doubt, bool(row.keep_until)) == ("", True)


def test_a_lying_door_is_asked_by_word_and_an_open_one_is_not_believed(place):
    row = place.begin()
    from community.devices.base import BarrierState

    assert refused(operations.say_shut, row, BarrierState.OPEN) == "door_open"
    place.behave(lie={"1": "closed"})
    assert operations.look(row).state == "opening"  # never seen open
    assert operations.say_shut(row, operations.door_of(row)).state == "stored"


def test_without_consent_nothing_goes_into_a_locker(place):
    other = somebody(place.compound, place.unit, "何平", "13800008830")
    assert refused(place.begin, person=other) == "no_consent"
    operations.choose(other, "locker", carrier=place.carrier, kind="parcel")
    assert refused(place.begin, person=other, kind="letter") == "no_consent"
    assert place.begin(person=other).state == "opening"
    operations.choose(other, "", carrier=place.carrier, kind="parcel")
    assert refused(place.begin, person=other) == "no_consent"


def test_an_ended_courier_and_a_full_day_store_nothing(place):
    Courier.objects.update(most_a_day=1)
    place.begin()
    assert refused(place.begin) == "courier_full"
    operations.end_courier(place.courier)
    assert refused(place.begin) == "courier_ended"
    place.courier.user.refresh_from_db()
    assert not place.courier.user.is_active


def test_registered_mail_goes_over_the_desk_against_a_signature(place):
    assert refused(place.begin, kind="registered") == "no_consent"
    row = operations.receive_at_desk(
        shelf=place.shelf, carrier=place.carrier, waybill="XA12345678", kind="registered",
        person=place.person, actor=place.clerk,
    )  # fmt: skip
    assert refused(operations.hand_over, row, signed_by="许青") == "signature_missing"
    from tests.residents.test_requests import photo

    row = operations.hand_over(row, signed_by="许青", signature=photo(), actor=place.clerk)
    assert (row.state, row.signed_by, row.pictures.get().what) == ("collected", "许青", "signature")


def test_the_ladder_reminds_asks_and_puts_work_on_the_desks_list(place):
    row = place.put_in()
    steps = [(30, 1), (30, 1), (49, 2), (73, 3), (400, 3)]
    for hours, rung in steps:
        operations.climb(timezone.now() + timedelta(hours=hours))
        row.refresh_from_db()
        assert (row.rung, row.state) == (rung, "stored")
    kinds = Notification.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["parcels.arrived", "parcels.asked", "parcels.reminded"]
    row = operations.move_to_desk(row, shelf=place.shelf, actor=place.clerk)
    assert (row.state, row.rung) == ("desk", 0)
    operations.climb(timezone.now() + timedelta(days=8))
    row.refresh_from_db()
    assert (row.state, row.rung) == ("desk", 4)
    assert operations.give_to_carrier(row).state == "returned"


def test_one_day_more_once(place):
    row = place.put_in()
    until = row.keep_until
    assert operations.prolong(row).keep_until == until + timedelta(days=1)
    assert refused(operations.prolong, row) == "prolonged_already"


def test_who_needs_help_is_brought_home(place):
    from residents.models import Person

    Person.objects.filter(pk=place.person.pk).update(needs=["alone"])
    place.person.refresh_from_db()
    row = operations.receive_at_desk(
        shelf=place.shelf, carrier=place.carrier, waybill="SF99887766", person=place.person
    )
    assert row.bring_home
    assert operations.hand_over(row, at_home=True).state == "delivered"


def test_doors_forced_and_left_open_are_told_until_they_are_shut(place):
    row = place.begin()
    now = timezone.now()
    operations.watch(place.bank, now)
    place.behave(forced=[3])
    operations.watch(place.bank, now + timedelta(minutes=4))
    alarms = dict(place.bank.compartments.values_list("number", "alarm"))
    assert alarms == {1: "left_open", 2: "", 3: "forced", 4: ""}
    place.behave()
    place.shut(row)
    operations.watch(place.bank, now + timedelta(minutes=5))
    assert set(place.bank.compartments.values_list("alarm", flat=True)) == {""}
    kinds = place.compound.events.filter(kind__startswith="parcels.compartment_")
    assert kinds.filter(kind="parcels.compartment_shut").count() == 2


def test_recipients_are_found_by_tail_with_name_or_home_and_no_more_is_shown(place):
    for hint in ("许", "许*", "3", "3-2-1202", "3栋2单元"):
        (found,) = operations.find_recipients(place.courier, "6120", hint)
        with translation.override("en"):
            where = found.entrance
        assert (found.name, found.phone) == ("许*", "138****6120")
        assert where == "Building 3, entrance 2"
    for tail, hint in (("6120", "王"), ("9999", "许"), ("6120", "4"), ("612", "许"), ("6120", "")):
        with pytest.raises(ValidationError):
            operations.find_recipients(place.courier, tail, hint)
    wife = somebody(place.compound, place.unit, "何平", "13800006120")
    assert len(operations.find_recipients(place.courier, "6120", "3-2-1202")) == 2
    assert operations.chosen(place.courier, "6120", "3", wife.pk).person == wife


def test_who_tries_numbers_has_to_wait(place):
    for number in range(15):
        refused(operations.find_recipients, place.courier, f"{number:04}", "王")
    assert refused(operations.find_recipients, place.courier, "6120", "许") == "searching_locked"


def test_a_couriers_code_signs_in_once(place):
    code = operations.make_code(place.courier)
    wrong = "111111" if code != "111111" else "222222"
    assert operations.sign_in(place.compound, "13900001111", wrong) is None
    assert operations.sign_in(place.compound, "139 0000 1111", code) == place.courier.user
    assert operations.sign_in(place.compound, "13900001111", code) is None
    assert operations.sign_in(stand().compound, "13900001111", code) is None


def test_a_report_is_answered_and_ended_parcels_go_after_their_time(place):
    row = place.put_in()
    report = operations.report(row, what="damaged", text="盒子压扁了")
    assert operations.report(row, what="wrong").pk == report.pk
    operations.answer_report(report, answer="已联系快递公司", actor=place.clerk)
    assert Notification.objects.filter(kind="parcels.answered").exists()
    place.shut(place.deliver(operations.take(row)))
    assert operations.retire(timezone.now() + timedelta(days=100))["parcels"] == 0
    assert operations.retire(timezone.now() + timedelta(days=181))["parcels"] == 1
    assert not Parcel.objects.exists()
