"""From a stay and the rules of a tariff to an itemised price. Pure: the same in, the same out.

The clock walks through the time that is to be paid. Where it stands it buys what the window of
that moment sells: the first period at the very beginning, then steps, or the whole window at
once. What was bought is not cut at a window's edge. Caps hold back what would go beyond them, in
the order window, day, stay; so every further minute only ever adds, and a longer stay never costs
less. Discounts come last. All money is in fen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from math import ceil

from parking.tariffs.moments import Moments
from parking.tariffs.rules import DAY, Rate, Rules, Window, clock, rate_for

#: A stay is priced for no longer: what stands here since years is no stay but a forgotten row.
LONGEST = timedelta(days=3 * 366)
MINUTES, OFF, PERCENT, WHOLE = "minutes", "off", "percent", "whole"


@dataclass(frozen=True)
class Span:
    """From ``start`` until before ``end``; an open end is None."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Discount:
    """A coupon: ``kind`` is minutes, off (fen), percent, or whole; ``value`` its amount."""

    kind: str
    value: int = 0


@dataclass(frozen=True)
class Line:
    """One line of a price. ``code`` names its sentence, ``fen`` may be negative (a discount).

    ``count`` × ``each`` is what a line of steps consists of; ``window`` its hours.
    """

    code: str
    fen: int = 0
    start: datetime | None = None
    end: datetime | None = None
    count: int = 0
    each: int = 0
    minutes: int = 0
    window: str = ""


@dataclass(frozen=True)
class Price:
    """``total`` is the sum of the lines. ``fault`` says why nothing could be counted, else ""."""

    total: int
    lines: tuple[Line, ...] = ()
    fault: str = ""


@dataclass
class _Walk:
    """What was bought so far, and what the caps still leave."""

    rate: Rate
    clock: Moments
    lines: list[Line] = field(default_factory=list)
    total: int = 0
    by_day: dict[int | date, int] = field(default_factory=dict)
    capped: dict[str, int] = field(default_factory=dict)
    pass_key: tuple[datetime, Window] | None = None
    pass_fen: int = 0
    is_flat_bought: bool = False


def price(
    rules: Rules,
    *,
    entered: datetime | None,
    left: datetime,
    kind: str = "unknown",
    zone: tzinfo,
    holidays: Collection[date] = (),
    covered: Collection[Span] = (),
    discounts: Collection[Discount] = (),
) -> Price:
    """The price of a stay from ``entered`` until ``left`` (both aware).

    ``holidays`` are the days on which the holidays' windows count; ``covered`` is time that
    somebody's permit pays for. A stay without an entry, or with one after its exit (clocks that
    differ), costs nothing and says so in ``fault``; nobody is charged for a guess.
    """
    if entered is None:
        return Price(0, (Line("entry_unknown"),), "entry_unknown")
    if left < entered:
        return Price(0, (Line("times_disagree"),), "times_disagree")
    left = min(left, entered + LONGEST)
    rate = rate_for(rules, kind)
    spans = _uncovered(entered, left, covered)
    walk = _Walk(rate, Moments(rules, rate, zone, holidays, entered))
    if spans != [(entered, left)]:
        walk.lines.append(Line("covered"))
    spans = _after_free(walk, spans, rate, discounts)
    _buy(walk, spans)
    for code, fen in walk.capped.items():
        walk.lines.append(Line(code, -fen))
    total = _discounted(walk, discounts)
    return Price(total, tuple(walk.lines))


def _uncovered(
    entered: datetime, left: datetime, covered: Collection[Span]
) -> list[tuple[datetime, datetime]]:
    """What of the stay no permit covers, in order."""
    spans, cursor = [], entered
    for span in sorted(covered, key=lambda each: each.start):
        if span.start > cursor:
            spans.append((cursor, min(span.start, left)))
        cursor = max(cursor, span.end or left)
        if cursor >= left:
            break
    if cursor < left:
        spans.append((cursor, left))
    return [(start, end) for start, end in spans if start < end]


