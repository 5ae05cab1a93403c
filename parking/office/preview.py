"""What a tariff would have cost: worked examples, and last month's stays priced by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parking.models import Stay, Tariff
from parking.pricebook import RELATED, Book, book_of, draft_book, priced, stored
from parking.tariff_words import Shown, shown, yuan
from parking.tariffs import Rules, price
from residents.clock import add_months

#: What everybody asks first: a label, the hour of entry, and how long.
EXAMPLES: tuple[tuple[Any, int, timedelta], ...] = (
    (_("30 minutes"), 10, timedelta(minutes=30)),
    (_("2 hours"), 10, timedelta(hours=2)),
    (_("Overnight, 20:00 to 08:00"), 20, timedelta(hours=12)),
    (_("3 days"), 10, timedelta(days=3)),
)
KINDS: tuple[tuple[str, Any], ...] = (("blue", _("Ordinary car")), ("green", _("New energy")))
#: Stays that a preview prices: the newest of the month, some seconds of work.
MOST = 3000


@dataclass(frozen=True)
class Example:
    label: Any
    kind: Any
    total: str
    lines: list[Shown]


@dataclass(frozen=True)
class Preview:
    """Last month's visitors' stays as they were charged, and as this tariff would."""

    first_day: date
    stays: int
    before_fen: int
    after_fen: int
    dearer: int
    cheaper: int
    more: bool

    @property
    def before(self) -> str:
        return yuan(self.before_fen)

    @property
    def after(self) -> str:
        return yuan(self.after_fen)


def examples(rules: Rules, book: Book) -> list[Example]:
    """Four stays from the next ordinary morning on, for an ordinary and a new-energy car."""
    day = timezone.localdate() + timedelta(days=1)
    found = []
    for kind, name in KINDS:
        for label, hour, long in EXAMPLES:
            start = datetime.combine(day, time(hour), book.zone)
            told = price(
                rules, entered=start, left=start + long, kind=kind, zone=book.zone,
                holidays=book.holidays,
            )  # fmt: skip
            found.append(Example(label, name, yuan(told.total), shown(stored(told))))
    return found


def preview(tariff: Tariff) -> Preview:
    """Compare on last month's stays. Reads only; nothing is kept."""
    compound = tariff.compound
    book, new = book_of(compound), draft_book(tariff)
    first = add_months(timezone.localdate().replace(day=1), -1)
    start = datetime.combine(first, time.min, book.zone)
    end = datetime.combine(add_months(first, 1), time.min, book.zone)
    rows = Stay.objects.of(compound).filter(area=None, left_at__gte=start, left_at__lt=end)
    stays = list(rows.select_related(*RELATED).order_by("-left_at")[: MOST + 1])
    sums: dict[str, int] = {"before": 0, "after": 0, "dearer": 0, "cheaper": 0}
    for stay in stays[:MOST]:
        _add(stay, book, new, sums)
    return Preview(
        first_day=first,
        stays=min(len(stays), MOST),
        before_fen=sums["before"],
        after_fen=sums["after"],
        dearer=sums["dearer"],
        cheaper=sums["cheaper"],
        more=len(stays) > MOST,
    )


def _add(stay: Stay, book: Book, new: Book, sums: dict[str, int]) -> None:
    if stay.left_at is None:
        return
    charge = getattr(stay, "charge", None)
    old = charge.total_fen if charge else priced(stay, stay.left_at, book).price.total
    then = priced(stay, stay.left_at, new).price.total
    sums["before"] += old
    sums["after"] += then
    sums["dearer"] += then > old
    sums["cheaper"] += then < old


def filled(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Stored rules with every key, for a form that shows them."""
    return {"day_counts": "calendar", "grace_minutes": 15, "residents_free": True, **rules}
