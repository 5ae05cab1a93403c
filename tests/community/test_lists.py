"""Every list of the office: few questions whatever its length, searched, filtered, taken away."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from community.admin_pages import BoundedPaginator
from community.models import Compound, Event, Unit
from parcels.models import Compartment
from parking.models import CashShift, Vehicle
from tests.community import factories
from tests.community.test_admin import every_model, office, url

pytestmark = pytest.mark.django_db
ROWS = 30
_names = itertools.count(1)
MOST_QUERIES = 20

#: Lists without a search, and why there is nothing to search for.
NO_SEARCH = {
    "community.HandlerRun": "a handler is chosen by its state; parked ones are few",
    "community.RetentionRule": "one for each class of records",
    "community.DataKey": "a handful of rows",
    "community.Notification": "one's own messages, newest first",
    "community.WebhookDelivery": "found by its receiver and state, which are filters",
    "community.Channel": "one for each medium",
    "community.TellingRule": "one for each compound",
    "residents.RequestRule": "one for each category",
    "residents.SignalRule": "one for each kind",
    "parcels.KeepingRule": "one for each compound",
    "security.Picture": "a picture has no words of its own",
}
#: Lists without filters, and why.
NO_FILTER = {
    "community.Compound": "a manager has a handful at most",
    "community.DataKey": "a handful of rows",
    "community.TellingRule": "one for each compound",
    "parcels.KeepingRule": "one for each compound",
}
#: Lists that cannot have thirty rows, and why.
FEW = {
    "community.Channel": "one for each medium",
    "community.RetentionRule": "one for each class of records",
    "community.TellingRule": "one for each compound",
    "parcels.KeepingRule": "one for each compound",
    "parking.PaymentAccount": "one in use for each compound",
    "residents.RequestRule": "one for each category",
    "residents.SignalRule": "one for each kind",
}


@pytest.fixture
def compound() -> Compound:
    return factories.compound()


@pytest.fixture
def client(compound) -> Client:
    return office(factories.user("manager", at=compound))


def make(field: Any, compound: Compound, number: int, depth: int) -> Any:
    """A value that a column takes, different for each row."""
    kind = field.get_internal_type()
    if field.remote_field:
        return one_of(field.remote_field.model, compound, number, depth + 1)
    if field.choices:
        return field.choices[0][0]
    values: dict[str, Any] = {
        "DateTimeField": timezone.now() - timedelta(minutes=number),
        "DateField": timezone.localdate(),
        "JSONField": {},
        "BooleanField": False,
        "FloatField": 0.9,
        "TextField": f"{number}",
    }
    text = f"{next(_names):x}{field.name}"[: getattr(field, "max_length", None) or 60]
    return values.get(kind, text if "Char" in kind or "Slug" in kind else number)


def one_of(model: Any, compound: Compound, number: int, depth: int = 0) -> Any:
    """A fresh row with all that it needs, related rows too: so a list that asks per row shows."""
    if model is Compound:
        return compound
    if model._meta.label == "community.User":
        return factories.user("guard", at=compound)
    given = special(model, compound, number)
    values = {
        field.name: make(field, compound, number, depth)
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.name not in given
        and (not field.null or (field.remote_field and depth == 0))
        and (not field.has_default() or field.choices)
    }
    return model._default_manager.create(**values | given)


def patrol_times() -> dict[str, Any]:
    """A round that is being walked."""
    now, hour = timezone.now(), timedelta(hours=1)
    return {"state": "running", "opens_at": now - 24 * hour, "started_at": now} | {
        "planned_at": now,
        "late_at": now + hour,
        "due_at": now + 2 * hour,
    }


def special(model: Any, compound: Compound, number: int) -> dict[str, Any]:
    """What the constraints of a table ask for, beyond its columns."""
    rules: dict[str, Any] = {
        "parking.Stay": {"entered_at": timezone.now()},
        "parking.Coupon": {"kind": "whole"},
        "parking.Debt": {"amount_fen": 1 + number},
        "security.KeepOpen": {"until": timezone.now() + timedelta(hours=1)},
        "community.Device": {"driver": "simulated"},
        "community.Role": {"carrier": ""},
        "security.Alert": {
            "state": "assigned",
            "taken_at": timezone.now(),
            "assigned_at": timezone.now(),
            "ending": "",
        },
        "community.RetentionRule": {"days": 30},
        "security.PatrolRound": patrol_times(),
        "security.Handover": {"state": "prepared", "accepted_at": None, "incoming": None},
        "parking.Vehicle": {"plate": f"皖A{number:05}"},
        "community.Event": {"kind": "gate.passage_crossed"},
        "parcels.DeliveryChoice": {"ended_at": None},
        "parcels.ParcelReport": {"answered_at": None},
        "parcels.ParcelQuestion": {"way": "desk", "settled": "", "answered_at": timezone.now()},
        "parcels.LockerBank": {"tablet_digest": f"x{next(_names)}"},
        "residents.Signal": {"state": "open", "evidence": {}, "subject": f"x{number}"},
        "security.WatchEntry": {
            "kind": "plate",
            "plate": f"皖A{number:05}",
            "card_index": "",
            "visit": None,
            "ended_by": None,
            "expires_at": timezone.now() + timedelta(days=1),
        },
        "security.FaceRule": {"asks_second": True},
        "security.WatchHit": {"answer": "yes", "answered_at": timezone.now()},
        "residents.CareWatch": {"days": 3, "ended_at": timezone.now()},
        "residents.WayIn": {"kind": "card", "index": f"x{number}", "end_reason": "lost"},
        "residents.VisitStay": {"left_at": None, "passage_id": number},
        "residents.Person": {"merged_into": None, "phone_confirmed_at": None},
        "residents.Consent": {"child": False},
        "residents.FaceErasure": {"proven_at": None},
        "residents.FaceAssessment": {"review_on": timezone.localdate() + timedelta(days=9)},
        "residents.CameraSign": {"removed_on": None},
        "residents.Holiday": {"day": date(2100, 1, 1) + timedelta(days=number)},
    }
    if model._meta.label == "parking.Payment":
        shift = one_of(CashShift, compound, number, 1)
        return {"amount_fen": 1 + number, "account": None, "way": "cash", "shift": shift}
    if model._meta.label == "parking.Permit":
        return {"vehicle": one_of(Vehicle, compound, 50_000 + number, 1), "pool": None}
    if model._meta.label == "residents.Visit":
        home, hour = one_of(Unit, compound, number, 1), timedelta(hours=1)
        own = {"bearer": None, "unit": home, "digest": f"x{next(_names)}"}
        return own | {"ends_at": timezone.now() + hour}
    if model._meta.label == "parcels.Parcel":
        return parcel_in_a_locker(compound, number)
    return dict(rules.get(model._meta.label, {}))


def parcel_in_a_locker(compound: Compound, number: int) -> dict[str, Any]:
    """It lies in one place, and its codes are its own."""
    return {
        "state": "stored",
        "compartment": one_of(Compartment, compound, number, 1),
        "shelf": None,
        "ended_at": None,
        "waybill": f"SF{number:08}",
        "code_index": f"x{next(_names)}",
        "secret_digest": f"x{next(_names)}",
    }


@pytest.mark.parametrize("model", every_model(), ids=lambda model: model._meta.label)
def test_a_list_of_thirty_rows_asks_few_questions(
    model, compound, client, django_assert_max_num_queries
):
    label = model._meta.label
    if label == "community.DataKey":
        pytest.skip("the operator's alone")
    if label in FEW:
        pytest.skip(FEW[label])
    for number in range(ROWS):
        one_of(model, compound, number)
    page = url(model._meta.label_lower)
    client.get(page)
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = client.get(page)
    few = model is Compound or label == "community.Notification"  # one's own alone
    assert few or len(answer.context["cl"].result_list) >= ROWS


@pytest.mark.parametrize("model", every_model(), ids=lambda model: model._meta.label)
def test_each_list_can_be_searched_and_filtered_or_says_why_not(model):
    page, label = admin.site._registry[model], model._meta.label
    assert bool(page.search_fields) != (label in NO_SEARCH)
    assert bool(page.list_filter) != (label in NO_FILTER)


@pytest.mark.parametrize("model", every_model(), ids=lambda model: model._meta.label)
def test_each_list_can_be_taken_away_as_it_is_filtered(model, compound, client):
    if model._meta.label == "community.DataKey":
        pytest.skip("the operator's alone")
    answer = client.get(url(model._meta.label_lower))
    links = [link for link in hrefs(answer) if "/export/" in link]
    assert len(links) == 2
    for link in links:
        file = client.get(link)
        assert file.status_code == 200
        assert "attachment" in file["Content-Disposition"]
        assert b"".join(file.streaming_content if file.streaming else [file.content])


def test_a_file_holds_what_the_search_found_and_no_markup(compound, client):
    factories.device(compound, name="南门相机")
    factories.device(compound, name="=HYPERLINK(1)")
    page = client.get(url("community.device") + "?q=南门")
    link = next(link for link in hrefs(page) if "/export/csv/" in link)
    text = b"".join(client.get(link).streaming_content).decode("utf-8-sig")
    assert "南门相机" in text
    assert "HYPERLINK" not in text
    assert "<" not in text
    whole = client.get(url("community.device", "export", "csv"))
    assert "'=HYPERLINK" in b"".join(whole.streaming_content).decode()
    assert Event.objects.filter(kind="list.exported", compound=compound).count() == 2


def test_a_file_is_for_those_who_may_read_the_list(compound):
    clerk = office(factories.user("desk", at=compound))
    assert clerk.get(url("community.event", "export", "csv")).status_code == 403
    manager = office(factories.user("manager", at=compound))
    assert manager.get(url("community.event", "export", "exe")).status_code == 404
    assert manager.get(url("community.event", "export", "csv") + "?x=1").status_code == 302


def hrefs(answer: Any) -> list[str]:
    found = re.findall(r'href="([^"]+)"', answer.content.decode())
    return [link.replace("&amp;", "&") for link in found]


def test_a_list_is_counted_only_as_far_as_somebody_may_leaf(compound, client, monkeypatch):
    monkeypatch.setattr(BoundedPaginator, "MOST", 20)
    for _ in range(25):
        one_of(factories.Lane, compound, _)
    answer = client.get(url("community.lane"))
    assert answer.context["cl"].result_count == 20
    assert "more than 20" in answer.content.decode()


def test_a_short_list_says_its_length(compound, client):
    factories.lane(compound)
    answer = client.get(url("community.lane"))
    assert answer.context["cl"].result_count == 1
    assert "more than" not in answer.content.decode()


def test_the_ledger_is_sorted_by_number_or_time_only(compound, client):
    events = [one_of(Event, compound, number) for number in range(1, 4)]
    wanted = [event.sequence for event in reversed(events)]
    answer = client.get(url("community.event") + "?o=4")
    assert [row.sequence for row in answer.context["cl"].result_list] == wanted
