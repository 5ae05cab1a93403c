"""What people do for themselves over the API, and what managers plan with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from community.models import Channel, Preference
from residents.models import CareWatch, Registration
from residents.operations.care import start_care
from security.models import HomeCall, Passage, PatrolRound, WatchEntry, WatchHit
from security.operations import call_home
from tests.community import factories
from tests.community.api.callers import browser, forget_counts, signed_in
from tests.residents import homes
from tests.residents.doors import door, resident
from tests.security.gates import drive_up, gate

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture(autouse=True)
def _fresh():
    forget_counts()


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def tenant(home):
    return resident(home, "许知夏", user=factories.user("resident", at=home.compound))


def send(caller, method, path, **body):
    return getattr(caller, method)(f"{API}/{path}", body, format="json")


def test_how_somebody_is_told_is_their_own_choice(home, tenant):
    for medium in ("sms", "web_push"):
        Channel.objects.create(compound=home.compound, medium=medium, driver="simulated")
    caller = signed_in(tenant.user)
    told = send(caller, "put", "message-ways/", topic="visit", ways=["sms"]).json()
    assert told["offered"] == ["web_push", "sms"]
    assert {one["topic"]: one["ways"] for one in told["topics"]}["visit"] == ["sms"]
    assert Preference.objects.get().media == ["sms"]
    for bad in ({"topic": "account", "ways": []}, {"topic": "visit", "ways": ["email"]}):
        assert send(caller, "put", "message-ways/", **bad).status_code == 400
    refused = send(caller, "post", "message-ways/email/", address="xu@example.com")
    assert refused.status_code == 400  # there is no e-mail here
    Channel.objects.create(compound=home.compound, medium="email", driver="simulated")
    asked = send(caller, "post", "message-ways/email/", address="xu@example.com").json()
    assert (asked["email"], "@example.com" in asked["email_waiting"]) == ("", True)
    assert send(caller, "post", "message-ways/email/code/", code="000").status_code == 400


def test_a_tenant_fills_in_a_form_and_hands_it_in(home, tenant):
    caller = signed_in(tenant.user)
    there = factories.unit(home.compound, code="9-9-901")
    assert list(send(caller, "post", "my-registrations/", unit=there.pk).json()["fields"]) == [
        "unit"
    ]
    made = send(caller, "post", "my-registrations/", unit=home.pk)
    assert made.status_code == 201
    path = f"my-registrations/{made.json()['id']}"
    given = homes.form() | {"version": made.json()["version"]}
    wrong = send(caller, "post", f"{path}/fill/", **given | {"expected_out_on": homes.ago(9)})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["expected_out_on"])
    filled = send(caller, "post", f"{path}/fill/", **given).json()
    assert filled["needed"] == ["photos.document_front"]
    assert given["document"] not in str(filled)
    late = send(caller, "post", f"{path}/fill/", **given)
    assert (late.status_code, late.json()["code"]) == (409, "decided_already")
    early = caller.post(f"{API}/{path}/submit/")
    assert list(early.json()["fields"]) == ["photos.document_front"]
    photo = SimpleUploadedFile("card.jpg", homes.photo(), "image/jpeg")
    body = {"kind": "document_front", "photo": photo}
    assert caller.post(f"{API}/{path}/photo/", body, format="multipart").json()["needed"] == []
    assert caller.post(f"{API}/{path}/submit/").json()["state"] == "submitted"
    row = Registration.objects.get()
    assert (row.person, row.document) == (tenant, given["document"])
    body = {"version": row.version, "field": "workplace", "reason": "请填单位全称"}
    desk = browser("desk", at=home.compound)
    assert send(desk, "post", f"registrations/{row.pk}/return/", **body).status_code == 200
    (remark,) = caller.get(f"{API}/{path}/").json()["remarks"]
    assert remark == {"field": "workplace", "text": "请填单位全称"}
    assert send(caller, "post", f"{path}/leave/", on=str(homes.today())).status_code == 400
    other = resident(home, "江令仪", user=factories.user("desk", at=home.compound))
    assert signed_in(other.user).get(f"{API}/{path}/").status_code == 404


def test_a_home_answers_its_own_call_and_the_first_answer_counts(home, tenant):
    call = call_home(door(home.compound), home, name="高远")
    caller = signed_in(tenant.user)
    (shown,) = caller.get(f"{API}/home-calls/?ringing=true").json()["results"]
    assert (shown["id"], shown["name"], shown["state"]) == (call.pk, "高远", "ringing")
    assert browser("guard", at=home.compound).get(f"{API}/home-calls/").json()["results"] == []
    answered = send(caller, "post", f"home-calls/{call.pk}/answer/", answer="let_in").json()
    assert answered["state"] == "let_in"
    assert HomeCall.objects.get().answered_by == tenant
    late = send(caller, "post", f"home-calls/{call.pk}/answer/", answer="refused")
    assert (late.status_code, late.json()["code"]) == (409, "already_answered")


def test_the_watch_list_is_the_managers_and_the_comparing_the_guards():
    lane = gate()
    manager = browser("manager", at=lane.compound)
    body = {
        "kind": "plate", "value": "皖A90C31", "basis": "police", "reference": "公治字 12 号",
        "reason": "先联系民警", "expires_at": (timezone.now() + timedelta(days=3)).isoformat(),
    }  # fmt: skip
    assert send(manager, "post", "watch-list/", **body | {"reference": ""}).status_code == 400
    made = send(manager, "post", "watch-list/", **body).json()
    passage = drive_up(lane, "皖A90C31")
    guard = browser("guard", at=lane.compound)
    assert send(guard, "post", f"passages/{passage.pk}/compare/", is_it=False).status_code == 200
    assert WatchHit.objects.get().answer == "no"
    assert Passage.objects.get().command is None
    ended = send(manager, "post", f"watch-list/{made['id']}/end/").json()
    assert ended["ended_at"]
    assert manager.get(f"{API}/watch-list/?in_force=true").json()["results"] == []
    assert WatchEntry.objects.get().ended_by_id is not None


def test_the_person_says_that_all_is_well_and_when_they_are_away(home, tenant):
    watch = start_care(tenant, consent="person", consent_note="7 号")
    CareWatch.objects.update(step="person", stepped_at=timezone.now())
    caller, path = signed_in(tenant.user), f"care-watches/{watch.pk}"
    assert send(caller, "post", f"{path}/all-well/").json()["step"] == "quiet"
    until = str(homes.today() + timedelta(days=9))
    assert send(caller, "post", f"{path}/away/", until=until).json()["away_until"] == until
    assert send(caller, "post", f"{path}/away/", until="2020-01-01").status_code == 400
    assert browser("guard", at=home.compound).get(f"{API}/{path}/").status_code == 404


def test_a_manager_plans_a_route_and_its_rounds_follow(home):
    caller = browser("manager", at=home.compound)
    points = [
        send(caller, "post", "patrol-points/", name=name).json()["id"] for name in ("东门", "西门")
    ]
    # Whatever the hour, one of them is within the twelve hours that are planned ahead.
    plan = {"name": "巡逻", "points": points[::-1], "starts": ["18:00", "02:00", "10:00"],
            "weekdays": [0, 1, 2, 3, 4, 5, 6]}  # fmt: skip
    made = send(caller, "post", "patrol-routes/", **plan)
    assert made.status_code == 201
    route = made.json()
    assert (route["points"], route["starts"]) == (points[::-1], ["02:00", "10:00", "18:00"])
    assert PatrolRound.objects.filter(route=route["id"]).exists()
    path = f"patrol-routes/{route['id']}/"
    for bad in ({"starts": ["24:10"]}, {"points": [999_999]}, {"weekdays": [9]}, {"points": []}):
        assert send(caller, "patch", path, **bad).status_code == 400
    assert send(caller, "patch", path, points=points).json()["points"] == points
    assert send(caller, "patch", f"patrol-points/{points[0]}/", is_active=False).status_code == 400
    old = caller.get(f"{API}/patrol-points/{points[0]}/").json()["secret_since"]
    fresh = caller.post(f"{API}/patrol-points/{points[0]}/renew-code/").json()
    assert fresh["secret_since"] != old
    guard = browser("guard", at=home.compound)
    assert send(guard, "patch", path, name="x").status_code == 403
    assert guard.post(f"{API}/{path}walk/").json()["is_extra"] is True
