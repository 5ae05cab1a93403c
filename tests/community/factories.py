"""Rows that tests of every app start from. All names and plates are invented."""

from __future__ import annotations

import itertools
from typing import Any

from community.models import Building, Compound, Device, Gate, Lane, Role, Unit, User

_number = itertools.count(1)


def compound(name: str = "", **fields: Any) -> Compound:
    number = next(_number)
    return Compound.objects.create(code=f"c{number}", name=name or f"小区{number}", **fields)


def user(*roles: str, at: Compound | None = None, **fields: Any) -> User:
    """A user who holds ``roles`` in the compound ``at``."""
    row = User.objects.create_user(f"user{next(_number)}", password=None, **fields)
    for role in roles:
        Role.objects.create(user=row, compound=at, role=role)
    return row


def unit(at: Compound, code: str = "3-2-1202") -> Unit:
    building, _, rest = code.partition("-")
    entrance, _, room = rest.partition("-")
    row, _ = Building.objects.get_or_create(compound=at, code=building, defaults={"floors": 18})
    return Unit.objects.create(
        compound=at, building=row, entrance=entrance, floor=12, room=room, code=code
    )


def gate(at: Compound, name: str = "南门", kind: str = "vehicle") -> Gate:
    row, _ = Gate.objects.get_or_create(compound=at, name=name, defaults={"kind": kind})
    return row


def device(at: Compound, kind: str = "camera", driver: str = "folder", **fields: Any) -> Device:
    name = fields.pop("name", f"{kind} {next(_number)}")
    return Device.objects.create(compound=at, name=name, kind=kind, driver=driver, **fields)


def lane(at: Compound, direction: str = "entry", **fields: Any) -> Lane:
    """A lane with a camera and a simulated barrier, unless ``fields`` say otherwise."""
    fields.setdefault("camera", device(at))
    fields.setdefault("barrier", device(at, "barrier", "simulated"))
    name = fields.pop("name", f"{direction} {next(_number)}")
    return Lane.objects.create(
        compound=at, gate=fields.pop("gate", gate(at)), name=name, direction=direction, **fields
    )
