"""Shifts, rounds, forms and services over the API: the same verbs, refused in the same words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Event, Look
from residents.models import Visit, WayIn
from tests.community import factories
from tests.community.api.callers import browser
from tests.residents import homes
from tests.security.duty import due

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def compound():
    return factories.compound()


@pytest.fixture
def desk(compound):
    return browser("desk", at=compound)


def test_a_shift_is_handed_over_by_two_guards(compound):
    leaves, comes = browser("guard", at=compound), browser("guard", at=compound)
    held = leaves.post(f"{API}/handovers/", {"note": "泵房钥匙在前台"}, format="json").json()
    url = f"{API}/handovers/{held['id']}/"
    early = comes.post(f"{url}accept/", {}, format="json")
    assert (early.status_code, early.json()["code"]) == (409, "handover_moved")
    assert comes.post(f"{url}sign/").status_code == 403
    signed = leaves.post(f"{url}sign/").json()
    assert signed["state"] == "signed"
    assert signed["snapshot"]
    assert leaves.post(f"{url}accept/", {}, format="json").status_code == 400
    assert comes.post(f"{url}accept/", {}, format="json").json()["state"] == "accepted"
    assert leaves.post(f"{url}withdraw/").status_code == 409


def test_a_round_is_walked_point_by_point(compound):
    patrol, caller = due(compound), browser("guard", at=compound)
    url = f"{API}/patrol-rounds/{patrol.pk}/"
    first, second = patrol.route.points.order_by("stops__order")
    by_hand = {"point": second.pk, "reason": "sheet_damaged"}
    assert caller.post(f"{url}confirm/", by_hand, format="json").status_code == 409
    assert caller.post(f"{url}start/").json()["state"] == "running"
    wrong = caller.post(f"{url}confirm/", {"code": "guessed"}, format="json")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["code"])
    caller.post(f"{url}confirm/", {"code": first.secret}, format="json")
    assert caller.post(f"{url}confirm/", {"point": second.pk}, format="json").status_code == 400
    done = caller.post(f"{url}confirm/", by_hand, format="json").json()
    assert [(one["point"], one["how"]) for one in done["scans"]] == [
        (first.pk, "code"),
        (second.pk, "hand"),
    ]
    assert (done["state"], done["missed"]) == ("done", 0)
    assert first.secret not in caller.get(f"{API}/patrol-points/").content.decode()


def test_a_form_is_decided_once_and_its_numbers_cost_a_reason(compound, desk):
    row = homes.submitted(homes.letting(compound))
    url = f"{API}/registrations/{row.pk}/"
    shown = desk.get(url).json()
    assert (shown["phone"], shown["state"]) == ("138****6120", "submitted")
    assert row.document not in desk.get(url).content.decode()
    assert desk.post(f"{url}look/", {"field": "document"}, format="json").status_code == 400
    seen = desk.post(f"{url}look/", {"field": "document", "reason": "报派出所"}, format="json")
    assert seen.json()["value"] == row.document
    assert Look.objects.get(field="document").reason == "报派出所"
    old = desk.post(f"{url}accept/", {"version": row.version + 7}, format="json")
    assert (old.status_code, old.json()["code"]) == (409, "decided_already")
    version = {"version": shown["version"]}
    assert desk.post(f"{url}accept/", version, format="json").json()["state"] == "accepted"
    again = desk.post(f"{url}return/", version | {"reason": "照片模糊"}, format="json")
    assert again.status_code == 409
    assert desk.post(f"{url}report/").json()["state"] == "reported"
    confirmed = desk.post(f"{url}confirm/", {"number": "2026-1"}, format="json").json()
    assert (confirmed["state"], confirmed["police_number"]) == ("confirmed", "2026-1")


def test_a_household_its_card_and_its_visitor(compound, desk):
    row = homes.confirmed(homes.letting(compound))
    lives = row.person.residencies.get()
    made = desk.post(f"{API}/households/", {"head": lives.pk}, format="json")
    assert [one["is_head"] for one in made.json()["members"]] == [True]
    card = {"person": row.person_id, "number": "04A1B2C3"}
    given = desk.post(f"{API}/ways-in/", card, format="json").json()
    assert "04A1B2C3" not in desk.get(f"{API}/ways-in/").content.decode()
    desk.post(f"{API}/ways-in/{given['id']}/end/", {"reason": "lost"}, format="json")
    assert WayIn.objects.get().end_reason == "lost"
    now = timezone.now()
    visitor = {
        "unit": row.unit_id, "name": "许安", "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(hours=2)).isoformat(), "phone": "13900001234",
    }  # fmt: skip
    invited = desk.post(f"{API}/visits/", visitor, format="json").json()
    assert desk.get(invited["pass"].replace("http://testserver", "")).status_code == 200
    assert "pass" not in desk.get(f"{API}/visits/{invited['id']}/").json()
    late = visitor | {"ends_at": (now - timedelta(hours=2)).isoformat()}
    assert desk.post(f"{API}/visits/", late, format="json").status_code == 400
    assert desk.post(f"{API}/visits/{invited['id']}/revoke/").json()["revoked_at"]
    assert Visit.objects.get().on_behalf


def test_a_notice_and_a_request(compound, desk):
    person = homes.letting(compound).landlord
    notice = desk.post(f"{API}/notices/", {"title": "停水", "text": "今晚停水"}, format="json")
    elsewhere = factories.unit(factories.compound()).building_id
    wrong = {"title": "x", "text": "y", "buildings": [elsewhere]}
    assert desk.post(f"{API}/notices/", wrong, format="json").status_code == 400
    guard = browser("guard", at=compound)
    assert len(guard.get(f"{API}/notices/").json()["results"]) == 1
    assert guard.post(f"{API}/notices/{notice.json()['id']}/withdraw/").status_code == 403
    desk.post(f"{API}/notices/{notice.json()['id']}/withdraw/")
    assert guard.get(f"{API}/notices/").json()["results"] == []
    told = {
        "person": person.pk, "kind": "repair", "category": "lift", "place": "2 单元",
        "description": "电梯抖", "key": "a",
    }  # fmt: skip
    row, same = (desk.post(f"{API}/requests/", told, format="json").json() for _each in range(2))
    assert row["id"] == same["id"]
    url = f"{API}/requests/{row['id']}/"
    assert desk.post(f"{url}assign/", {}, format="json").status_code == 400
    desk.post(f"{url}assign/", {"craftsman": "王师傅"}, format="json")
    desk.post(f"{url}answer/", {"text": "明天来"}, format="json")
    desk.post(f"{url}start/")
    assert desk.post(f"{url}finish/", {"answer": "好了"}, format="json").json()["state"] == "done"
    assert desk.post(f"{url}refuse/", {"reason": "x"}, format="json").status_code == 400
    assert Event.objects.filter(kind="residents.request_reported").count() == 1


def test_a_misread_plate_is_no_reason_to_open_alone(compound):
    lane, guard = factories.lane(compound), browser("guard", at=compound)
    answer = guard.post(f"{API}/lanes/{lane.pk}/open/", {"reason": "plate_misread"}, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["reason"])
