"""Every change of messages and their deliveries; nothing here talks to anybody outside.

A message is told (one row), planned (its next delivery), claimed and sent by ``rounds``, settled.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from community import keyring
from community.models import Channel, Compound, Delivery, Medium, Notification, User
from community.notifications import ladder
from community.notifications.kinds import declared, kind_of

log = structlog.get_logger(__name__)
State = Delivery.State
OPEN = (State.PENDING, State.SENDING)
#: Messages that one look of the job process plans, and that go out as one.
AT_ONCE, MOST_IN_ONE = 100, 20
#: What is due to the same reader within this time goes along.
GATHER = timedelta(minutes=10)
#: Longer than any sending may take; who sent is dead by then.
SENDING_S = 90
#: A provider that asks us to wait longer than this is not waited for.
NEVER_LATER = timedelta(days=2)


def tell(
    who: User | str,
    kind: str,
    *,
    compound: Compound,
    key: str,
    facts: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
    via: str = "",
    expires_at: datetime | None = None,
) -> Notification:
    """Leave a message once per ``key``, for a user, a bare address, ``person:<id>`` or the desk.

    ``facts`` hold ids, codes and numbers for its sentence; ``private`` what must not stay, such as
    a one-time code. ``via`` forces one medium instead of the kind's ladder. One INSERT: safe inside
    any transaction; the job process sends.
    """
    reader: dict[str, Any] = {"user": who}
    if not isinstance(who, User):
        index = keyring.blind_index(who, compound.pk, "address")
        reader = {"address": who, "address_index": index}
    given = {
        "compound": compound,
        "kind": kind,
        "facts": facts or {},
        "private": private or {},
        "via": via,
        "expires_at": expires_at,
        "look_at": timezone.now(),
    }
    row, _created = Notification.objects.get_or_create(key=key, defaults=given | reader)
    return row


def plan_waiting(now: datetime | None = None) -> int:
    """Give each message that is looked at now its next delivery; returns how many are settled."""
    now = now or timezone.now()
    due = Notification.objects.filter(look_at__lte=now).order_by("pk")
    rows = list(due.select_related("user", "compound")[:AT_ONCE])
    plans: dict[int, ladder.Plan] = {}
    settled = 0
    for row in rows:
        plan = plans.get(row.compound_id) or ladder.Plan.of(row.compound)
        plans[row.compound_id] = plan
        settled += _plan(row, plan, now)
    return settled


def _plan(row: Notification, plan: ladder.Plan, now: datetime) -> bool:
    rungs = ladder.rungs(row)
    if row.read_at is not None or (row.step and not rungs):
        return _settle(row, now)
    if row.expires_at is not None and row.expires_at <= now:
        return _settle(row, now)
    for step, medium in enumerate(rungs[row.step :], start=row.step):
        if plan.is_open(medium):
            _open(row, plan, medium, step + 1, now)
            return False
    if rungs and not row.deliveries.exists():
        _note_no_way(row, rungs[-1], now)
    return _settle(row, now)


def _note_no_way(row: Notification, medium: str, now: datetime) -> None:
    """No channel is in use for any of its ways: the office must see that."""
    Delivery.objects.create(
        notification=row,
        compound_id=row.compound_id,
        medium=medium,
        state=State.GIVEN_UP,
        code="channel_off",
        recipient=_recipient(row),
        created_at=now,
        due_at=now,
        finished_at=now,
    )


def _recipient(row: Notification) -> str:
    reader = f"u{row.user_id}" if row.user_id else row.address_index
    return f"{row.compound_id}:{reader}"


def _settle(row: Notification, now: datetime) -> bool:
    """Nothing more to do: it stands on our pages, or every way was tried and is over."""
    with transaction.atomic():
        ended = Delivery.objects.filter(notification=row, state=State.FAILED)
        if not row.delivered_at and (last := ended.order_by("-pk").first()):
            Delivery.objects.filter(pk=last.pk).update(state=State.GIVEN_UP)
        done = Notification.objects.filter(pk=row.pk, look_at=row.look_at)
        told: dict[str, Any] = {"look_at": None, "private": {}}
        if not row.delivered_at and row.user_id:
            told["delivered_at"] = now
        return bool(done.update(**told))


def _open(row: Notification, plan: ladder.Plan, medium: str, step: int, now: datetime) -> None:
    """One delivery per message and medium; the row says so, and so does a constraint."""
    kind = kind_of(row.kind)
    together = 0 if kind.urgent or kind.secret else plan.rule.bundle_s
    at = now + timedelta(seconds=together if medium in ladder.DISTURBING else 0)
    with transaction.atomic():
        looked = Notification.objects.filter(pk=row.pk, look_at=row.look_at)
        if not looked.update(look_at=None, step=step):
            return
        Delivery.objects.get_or_create(
            notification=row,
            medium=medium,
            defaults={
                "compound_id": row.compound_id,
                "recipient": _recipient(row),
                "created_at": now,
                "due_at": plan.due_at(kind, medium, at),
            },
        )


def channels_due(now: datetime, busy: set[int], most: int) -> list[int]:
    """Channels in use that have something to send now and were not asked to wait."""
    waiting = Delivery.objects.filter(state=State.PENDING, due_at__lte=now)
    pairs = set(waiting.exclude(medium=Medium.PAPER).values_list("compound_id", "medium")[:500])
    if not pairs:
        return []
    free = Channel.objects.filter(is_active=True).exclude(paused_until__gt=now)
    rows = free.exclude(pk__in=busy).values_list("pk", "compound_id", "medium")
    return [pk for pk, compound, medium in rows if (compound, medium) in pairs][:most]


def claim(channel: Channel, now: datetime) -> list[Delivery]:
    """The next message of a channel: all that is due to one reader, marked as being sent.

    What would follow soon goes along; what waits for the morning does not.
    """
    mine = Delivery.objects.filter(
        compound_id=channel.compound_id, medium=channel.medium, state=State.PENDING
    )
    first = (
        mine.filter(due_at__lte=now).order_by("due_at", "pk").select_related("notification").first()
    )
    if first is None:
        return []
    chosen = [first.pk]
    if not kind_of(first.notification.kind).secret:
        secret = [name for name, kind in declared().items() if kind.secret]
        soon = mine.filter(recipient=first.recipient, due_at__lte=now + GATHER)
        others = soon.exclude(notification__kind__in=secret)
        chosen = list(others.order_by("pk").values_list("pk", flat=True)[:MOST_IN_ONE])
        chosen = sorted({*chosen, first.pk})
    mark = uuid.uuid4().hex
    with transaction.atomic(durable=_is_outermost()):
        taken = Delivery.objects.filter(pk__in=chosen, state=State.PENDING).update(
            state=State.SENDING, claimed_at=now, bundle=mark
        )
    rows = Delivery.objects.filter(bundle=mark, state=State.SENDING).order_by("pk")
    whole = rows.select_related("notification__user", "notification__compound")
    return list(whole) if taken else []


def _is_outermost() -> bool:
    return not transaction.get_connection().in_atomic_block


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


def recover(now: datetime, repeats: Any) -> int:
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
