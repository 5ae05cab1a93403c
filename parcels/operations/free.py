"""Which compartments of a bank are free and in order, and the first of them that fits."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, When
from django.utils.translation import gettext_lazy as _

from community.prepared import Prepared
from parcels.models import Compartment, LockerBank
from parcels.operations.moves import fault

SIZES = (Compartment.Size.SMALL, Compartment.Size.MEDIUM, Compartment.Size.LARGE)


def _in_order(size: Compartment.Size) -> Any:
    """What is free and at least so large, for any bank, in the order in which it is taken."""
    fitting = SIZES[SIZES.index(size) :]
    stands = Case(When(open_since__isnull=True, then=0), default=1)
    how_large = Case(*(When(size=one, then=rank) for rank, one in enumerate(fitting)))

    def ask(bank: int, but: int) -> Any:
        rows = Compartment.objects.filter(bank=bank, is_faulty=False, alarm="", size__in=fitting)
        free = rows.filter(parcels__isnull=True).exclude(pk=but)
        ordered = free.order_by(stands, how_large, "number")
        return ordered.select_related("bank__device")[:1]

    return ask


_fitting = {size: Prepared(_in_order(size), bank=int, but=int) for size in SIZES}


def first_free(bank: LockerBank, size: str, *, but: int = 0) -> Compartment:
    """The smallest free compartment in order that is at least so large, by number.

    One whose door still stands open is taken last: whoever stands there would push it shut.
    """
    found: Compartment | None = _fitting[Compartment.Size(size)].first(bank=bank.pk, but=but)
    if found is None:
        text = _("No compartment of this size is free here. Use another locker, or the desk.")
        raise fault("size", "nothing_free", text)
    return found


_free_now = Prepared(
    lambda bank: Compartment.objects.filter(
        bank=bank, is_faulty=False, alarm="", parcels__isnull=True
    ).order_by().values_list("size").annotate(Count("pk")),
    bank=int,
)  # fmt: skip


def free_by_size(bank: LockerBank) -> dict[str, int]:
    """How many compartments of each size are free and in order."""
    counts = dict(_free_now(bank=bank.pk))
    return {size: counts.get(size, 0) for size in SIZES}
