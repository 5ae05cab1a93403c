"""Passages that a platform did not want: kept with its words, sent again only when asked to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.devices.viid.speaker import Said, Trouble
from community.models import User
from security.models import UpperPlatform, UpperRefusal
from security.upper.operations.platforms import locked
from security.upper.queue import Item

State = UpperRefusal.State
KEPT = timedelta(days=30)


def refuse_rows(row: UpperPlatform, refused: Sequence[tuple[Item, Said]], now: datetime) -> None:
    """Keep them with the platform's words. The caller holds the platform's lock and writes."""
    UpperRefusal.objects.bulk_create(
        [
            UpperRefusal(
                compound_id=row.compound_id, platform=row, passage=item.passage, at=now,
                code=_code(one), said=one.words,
            )
            for item, one in refused
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    events.record("upper.refused", compound=row.compound_id, platform=row.pk, count=len(refused))


def refuse(
    platform: UpperPlatform, item: Item, trouble: Trouble, now: datetime | None = None
) -> None:
    """One that is never taken, while the one behind it is: it blocks the others no longer."""
    with events.writing():
        row = locked(platform.pk)
        UpperRefusal.objects.get_or_create(
            platform=row,
            passage=item.passage,
            defaults={
                "compound_id": row.compound_id,
                "at": now or timezone.now(),
                "code": trouble.code[:64],
                "said": trouble.said,
            },
        )
        row.failures = row.tries = row.stuck = 0
        row.save(update_fields=["failures", "tries", "stuck"])
        events.record("upper.refused", compound=row.compound_id, platform=row.pk, count=1)


def settle_again(
    platform: UpperPlatform,
    items: Sequence[Item],
    said: Sequence[Said | None],
    now: datetime | None = None,
) -> None:
    """What became of refused passages that were sent once more: one try each."""
    now = now or timezone.now()
    with events.writing():
        row = locked(platform.pk)
        waiting = {one.passage_id: one for one in row.refusals.filter(state=State.WAITING)}
        for item, one in zip(items, said, strict=True):
            kept = waiting.get(item.passage.pk)
            if kept is None:
                continue
            is_taken = one is not None and one.is_taken
            kept.state, kept.at = (State.TAKEN if is_taken else State.REFUSED), now
            if not is_taken:
                kept.code = _code(one)
                kept.said = one.words if one else ""
            kept.save(update_fields=["state", "at", "code", "said"])
        row.heard_at = now
        row.save(update_fields=["heard_at"])


def _code(said: Said | None) -> str:
    """A status of the platform's, or what went wrong with the whole request."""
    if said is None:
        return "not_answered"
    return f"refused_{said.code}"[:64] if said.code.isdecimal() else said.code[:64]


def send_again(refusal: UpperRefusal, *, actor: User | None = None) -> UpperRefusal:
    """Send a refused passage once more, when its platform is next spoken with.

    Raises ValidationError where the platform is off, PermissionDenied.
    """
    if actor is not None and "manager" not in actor.roles_in(refusal.compound_id):
        raise PermissionDenied
    with events.writing():
        rows = UpperRefusal.objects.select_for_update(of=("self",)).select_related("platform")
        row: UpperRefusal = rows.get(pk=refusal.pk)
        if row.state != State.REFUSED:
            return row
        if not row.platform.is_active:
            raise ValidationError(_("Nothing is sent to this platform now. Switch it on first."))
        row.state = State.WAITING
        row.save(update_fields=["state"])
        events.record(
            "upper.sent_again", compound=row.compound_id, actor=actor, platform=row.platform_id
        )
    return row


def forget_refused(now: datetime | None = None) -> int:
    """Erase refusals that are a month old; how many."""
    old = UpperRefusal.objects.filter(at__lt=(now or timezone.now()) - KEPT)
    total = 0
    while keys := list(old.values_list("pk", flat=True)[:500]):
        with events.writing():
            total += UpperRefusal.objects.filter(pk__in=keys).delete()[0]
    return total
