"""The guard's phone on a round, the list of rounds, the sheets, and the office's side."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.models import Compound
from security.models import PatrolPoint, PatrolRound, PatrolRoute, PatrolScan
from security.operations import patrols
from tests.community import factories
from tests.security.duty import due, guard, points, route
from tests.security.gates import gate

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Compound:
    return gate(name="南门入口").compound


@pytest.fixture
def walker(here):
    return guard(here)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def phone(walker) -> Client:
    return signed_in(walker)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def code(point: PatrolPoint) -> str:
    return reverse("patrol-scan", args=[point.secret])


def stops(patrol: PatrolRound) -> list[PatrolPoint]:
    found = PatrolPoint.objects.in_bulk(patrol.stops)
    return [found[key] for key in patrol.stops]


# ── scanning ──────────────────────────────────────────────────────────────────────────────────


def test_each_code_confirms_its_point_until_none_is_left(phone, here, walker):
    patrol = due(here)
    first, second = stops(patrol)
    phone.post(reverse("guard-patrol-start", args=[patrol.pk]))
    assert "data-auto" in phone.get(code(first)).content.decode()
    page = phone.post(code(first), follow=True)
    assert "东门 is confirmed. 1 point left." in text(page)
    page = phone.post(code(second), follow=True)
    assert "The round is complete." in text(page)
    patrol.refresh_from_db()
    assert patrol.state == "done"
    scan = PatrolScan.objects.first()
    assert (scan.by, scan.how) == (walker, "code")


def test_looking_at_a_code_changes_nothing(phone, here, walker):
    patrol = due(here)
    patrols.start_round(patrol, walker)
    for _ in range(2):
        phone.get(code(stops(patrol)[0]))
    assert not PatrolScan.objects.exists()


def test_a_repeated_scan_shows_what_is_left(phone, here, walker):
    patrol = due(here)
    patrols.start_round(patrol, walker)
    first = stops(patrol)[0]
    for _ in range(2):
        page = phone.post(code(first), follow=True)
        assert "1 point left" in text(page)
    assert "1 point left" in text(phone.get(code(first), follow=True))
    assert PatrolScan.objects.count() == 1


def test_the_first_code_begins_a_round_that_is_due(phone, here, walker):
    patrol = due(here)
    page = phone.get(code(stops(patrol)[0]))
    assert "has not begun yet" in text(page)
    assert "data-auto" not in page.content.decode()
    phone.post(code(stops(patrol)[0]))
    patrol.refresh_from_db()
    assert (patrol.state, patrol.started_by) == ("running", walker)


def test_without_a_round_the_code_says_what_to_do(phone, here):
    page = phone.get(code(points(here, "北门")[0]))
    assert "No round with this point is due now" in text(page)
    assert phone.post(code(PatrolPoint.objects.get())).status_code == 200
    assert not PatrolScan.objects.exists()


def test_ones_own_round_comes_before_a_colleagues(phone, here, walker):
    patrol = due(here)
    patrols.start_round(patrol, guard(here, "马小军"))
    mine = patrols.start_extra(patrol.route, walker)
    phone.post(code(stops(patrol)[0]))
    assert PatrolScan.objects.get().round == mine


def test_codes_are_no_page_for_others(here):
    patrol = due(here)
    patrols.start_round(patrol, guard(here, "马小军"))
    url = code(stops(patrol)[0])
    assert Client().get(url)["Location"].startswith("/sign-in/?next=/patrol/")
    for user in (guard(gate().compound, "外人"), factories.user("resident", "desk", at=here)):
        client = signed_in(user)
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404
    assert not PatrolScan.objects.exists()


def test_a_renewed_code_makes_the_old_sheet_worthless(phone, here):
    point = stops(due(here))[0]
    old = code(point)
    patrols.rotate_secret(point, actor=None)
    assert phone.get(old).status_code == 404
    point.refresh_from_db()
    assert phone.get(code(point)).status_code == 200


@pytest.mark.parametrize("secret", ["x", "0" * 500, "..%2f", "东门"])
def test_a_guessed_code_is_no_page(phone, here, secret):
    points(here)
    assert phone.get(reverse("patrol-scan", args=[secret])).status_code == 404


def test_who_works_in_two_compounds_stands_where_the_code_is(phone, here, walker):
    other = gate().compound
    factories.Role.objects.create(user=walker, compound=other, role="guard")
    patrol = due(other)
    phone.post(reverse("compound"), {"compound": here.pk})
    page = phone.post(code(stops(patrol)[0]), follow=True)
    assert "is confirmed" in text(page)
    assert phone.session["compound"] == other.pk


# ── by hand ───────────────────────────────────────────────────────────────────────────────────


def by_hand(client: Client, patrol: PatrolRound, point: PatrolPoint, **values: str):
    url = reverse("guard-patrol-by-hand", args=[patrol.pk, point.pk])
    return client.post(url, values)


def test_a_point_is_confirmed_by_hand_with_a_reason(phone, here, walker):
    patrol = due(here)
    first = stops(patrol)[0]
    assert by_hand(phone, patrol, first, reason="dark").status_code == 409
    patrols.start_round(patrol, walker)
    assert "Choose the reason first" in text(by_hand(phone, patrol, first))
    assert by_hand(phone, patrol, first, reason="other").status_code == 422
    page = phone.get(by_hand(phone, patrol, first, reason="dark")["Location"])
    assert "by hand – Too dark to read it" in text(page)
    foreign = points(here, "北门")[0]
    assert by_hand(phone, patrol, foreign, reason="dark").status_code == 404
    assert PatrolScan.objects.get().how == "hand"


def test_another_compounds_rounds_are_no_pages(here):
    patrol = due(here)
    stranger = signed_in(guard(gate().compound, "外人", role="manager"))
    for name, key in (
        ("guard-patrol-round", patrol.pk),
        ("guard-patrol-sheets", patrol.route_id),
        ("guard-patrol-sheet", patrol.stops[0]),
    ):
        assert stranger.get(reverse(name, args=[key])).status_code == 404
    for name, key in (("guard-patrol-start", patrol.pk), ("guard-patrol-extra", patrol.route_id)):
        assert stranger.post(reverse(name, args=[key])).status_code == 404
    assert by_hand(stranger, patrol, stops(patrol)[0], reason="dark").status_code == 404
    assert "夜巡" not in text(stranger.get("/guard/patrols/"))


# ── lists ─────────────────────────────────────────────────────────────────────────────────────


def walked(here: Compound, walker: Any) -> PatrolRound:
    patrol = due(here)
    patrols.start_round(patrol, walker)
    patrols.confirm_point(patrol, stops(patrol)[0], walker, how="hand", reason="dark")
    patrols.end_rounds(patrol.due_at)
    return patrol


def test_the_day_shows_due_running_and_coming_rounds(phone, here, walker):
    assert "There is no route yet" in text(phone.get("/guard/patrols/"))
    patrol = due(here)
    assert "Begin this round" in text(phone.get("/guard/patrols/"))
    page = phone.post(reverse("guard-patrol-start", args=[patrol.pk]), follow=True)
    assert "2 points left" in text(page)
    assert "Go on" in text(phone.get("/guard/patrols/"))
    phone.post(reverse("guard-patrol-extra", args=[patrol.route_id]))
    assert PatrolRound.objects.filter(is_extra=True).count() == 0  # the one under way is mine


def test_rounds_are_found_by_route_result_guard_and_day(phone, here, walker):
    patrol = walked(here, walker)
    for query, found in (
        ("", True),
        (f"?route={patrol.route_id}", True),
        ("?state=incomplete", True),
        ("?state=done", False),
        ("?q=陈", True),
        ("?q=nobody", False),
        ("?until=2020-01-01", False),
        ("?route=999", True),
    ):
        page = text(phone.get(f"/guard/patrols/rounds/{query}"))
        assert ("1 / 2" in page) is found, query
    assert "by hand: 1" in text(phone.get("/guard/patrols/rounds/"))


def test_the_list_names_the_points_missed(phone, here, walker):
    walked(here, walker)
    lines = phone.get("/guard/patrols/rounds/?format=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].endswith(",西门")
    assert "Points missed" in lines[1]


def test_sheets_are_for_managers_and_say_the_address(here, walker, phone):
    point = points(here, "东门")[0]
    made = route(here, points=[point])
    url = reverse("guard-patrol-sheet", args=[point.pk])
    assert phone.get(url).status_code == 404
    manager = signed_in(factories.user("manager", at=here))
    page = manager.get(url)
    assert "<svg" in page.content.decode()
    assert point.secret not in text(page)
    assert "东门" in text(manager.get(reverse("guard-patrol-sheets", args=[made.pk])))


def test_pages_ask_a_fixed_number_of_questions(phone, here, walker):
    many = points(here, *(f"点{n}" for n in range(12)))
    patrol = due(here, points=many)
    patrols.start_round(patrol, walker)
    for point in many[:6]:
        patrols.confirm_point(patrol, point, walker)
    round_page = reverse("guard-patrol-round", args=[patrol.pk])
    for url in ("/guard/patrols/", "/guard/patrols/rounds/", round_page, "/guard/shift/"):
        phone.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert phone.get(url).status_code == 200
        assert len(asked) <= 20, (url, len(asked))


# ── the office ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def office(here) -> Client:
    return signed_in(factories.user("manager", at=here))


def route_form(*chosen: PatrolPoint, **values: Any) -> dict[str, Any]:
    named = {f"point_{number}": point.pk for number, point in enumerate(chosen, start=1)}
    return {
        "name": "夜巡", "is_active": "on", "starts": "22:00, 2:30", "weekdays": [0, 4],
        "tolerance_min": 15, "duration_min": 40, "in_order": "on", **named, **values,
    }  # fmt: skip


def test_a_manager_sets_up_points_and_a_route(office, here):
    for name in ("东门", "西门"):
        answer = office.post("/admin/security/patrolpoint/add/", {"name": name, "place": "墙上"})
        assert answer.status_code == 302, text(answer)
    east, west = PatrolPoint.objects.order_by("pk")
    answer = office.post("/admin/security/patrolroute/add/", route_form(west, east))
    assert answer.status_code == 302, text(answer)
    made = PatrolRoute.objects.get()
    assert (made.starts, made.weekdays, made.in_order) == ([150, 1320], [0, 4], True)
    assert [stop.point for stop in made.stops.order_by("order")] == [west, east]
    url = f"/admin/security/patrolroute/{made.pk}/change/"
    assert "02:30, 22:00" in office.get(url).content.decode()
    office.post(url, route_form(east, starts="23:00"))
    made.refresh_from_db()
    assert (made.starts, list(made.points.all())) == ([1380], [east])


@pytest.mark.parametrize("starts", ["", "25:00", "24:00", "noon", "22:00, 22:10", "22.00"])
def test_times_that_are_none_are_refused_on_the_form(office, here, starts):
    answer = office.post(
        "/admin/security/patrolroute/add/", route_form(*points(here), starts=starts)
    )
    assert answer.status_code == 200
    assert not PatrolRoute.objects.exists()


def test_two_offices_see_their_own_points_in_the_form(office, here):
    mine, other = points(here, "东门")[0], gate().compound
    theirs = points(other, "北门")[0]
    elsewhere = signed_in(factories.user("manager", at=other))
    for _ in range(2):
        form = office.get("/admin/security/patrolroute/add/").content.decode()
        assert f'value="{mine.pk}">东门' in form
        assert "北门" not in form
        form = elsewhere.get("/admin/security/patrolroute/add/").content.decode()
        assert f'value="{theirs.pk}">北门' in form
    office.post("/admin/security/patrolroute/add/", route_form(theirs))
    assert not PatrolRoute.objects.exists()


def test_lists_of_the_office_open_and_lead_to_the_guards_pages(office, here, walker):
    patrol = walked(here, walker)
    for table in ("patrolpoint", "patrolroute", "patrolround", "handover"):
        assert office.get(f"/admin/security/{table}/").status_code == 200
    name = "admin:security_patrolround_open_page"
    answer = office.get(reverse(name, args=[patrol.pk]))
    assert answer["Location"] == f"/guard/patrols/rounds/{patrol.pk}/"
    desk = signed_in(factories.user("desk", at=here))
    assert desk.get("/admin/security/patrolpoint/").status_code == 403
