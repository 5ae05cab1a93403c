"""What becomes of deliveries: sent, tried again, failed, reported; nothing here talks outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from community.models import Channel, Delivery, Medium, Notification
from community.notifications import ladder
from community.notifications.kinds import kind_of

State = Delivery.State
OPEN = (State.PENDING, State.SENDING)
AT_ONCE = 100
#: Longer than any sending may take; who sent is dead by then.
SENDING_S = 90
#: A provider that asks us to wait longer than this is not waited for.
NEVER_LATER = timedelta(days=2)


def note_address(rows: Sequence[Delivery], address: str) -> None:
    """Keep, sealed, where the message goes: the office sees it masked."""
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(address=address[:1500])


def sent(rows: Sequence[Delivery], *, delivered: bool, reference: str, now: datetime) -> None:
    """The provider took the message; what nobody can know to be shown is looked at again."""
    state = State.DELIVERED if delivered else State.SENT
    _finish(rows, state, "", now, reference=reference)
    for row in rows:
        told = row.notification
        kind = kind_of(told.kind)
        climbs = row.medium == Medium.WEB_PUSH and not kind.secret
        later = now + timedelta(seconds=kind.read_within_s) if climbs else None
        values: dict[str, Any] = {"look_at": later, "delivered_at": told.delivered_at or now}
        if later is None:
            values["private"] = {}
        Notification.objects.filter(pk=told.pk).update(**values)


def again(
    rows: Sequence[Delivery], code: str, at: datetime, *, counts: bool, now: datetime
) -> None:
    """Try later on the same medium, or climb when the kind's patience is at its end."""
    plan = ladder.Plan.of(rows[0].notification.compound)
    for row in rows:
        kind = kind_of(row.notification.kind)
        attempts = row.attempts + (1 if counts else 0)
        at_row = plan.due_at(kind, row.medium, at)
        tired = now - row.created_at > timedelta(seconds=kind.patience_s) and attempts > 1
        if tired or at_row - row.created_at > NEVER_LATER:
            failed([row], code, now)
            continue
        Delivery.objects.filter(pk=row.pk, state=State.SENDING, bundle=row.bundle).update(
            state=State.PENDING, code=code, attempts=attempts, due_at=at_row, claimed_at=None
        )


def failed(rows: Sequence[Delivery], code: str, now: datetime) -> None:
    """This way ends here; the message climbs, and after its last way it is given up."""
    for row in rows:
        told = row.notification
        last = row.notification.step >= len(ladder.rungs(told))
        expired = told.expires_at is not None and told.expires_at <= now
        state = State.GIVEN_UP if last or expired else State.FAILED
        if _finish([row], state, code, now):
            Notification.objects.filter(pk=told.pk).update(look_at=now)


def _finish(
    rows: Sequence[Delivery], state: str, code: str, now: datetime, reference: str = ""
) -> int:
    """Settle what is still ours: a sweeper may have given it up meanwhile."""
    count = 0
    for row in rows:
        mine = Delivery.objects.filter(pk=row.pk, state__in=OPEN, bundle=row.bundle)
        count += mine.update(
            state=state,
            code=code[:64],
            reference=reference,
            attempts=row.attempts + 1,
            finished_at=now,
            claimed_at=None,
        )
    return count


def recover(now: datetime, repeats: Callable[[Delivery], bool]) -> int:
    """What a dead process was sending: sent again where a repeat is told, else the next way."""
    cut = now - timedelta(seconds=SENDING_S)
    stuck = Delivery.objects.filter(state=State.SENDING, claimed_at__lt=cut)
    rows = list(stuck.select_related("notification__compound", "notification__user")[:AT_ONCE])
    for row in rows:
        if repeats(row):
            again([row], "interrupted", now, counts=True, now=now)
        else:
            failed([row], "interrupted", now)
    return len(rows)


def drop_unneeded(now: datetime) -> int:
    """Waiting deliveries of what was read on our pages, or came too late, are not sent."""
    waiting = Delivery.objects.filter(state=State.PENDING)
    read = waiting.filter(notification__read_at__isnull=False)
    late = waiting.filter(notification__expires_at__lte=now)
    ends = [(read, State.DELIVERED, "read"), (late, State.GIVEN_UP, "expired")]
    count = 0
    for rows, state, code in ends:
        chosen = list(rows.values_list("pk", "notification_id")[:AT_ONCE])
        Delivery.objects.filter(pk__in=[pk for pk, _ in chosen], state=State.PENDING).update(
            state=state, code=code, finished_at=now
        )
        Notification.objects.filter(pk__in=[told for _, told in chosen]).update(private={})
        count += len(chosen)
    return count


def report(channel: Channel, reference: str, *, arrived: bool, now: datetime) -> int:
    """What a provider says later of a message that it took: it arrived, or it did not.

    A repeated or late report changes nothing. What did not arrive climbs on.
    """
    known = Q(compound_id=channel.compound_id, medium=channel.medium)
    rows = Delivery.objects.filter(known, reference=reference, state=State.SENT)
    found = list(rows.select_related("notification__user", "notification__compound"))
    for row in found:
        if arrived:
            Delivery.objects.filter(pk=row.pk, state=State.SENT).update(state=State.DELIVERED)
            continue
        last = row.notification.step >= len(ladder.rungs(row.notification))
        state = State.GIVEN_UP if last else State.FAILED
        changed = Delivery.objects.filter(pk=row.pk, state=State.SENT)
        if changed.update(state=state, code="undelivered"):
            Notification.objects.filter(pk=row.notification_id).update(look_at=now)
    return len(found)
