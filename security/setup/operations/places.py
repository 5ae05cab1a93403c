"""Compound, homes, gates and lanes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Building, Compound, Gate, Lane, RetentionRule, Unit, User
from community.operations import save_row
from security.models import LaneCheck
from security.setup.access import MANAGERS, require
from security.setup.homes import Pattern

KEY = re.compile(r"^[0-9a-f]{8,32}$")
#: The law asks for 30 days of pictures at least; the rest is a beginning that the manager changes.
LAW_VIDEO = "《公共安全视频图像信息系统管理条例》(2025-04-01 起施行): 视频图像信息留存不少于 30 日"
BEGINNING = "邻里的默认值，请按本地规定修改"
Subject = RetentionRule.Subject
RETENTION = (
    (Subject.PICTURES, 30, LAW_VIDEO),
    (Subject.READINGS, 180, BEGINNING),
    (Subject.EVENTS, 1095, BEGINNING),
    (Subject.LOOKS, 1095, BEGINNING),
    (Subject.NOTIFICATIONS, 180, BEGINNING),
)
BATCH = 500


@dataclass(frozen=True)
class LanePlan:
    """A lane as filled in; its gate is known by its name."""

    gate: str
    kind: str
    name: str
    direction: str
    crossing: str
    crossing_after_s: int = 12


def create_compound(
    user: User, *, key: str, name: str, address: str, timezone: str, language: str
) -> Compound:
    """A new compound with its retention rules; the same key again gives the same compound.

    Raises PermissionDenied for all but the operator, ValidationError (also for a name in use).
    """
    if not user.is_superuser:
        raise PermissionDenied
    if not KEY.match(key):
        raise ValidationError(_("This page is out of date. Open it again."))
    with events.writing():
        # One at a time: two operators would both find the name free.
        list(User.objects.select_for_update().filter(is_superuser=True).order_by("pk"))
        code = f"{slugify(name)[:24] or 'compound'}-{key[:8]}"
        found = Compound.objects.filter(code__endswith=f"-{key[:8]}").first()
        if found is not None:
            return found
        _check_name(name)
        compound = Compound(
            code=code, name=name, address=address, timezone=timezone, language=language
        )
        save_row(compound, user)
        for subject, days, source in RETENTION:
            rule = RetentionRule(compound=compound, subject=subject, days=days, source=source)
            save_row(rule, user)
    return compound


def change_compound(user: User, compound: Compound, **values: Any) -> Compound:
    """Change name, address, time zone or language. Raises PermissionDenied, ValidationError."""
    require(user, compound, MANAGERS)
    with events.writing():
        held: Any = Compound.objects.select_for_update().get(pk=compound.pk)
        changed = {name: value for name, value in values.items() if getattr(held, name) != value}
        if not changed:
            return held
        _check_name(values.get("name", held.name), held.pk)
        for name, value in changed.items():
            setattr(held, name, value)
        save_row(held, user, created=False)
    return held


def _check_name(name: str, own: int = 0) -> None:
    if Compound.objects.filter(name=name).exclude(pk=own).exists():
        raise ValidationError({"name": _("There is a compound of this name already.")})


def add_homes(user: User, compound: Compound, pattern: Pattern) -> int:
    """Make the buildings and homes that are missing; the number of homes made.

    What is there stays as it is. Raises PermissionDenied, ValidationError for too many.
    """
    require(user, compound, MANAGERS)
    homes = pattern.all()
    with events.writing():
        # Two at once: the second finds the homes of the first.
        Compound.objects.select_for_update().get(pk=compound.pk)
        buildings = {code: _building(user, compound, code, pattern) for code in pattern.buildings}
        known = set(Unit.objects.of(compound).values_list("code", flat=True))
        rows = [
            Unit(
                compound=compound,
                building=buildings[home.building],
                entrance=home.entrance,
                floor=home.floor,
                room=home.room,
                code=home.code,
            )
            for home in homes
            if home.code not in known
        ]
        Unit.objects.bulk_create(rows, batch_size=BATCH)
        if rows:
            events.record("setup.homes_added", compound=compound, actor=user, count=len(rows))
    return len(rows)


def _building(user: User, compound: Compound, code: str, pattern: Pattern) -> Building:
    found = Building.objects.filter(compound=compound, code=code).first()
    if found is None:
        # A bare number is named as people say it; a name of one's own is given in the office.
        name = f"{code} 号楼" if compound.language.startswith("zh") else f"Building {code}"
        found = Building(compound=compound, code=code, name=name, floors=pattern.top)
        save_row(found, user)
    return found


def save_lane(user: User, compound: Compound, plan: LanePlan, lane: Lane | None = None) -> Lane:
    """A lane and, where it is new, its gate. A lane of this gate and name is changed, not doubled.

    Raises PermissionDenied, ValidationError.
    """
    require(user, compound)
    with events.writing():
        Compound.objects.select_for_update().get(pk=compound.pk)
        gate = Gate.objects.filter(compound=compound, name=plan.gate).first()
        if gate is None:
            order = Gate.objects.of(compound).count()
            gate = Gate(compound=compound, name=plan.gate, kind=plan.kind, order=order)
            save_row(gate, user)
        held = _named(gate, plan.name) if lane is None else lane
        created, before = held._state.adding, _shape(held)
        held.gate, held.name, held.direction = gate, plan.name, plan.direction
        held.crossing, held.crossing_after_s = plan.crossing, plan.crossing_after_s
        if created:
            held.order = Lane.objects.filter(gate=gate).count()
        if created or before != _shape(held):
            save_row(held, user)
    return held


def _named(gate: Gate, name: str) -> Lane:
    found: Lane | None = Lane.objects.filter(gate=gate, name=name).first()
    return found or Lane(compound_id=gate.compound_id, gate=gate, name=name)


def _shape(lane: Lane) -> tuple[Any, ...]:
    return lane.gate_id, lane.name, lane.direction, lane.crossing, lane.crossing_after_s


def forget_checks(lane: Lane, *steps: str) -> None:
    """What was tried out with a device that changed counts no more."""
    LaneCheck.objects.filter(lane=lane, step__in=steps).delete()
