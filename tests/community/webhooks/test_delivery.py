"""From the ledger to a receiver: signed, at least once, given up in the end, never in a hurry."""

from __future__ import annotations

import hmac
import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from community import events
from community.models import Event, Webhook, WebhookDelivery
from community.webhooks import operations, post, rounds
from community.webhooks.operations import queue
from community.webhooks.post import Outcome
from tests.community import factories
from tests.community.webhooks import receiver as manners
from tests.community.webhooks.receiver import listening

pytestmark = pytest.mark.django_db
State = WebhookDelivery.State


@pytest.fixture(autouse=True)
def _internal(settings):
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]


@pytest.fixture
def compound():
    return factories.compound()


@pytest.fixture
def receiver():
    with listening() as one:
        yield one


@pytest.fixture
def webhook(compound, receiver):
    row, secret = operations.add_webhook(compound=compound, name="Hall", url=receiver.url)
    row.shown = secret
    return row


def happen(compound, kind: str = "device.went_offline", **payload) -> None:
    with events.writing():
        events.record(kind, compound=compound, **payload)


def rows() -> list[WebhookDelivery]:
    return list(WebhookDelivery.objects.order_by("pk"))


def sequences(receiver) -> list[int]:
    return [json.loads(one.body)["sequence"] for one in receiver.heard]


def test_what_happens_is_told_in_order_signed_and_once(compound, webhook, receiver):
    for device in (1, 2, 3):
        happen(compound, device=device)
    rounds.go()
    rounds.go()
    found = Event.objects.filter(compound=compound, kind="device.went_offline")
    assert sequences(receiver) == sorted(found.values_list("sequence", flat=True))
    heard = receiver.heard[0]
    body = json.loads(heard.body)
    assert (body["kind"], body["payload"], body["compound"]) == (
        "device.went_offline",
        {"device": 1},
        compound.code,
    )
    assert heard.headers["linli-delivery"] == body["delivery"] == str(rows()[0].key)
    signed = heard.headers["linli-timestamp"].encode() + b"." + heard.body
    expected = hmac.new(webhook.shown.encode(), signed, sha256).hexdigest()
    assert heard.headers["linli-signature"] == f"v1={expected}"
    assert {row.state for row in rows()} == {State.DONE}


def test_the_secret_is_sealed_in_the_table(webhook):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM community_webhook")
        assert webhook.shown not in cursor.fetchone()[0]


def test_only_the_chosen_kinds_of_the_own_compound_from_now_on(compound, receiver):
    happen(compound, device=1)
    operations.add_webhook(
        compound=compound, name="Some", url=receiver.url, kinds=["device.came_online"]
    )
    happen(compound, device=2)
    happen(compound, "device.came_online", device=2)
    happen(factories.compound(), "device.came_online", device=3)
    rounds.go()
    assert [json.loads(one.body)["payload"] for one in receiver.heard] == [{"device": 2}]


def test_what_webhooks_record_themselves_is_told_to_nobody(compound, webhook, receiver):
    operations.issue_secret(webhook)
    rounds.go()
    assert receiver.heard == []


def test_an_old_secret_counts_a_day_beside_the_new_one(compound, webhook, receiver):
    fresh = operations.issue_secret(webhook)
    happen(compound, device=1)
    rounds.go()
    heard = receiver.heard[0]
    signed = heard.headers["linli-timestamp"].encode() + b"." + heard.body
    both = [hmac.new(one.encode(), signed, sha256).hexdigest() for one in (fresh, webhook.shown)]
    assert heard.headers["linli-signature"] == ",".join(f"v1={one}" for one in both)
    Webhook.objects.update(old_secret_until=timezone.now())
    happen(compound, device=2)
    rounds.go()
    assert receiver.heard[1].headers["linli-signature"].count("v1=") == 1


def test_a_failure_is_tried_again_later_under_the_same_id(compound, webhook, receiver):
    receiver.manner = manners.status(500)
    happen(compound, device=1)
    rounds.go()
    row = rows()[0]
    assert (row.state, row.attempts, row.status, row.code) == (
        State.WAITING,
        1,
        500,
        "answered_500",
    )
    assert timedelta(seconds=5) < row.due_at - timezone.now() < timedelta(seconds=15)
    rounds.go()
    assert len(receiver.heard) == 1
    receiver.manner = None
    WebhookDelivery.objects.update(due_at=timezone.now())
    rounds.go()
    first, second = receiver.heard
    assert first.body == second.body
    assert first.headers["linli-delivery"] == second.headers["linli-delivery"]
    assert rows()[0].state == State.DONE


def test_waits_grow_to_a_bound_and_vary():
    waits = [queue.wait_after(count).total_seconds() for count in range(1, 10)]
    for count, wait in enumerate(waits):
        middle = min(10 * 3.0**count, queue.LONGEST_WAIT_S)
        assert middle * 0.75 <= wait <= middle * 1.25
    assert len({queue.wait_after(5) for _ in range(8)}) > 1


