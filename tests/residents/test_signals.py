"""Signs of life against the files: what becomes a signal, what does not, and what follows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Event, Notification
from residents import my_data, operations, signal_words
from residents.models import Sign, Signal, SignalRule, VisitStay, WayIn
from tests.community import factories
from tests.residents import homes
from tests.residents.doors import resident, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return factories.compound()


def entry(unit, ago=1, source="card", **about):
    day = homes.ago(ago)
    key = f"{unit.pk}:{about.get('person', '')}:{day}"
    return operations.record_sign(
        "entry", compound=unit.compound, source=source, key=key, on=day, unit=unit, **about
    )


def car(place, ago, plate="豫Z60K17", **about):
    operations.record_sign(
        "car_night", compound=place, source="car", key=f"{plate}:{ago}", on=homes.ago(ago),
        plate=plate, **about,
    )  # fmt: skip


def weigh(**kind) -> list[Signal]:
    operations.weigh_signs()
    return list(Signal.objects.filter(closed_on=None, **kind))


def over(place, ended=20):
    """A tenant whose lease is over, and who lives there on."""
    home = homes.letting(place)
    tenant = homes.person(place, "许知夏")
    operations.add_residency(
        person=tenant, unit=home.unit, kind="tenant", started_on=homes.ago(380)
    )
    lease = operations.add_lease(
        home, starts_on=homes.ago(380), ends_on=homes.ago(ended), tenant=tenant
    )
    return home, tenant, lease


def test_the_same_sign_counts_once_and_faces_tell_nothing(place):
    unit = factories.unit(place)
    assert entry(unit).pk == entry(unit).pk
    for source in ("face", "courier"):
        with pytest.raises(ValueError, match=source):
            entry(unit, source=source)
    with pytest.raises(ValueError, match="nothing"):
        operations.record_sign("entry", compound=place, source="card", key="x", on=homes.today())
    assert not Event.objects.filter(kind__contains="sign").exists()


def test_a_lease_that_is_over_while_entries_go_on(place):
    home, tenant, _lease = over(place)
    for ago in (1, 2):
        entry(home.unit, ago, person=tenant)
    entry(home.unit, 25, person=tenant)  # while the lease ran
    assert weigh() == []
    entry(home.unit, 3, person=tenant)
    (signal,) = weigh()
    assert (signal.kind, signal.unit, signal.person) == ("lease_over", home.unit, tenant)
    assert signal.evidence["days"] == 3
    assert homes.ago(20).isoformat() in signal_words.why(signal)
    # Lengthened: it settles by itself, and nobody has to close it.
    operations.add_lease(home, starts_on=homes.ago(19), ends_on=homes.ago(-300), tenant=tenant)
    assert weigh() == []
    signal.refresh_from_db()
    assert (signal.state, signal.outcome) == ("closed", "settled")


def registered(place, **card):
    row = homes.confirmed(homes.letting(place), moved_in_on=homes.ago(200))
    since = timezone.now() - timedelta(days=150)
    values = {"compound": place, "person": row.person, "kind": "card", "issued_at": since}
    WayIn.objects.create(**values | card)
    return row


def test_somebody_registered_of_whom_nothing_is_seen(place):
    row = registered(place)
    assert weigh() == []  # nothing was noted here so long ago: nobody can be missed
    other = factories.unit(place, "1-1-101")
    entry(other, 70)
    (signal,) = weigh()
    assert (signal.kind, signal.person, signal.unit) == ("no_life", row.person, row.unit)
    entry(row.unit, 5, source="car")  # their home's car came in
    assert weigh() == []


def test_who_has_no_card_or_used_it_lately_is_not_missed(place):
    row = registered(place, last_used_at=timezone.now() - timedelta(days=3))
    entry(factories.unit(place, "1-1-101"), 70)
    assert weigh() == []
    WayIn.objects.filter(person=row.person).delete()
    assert weigh() == []


def stay(pass_, ago, hours=10, **values):
    came = operations.night_of(pass_.compound, homes.ago(ago)) - timedelta(hours=5)
    left = came + timedelta(hours=hours) if hours else None
    VisitStay.objects.create(
        compound=pass_.compound, visit=pass_, entered_at=came, left_at=left, **values
    )


def test_visitors_of_one_home_who_stay_many_nights(place):
    unit = factories.unit(place)
    resident(unit)
    end = timezone.now() + timedelta(days=2)
    guest = visit(unit, ends_at=end, most_entries=None)
    courier = visit(unit, kind="courier", most_entries=None)
    for ago in range(1, 7):
        operations.record_sign(
            "pass_night", compound=place, source="pass", key=f"n{ago}", on=homes.ago(ago + 3),
            unit=unit,
        )  # fmt: skip
        stay(courier, 2)
    assert weigh() == []
    stay(guest, 1)
    (signal,) = weigh()
    assert (signal.kind, signal.evidence["days"]) == ("pass_nights", 7)


def test_a_stay_without_a_seen_end_stands_for_one_night(place):
    unit = factories.unit(place)
    resident(unit)
    guest = visit(unit, ends_at=timezone.now() + timedelta(days=9), most_entries=None)
    stay(guest, 2, hours=0)
    for ago in (2, 1, 0):
        operations.note_pass_nights(place, homes.ago(ago))
    assert [sign.on for sign in Sign.objects.all()] == [homes.ago(2)]


def test_an_unregistered_car_night_after_night(place):
    unit = factories.unit(place)
    car(place, 3)
    car(place, 2, unit=unit)
    assert weigh() == []
    car(place, 1)
    (signal,) = weigh()
    assert (signal.plate, signal.unit, signal.weight) == ("豫Z60K17", unit, 30)
    car(place, 4)
    assert [row.weight for row in weigh()] == [33]  # more nights weigh more
    assert Event.objects.filter(kind="residents.signal_found").count() == 1


def test_thresholds_are_the_compounds_own(place):
    car(place, 1)
    rule = SignalRule(compound=place, kind="car_nights", times=1, days=7, weight=90)
    operations.set_signal_rule(rule)
    assert [row.weight for row in weigh()] == [90]
    rule.is_active = False
    operations.set_signal_rule(rule)
    assert weigh() == []
    rule.days = 91
    with pytest.raises(ValidationError, match="90"):
        operations.set_signal_rule(rule)


@pytest.fixture
def signal(place):
    for ago in (1, 2, 3):
        car(place, ago, unit=factories.unit(place, f"1-1-10{ago}"))
    return weigh()[0]


def test_a_muted_signal_rests_until_its_day(place, signal):
    until = homes.ago(-5)
    for wrong in ({"reason": "", "until": until}, {"reason": "x", "until": homes.today()}):
        with pytest.raises(ValidationError):
            operations.mute_signal(signal, **wrong)
    for _ in range(2):
        operations.mute_signal(signal, reason="亲戚的车", until=until)
    operations.weigh_signs()
    signal.refresh_from_db()
    assert (signal.state, signal.note) == ("muted", "亲戚的车")
    assert Event.objects.filter(kind="residents.signal_muted").count() == 1
    operations.weigh_signs(until + timedelta(days=1))
    signal.refresh_from_db()
    assert (signal.state, signal.note) == ("open", "")


def test_a_visit_is_planned_told_and_answered_once(place, signal):
    clerk = factories.user("desk", at=place)
    stranger = factories.user("desk", at=factories.compound())
    with pytest.raises(ValidationError):
        operations.plan_visit(signal, on=homes.today(), to=stranger)
    with pytest.raises(ValidationError):
        operations.plan_visit(signal, on=homes.ago(1), to=clerk)
    for _ in range(2):
        operations.plan_visit(signal, on=homes.today(), to=clerk, actor=clerk)
    told = Notification.objects.get(kind="residents.visit_planned", user=clerk)
    assert told.facts["signal"] == signal.pk
    operations.close_signal(signal, "guest", note="朋友的车", actor=clerk)
    operations.close_signal(signal, "guest", actor=clerk)
    with pytest.raises(ValidationError):
        operations.close_signal(signal, "moved_out", actor=clerk)
    assert Event.objects.filter(kind="residents.signal_closed").count() == 1


@pytest.mark.parametrize("outcome", ["registered", "guest", "mistaken", "moved_out"])
def test_what_was_answered_is_not_asked_again(place, signal, outcome):
    operations.close_signal(signal, outcome)
    assert weigh() == []
    for ago in (-1, -2, -3):
        car(place, ago)
    operations.weigh_signs(homes.ago(-3))
    assert Signal.objects.filter(closed_on=None).count() == 1  # fresh nights, a fresh question


def test_nobody_closes_one_as_settled_by_itself(signal):
    with pytest.raises(ValidationError):
        operations.close_signal(signal, "settled")


def test_only_the_office_of_the_compound_sees_it(place, signal):
    for role, seen in (("desk", 1), ("manager", 1), ("guard", 0), ("resident", 0)):
        assert Signal.objects.visible_to(factories.user(role, at=place)).count() == seen
    other = factories.user("manager", at=factories.compound())
    assert Signal.objects.visible_to(other).count() == 0
    assert Sign.objects.visible_to(other).count() == 0


def test_the_person_reads_that_it_happened(place):
    home, tenant, _lease = over(place)
    for ago in (1, 2, 3):
        entry(home.unit, ago, person=tenant)
    (found,) = weigh()
    operations.close_signal(found, "mistaken", note="合同已续签")
    parts = {part.code: part for part in my_data.sections(None, tenant)}
    shown = [str(fact.shown or fact.value) for row in parts["signals"].rows for fact in row]
    assert "合同已续签" in shown
    assert len(parts["signs"].rows) == 3


def test_the_office_sees_evidence_and_does_the_deeds(place, signal, client: Client):
    client.force_login(factories.user("desk", at=place))
    page = client.get(reverse("admin:residents_signal_changelist")).content.decode()
    assert "豫Z60K17" in page
    detail = reverse("admin:residents_signal_change", args=[signal.pk])
    body = client.get(detail).content.decode()
    assert signal_words.why(signal) in body
    assert homes.ago(2).isoformat() in body
    url = reverse("admin:residents_signal_mute", args=[signal.pk])
    given = {"object_id": signal.pk, "reason": "亲戚", "until": homes.ago(-9).isoformat()}
    client.post(url, given | {"_form_submitted": "1"})
    signal.refresh_from_db()
    assert signal.state == "muted"


def test_nights_are_counted_in_the_compounds_own_time(place):
    at = operations.night_of(place, datetime(2026, 11, 22).date())  # noqa: DTZ001
    assert at.isoformat() == "2026-11-22T03:00:00+08:00"