def _after_free(
    walk: _Walk,
    spans: list[tuple[datetime, datetime]],
    rate: Rate,
    discounts: Collection[Discount],
) -> list[tuple[datetime, datetime]]:
    """What is left after the free minutes and a coupon's minutes, both from the beginning."""
    free = timedelta(minutes=rate.free_minutes)
    gift = timedelta(minutes=sum(each.value for each in discounts if each.kind == MINUTES))
    length = sum((end - start for start, end in spans), timedelta())
    if gift:
        walk.lines.append(Line("coupon_minutes", minutes=_minutes(gift)))
    if length <= free + gift:
        if free and length:
            walk.lines.append(Line("free_minutes", minutes=rate.free_minutes))
        return []
    if rate.free_deducted and free:
        walk.lines.append(Line("free_minutes", minutes=rate.free_minutes))
    return _shortened(spans, gift + (free if rate.free_deducted else timedelta()))


def _shortened(
    spans: list[tuple[datetime, datetime]], by: timedelta
) -> list[tuple[datetime, datetime]]:
    kept = []
    for start, end in spans:
        gone = min(by, end - start)
        by -= gone
        if start + gone < end:
            kept.append((start + gone, end))
    return kept


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _buy(walk: _Walk, spans: list[tuple[datetime, datetime]]) -> None:
    cursor: datetime | None = None
    for start, end in spans:
        if cursor is None:
            cursor = _first(walk, start)
        cursor = max(cursor, start)
        while cursor < end:
            cursor = _next(walk, cursor, end)


def _first(walk: _Walk, at: datetime) -> datetime:
    """The first period, by the window in which the paid time begins."""
    window = walk.clock.window(at)
    if not window.first_minutes or not window.step_minutes:
        return at
    until = at + timedelta(minutes=window.first_minutes)
    _charge(walk, window, at, Line("first", window.first_fen, at, until, 1, window.first_fen))
    return until


def _next(walk: _Walk, at: datetime, end: datetime) -> datetime:
    """Buy what is sold at a moment, as far as the window's or the day's edge, or the stay's end."""
    window = walk.clock.window(at)
    edge = walk.clock.edge(window, at)
    until = min(edge, end, walk.clock.day_end(at))
    if not window.step_minutes:
        # The whole window at once: paid at its beginning, whichever day that was.
        first = _enter_pass(walk, window, at)
        if first:
            line = Line("window", window.step_fen, at, min(edge, end), 1, window.step_fen)
            _charge(walk, window, at, line)
        return edge
    step = timedelta(minutes=window.step_minutes)
    count = ceil((until - at) / step)
    fen = count * window.step_fen
    line = Line("steps", fen, at, until, count, window.step_fen, window.step_minutes)
    _charge(walk, window, at, line)
    return at + count * step


def _charge(walk: _Walk, window: Window, at: datetime, line: Line) -> None:
    """Put a line down, and beside it what a cap holds back of it."""
    _enter_pass(walk, window, at)
    fen = line.fen
    fen -= _held(walk, "cap_window", fen, window.cap_fen, walk.pass_fen)
    walk.pass_fen += fen
    day = walk.clock.day(at)
    fen -= _held(walk, "cap_day", fen, walk.rate.cap_day_fen, walk.by_day.get(day, 0))
    walk.by_day[day] = walk.by_day.get(day, 0) + fen
    fen -= _held(walk, "cap_stay", fen, walk.rate.cap_stay_fen, walk.total)
    walk.total += fen
    hours = f"{clock(window.start)}-{clock(window.end or DAY)}"
    walk.lines.append(
        Line(line.code, line.fen, line.start, line.end, line.count, line.each, line.minutes, hours)
    )


def _held(walk: _Walk, code: str, fen: int, cap: int | None, so_far: int) -> int:
    """What of ``fen`` lies beyond a cap of which ``so_far`` is used up."""
    held = 0 if cap is None else max(0, so_far + fen - cap)
    if held:
        walk.capped[code] = walk.capped.get(code, 0) + held
    return held


def _enter_pass(walk: _Walk, window: Window, at: datetime) -> bool:
    """Whether this moment begins a new pass through the window."""
    key = (walk.clock.pass_start(window, at), window)
    if walk.pass_key == key:
        return False
    walk.pass_key, walk.pass_fen = key, 0
    return True


def _discounted(walk: _Walk, discounts: Collection[Discount]) -> int:
    total = walk.total
    for each in discounts:
        off = {
            PERCENT: total * min(each.value, 100) // 100,
            OFF: min(each.value, total),
            WHOLE: total,
        }.get(each.kind, 0)
        if each.kind != MINUTES:
            walk.lines.append(Line(f"coupon_{each.kind}", -off, each=each.value))
        total -= off
    return total