def test_it_is_given_up_shown_and_sent_again(compound, webhook, receiver):
    happen(compound, device=1)
    operations.queue_new()
    row = rows()[0]
    for _attempt in range(queue.ATTEMPTS):
        operations.settle(row, Outcome("answered_500", 500))
    row = rows()[0]
    assert (row.state, row.attempts) == (State.DEAD, queue.ATTEMPTS)
    gave_up = Event.objects.get(compound=compound, kind="webhook.gave_up")
    assert gave_up.payload == {"webhook": webhook.pk, "delivery": row.pk, "count": 1}
    rounds.go()
    assert receiver.heard == []
    operations.send_again(row)
    rounds.go()
    assert len(receiver.heard) == 1
    assert rows()[0].state == State.DONE


def test_what_waited_a_day_is_given_up(compound, webhook):
    happen(compound, device=1)
    operations.queue_new()
    assert operations.give_up_old(timezone.now() + timedelta(hours=23)) == 0
    assert operations.give_up_old(timezone.now() + timedelta(hours=25)) == 1
    assert rows()[0].code == "too_old"


def test_one_that_fails_rests_and_is_tried_once_after(compound, webhook, receiver):
    receiver.manner = manners.status(503)
    for device in range(8):
        happen(compound, device=device)
    rounds.go()
    assert len(receiver.heard) == queue.TRIPS_AFTER
    rounds.go()
    assert len(receiver.heard) == queue.TRIPS_AFTER
    Webhook.objects.update(paused_until=timezone.now())
    rounds.go()
    assert len(receiver.heard) == queue.TRIPS_AFTER + 1
    receiver.manner = None
    Webhook.objects.update(paused_until=timezone.now())
    WebhookDelivery.objects.update(due_at=timezone.now())
    rounds.go()
    assert {row.state for row in rows()} == {State.DONE}
    assert Webhook.objects.get().failures == 0


def test_a_process_that_died_in_the_middle_leaves_it_to_the_next(compound, webhook, receiver):
    happen(compound, device=1)
    operations.queue_new()
    now = timezone.now()
    assert operations.claim(webhook.pk, now)
    assert post.send(operations.next_due(webhook.pk, now)).code == ""
    assert not operations.claim(webhook.pk, now)  # nobody else meanwhile
    rounds.go()
    assert len(receiver.heard) == 1
    Webhook.objects.update(leased_until=timezone.now())  # the lease of the dead ends
    rounds.go()
    assert [one.headers["linli-delivery"] for one in receiver.heard] == [str(rows()[0].key)] * 2


def test_an_event_is_queued_once_however_often_it_is_looked_at(compound, webhook):
    happen(compound, device=1)
    operations.queue_new()
    Webhook.objects.update(cursor=0)
    operations.queue_new()
    numbers = [row.event.sequence for row in rows()]
    assert len(numbers) == len(set(numbers))


def test_many_are_queued_in_pieces_without_a_gap(compound, webhook, monkeypatch):
    monkeypatch.setattr(queue, "AT_ONCE", 3)
    for device in range(8):
        happen(compound, device=device)
    while operations.queue_new():
        pass
    assert [row.event.payload["device"] for row in rows()] == list(range(8))


def test_off_means_off_and_on_again_begins_anew(compound, webhook, receiver):
    operations.change_webhook(webhook, is_active=False)
    happen(compound, device=1)
    rounds.go()
    operations.change_webhook(webhook, is_active=True)
    happen(compound, device=2)
    rounds.go()
    assert [json.loads(one.body)["payload"] for one in receiver.heard] == [{"device": 2}]


def test_a_test_is_told_at_once(webhook, receiver):
    operations.send_test(webhook)
    rounds.go()
    body = json.loads(receiver.heard[0].body)
    assert (body["kind"], body["sequence"]) == ("webhook.test", None)
    operations.change_webhook(webhook, is_active=False)
    with pytest.raises(ValidationError):
        operations.send_test(webhook)


def test_only_managers_keep_webhooks(compound, webhook):
    guard = factories.user("guard", at=compound)
    stranger = factories.user("manager", at=factories.compound())
    for actor in (guard, stranger):
        with pytest.raises(PermissionDenied):
            operations.add_webhook(compound=compound, name="x", url="https://x.test", actor=actor)
        with pytest.raises(PermissionDenied):
            operations.issue_secret(webhook, actor=actor)
        with pytest.raises(PermissionDenied):
            operations.send_test(webhook, actor=actor)


def test_what_has_served_is_erased(compound, webhook):
    happen(compound, device=1)
    operations.queue_new()
    assert operations.forget_told(timezone.now() + timedelta(days=99)) == 0  # it still waits
    rounds.go()
    assert operations.forget_told() == 0
    assert operations.forget_told(timezone.now() + timedelta(days=8)) == 1
