"""Every change of messages and their deliveries; nothing here talks to anybody outside.

A message is told (one row), planned (its next delivery), claimed and sent by ``rounds``, settled.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from community import keyring, prepared_writes
from community.models import Channel, Compound, Delivery, Medium, Notification, User
from community.notifications import ladder
from community.notifications.kinds import declared, kind_of
from community.notifications.reach import DESK

log = structlog.get_logger(__name__)
State = Delivery.State
#: Messages that one look of the job process plans, and that go out as one.
AT_ONCE, MOST_IN_ONE = 100, 20
#: What is due to the same reader within this time goes along.
GATHER = timedelta(minutes=10)


def tell(
    who: User | str,
    kind: str,
    *,
    compound: Compound | int,
    key: str,
    facts: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
    via: str = "",
    expires_at: datetime | None = None,
    is_first: bool = False,
) -> Notification:
    """Leave a message once per ``key``, for a user, a bare address, ``person:<id>`` or the desk.

    ``facts`` hold ids, codes and numbers for its sentence; ``private`` what must not stay, such as
    a one-time code. ``via`` forces one medium instead of the kind's ladder. One INSERT: safe inside
    any transaction; the job process sends. ``is_first``: the caller's own transaction has just made
    what the key names, so nobody can have told it before, and nobody is asked.
    """
    compound_id = compound if isinstance(compound, int) else compound.pk
    reader: dict[str, Any] = {"user": who}
    if not isinstance(who, User):
        index = keyring.blind_index(who, compound_id, "address")
        reader = {"address": who, "address_index": index}
    given = {
        "compound_id": compound_id,
        "kind": kind,
        "facts": facts or {},
        "private": private or {},
        "via": via,
        "expires_at": expires_at,
        "look_at": timezone.now(),
    }
    if is_first:
        made = Notification(key=key, **given, **reader)
        prepared_writes.insert(made)
        return made
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
    shown = row.user_id or row.address == DESK
    if rungs and not shown and not row.deliveries.exists():
        _note_no_way(row, rungs[-1], now)
    return _settle(row, now)


def _note_no_way(row: Notification, medium: str, now: datetime) -> None:
    """No channel is in use for any of its ways, and it stands on nobody's page: say so."""
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
