"""Signs of life and signals of the demo compound, in every state: all invented."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.models import Compound, Role, Unit, User
from residents import operations
from residents.models import Lease, Registration, Sign, Signal, WayIn

MAIN = "wutong"
#: How many leases are over while the tenants go on coming in, and how many people are silent.
OVER, SILENT = 3, 4
#: A home whose visitors stay, and for how many nights they did.
GUESTS = (("5-2-302", 9), ("2-1-801", 8))


def load(compound: Compound) -> None:
    if compound.code != MAIN or Sign.objects.of(compound).exists():
        return
    _silent(compound)
    _tenants(compound)
    for code, nights in GUESTS:
        unit = Unit.objects.of(compound).filter(code=code).first()
        for back in range(1, nights + 1) if unit else ():
            _sign(compound, "pass_night", "pass", 2 * back, unit=unit)
    operations.weigh_signs()
    _answer(compound)


def _sign(compound: Compound, kind: str, source: str, ago: int, **about: object) -> None:
    day = timezone.localdate() - timedelta(days=ago)
    key = f"demo:{'-'.join(str(getattr(row, 'pk', row)) for row in about.values())}:{day}"
    operations.record_sign(kind, compound=compound, source=source, key=key, on=day, **about)  # type: ignore[arg-type]


def _silent(compound: Compound) -> None:
    """Registered people whose cards rest since eleven weeks."""
    rows = (
        Registration.objects.of(compound)
        .live()
        .filter(
            person__ways_in__kind="card", moved_in_on__lt=timezone.localdate() - timedelta(days=100)
        )
    )
    for row in rows.select_related("unit", "person").order_by("pk")[:SILENT]:
        last = timezone.now() - timedelta(days=77)
        WayIn.objects.filter(person=row.person).update(
            issued_at=last - timedelta(days=120), last_used_at=last
        )
        _sign(compound, "entry", "card", 77, unit=row.unit, person=row.person)


def _tenants(compound: Compound) -> None:
    """Leases that are over on paper, while the tenant's card goes on opening the door."""
    today = timezone.localdate()
    over = Lease.objects.of(compound).running().filter(ends_on__lt=today - timedelta(days=8))
    lives = over.filter(tenant__residencies__ended_on=None, tenant__residencies__kind="tenant")
    for lease in lives.select_related("letting__unit", "tenant").order_by("pk")[:OVER]:
        for ago in (1, 2, 4, 5, 7):
            _sign(compound, "entry", "card", ago, unit=lease.letting.unit, person=lease.tenant)


def _answer(compound: Compound) -> None:
    """One visit planned, one signal muted, one closed; the rest wait."""
    held = Role.objects.of(compound).filter(role="desk", ended_at=None).select_related("user")
    desk: User = held.order_by("pk")[0].user
    today = timezone.localdate()
    rows = list(Signal.objects.of(compound).pending().order_by("-weight", "pk"))
    if len(rows) < 4:
        return
    operations.plan_visit(rows[0], on=today + timedelta(days=1), to=desk, actor=desk)
    until = today + timedelta(days=60)
    operations.mute_signal(rows[-1], reason="长期出差，已电话核实", until=until, actor=desk)
    operations.close_signal(rows[-2], "guest", note="父母来住两周，已说明登记要求", actor=desk)
