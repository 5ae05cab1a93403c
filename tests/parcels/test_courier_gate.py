"""The courier's own way in at the gate: today's pass, counted, in its hours, ended with them."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from parcels import operations
from parcels.models import KeepingRule
from parking.pricebook import book_of, priced
from residents import visiting
from residents.models import Visit, VisitStay
from security.operations import complete_passage
from security.words import about_person, about_plate
from tests.community import factories
from tests.parking.money import inside, tariff
from tests.residents.doors import door, show
from tests.security.gates import drive_up

pytestmark = pytest.mark.django_db
PLATE = "皖A52M78"


@pytest.fixture
def all_day(place):
    """Hours of delivery that hold now, whatever the clock says while this runs."""
    return hours(place, time(0), time(23, 59, 59))


def hours(place, begins: time, ends: time, **more):
    values = {"source": "测试", "couriers_from": begins, "couriers_until": ends} | more
    rule, _new = KeepingRule.objects.update_or_create(compound=place.compound, defaults=values)
    return rule


@pytest.fixture
def courier(place) -> Client:
    client = Client()
    client.force_login(place.courier.user)
    return client


def said(passage) -> tuple[str, str]:
    return passage.outcome, passage.code


def test_the_pass_of_the_day_opens_the_door_is_counted_and_seen_by_the_guard(
    place, all_day, courier
):
    hours(place, time(0), time(23, 59, 59), courier_entries=2)
    page = courier.get("/courier/pass/")
    assert page.status_code == 200
    row = Visit.objects.get()
    assert (row.home, row.bearer, row.most_entries) == ("", place.courier.user, 2)
    assert courier.get("/courier/pass/").context["row"] == row  # the same one, all day
    lane = door(place.compound)
    passage = show(lane, "pass", row.secret)
    assert said(passage) == ("allow", "pass_valid")
    complete_passage(passage.pk, "assumed", timezone.now())
    guard = Client()
    guard.force_login(factories.user("guard", at=place.compound))
    seen = guard.get("/guard/visitors/?show=inside")
    assert [one.row for one in seen.context["visits"]] == [row]
    assert "顺丰 赵师傅" in seen.content.decode()
    assert about_person(passage)
    again = show(lane, "pass", row.secret)
    assert said(again) == ("allow", "pass_valid")
    complete_passage(again.pk, "assumed", timezone.now())
    # One person who comes again is inside once.
    assert VisitStay.objects.inside().count() == 1
    assert said(show(lane, "pass", row.secret)) == ("deny", "pass_used_up")
    assert said(show(door(place.compound, "exit", "人行西门"), "pass", row.secret)) == (
        "allow",
        "pass_leaving",
    )
    kinds = set(place.compound.events.values_list("kind", flat=True))
    assert {"residents.pass_of_day_made", "residents.visitor_arrived"} <= kinds


def test_a_named_car_opens_the_barrier_and_a_third_one_is_refused(place, all_day, courier):
    assert courier.post("/courier/pass/", {"plate": PLATE}).status_code == 302
    passage = drive_up(factories.lane(place.compound), PLATE)
    assert said(passage) == ("allow", "visit_expected")
    assert PLATE not in about_plate(passage)
    assert Visit.objects.get().entries == 1
    assert courier.post("/courier/pass/", {"plate": "皖B12345"}).status_code == 302
    assert courier.post("/courier/pass/", {"plate": "皖C12345"}).status_code == 422
    assert courier.post("/courier/pass/", {"plate": "三轮"}).status_code == 422
    assert len(Visit.objects.get().plates) == 2


def test_closing_the_account_ends_the_pass_at_the_gate_at_once(place, all_day):
    row = operations.gate_pass(place.courier, plate=PLATE)
    operations.end_courier(place.courier)
    row.refresh_from_db()
    assert row.revoked_at
    lane = door(place.compound)
    assert said(show(lane, "pass", row.secret)) == ("deny", "pass_revoked")
    assert said(drive_up(factories.lane(place.compound), PLATE)) == ("deny", "visit_revoked")
    # Also where only the role ended: what stands behind a pass is asked at this moment.
    Visit.objects.update(revoked_at=None)
    assert said(show(lane, "pass", row.secret)) == ("deny", "pass_duty_over")
    assert said(drive_up(factories.lane(place.compound), PLATE)) == ("deny", "visit_duty_over")
    with pytest.raises(Exception, match=r"closed|停用|关闭|注销"):
        operations.gate_pass(place.courier)


def test_outside_the_hours_nothing_opens_and_another_compound_knows_nothing(place, all_day):
    row = operations.gate_pass(place.courier)
    now = timezone.now()
    lane = door(place.compound)
    Visit.objects.update(starts_at=now + timedelta(minutes=10), ends_at=now + timedelta(hours=1))
    assert said(show(lane, "pass", row.secret)) == ("deny", "pass_too_early")
    Visit.objects.update(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(minutes=1))
    assert said(show(lane, "pass", row.secret)) == ("deny", "pass_over")
    elsewhere = door(factories.compound("海棠里"))
    assert said(show(elsewhere, "pass", row.secret)) == ("deny", "pass_unknown")


def test_the_hours_are_those_of_the_compounds_day(place):
    hours(place, time(7), time(22))
    begins, ends = operations.hours_today(
        place.compound, datetime(2026, 3, 1, 23, 30, tzinfo=ZoneInfo("UTC"))
    )
    assert (begins.isoformat(), ends.hour) == ("2026-03-02T07:00:00+08:00", 22)


def test_a_pass_taken_back_by_the_guard_is_not_made_anew(place, all_day, courier):
    row = operations.gate_pass(place.courier)
    from residents.operations import revoke_visit

    revoke_visit(row)
    page = courier.get("/courier/pass/")
    assert page.context["errors"]
    assert Visit.objects.count() == 1
    assert visiting.show(Visit.objects.get()).state == "revoked"


def test_a_couriers_car_pays_nothing_within_the_hours_and_as_a_stranger_after_them(place, all_day):
    tariff(place.compound)
    row = operations.gate_pass(place.courier, plate=PLATE)
    now = timezone.now()
    begun = now - timedelta(hours=4)
    Visit.objects.filter(pk=row.pk).update(starts_at=begun, ends_at=now)
    row.refresh_from_db()
    stay = inside(place.compound, minutes=240, plate=PLATE, visit=row)
    book = book_of(place.compound)
    told = priced(stay, now, book)
    assert (told.price.total, told.price.lines[0].code) == (0, "delivery")
    # An hour and ten minutes beyond the pass: two begun hours; the half hour is over long ago.
    assert priced(stay, now + timedelta(minutes=70), book).price.total == 1000
    visitor = inside(place.compound, minutes=240, plate="皖A11111")
    assert priced(visitor, now, book).price.total > 0
