"""Moving in and out, new phones, and two files that become one."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from community import handling
from community.models import Role
from parking.models import Vehicle
from parking.operations import register_vehicle
from residents import operations
from residents.models import Household, Lease, Person, Registration, Residency
from residents.operations import Mover
from tests.community import factories
from tests.residents import homes

pytestmark = pytest.mark.django_db
CODES = {"other_compound", "same_file", "documents_differ", "two_sign_ins"}


@pytest.fixture
def letting():
    return homes.letting(factories.compound())


@pytest.fixture
def couple(letting):
    at = letting.compound
    return homes.person(at, "许知夏", **homes.card()), homes.person(at, "何映明")


def move_in(letting, couple, on=None):
    movers = [Mover(couple[0], "tenant", registers=True), Mover(couple[1], "family", "10")]
    return operations.move_in(
        letting.unit, movers, on=on or homes.ago(30), lease_to=homes.ago(-300)
    )


def test_moving_in_is_one_deed(letting, couple):
    done = move_in(letting, couple)
    assert [(row.is_head, row.relation) for row in done.household.members.order_by("pk")] == [
        (True, "01"),
        (False, "10"),
    ]
    assert [form.state for form in done.registrations] == ["draft"]
    assert Lease.objects.get().tenant == couple[0]


def test_moving_in_happens_whole_or_not_at_all(letting, couple):
    movers = [Mover(couple[0], "tenant"), Mover(couple[1], "nobody")]
    with pytest.raises(ValidationError):
        operations.move_in(letting.unit, movers, on=homes.today())
    assert not Residency.objects.exists()
    assert not Household.objects.exists()


def test_moving_out_ends_all_that_hung_on_living_here(letting, couple):
    at = letting.compound
    move_in(letting, couple)
    user = factories.user("resident", at=at)
    operations.change_person(couple[0], user=user)
    own = register_vehicle(compound=at, plate="豫A12345", unit=letting.unit, owner=couple[0])
    shared = register_vehicle(compound=at, plate="豫A12346", unit=letting.unit)
    done = operations.move_out(letting.unit, couple, on=homes.ago(1))
    assert (len(done.left), len(done.gone), done.registrations, done.leases) == (2, 2, 1, 1)
    handling.run_due()
    assert set(Vehicle.objects.exclude(ended_at=None)) == {own, shared}
    assert not Role.objects.filter(user=user, ended_at=None).exists()
    assert Household.objects.get().ended_on == homes.ago(1)
    assert Registration.objects.get().end_reason == "moved_out"
    again = operations.move_out(letting.unit, couple, on=homes.ago(1))
    assert (again.left, again.registrations, again.leases) == ([], 0, 0)
    assert at.events.filter(kind="residents.moved_out").count() == 1


def test_who_holds_another_home_stays_a_resident(letting, couple):
    move_in(letting, couple)
    user = factories.user("resident", at=letting.compound)
    operations.change_person(couple[0], user=user)
    other = factories.unit(letting.compound, "1-1-101")
    operations.add_residency(person=couple[0], unit=other, kind="owner", started_on=homes.ago(9))
    done = operations.move_out(letting.unit, couple, on=homes.ago(1))
    assert done.gone == [couple[1]]
    assert Role.objects.filter(user=user, ended_at=None).exists()


def test_a_last_day_to_come_ends_the_role_after_it(letting, couple):
    move_in(letting, couple)
    user = factories.user("resident", at=letting.compound)
    operations.change_person(couple[0], user=user)
    operations.move_out(letting.unit, couple, on=homes.today())
    assert Role.objects.filter(user=user, ended_at=None).exists()
    operations.run_clock(homes.today() + timedelta(days=1))
    assert not Role.objects.filter(user=user, ended_at=None).exists()


def test_owners_stay_owners_unless_the_home_is_sold(letting):
    owner = letting.landlord
    operations.add_residency(
        person=owner, unit=letting.unit, kind="owner", started_on=homes.ago(90)
    )
    assert operations.move_out(letting.unit, [owner], on=homes.today()).left == []
    assert len(operations.move_out(letting.unit, [owner], on=homes.today(), sold=True).left) == 1


def test_a_number_that_changed_hands_opens_nothing(letting, couple):
    former, now = couple
    operations.replace_phone(former, "13800006120")
    operations.change_person(former, user=factories.user("resident", at=letting.compound))
    operations.change_person(now, phone="13800006120")
    found = Person.objects.of_phone("13800006120", letting.compound_id)
    assert list(found) == [former]
    operations.confirm_phone(now)
    assert list(found.all()) == [now]
    former.refresh_from_db()
    now.refresh_from_db()
    assert (former.phone, now.user) == ("", None)
    assert former.user is not None


def test_a_changed_number_is_confirmed_anew(letting, couple):
    operations.replace_phone(couple[0], "13800006120")
    operations.change_person(couple[0], phone="13800006121")
    assert not Person.objects.of_phone("13800006121", letting.compound_id).exists()


def test_further_phones_are_found_too(letting, couple):
    operations.add_other_phone(couple[0], phone="139 0000 7777", kind="emergency", name="许怀谷")
    found = Person.objects.search("13900007777", [letting.compound_id])
    assert list(found) == [couple[0]]


def test_merged_files_are_one(letting, couple):
    keep, gone = couple
    at = letting.compound
    for row, since in ((keep, 90), (gone, 200)):
        operations.add_residency(
            person=row, unit=letting.unit, kind="tenant", started_on=homes.ago(since)
        )
    car = register_vehicle(compound=at, plate="豫A12345", unit=letting.unit, owner=gone)
    operations.change_person(gone, phone="13800006120", needs=["alone"], ethnicity="01")
    for _ in range(2):
        keep = operations.merge_people(keep, gone)
    handling.run_due()
    car.refresh_from_db()
    assert (car.owner, keep.phone, keep.needs) == (keep, "13800006120", ["alone"])
    assert Residency.objects.get().started_on == homes.ago(200)
    assert list(Person.objects.search("何映明", [at.pk])) == []
    assert list(Person.objects.search("13800006120", [at.pk])) == [keep]
    assert at.events.filter(kind="residents.people_merged").count() == 1


def test_two_people_are_not_merged(letting, couple):
    operations.change_person(
        couple[1], document_kind="resident_id", document=homes.number("41000019900101123")
    )
    there = homes.person(factories.compound())
    for other in (couple[1], couple[0], there):
        with pytest.raises(ValidationError) as refused:
            operations.merge_people(couple[0], other)
        assert refused.value.error_dict["person"][0].code in CODES


def test_a_landlord_sees_every_home_that_they_let(letting):
    user = factories.user("landlord", at=letting.compound)
    operations.change_person(letting.landlord, user=user)
    second = operations.let_home(
        factories.unit(letting.compound, "5-1-802"), letting.landlord, started_on=homes.ago(3)
    )
    homes.letting(letting.compound, factories.unit(letting.compound, "5-1-803"))
    assert set(type(letting).objects.visible_to(user)) == {letting, second}


def test_an_address_has_its_parts_and_its_own_code(letting):
    given = {"province": "河南省", "city": "芦城市", "district": "青禾区", "street": "文渊路"}
    given |= {"number": "18 号", "building": "3 幢", "room": "1202", "code": "4100000001"}
    row = operations.set_address(letting.unit, **given)
    assert str(row) == "河南省芦城市青禾区文渊路18 号3 幢1202"
    other = factories.unit(letting.compound, "1-1-101")
    for values, name in ((given, "code"), (given | {"street": ""}, "street")):
        with pytest.raises(ValidationError) as refused:
            operations.set_address(other, **values)
        assert set(refused.value.error_dict) == {name}
