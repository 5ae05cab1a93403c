"""What a stay costs: the stay, its right, its coupon and the tariff of its day, put together.

Pure reads. A :class:`Book` is read once and prices any number of stays of one compound.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from community.models import Compound
from community.vision import grammar
from parking.models import Charge, ParkedAs, PlateKind, Stay, Tariff
from parking.tariffs import Discount, Line, Price, Rules, Span, parse, price
from residents.models import Holiday

#: Rows that the price of a stay is made of: read them with the stay.
RELATED = ("vehicle", "permit", "charge", "coupon_use__coupon", "visit")
NOTHING = Price(0)
LINE = tuple(each.name for each in fields(Line))


@dataclass(frozen=True)
class Version:
    tariff: int
    starts_on: date
    rules: Rules


@dataclass(frozen=True)
class Book:
    """The tariff's versions of a compound, the newest first, its holidays and its clock."""

    compound: int
    zone: ZoneInfo
    versions: tuple[Version, ...]
    holidays: frozenset[date] = frozenset()

    def on(self, day: date) -> Version | None:
        """The version in force on a day."""
        return next((each for each in self.versions if each.starts_on <= day), None)


@dataclass(frozen=True)
class Priced:
    """A price, the version it came from (None where nothing is charged yet) and the plate kind."""

    price: Price
    tariff: int | None = None
    kind: str = "unknown"
    grace: timedelta = timedelta()


@dataclass(frozen=True)
class Due:
    """What is to be paid at a moment. All in fen; ``until`` is the moment that was priced."""

    priced: Priced
    paid_fen: int
    due_fen: int
    until: datetime
    #: Paid, and may drive out until then.
    grace_until: datetime | None = None


def book_of(compound: Compound) -> Book:
    """Two queries; one where the compound has no tariff."""
    rows = Tariff.objects.of(compound).filter(switched_on_at__isnull=False)
    found = rows.order_by("-starts_on", "-id").values_list("pk", "starts_on", "rules")
    versions = tuple(Version(pk, day, parse(rules)) for pk, day, rules in found)
    return Book(compound.pk, ZoneInfo(compound.timezone), versions, _holidays(versions))


def draft_book(tariff: Tariff) -> Book:
    """As if one version, a draft too, were the only one and had always been in force."""
    versions = (Version(tariff.pk, date.min, parse(tariff.rules)),)
    return Book(
        tariff.compound_id, ZoneInfo(tariff.compound.timezone), versions, _holidays(versions)
    )


def _holidays(versions: tuple[Version, ...]) -> frozenset[date]:
    """Public holidays as published; weekends are no holidays of a tariff."""
    if not any(rate.holidays for each in versions for rate in each.rules.rates):
        return frozenset()
    return frozenset(Holiday.objects.filter(is_working=False).values_list("day", flat=True))


def entered_on(stay: Stay, book: Book) -> date | None:
    return stay.entered_at.astimezone(book.zone).date() if stay.entered_at else None


def priced(stay: Stay, until: datetime, book: Book) -> Priced:
    """The price of a stay until a moment, by the version in force on the day of its entry."""
    kind = kind_of(stay)
    if (free := _free(stay, until)) is not None:
        return Priced(free, None, kind)
    day = entered_on(stay, book) or until.astimezone(book.zone).date()
    version = book.on(day)
    if version is None:
        return Priced(NOTHING, None, kind)
    grace = timedelta(minutes=version.rules.grace_minutes)
    if is_resident(stay) and version.rules.residents_free:
        return Priced(Price(0, (Line("resident"),)), version.tariff, kind, grace)
    told = price(
        version.rules,
        entered=stay.entered_at,
        left=until,
        kind=kind,
        zone=book.zone,
        holidays=book.holidays,
        covered=_covered(stay, book.zone),
        discounts=_discounts(stay),
    )
    return Priced(told, version.tariff, kind, grace)


