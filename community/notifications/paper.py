"""The print queue at the desk: where every ladder ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone, translation

from community import events
from community.models import Compound, Delivery, Medium, User
from community.notifications import letters, reach

#: Letters of one printing.
MOST = 50


@dataclass(frozen=True)
class Letter:
    """One sheet for one reader: all that waits for them."""

    to: str
    language: str
    lines: list[str]
    deliveries: list[int]


def waiting(compound: Compound | int) -> Iterable[Delivery]:
    """What is to be printed, oldest first."""
    rows = Delivery.objects.of(compound).filter(medium=Medium.PAPER, state=Delivery.State.PENDING)
    found: Iterable[Delivery] = rows.select_related(
        "notification__user", "notification__compound"
    ).order_by("pk")
    return found


def letters_of(rows: Iterable[Delivery]) -> list[Letter]:
    """Sheets, one per reader, however many messages wait for them."""
    by_reader: dict[str, list[Delivery]] = {}
    for row in rows:
        by_reader.setdefault(row.recipient, []).append(row)
    return [_letter(mine) for mine in list(by_reader.values())[:MOST]]


def _letter(rows: list[Delivery]) -> Letter:
    told = [row.notification for row in rows]
    language = letters.language_of(told[0])
    with translation.override(language):
        lines = list(dict.fromkeys(letters.sentence(each) for each in told))
        to = reach.line(told[0])
    return Letter(to, language, lines, [row.pk for row in rows])


def printed(ids: list[int], *, compound: Compound | int, actor: User) -> int:
    """The desk printed these: they are on paper, and wait to be handed over."""
    return _move(ids, compound, actor, Delivery.State.PENDING, Delivery.State.SENT)


def handed_over(ids: list[int], *, compound: Compound | int, actor: User) -> int:
    """The person has the paper, or heard it at the desk."""
    return _move(ids, compound, actor, Delivery.State.SENT, Delivery.State.DELIVERED)


def _move(ids: list[int], compound: Compound | int, actor: User, old: str, new: str) -> int:
    now = timezone.now()
    with events.writing():
        rows = Delivery.objects.of(compound).filter(pk__in=ids, medium=Medium.PAPER, state=old)
        chosen = list(rows.values_list("pk", flat=True))
        moved = Delivery.objects.filter(pk__in=chosen, state=old).update(
            state=new, finished_at=now, attempts=1
        )
        if moved:
            kind = "message.printed" if new == Delivery.State.SENT else "message.handed_over"
            events.record(kind, compound=compound, actor=actor, count=moved)
    return int(moved)
