"""The six digits of a pass, for who cannot show its code: typed with the home's number, or told.

Alone they are worth nothing: a pad takes them with the number of the home that gave the pass, and
wrong ones count as wrong PINs do.
"""

from __future__ import annotations

from django.db.models import F

from community import keyring
from community.models import Unit
from residents import ways
from residents.models import Visit, WayIn


def fresh(unit: Unit) -> dict[str, str]:
    """The columns of a new pass: digits without a pattern that the home does not use already.

    Needs the home's lock.
    """
    code = ways.new_pin()
    while ways.is_easy(code) or is_visitors(unit, code) or _is_residents(unit, code):
        code = ways.new_pin()
    return {"spoken": code, "spoken_index": keyring.blind_index(code, unit.compound_id, "spoken")}


def is_visitors(unit: Unit, code: str) -> bool:
    """Whether a pass of this home, not taken back, has these digits."""
    rows = Visit.objects.filter(unit=unit, revoked_at=None)
    return bool(rows.spoken(code, unit.compound_id).exists())


def pass_of(unit: Unit, code: str) -> Visit | None:
    """The home's pass with these digits, held until the transaction ends."""
    rows = Visit.objects.select_for_update(of=("self",)).select_related("unit").filter(unit=unit)
    newest = rows.order_by(F("revoked_at").asc(nulls_first=True), "-ends_at")
    found: Visit | None = newest.spoken(code, unit.compound_id).first()
    return found


def _is_residents(unit: Unit, code: str) -> bool:
    indexes = keyring.blind_indexes(code, unit.compound_id, f"pin.{unit.pk}")
    rows = WayIn.objects.active().filter(kind=WayIn.Kind.PIN, unit=unit, index__in=indexes)
    return bool(rows.exists())