def due(stay: Stay, at: datetime, book: Book) -> Due:
    """What is owed at a moment: within the grace after paying, nothing more."""
    charge = charge_of(stay)
    paid = charge.paid_fen if charge else 0
    if charge is not None and charge.paid_at is not None and charge.paid_until is not None:
        then = priced(stay, charge.paid_until, book)
        ends = charge.paid_at + then.grace
        if paid >= then.price.total and at <= ends:
            return Due(then, paid, 0, charge.paid_until, ends)
    now = priced(stay, at, book)
    return Due(now, paid, max(0, now.price.total - paid), at)


def charge_of(stay: Stay) -> Charge | None:
    found: Charge | None = getattr(stay, "charge", None)
    return found


def kind_of(stay: Stay) -> str:
    """The plate's kind: as seen when it came, else as registered, else as its characters say."""
    if stay.plate_kind != PlateKind.UNKNOWN:
        return str(stay.plate_kind)
    if stay.vehicle and stay.vehicle.kind != PlateKind.UNKNOWN:
        return str(stay.vehicle.kind)
    return str(grammar.kind_of(stay.plate, "")) if stay.plate else str(PlateKind.UNKNOWN)


def is_resident(stay: Stay) -> bool:
    """A registered car without a permit of its own; rows from before areas say so by their car."""
    if stay.parked_as == ParkedAs.RESIDENT:
        return True
    return stay.parked_as == ParkedAs.UNKNOWN and stay.vehicle_id is not None


def _free(stay: Stay, until: datetime) -> Price | None:
    delivers = _delivering(stay)
    if delivers is not None and delivers.end is not None and until <= delivers.end:
        return Price(0, (Line("delivery"),))
    if stay.area_id is not None or stay.bicycle_id is not None:
        return NOTHING
    if stay.parked_as == ParkedAs.FREE:
        return Price(0, (Line("free_right"),))
    by_right = stay.parked_as in (ParkedAs.PERMIT, ParkedAs.POOL)
    return Price(0, (Line("covered"),)) if by_right and stay.permit is None else None


def _delivering(stay: Stay) -> Span | None:
    """A courier's hours: a car that came by a pass of the day delivers, and parks for nobody.

    Beyond the pass it is a stranger's car. A pass that is taken back covers until then.
    """
    visit = stay.visit if stay.visit_id is not None else None
    if visit is None or visit.unit_id is not None:
        return None
    return Span(visit.starts_at, min(visit.ends_at, visit.revoked_at or visit.ends_at))


def _covered(stay: Stay, zone: ZoneInfo) -> list[Span]:
    """The time for which the stay's permit pays, to the last second of its last day."""
    permit = stay.permit
    if permit is None:
        delivers = _delivering(stay)
        return [delivers] if delivers is not None else []
    start = datetime.combine(permit.valid_from, time.min, zone)
    if stay.permit_from is not None:
        start = max(start, stay.permit_from)
    end = None
    if permit.valid_until is not None:
        end = datetime.combine(permit.valid_until + timedelta(days=1), time.min, zone)
    if permit.ended_at is not None:
        end = min(end or permit.ended_at, permit.ended_at)
    return [Span(start, end)] if end is None or end > start else []


def _discounts(stay: Stay) -> list[Discount]:
    use = getattr(stay, "coupon_use", None)
    return [Discount(use.coupon.kind, use.coupon.value)] if use else []


def stored(told: Price) -> list[dict[str, Any]]:
    """Lines as JSON, without what says nothing; times in ISO form."""
    return [_line_out(line) for line in told.lines]


def _line_out(line: Line) -> dict[str, Any]:
    kept: dict[str, Any] = {"fen": line.fen}
    for name in LINE:
        value = getattr(line, name)
        if value:
            kept[name] = _iso(value) if name in ("start", "end") else value
    return kept


def _iso(value: datetime) -> str:
    return value.isoformat(timespec="seconds")
