"""A bank drawn as it stands, with one compartment marked, for whoever looks for its door."""

from __future__ import annotations

from typing import Any

from parcels.models import Compartment, Parcel

#: In the drawing's own units: how wide it is, how far a row is from the next, and the gap between.
WIDTH, ROW, GAP = 640, 35, 6


def drawn(place: Compartment) -> dict[str, Any] | None:
    """Boxes, column by column from the left; None where nobody said how the bank is built.

    Two queries.
    """
    rows = place.bank.rows
    if not rows:
        return None
    places = list(place.bank.compartments.order_by("number"))
    here = Parcel.objects.filter(ended_at=None, compartment__in=[one.pk for one in places])
    taken = set(here.values_list("compartment", flat=True))
    columns = -(-len(places) // rows)
    width = (WIDTH - GAP) / columns - GAP
    found: dict[str, Any] = {"boxes": [], "height": rows * ROW + GAP, "width": width}
    for index, one in enumerate(places):
        column, row = divmod(index, rows)
        x, y = GAP + column * (width + GAP), GAP + row * ROW
        if one.pk == place.pk:
            found |= {"column": column + 1, "text_x": x + width / 2, "text_y": y + 16}
        used = "used" if one.pk in taken or one.is_faulty else ""
        found["boxes"].append({"x": x, "y": y, "class": "on" if one.pk == place.pk else used})
    return found
