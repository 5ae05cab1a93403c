"""Addresses, households, let homes and leases of the demo compound."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from django.db.models import Model
from django.utils import timezone

from community import events
from community.demo import BATCH, in_batches
from community.models import Compound, Unit
from residents.clock import add_months
from residents.codes import Relation
from residents.models import Household, Lease, Letting, Residency, StandardAddress

Kind = Residency.Kind


def load(compound: Compound) -> None:
    _addresses(compound)
    _households(compound)
    _lettings(compound)
    _leases(compound)


def _addresses(compound: Compound) -> None:
    """District to room; a code begins with a county that does not exist."""
    known = set(StandardAddress.objects.of(compound).values_list("unit_id", flat=True))
    checked = timezone.localdate() - timedelta(days=90)
    rows = []
    units = Unit.objects.of(compound).select_related("building").order_by("pk")
    for place, unit in enumerate(units, start=1):
        rng = Random(f"address of {unit.code}")  # noqa: S311
        coded = rng.random() < 0.97
        rows.append(
            StandardAddress(
                compound=compound,
                unit=unit,
                code=f"410099{compound.pk:04d}{place:06d}" if coded else "",
                province="河南省",
                city="芦城市",
                district="青禾区",
                street="文渊路",
                number="18 号",
                place=compound.name,
                building=f"{unit.building.code} 幢",
                entrance=f"{unit.entrance} 单元",
                floor=f"{unit.floor} 层",
                room=f"{unit.room} 室",
                checked_on=checked if coded else None,
            )
        )
    in_batches(StandardAddress, [row for row in rows if row.unit_id not in known])


def _households(compound: Compound) -> None:
    """One per home, with the tenant or else the owner as its head."""
    known = set(Household.objects.of(compound).values_list("unit_id", flat=True))
    homes: dict[int, list[Residency]] = {}
    lived = Residency.objects.of(compound).filter(household=None).select_related("person")
    for row in lived.order_by("unit_id", "pk"):
        homes.setdefault(row.unit_id, []).append(row)
    fresh = [rows for unit, rows in homes.items() if unit not in known]
    for start in range(0, len(fresh), BATCH):
        with events.writing():
            for rows in fresh[start : start + BATCH]:
                _form(compound, rows)


def _form(compound: Compound, rows: list[Residency]) -> None:
    head = next((row for row in rows if row.kind == Kind.TENANT), rows[0])
    members = [row for row in rows if row is not head and row.kind != Kind.OWNER]
    household = Household.objects.create(
        compound=compound, unit_id=head.unit_id, started_on=head.started_on
    )
    head.household, head.is_head, head.relation = household, True, Relation.HEAD
    for row in members:
        row.household, row.relation = household, _relation(head, row)
    Residency.objects.bulk_update([head, *members], ["household", "is_head", "relation"])


def _relation(head: Residency, row: Residency) -> str:
    """By the years between them: a child, a parent, or the spouse."""
    if row.kind == Kind.LIVE_IN_HELP:
        return Relation.HELP
    older, younger = head.person.birth_date, row.person.birth_date
    if older is None or younger is None:
        return Relation.OTHER
    years = younger.year - older.year
    if years > 16:
        return Relation.SON if row.person.sex == "1" else Relation.DAUGHTER
    return Relation.PARENT if years < -16 else Relation.SPOUSE


def _lettings(compound: Compound) -> None:
    known = set(Letting.objects.of(compound).values_list("unit_id", flat=True))
    held = Residency.objects.of(compound)
    owners = dict(held.filter(kind=Kind.OWNER).values_list("unit_id", "person_id"))
    tenants = held.filter(kind=Kind.TENANT).order_by("unit_id")
    rows: list[Model] = [
        Letting(
            compound=compound,
            unit_id=row.unit_id,
            landlord_id=owners[row.unit_id],
            started_on=row.started_on,
            start_reported_on=row.started_on + timedelta(days=1)
            if Random(f"letting {row.unit_id}").random() < 0.9  # noqa: S311
            else None,
        )
        for row in tenants
        if row.unit_id in owners and row.unit_id not in known
    ]
    in_batches(Letting, rows)


def _leases(compound: Compound) -> None:
    today = timezone.localdate()
    rows: list[Model] = []
    known = set(Lease.objects.of(compound).values_list("letting__unit_id", flat=True))
    lettings = {row.unit_id: row for row in Letting.objects.of(compound)}
    for row in Residency.objects.of(compound).filter(kind=Kind.TENANT).order_by("unit_id"):
        letting = lettings.get(row.unit_id)
        if letting is None or row.unit_id in known:
            continue
        rng = Random(f"lease of {row.unit_id}")  # noqa: S311
        starts, ends = _term(row, rng, today)
        filed = rng.random() < 0.8
        rows.append(
            Lease(
                compound=compound,
                letting=letting,
                tenant_id=row.person_id,
                starts_on=starts,
                ends_on=ends,
                filed_on=starts + timedelta(days=12) if filed else None,
                filing_number=f"演示备案 {row.unit_id:05d}" if filed else "",
            )
        )
    in_batches(Lease, rows)


def _term(row: Residency, rng: Random, today: date) -> tuple[date, date]:
    """Years from the day of moving in; a few tenants live on past the end of their lease."""
    years = 0
    while add_months(row.started_on, 12 * (years + 1)) <= today:
        years += 1
    if years and rng.random() < 0.12:
        years -= 1
    starts = add_months(row.started_on, 12 * years)
    return starts, add_months(starts, 12) - timedelta(days=1)
