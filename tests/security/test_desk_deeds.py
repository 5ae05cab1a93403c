"""What guards do at the desk about misread plates and alerts; and whose rows they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Command, Lane
from security import alerts, operations
from security.models import Alert, Correction, Misread
from tests.community import factories
from tests.security.gates import OTHER, PLATE, drive_up, gate, jpeg, vehicle
from tests.security.test_console import post, signed_in, text

pytestmark = pytest.mark.django_db
ALIKE = "皖A52M7B"


@pytest.fixture
def lane() -> Lane:
    cache.clear()
    return gate()


@pytest.fixture
def guard(lane: Lane) -> Any:
    return factories.user("guard", at=lane.compound, name="陈国栋")


@pytest.fixture
def desk(guard: Any) -> Client:
    return signed_in(guard)


def shown(client: Client, name: str, *args: Any, **query: Any) -> str:
    return text(client.get(reverse(name, args=args), query))


def test_a_claim_opens_says_so_and_can_be_undone(desk, lane):
    unread = drive_up(lane, None, plate_raw=ALIKE, picture=jpeg())
    html = desk.get(reverse("guard-failed")).content.decode()
    assert reverse("guard-claim", args=[unread.pk]) in html
    answer = post(desk, "guard-claim", unread.pk, plate=PLATE)
    assert f"{lane.name}: opening for {PLATE}. Reason: plate misread" in text(answer)
    undo = reverse("guard-undo", args=[Correction.objects.get().pk])
    assert undo in answer.content.decode()
    assert Command.objects.count() == 1
    assert "again as it was read" in text(post(desk, "guard-undo", Correction.objects.get().pk))
    assert not Misread.objects.exists()


def test_a_barred_car_is_shown_without_a_key_and_a_forged_claim_is_refused(desk, lane):
    vehicle(lane.compound, "皖A70K55", barred_reason="arrears")
    unread = drive_up(lane, None, plate_raw="皖A70K5S")
    html = desk.get(reverse("guard-failed")).content.decode()
    assert "Kept out" in html
    assert reverse("guard-claim", args=[unread.pk]) not in html
    answer = post(desk, "guard-claim", unread.pk, plate="皖A70K55")
    assert answer.status_code == 409
    assert "Barred" in text(answer)
    assert not Command.objects.exists()


def test_a_car_that_has_left_is_named_and_nothing_opens(desk, lane):
    unread = drive_up(lane, None, plate_raw=ALIKE)
    operations.let_go(timezone.now() + timedelta(hours=1))
    html = desk.get(reverse("guard-failed")).content.decode()
    assert reverse("guard-correct", args=[unread.pk]) in html
    assert reverse("guard-claim", args=[unread.pk]) not in html
    post(desk, "guard-correct", unread.pk, plate=PLATE)
    unread.refresh_from_db()
    assert (unread.plate, unread.state) == (PLATE, "gone")
    assert not Command.objects.exists()


def test_the_right_car_is_searched_by_plate_and_home_or_written(desk, lane):
    vehicle(lane.compound, "皖A70K55", unit=factories.unit(lane.compound, "7-1-301"))
    vehicle(gate().compound, "皖A70K77")
    passage = drive_up(lane, OTHER)
    find = ("guard-find-plate", passage.pk)
    for typed in ("70k5", "7-1-301"):
        assert "70K55" in shown(desk, *find, typed=typed)
    assert "70K77" not in shown(desk, *find, typed="70K7")
    assert "No home has registered" in shown(desk, *find, typed="皖A88888")
    assert "No registered car fits" in shown(desk, *find, typed="zzz")
    answer = post(desk, "guard-correct", passage.pk, typed="皖A8")
    assert answer.status_code == 422
    assert "This is no whole plate" in text(answer)
    answer = post(desk, "guard-correct", passage.pk, typed="皖A88888")
    assert answer["HX-Trigger"] == "close-dialog"
    passage.refresh_from_db()
    assert (passage.plate, passage.vehicle) == ("皖A88888", None)
    assert "Take the correction back" in shown(desk, "guard-plate", passage.pk)


def test_all_failed_reads_of_the_day_are_one_press_away(desk, lane):
    for _ in range(7):
        drive_up(factories.lane(lane.compound), None)
    few, all_ = (desk.get(reverse("guard-failed"), {"all": n}) for n in ("", "1"))
    assert few.content.decode().count('class="l-failed"') == 4
    assert "All 7 of today" in text(few)
    assert all_.content.decode().count('class="l-failed"') == 7


def test_rows_of_another_compound_are_not_found(lane):
    passage, elsewhere = drive_up(lane, OTHER), gate()
    own = factories.user("guard", at=lane.compound)
    correction = operations.correct_plate(passage, own, PLATE)
    alert = raised(lane)
    client = signed_in(factories.user("guard", at=elsewhere.compound))
    for name in ("guard-claim", "guard-correct"):
        assert post(client, name, passage.pk, plate=PLATE).status_code == 404
    assert post(client, "guard-undo", correction.pk).status_code == 404
    for name in ("guard-take-alert", "guard-assign-alert", "guard-close-alert"):
        assert post(client, name, alert.pk).status_code == 404
    for name, key in (("guard-plate", passage.pk), ("guard-alert", alert.pk)):
        assert client.get(reverse(name, args=[key])).status_code == 404
    assert client.get(reverse("guard-video", args=[lane.pk])).status_code == 404
    assert "No such alert is open" in shown(client, "guard-alert-list")
    alert.refresh_from_db()
    assert alert.state == "open"


def test_clerks_do_none_of_it(lane):
    passage, alert = drive_up(lane, OTHER), raised(lane)
    clerk = signed_in(factories.user("desk", at=lane.compound))
    for name, key in (("guard-claim", passage.pk), ("guard-close-alert", alert.pk)):
        assert post(clerk, name, key).status_code == 403
    for name, key in (("guard-plate", passage.pk), ("guard-video", lane.pk)):
        assert clerk.get(reverse(name, args=[key])).status_code == 403


# ── alerts ────────────────────────────────────────────────────────────────────────────────────


def raised(lane: Lane, key: str = "k", severity: int = 2) -> Alert:
    return alerts.raise_alert(compound=lane.compound, kind="disk_full", key=key, severity=severity)


def test_an_alert_goes_through_its_steps_with_errors_under_the_field(desk, guard, lane):
    colleague = factories.user("guard", at=lane.compound, name="马骁")
    stranger = factories.user("guard", at=factories.compound())
    alert = raised(lane)
    assert post(desk, "guard-assign-alert", alert.pk, to=str(colleague.pk)).status_code == 409
    post(desk, "guard-take-alert", alert.pk)
    for to in ("", "x", str(stranger.pk), "9" * 30):
        answer = post(desk, "guard-assign-alert", alert.pk, to=to)
        assert (answer.status_code, "on duty here" in text(answer)) == (422, True), to
    assert "now with 马骁" in text(post(desk, "guard-assign-alert", alert.pk, to=str(colleague.pk)))
    answer = post(desk, "guard-close-alert", alert.pk, ending="other")
    assert (answer.status_code, "Say in a few words" in text(answer)) == (422, True)
    answer = post(desk, "guard-close-alert", alert.pk, ending="other", note="x" * 500)
    assert "Alert closed: Other" in text(answer)
    second = signed_in(colleague)
    answer = post(second, "guard-close-alert", alert.pk, ending="put_right")
    assert "陈国栋 has already closed this alert" in text(answer)
    alert.refresh_from_db()
    assert (len(alert.note), alert.closed_by) == (200, guard)


def test_the_strip_shows_first_what_nobody_has_taken(desk, guard, lane):
    urgent = raised(lane, "a", severity=1)
    raised(lane, "b", severity=3)
    alerts.acknowledge(urgent, guard)
    strip = desk.get(reverse("guard-alerts")).content.decode()
    assert "Notice" in strip.split("</strong>")[0]
    assert 'data-total="2"' in strip


def test_the_list_is_filtered_and_paged(desk, guard, lane):
    for number in range(45):
        raised(lane, f"k{number}", severity=2 + number % 2)
    mine, closed = raised(lane, "mine", 1), raised(lane, "closed", 1)
    for alert in (mine, closed):
        alerts.acknowledge(alert, guard)
    alerts.close_with(closed, guard, "false_alarm")
    pages = [desk.get(reverse("guard-alert-list"), {"page": n}).content.decode() for n in (1, 3)]
    assert [page.count('id="alert-') - 2 for page in pages] == [20, 6]
    assert "1–20 / 46" in pages[0]
    assert shown(desk, "guard-alert-list", severity=3).count("Nobody has taken it yet") == 20
    assert "陈国栋 is on it" in shown(desk, "guard-alert-list", show="mine")
    assert "Nothing was wrong · 陈国栋" in shown(desk, "guard-alert-list", show="closed")
    for odd in ({"page": "x"}, {"page": "99999"}, {"show": "?"}, {"severity": "-1"}):
        assert desk.get(reverse("guard-alert-list"), odd).status_code == 200


def test_who_handed_the_shift_over_is_given_nothing(lane):
    from security import duty
    from security.models import Handover

    left, came = (factories.user("guard", at=lane.compound, name=name) for name in "甲乙")
    now = timezone.now()
    Handover.objects.create(
        compound=lane.compound, state="accepted", outgoing=left, incoming=came,
        prepared_at=now, signed_at=now, accepted_at=now,
    )  # fmt: skip
    assert duty.on_duty(lane.compound) == [came]
    assert not duty.is_on_duty(left, lane.compound_id)
