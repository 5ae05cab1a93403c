"""From what on something is a signal, where a compound has said nothing else."""

from __future__ import annotations

from residents.models import SignalKind, SignalRule

#: kind: (days or nights at least, within days, weight)
DEFAULTS: dict[str, tuple[int, int, int]] = {
    SignalKind.LEASE_OVER: (3, 30, 70),
    SignalKind.PASS_NIGHTS: (7, 30, 55),
    SignalKind.NO_LIFE: (1, 60, 40),
    SignalKind.CAR_NIGHTS: (3, 14, 30),
}


def of_compound(compound_id: int) -> dict[str, SignalRule]:
    """The rule for each kind: the compound's own, or ours."""
    own = {row.kind: row for row in SignalRule.objects.of(compound_id)}
    return {kind: own.get(kind) or default(compound_id, kind) for kind in SignalKind.values}


def default(compound_id: int, kind: str) -> SignalRule:
    """Our rule, as a row that is not stored."""
    times, days, weight = DEFAULTS[kind]
    return SignalRule(
        compound_id=compound_id, kind=kind, times=times, days=days, weight=weight, is_active=True
    )
