"""What programs do with the API, end to end: read the ledger, open a gate, unmask, send a list."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from community import events
from community.api_rules import throttles
from community.models import Command, LedgerHead, Look, User, Webhook, WebhookDelivery
from parking.models import VehicleImport
from residents.operations import add_person
from security.models import Alert, KeepOpen, Passage
from security.operations import raise_alert
from tests.community import factories
from tests.community.api.callers import browser, forget_counts, program, signed_in
from tests.security.gates import OTHER, drive_up, gate, jpeg

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture(autouse=True)
def _fresh():
    forget_counts()


@pytest.fixture
def compound():
    return factories.compound()


def happen(compound, count: int) -> None:
    for number in range(count):
        with events.writing():
            events.record("device.went_offline", compound=compound, device=number)


def follow(caller, after: int) -> tuple[list[int], int]:
    """Numbers read by following ``next``, and where to begin the next time."""
    seen, url, high = [], f"{API}/events/?after={after}&page_size=3", after
    while url:
        page = caller.get(url).json()
        seen += [row["sequence"] for row in page["results"]]
        high = max([high, page["high"], *seen])
        url = page["next"]
    return seen, high


def test_the_ledger_is_read_without_a_gap_and_without_a_repeat(compound):
    caller = program(factories.user("guard", at=compound), compound, "read")
    happen(compound, 8)
    first, high = follow(caller, 0)
    assert follow(caller, high)[0] == []
    happen(compound, 4)
    second, _high = follow(caller, high)
    whole = list(compound.events.filter(kind__startswith="device.").order_by("sequence"))
    assert first + second == [row.sequence for row in whole]


def test_what_retention_cut_is_said(compound):
    happen(compound, 5)
    LedgerHead.objects.filter(pk=compound.pk).update(low_water=3)
    caller = browser("guard", at=compound)
    answer = caller.get(f"{API}/events/?after=2")
    assert (answer.status_code, answer.json()["code"]) == (410, "ledger_cut")
    assert [row["sequence"] for row in caller.get(f"{API}/events/?after=3").json()["results"]] == [
        4,
        5,
    ]


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "cursor=cD1hYmM=", "cursor=%00", "after=9" * 30]
)
def test_made_up_numbers_and_cursors_break_nothing(compound, query):
    answer = browser("guard", at=compound).get(f"{API}/events/?{query}")
    assert answer.status_code in {200, 400, 404, 410}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_refusals_speak_the_callers_language(compound, language):
    lane = factories.lane(compound)
    caller = browser("guard", at=compound)
    answer = caller.post(
        f"{API}/lanes/{lane.pk}/open/",
        {"reason": "other"},
        format="json",
        headers={"accept-language": language},
    )
    told = answer.json()
    assert (answer.status_code, told["code"], list(told["fields"])) == (400, "invalid", ["note"])
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told["detail"]) is (language != "en")


def test_a_guard_opens_keeps_open_and_releases(compound):
    lane = factories.lane(compound)
    guard = factories.user("guard", at=compound)
    caller = program(guard, compound)
    opened = caller.post(f"{API}/lanes/{lane.pk}/open/", {"reason": "delivery"}, format="json")
    passage = Passage.objects.get(pk=opened.json()["id"])
    assert (passage.decided_by, passage.reason, passage.by_hand) == (guard, "delivery", True)
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    body = {"reason": "fire", "until": until}
    assert caller.post(f"{API}/lanes/{lane.pk}/keep-open/", body, format="json").status_code == 200
    held = KeepOpen.objects.get()
    shown = caller.get(f"{API}/lanes/{lane.pk}/").json()
    assert shown["state"]["open_until"] is not None
    assert caller.post(f"{API}/lanes/{lane.pk}/release/").status_code == 200
    held.refresh_from_db()
    assert held.released_by == guard
    orders = Command.objects.order_by("pk").values_list("action", "requested_by")
    assert list(orders) == [(name, guard.pk) for name in ("open", "keep_open", "release")]


@pytest.mark.parametrize("hours", [-1, 13])
def test_a_lane_is_not_kept_open_without_a_near_end(compound, hours):
    lane = factories.lane(compound)
    until = (timezone.now() + timedelta(hours=hours)).isoformat()
    body = {"reason": "fire", "until": until}
    answer = browser("guard", at=compound).post(
        f"{API}/lanes/{lane.pk}/keep-open/", body, format="json"
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["until"])
    assert not KeepOpen.objects.exists()


def test_who_comes_second_hears_who_was_first():
    lane = gate()
    passage = drive_up(lane, OTHER)
    first, second = (factories.user("guard", at=lane.compound, name=name) for name in ("甲", "乙"))
    url = f"{API}/passages/{passage.pk}"
    assert signed_in(first).post(f"{url}/open/", {"reason": "delivery"}, format="json").data
    answer = signed_in(second).post(f"{url}/refuse/", {"reason": "not_expected"}, format="json")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "already_decided")
    assert "甲" in told["detail"]
    assert Command.objects.count() == 1


def test_an_alert_goes_its_way(compound):
    alert = raise_alert(compound=compound, kind="disk_full", key="disk", severity=1)
    caller = browser("guard", at=compound)
    url = f"{API}/alerts/{alert.pk}"
    early = caller.post(f"{url}/close/", {"ending": "put_right"}, format="json")
    assert (early.status_code, early.json()["code"]) == (409, "alert_moved")
    assert caller.post(f"{url}/acknowledge/").json()["state"] == "acknowledged"
    stranger = factories.user("guard", at=factories.compound())
    for to in (stranger.pk, 999_999):
        answer = caller.post(f"{url}/assign/", {"to": to}, format="json")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["to"])
    closed = caller.post(f"{url}/close/", {"ending": "put_right"}, format="json").json()
    assert (closed["state"], closed["ending"]) == ("closed", "put_right")
    assert Alert.objects.get().closed_by_id is not None


def test_a_whole_number_costs_a_reason(compound):
    person = add_person(compound=compound, name="周闻达", phone="13800001234")
    caller = browser("desk", at=compound)
    url = f"{API}/people/{person.pk}/"
    assert caller.get(url).json()["phone"] == "138****1234"
    for reason in ("", "   "):
        body = {"field": "phone", "reason": reason}
        assert caller.post(f"{url}look/", body, format="json").status_code == 400
    assert not Look.objects.exists()
    body = {"field": "phone", "reason": "Leak"}
    assert caller.post(f"{url}look/", body, format="json").json()["value"] == "13800001234"
    assert Look.objects.get().reason == "Leak"
    body = {"field": "phone_index", "reason": "Leak"}
    assert caller.post(f"{url}look/", body, format="json").status_code == 400


def test_people_and_where_they_live(compound):
    home = factories.unit(compound)
    caller = browser("desk", at=compound)
    body = {
        "name": "周闻达",
        "phone": "138 0000 1234",
        "document_kind": "passport",
        "document": "E00001234",
    }
    person = caller.post(f"{API}/people/", body, format="json").json()
    assert (person["phone"], person["document"]) == ("138****1234", "E0*****34")
    changed = caller.patch(f"{API}/people/{person['id']}/", {"phone": "13900005678"}, format="json")
    assert changed.json()["phone"] == "139****5678"
    body = {"person": person["id"], "unit": home.pk, "kind": "tenant", "started_on": "2026-01-01"}
    lives = caller.post(f"{API}/residencies/", body, format="json").json()
    assert caller.get(f"{API}/people/?home={home.code}").json()["results"][0]["homes"] == [
        home.code
    ]
    body = {"ended_on": "2025-01-01"}
    assert (
        caller.post(f"{API}/residencies/{lives['id']}/end/", body, format="json").status_code == 400
    )
    there = factories.unit(factories.compound())
    body = {"person": person["id"], "unit": there.pk, "kind": "tenant", "started_on": "2026-01-01"}
    answer = caller.post(f"{API}/residencies/", body, format="json")
    assert list(answer.json()["fields"]) == ["unit"]


def test_a_list_of_cars_is_sent_looked_at_and_released(compound):
    caller = browser("desk", at=compound)
    file = SimpleUploadedFile("cars.csv", "车牌\r\n皖A11111\r\n皖A2".encode())
    refused = caller.post(f"{API}/vehicle-imports/", {"file": file}, format="multipart")
    assert (refused.status_code, refused.json()["state"], len(refused.json()["faults"])) == (
        201,
        "refused",
        1,
    )
    answer = caller.post(f"{API}/vehicle-imports/{refused.json()['id']}/start/")
    assert answer.status_code == 400
    file = SimpleUploadedFile("cars.csv", "车牌\r\n皖A11111".encode())
    good = caller.post(f"{API}/vehicle-imports/", {"file": file}, format="multipart").json()
    assert caller.post(f"{API}/vehicle-imports/{good['id']}/start/").json()["state"] == "applying"
    huge = caller.post(
        f"{API}/vehicle-imports/", b"x", content_type="multipart/form-data; boundary=x",
        headers={"content-length": str(10**9)},
    )  # fmt: skip
    assert (huge.status_code, huge.json()["code"]) == (413, "too_large")
    assert VehicleImport.objects.count() == 2


def test_a_picture_comes_as_one_and_its_refusal_as_json(compound, settings, tmp_path):
    from security import pictures

    settings.MEDIA_ROOT = tmp_path
    lane = factories.lane(compound)
    row = pictures.store(jpeg(), lane, timezone.now())
    caller = program(factories.user("guard", at=compound), compound, "read")
    answer = caller.get(f"{API}/pictures/{row.pk}/file/", headers={"accept": "image/*"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content.startswith(b"\xff\xd8")
    gone = caller.get(f"{API}/pictures/999999/file/")
    assert (gone.status_code, gone["Content-Type"]) == (404, "application/json")
    assert gone.json()["code"] == "not_found"


def test_webhooks_over_the_api(compound):
    caller = browser("manager", at=compound)
    body = {"name": "Hall", "url": "https://hall.example/x", "kinds": ["gate.kept_open"]}
    made = caller.post(f"{API}/webhooks/", body, format="json").json()
    assert made["secret"] == Webhook.objects.get().secret
    url = f"{API}/webhooks/{made['id']}/"
    assert "secret" not in caller.get(url).json()
    fresh = caller.post(f"{url}issue-secret/").json()["secret"]
    assert fresh == Webhook.objects.get().secret != made["secret"]
    assert caller.post(f"{url}test/").json()["kind"] == "webhook.test"
    WebhookDelivery.objects.update(state="dead")
    delivery = WebhookDelivery.objects.get()
    again = caller.post(f"{API}/webhook-deliveries/{delivery.pk}/send-again/").json()
    assert again["state"] == "waiting"
    for bad in (
        {"url": "http://169.254.169.254/"},
        {"url": "file:///x"},
        {"kinds": ["webhook.added"]},
    ):
        assert caller.patch(url, bad, format="json").status_code == 400


def test_a_manager_adds_a_guard_and_cannot_touch_those_who_count_elsewhere(compound):
    caller = browser("manager", at=compound)
    body = {"username": "newguard", "password": "korrekt-pferd-9", "name": "新保安"}
    made = caller.post(f"{API}/users/", body, format="json")
    assert made.status_code == 201
    assert "password" not in made.json()
    weak = caller.post(f"{API}/users/", body | {"username": "x", "password": "1"}, format="json")
    assert weak.status_code == 400
    role = {"username": "newguard", "role": "guard"}
    assert caller.post(f"{API}/roles/", role, format="json").status_code == 201
    too_much = caller.post(f"{API}/roles/", role | {"role": "manager"}, format="json")
    assert too_much.status_code == 403
    both = factories.user("guard", at=compound)
    factories.Role.objects.create(user=both, compound=factories.compound(), role="guard")
    answer = caller.patch(f"{API}/users/{both.pk}/", {"name": "x"}, format="json")
    assert answer.status_code == 403
    mine = User.objects.get(username="newguard")
    answer = caller.patch(f"{API}/users/{mine.pk}/", {"password": "another-one-9"}, format="json")
    assert list(answer.json()["fields"]) == ["password"]


def test_too_many_calls_are_slowed_down_and_others_are_not(compound, monkeypatch):
    monkeypatch.setattr(throttles.Writers, "rate", "2/min")
    user = factories.user("manager", at=compound)
    caller = program(user, compound)
    codes = [caller.post(f"{API}/buildings/", {}, format="json").status_code for _ in range(3)]
    assert codes == [400, 400, 429]
    answer = caller.post(f"{API}/buildings/", {}, format="json")
    assert answer.json()["code"] == "throttled"
    assert 0 < int(answer["Retry-After"]) <= 60
    assert caller.get(f"{API}/buildings/").status_code == 200
    assert program(user, compound).post(f"{API}/buildings/", {}, format="json").status_code == 400


def test_without_its_cache_the_api_goes_on(compound, settings):
    settings.CACHES = {
        **settings.CACHES,
        "shared": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        },
    }
    assert browser("guard", at=compound).get(f"{API}/lanes/").status_code == 200


COUNT = """
import django, sys
from django.conf import settings
FILES = "django.core.cache.backends.filebased.FileBasedCache"
settings.configure(CACHES={"default": {"BACKEND": FILES, "LOCATION": sys.argv[1]}})
from django.core.cache import cache
cache.set("throttle", [*cache.get("throttle", []), 1.0], 60)
print(len(cache.get("throttle")))
"""


def test_processes_of_the_embedded_mode_count_together(tmp_path, settings):
    from community.settings import base

    assert base.CACHES["shared"]["BACKEND"].endswith("FileBasedCache")
    command = [sys.executable, "-c", COUNT, str(tmp_path / "cache")]
    counts = [subprocess.run(command, capture_output=True, check=True).stdout for _ in range(2)]
    assert [int(count) for count in counts] == [1, 2]


def test_unknown_addresses_are_refused_in_the_same_form(client):
    for path in ("/api/v1/nothing/", "/api/v1/vehicles/abc/", "/api/v2/"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_page_costs_the_same_however_many_rows(compound, django_assert_max_num_queries):
    for number in range(12):
        factories.lane(compound, name=f"车道{number}")
    caller = browser("guard", at=compound)
    with django_assert_max_num_queries(12):
        assert len(caller.get(f"{API}/lanes/").json()["results"]) == 12
