"""From the ledger to the queue, and what became of each delivery.

A webhook is a reader of the ledger: its cursor says up to which number events are queued. Numbers
have no gap and commit in order, so nothing is missed, and the writers at the gate do nothing for
it. A row is unique per event and webhook; attempts happen outside any transaction, and a process
that dies in the middle of one leaves a row that is due again: each is told at least once.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Event, LedgerHead, User, Webhook, WebhookDelivery
from community.webhooks.operations.hooks import OWN
from community.webhooks.post import Outcome

State = WebhookDelivery.State
AT_ONCE = 200
#: Attempts of one delivery: 10 s after the first, three times as long after each, 6 h at most.
ATTEMPTS = 10
FIRST_WAIT_S, LONGEST_WAIT_S = 10.0, 6 * 3600.0
#: Waits vary by this share, so that many do not come back together.
JITTER = 0.25
MOST_AGE = timedelta(hours=24)
#: From so many failures in a row on, a receiver rests before it is tried again.
TRIPS_AFTER, REST_S, LONGEST_REST_S = 3, 30.0, 600.0
#: One process serves a receiver at a time; who died holds it no longer than this.
LEASE = timedelta(seconds=60)
KEPT = timedelta(days=7)
KEPT_DEAD = timedelta(days=30)


def queue_new(now: datetime | None = None) -> int:
    """Queue what was recorded since, for every webhook in use; returns the rows added."""
    behind = Webhook.objects.filter(is_active=True, compound__ledger__last__gt=F("cursor"))
    return sum(_queue_for(pk, now or timezone.now()) for pk in behind.values_list("pk", flat=True))


def _queue_for(pk: int, now: datetime) -> int:
    with transaction.atomic():
        row = Webhook.objects.select_for_update(of=("self",)).get(pk=pk)
        high = LedgerHead.objects.values_list("last", flat=True).get(pk=row.compound_id)
        found = Event.objects.of(row.compound_id).filter(
            sequence__gt=row.cursor, sequence__lte=high
        )
        wanted = found.filter(kind__in=row.kinds) if row.kinds else found
        wanted = wanted.exclude(kind__startswith=OWN).order_by("sequence")
        rows = list(wanted.values_list("pk", "sequence")[:AT_ONCE])
        WebhookDelivery.objects.bulk_create(
            [
                WebhookDelivery(
                    compound_id=row.compound_id,
                    webhook=row,
                    event_id=event,
                    created_at=now,
                    due_at=now,
                )
                for event, _sequence in rows
            ],
            ignore_conflicts=True,
        )
        row.cursor = rows[-1][1] if len(rows) == AT_ONCE else high
        row.save(update_fields=["cursor"])
    return len(rows)


def due_webhooks(now: datetime, limit: int, but: set[int]) -> list[int]:
    """Receivers with something due whom nobody serves, the one that rested longest first."""
    waiting = WebhookDelivery.objects.filter(
        webhook=OuterRef("pk"), state=State.WAITING, due_at__lte=now
    )
    rows = _servable(now).filter(Exists(waiting)).exclude(pk__in=but)
    order = F("leased_until").asc(nulls_first=True)
    return list(rows.order_by(order, "pk").values_list("pk", flat=True)[:limit])


def _servable(now: datetime) -> Any:
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return Webhook.objects.filter(rested, free, is_active=True)


def claim(webhook_id: int, now: datetime) -> bool:
    """Take a receiver for this process alone; False where another was quicker."""
    return bool(_servable(now).filter(pk=webhook_id).update(leased_until=now + LEASE))


def release(webhook_id: int, now: datetime) -> None:
    """Let others serve the receiver again."""
    Webhook.objects.filter(pk=webhook_id).update(leased_until=now)


def next_due(webhook_id: int, now: datetime) -> WebhookDelivery | None:
    """The oldest delivery that is due, and a longer lease to make it in; None at the end."""
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    held = Webhook.objects.filter(rested, pk=webhook_id, is_active=True)
    if not held.update(leased_until=now + LEASE):
        return None
    rows = WebhookDelivery.objects.select_related("webhook__compound", "event")
    due = rows.filter(webhook=webhook_id, state=State.WAITING, due_at__lte=now)
    found: WebhookDelivery | None = due.order_by("pk").first()
    return found


def settle(delivery: WebhookDelivery, outcome: Outcome, now: datetime | None = None) -> None:
    """Write down how one attempt ended; the receiver rests after several failures in a row."""
    now = now or timezone.now()
    with events.writing():
        webhook = Webhook.objects.select_for_update(of=("self",)).get(pk=delivery.webhook_id)
        rows = WebhookDelivery.objects.select_for_update(of=("self",))
        row = rows.filter(pk=delivery.pk, state=State.WAITING).first()
        if row is None:
            return
        row.attempts += 1
        row.status, row.code = outcome.status, outcome.code
        if not outcome.code:
            row.state, row.finished_at = State.DONE, now
            webhook.failures, webhook.paused_until = 0, None
        else:
            _fail(row, webhook, now)
        row.save(update_fields=["attempts", "status", "code", "state", "finished_at", "due_at"])
        webhook.save(update_fields=["failures", "paused_until"])


def _fail(row: WebhookDelivery, webhook: Webhook, now: datetime) -> None:
    webhook.failures += 1
    if webhook.failures >= TRIPS_AFTER:
        rest = min(REST_S * 2.0 ** min(webhook.failures - TRIPS_AFTER, 10), LONGEST_REST_S)
        webhook.paused_until = now + _varied(rest)
    if row.attempts >= ATTEMPTS or now - row.created_at >= MOST_AGE:
        row.state, row.finished_at = State.DEAD, now
        _tell("webhook.gave_up", webhook, None, delivery=row.pk, count=1)
    else:
        row.due_at = now + wait_after(row.attempts)


def wait_after(attempts: int) -> timedelta:
    """How long a delivery waits after so many failed attempts."""
    return _varied(min(FIRST_WAIT_S * 3.0 ** (attempts - 1), LONGEST_WAIT_S))


def _varied(seconds: float) -> timedelta:
    return timedelta(seconds=seconds * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311


def give_up_old(now: datetime | None = None) -> int:
    """Give up what waited for a day behind a receiver that never came back."""
    now = now or timezone.now()
    old = WebhookDelivery.objects.filter(state=State.WAITING, created_at__lte=now - MOST_AGE)
    total = 0
    for webhook in Webhook.objects.filter(pk__in=old.values("webhook")):
        with events.writing():
            rows = old.filter(webhook=webhook)
            count = rows.update(state=State.DEAD, finished_at=now, code="too_old")
            if count:
                _tell("webhook.gave_up", webhook, None, count=count)
        total += count
    return total


def send_again(delivery: WebhookDelivery, *, actor: User | None = None) -> WebhookDelivery:
    """Queue what was given up or delivered once more, with all its attempts; same delivery id."""
    _check_manager(actor, delivery.compound_id)
    with events.writing():
        rows = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("webhook")
        row: WebhookDelivery = rows.get(pk=delivery.pk)
        if row.state == State.WAITING:
            return row
        if not row.webhook.is_active:
            raise ValidationError(_("This webhook is not in use. Put it in use first."))
        now = timezone.now()
        row.state, row.attempts, row.finished_at = State.WAITING, 0, None
        row.created_at = row.due_at = now
        row.save(update_fields=["state", "attempts", "finished_at", "created_at", "due_at"])
        _wake(row.webhook)
        _tell("webhook.sent_again", row.webhook, actor, delivery=row.pk)
    return row


def send_test(webhook: Webhook, *, actor: User | None = None) -> WebhookDelivery:
    """Queue a message of kind ``webhook.test``, sent within seconds. Raises ValidationError."""
    _check_manager(actor, webhook.compound_id)
    now = timezone.now()
    with events.writing():
        if not Webhook.objects.filter(pk=webhook.pk, is_active=True).exists():
            raise ValidationError(_("This webhook is not in use. Put it in use first."))
        row: WebhookDelivery = WebhookDelivery.objects.create(
            compound_id=webhook.compound_id, webhook=webhook, created_at=now, due_at=now
        )
        _wake(webhook)
    return row


def _wake(webhook: Webhook) -> None:
    """Somebody looks now: the receiver rests no longer."""
    Webhook.objects.filter(pk=webhook.pk).update(paused_until=None)


def forget_told(now: datetime | None = None) -> int:
    """Erase deliveries that have served: a week after success, a month after giving up."""
    now = now or timezone.now()
    over = Q(state=State.DONE, finished_at__lt=now - KEPT)
    over |= Q(state=State.DEAD, finished_at__lt=now - KEPT_DEAD)
    total = 0
    while ids := list(WebhookDelivery.objects.filter(over).values_list("pk", flat=True)[:500]):
        total += WebhookDelivery.objects.filter(pk__in=ids).delete()[0]
    return total


def _check_manager(actor: User | None, compound_id: int) -> None:
    if actor is not None and "manager" not in actor.roles_in(compound_id):
        raise PermissionDenied


def _tell(kind: str, webhook: Webhook, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=webhook.compound_id, actor=actor, webhook=webhook.pk, **facts)
