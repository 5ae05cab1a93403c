"""The guard's page: who may stand at it, what it shows, and what its deeds answer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community import feed
from community.models import Command, Device, Event, Lane
from community.operations import end_role
from security import alerts, operations, presentation, stills
from security.models import Alert, KeepOpen, Passage
from tests.community import factories
from tests.security.gates import OTHER, PLATE, drive_up, gate, jpeg, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def lane() -> Lane:
    cache.clear()
    return gate()


@pytest.fixture
def guard(lane: Lane):
    return factories.user("guard", at=lane.compound, name="陈国栋")


def signed_in(user: Any, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def desk(guard) -> Client:
    return signed_in(guard)


def post(client: Client, name: str, key: int, **values: str):
    """As htmx sends it."""
    return client.post(reverse(name, args=[key]), values, headers={"HX-Request": "true"})


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# ── who ───────────────────────────────────────────────────────────────────────────────────────

PAGES = ["guard", "guard-feed", "guard-lanes", "guard-decision", "guard-failed", "guard-alerts"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_guards_and_managers_of_the_compound(client, lane, name):
    assert client.get(reverse(name)).status_code == 302
    for role, status in {"guard": 200, "manager": 200, "desk": 403, "resident": 403}.items():
        user = factories.user(role, at=lane.compound)
        assert signed_in(user).get(reverse(name)).status_code == status, role


def test_a_fragment_of_somebody_signed_out_leads_to_sign_in(client):
    answer = client.get(reverse("guard-decision"), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/sign-in/?next=/guard/"


def test_a_guard_of_another_compound_finds_nothing_by_guessing(lane):
    waiting, elsewhere = drive_up(lane, OTHER, picture=jpeg()), gate()
    client = signed_in(factories.user("guard", at=elsewhere.compound))
    assert post(client, "guard-open", waiting.pk, reason="delivery").status_code == 404
    assert post(client, "guard-refuse", waiting.pk, reason="not_expected").status_code == 404
    assert post(client, "guard-open-lane", lane.pk, reason="delivery").status_code == 404
    assert client.get(reverse("guard-picture", args=[waiting.picture_id])).status_code == 404
    assert client.get(reverse("guard-still", args=[lane.pk])).status_code == 404
    assert OTHER[2:] not in text(client.get(reverse("guard")))
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert not Command.objects.exists()


def test_a_guard_whose_role_ended_is_refused_at_the_next_question(desk, lane, guard):
    assert desk.get(reverse("guard")).status_code == 200
    end_role(guard.held_roles.get())
    assert desk.get(reverse("guard")).status_code == 403


def test_deeds_take_posts_with_a_token_only(lane, guard):
    waiting = drive_up(lane, OTHER)
    client = Client(enforce_csrf_checks=True)
    client.force_login(guard)
    assert post(client, "guard-open", waiting.pk, reason="delivery").status_code == 403
    assert client.get(reverse("guard-open", args=[waiting.pk])).status_code == 405
    assert not Command.objects.exists()


# ── what is shown ─────────────────────────────────────────────────────────────────────────────


def test_the_card_shows_picture_plate_confidence_and_the_rule_without_a_chosen_reason(desk, lane):
    waiting = drive_up(lane, OTHER, frames=5, picture=jpeg(), box=(10, 20, 30, 12))
    answer = desk.get(reverse("guard-decision"))
    html = answer.content.decode()
    assert reverse("guard-picture", args=[waiting.picture_id]) in html
    assert 'x="10" y="20" width="30" height="12"' in html
    assert "Sure 97% · 5 frames agree" in text(answer)
    assert "Not registered" in text(answer)
    assert "checked" not in html


def test_the_one_that_waits_longest_comes_first_and_any_other_can_be_looked_at(desk, lane):
    first = drive_up(lane, OTHER)
    second = drive_up(factories.lane(lane.compound, "exit"), "皖A11111")
    html = desk.get(reverse("guard-decision")).content.decode()
    assert f'data-passage="{first.pk}" data-lane' in html
    html = desk.get(reverse("guard-decision"), {"passage": second.pk}).content.decode()
    assert f'data-passage="{second.pk}" data-lane' in html
    # What is no longer waiting, or is no number, gives way to what waits.
    for other in ("999999999999999999999999", "x", "-1"):
        html = desk.get(reverse("guard-decision"), {"passage": other}).content.decode()
        assert f'data-passage="{first.pk}" data-lane' in html


def test_a_failed_read_stands_in_its_own_list_with_the_plates_most_like_it(desk, lane):
    drive_up(lane, None, plate_raw=PLATE[:-1] + "B", picture=jpeg())
    shown = desk.get(reverse("guard-failed"))
    assert "waiting at the barrier" in text(shown)
    assert "<mark>8</mark>" in shown.content.decode()


def test_hostile_text_of_a_camera_is_shown_as_text(desk, lane):
    drive_up(lane, None, plate_raw="<script>alert(1)</script>")
    for name in PAGES:
        assert "<script>alert" not in desk.get(reverse(name)).content.decode()


def test_a_lane_whose_camera_is_offline_shows_no_picture_as_live(desk, lane):
    Device.objects.filter(pk=lane.camera_id).update(
        health="offline", health_since=timezone.now() - timedelta(minutes=3)
    )
    html = desk.get(reverse("guard-lanes")).content.decode()
    assert f"{reverse('guard-still', args=[lane.pk])}" not in html
    assert "Offline" in html


def test_a_still_is_live_for_some_seconds_only(desk, lane, settings, tmp_path):
    import os

    settings.VAR_DIR = tmp_path
    url = reverse("guard-still", args=[lane.pk])
    assert desk.get(url).status_code == 404
    stills.keep(lane.pk, jpeg())
    assert desk.get(url)["Content-Type"] == "image/jpeg"
    old = timezone.now().timestamp() - 60
    os.utime(stills.path_of(lane.pk), (old, old))
    assert desk.get(url).status_code == 404


def test_the_page_speaks_chinese_and_english(lane, guard):
    drive_up(lane, OTHER)
    assert "抬杆放行" in text(signed_in(guard, "zh-hans").get(reverse("guard")))
    assert "Open the barrier" in text(signed_in(guard, "en").get(reverse("guard")))


def test_the_page_holds_no_inline_script_or_style(desk, lane):
    drive_up(lane, OTHER, picture=jpeg())
    html = desk.get(reverse("guard")).content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)
    assert not re.findall(r'(?:src|href)="https?://', html)


def test_the_number_of_questions_does_not_grow_with_the_feed(
    desk, lane, django_assert_max_num_queries
):
    for number in range(12):
        drive_up(factories.lane(lane.compound), f"皖A1{number:04}")
    with django_assert_max_num_queries(40):
        assert desk.get(reverse("guard")).status_code == 200


# ── deeds ─────────────────────────────────────────────────────────────────────────────────────


def test_opening_without_a_reason_changes_nothing_and_says_so_under_the_field(desk, lane):
    waiting = drive_up(lane, OTHER)
    answer = post(desk, "guard-open", waiting.pk)
    assert answer.status_code == 422
    assert "Choose the reason first." in text(answer)
    assert f'data-passage="{waiting.pk}" data-lane' in answer.content.decode()
    assert post(desk, "guard-open", waiting.pk, reason="because").status_code == 422
    assert not Command.objects.exists()


def test_other_needs_words_and_keeps_what_was_typed(desk, lane):
    waiting = drive_up(lane, OTHER)
    answer = post(desk, "guard-open", waiting.pk, reason="other")
    assert "Say in a few words why." in text(answer)
    assert 'value="other" data-letter="I" checked' in answer.content.decode()
    assert post(desk, "guard-open", waiting.pk, reason="other", note="x" * 201).status_code == 422
    assert post(desk, "guard-open", waiting.pk, reason="other", note="婚车").status_code == 200


def test_opening_answers_with_the_next_card_and_a_sentence(desk, lane, guard):
    waiting = drive_up(lane, OTHER)
    answer = post(desk, "guard-open", waiting.pk, reason="delivery")
    assert answer.status_code == 200
    assert 'role="status"' in answer.content.decode()
    assert f"{lane.name}: opening. Reason: Delivery" in text(answer)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == ("opened", guard)
    assert Command.objects.get().action == "open"


def test_the_second_guard_is_told_who_did_it_already(desk, lane, guard):
    waiting = drive_up(lane, OTHER)
    post(desk, "guard-open", waiting.pk, reason="delivery")
    second = signed_in(factories.user("guard", at=lane.compound))
    answer = post(second, "guard-open", waiting.pk, reason="repair")
    assert answer.status_code == 409
    assert "陈国栋 has already let this car through" in text(answer)
    answer = post(second, "guard-refuse", waiting.pk, reason="not_expected")
    assert answer.status_code == 409
    assert Command.objects.count() == 1


def test_refusing_needs_a_reason_too(desk, lane):
    waiting = drive_up(lane, OTHER)
    assert post(desk, "guard-refuse", waiting.pk).status_code == 422
    assert post(desk, "guard-refuse", waiting.pk, reason="home_declined").status_code == 200
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("refused", "home_declined")


def test_a_car_that_has_left_cannot_be_let_in(desk, lane):
    waiting = drive_up(lane, OTHER)
    operations.let_go(timezone.now() + timedelta(hours=1))
    answer = post(desk, "guard-open", waiting.pk, reason="delivery")
    assert answer.status_code == 409
    assert "no longer waiting" in text(answer)


def test_a_lane_is_kept_open_with_an_end_and_released(desk, lane):
    assert post(desk, "guard-keep-open", lane.pk, reason="removal").status_code == 422
    late = (timezone.now() + timedelta(days=2)).isoformat()
    answer = post(desk, "guard-keep-open", lane.pk, reason="removal", until=late)
    assert "within the next 12 hours" in text(answer)
    assert not KeepOpen.objects.exists()
    answer = post(desk, "guard-keep-open", lane.pk, reason="removal", until="+60")
    assert (answer.status_code, answer["HX-Retarget"]) == (200, "#lanes")
    kept = KeepOpen.objects.get()
    assert timedelta(minutes=59) < kept.until - timezone.now() <= timedelta(hours=1)
    assert "Open until" in text(desk.get(reverse("guard-lanes")))
    assert "back to one car at a time" in text(post(desk, "guard-release", lane.pk))
    kept.refresh_from_db()
    assert kept.released_at


def test_a_lane_without_barrier_says_why_it_cannot_open(desk, lane):
    bare = factories.lane(lane.compound, barrier=None)
    answer = post(desk, "guard-open-lane", bare.pk, reason="emergency")
    assert "no barrier" in text(answer)
    assert not Passage.objects.exists()


def test_an_alert_is_taken_once_and_the_second_guard_sees_by_whom(desk, lane, guard):
    alert = alerts.raise_alert(compound=lane.compound, kind="disk_full", key="k", severity=1)
    assert "No room is left for pictures" in text(desk.get(reverse("guard-alerts")))
    assert "yours now" in text(post(desk, "guard-take-alert", alert.pk))
    second = signed_in(factories.user("guard", at=lane.compound))
    assert "陈国栋 has already taken" in text(post(second, "guard-take-alert", alert.pk))
    assert Alert.objects.get().taken_by == guard


def test_without_scripts_a_deed_leads_back_to_the_desk(desk, lane):
    waiting = drive_up(lane, OTHER)
    answer = desk.post(reverse("guard-open", args=[waiting.pk]), {"reason": "delivery"})
    assert (answer.status_code, answer["Location"]) == (302, "/guard/")


# ── rows of the feed ──────────────────────────────────────────────────────────────────────────


def rows_of(lane: Lane, language: str = "en") -> dict[str, dict[str, Any]]:
    batch = list(Event.objects.of(lane.compound).order_by("sequence"))
    made = feed.rows(batch, language)
    return {event.kind: made[event.pk] for event in batch if event.pk in made}


def test_every_kind_of_the_gates_has_a_row_or_is_known_to_have_none():
    from community import events
    from security.event_rows import ROWS

    kinds = [kind for kind in events.kinds() if re.match(r"gate|camera|alert|device", kind)]
    # Not for guards.
    hidden = {"device.token_issued", "device.token_revoked", "device.serial_bound"}
    hidden |= {"gate.face_rule_set", "device.push_tried"}
    assert set(kinds) - hidden <= set(ROWS) | set(presentation.SILENT)


def test_a_row_says_plate_place_and_rule_in_the_readers_language(lane):
    drive_up(lane, OTHER)
    row = rows_of(lane)["gate.passage_decided"]
    assert (row["lane"], row["passage"]) == (lane.pk, Passage.objects.get().pk)
    assert "is-ask" in row["html"]
    assert "Not registered" in row["html"]
    assert f"{lane.name} · in · 97%" in row["html"]
    assert f"{lane.name} · 进 · 97%" in rows_of(lane, "zh-hans")["gate.passage_decided"]["html"]


def test_a_settled_car_is_nobodys_call_any_more(lane, guard):
    waiting = drive_up(lane, OTHER)
    operations.refuse(waiting, guard, "not_expected")
    rows = rows_of(lane)
    assert "l-event is-ask" not in rows["gate.passage_decided"]["html"]
    assert "Nobody expects it" in rows["gate.passage_refused"]["html"]
    assert str(guard) in rows["gate.passage_refused"]["html"]


def test_the_same_row_serves_first_load_and_live(desk, lane):
    drive_up(lane, PLATE)
    live = rows_of(lane)["gate.passage_decided"]["html"]
    assert live in desk.get(reverse("guard")).content.decode()
    sequence = Event.objects.get(kind="gate.passage_decided").sequence
    assert f'id="event-{sequence}"' in live


def test_rows_are_read_in_batches(lane, django_assert_max_num_queries):
    for number in range(20):
        drive_up(factories.lane(lane.compound), f"皖A2{number:04}")
    with django_assert_max_num_queries(6):
        rows_of(lane)


def test_a_plate_is_found_by_a_part_of_it(desk, lane):
    drive_up(lane, OTHER)
    drive_up(factories.lane(lane.compound), PLATE)
    found = desk.get(reverse("guard-feed"), {"q": OTHER[2:5].lower()}).content.decode()
    assert found.count("<li") == 1
    assert OTHER[2:] in found
    assert "No car with this plate" in text(desk.get(reverse("guard-feed"), {"q": "%' OR 1=1"}))


def test_events_that_are_not_for_guards_are_not_in_the_backlog(desk, lane):
    manager = factories.user("manager", at=lane.compound)
    drive_up(lane, PLATE)
    assert told(lane.compound, "gate.")
    assert presentation.backlog(manager, lane.compound)
    assert presentation.backlog(factories.user("desk", at=lane.compound), lane.compound) == []
