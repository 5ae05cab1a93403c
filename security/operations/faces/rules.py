"""What a gate does with faces, as the office says."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Building, Gate, Lane, User
from security.models import FaceRule


def rule_of(lane: Lane) -> FaceRule | None:
    """The rule of the lane's gate while faces count there."""
    found: FaceRule | None = FaceRule.objects.filter(gate_id=lane.gate_id, is_on=True).first()
    return found


def buildings_of(rule: FaceRule) -> frozenset[int]:
    """Whose residents' faces count at the gate; none: everybody's."""
    return frozenset(rule.buildings.values_list("pk", flat=True))


def set_face_rule(
    gate: Gate,
    *,
    is_on: bool,
    asks_task: bool = False,
    asks_second: bool | None = None,
    attended: bool = False,
    buildings: Collection[Building] | None = None,
    actor: User | None = None,
) -> FaceRule:
    """Whether faces count at this gate, and what is asked beside them.

    ``asks_second`` left open follows from ``attended``: where nobody watches, it is asked for.
    ``buildings``: only residents of these (empty: everybody's; None: as it stands). The same again
    changes nothing. Raises ValidationError: a gate for cars, a gate that would open by a face
    alone, a building elsewhere.
    """
    second = not attended if asks_second is None else asks_second
    if is_on:
        _check_gate(gate, asks_task or second)
    if any(one.compound_id != gate.compound_id for one in buildings or ()):
        words = _("Choose buildings of this compound.")
        raise ValidationError({"buildings": ValidationError(words, "building_elsewhere")})
    wanted: dict[str, Any] = {"is_on": is_on, "asks_task": asks_task}
    wanted |= {"asks_second": second, "attended": attended}
    with events.writing():
        Gate.objects.select_for_update().get(pk=gate.pk)
        row = FaceRule.objects.filter(gate=gate).first()
        before = buildings_of(row) if row is not None else frozenset()
        served = before if buildings is None else frozenset(one.pk for one in buildings)
        same = row is not None and all(getattr(row, name) == wanted[name] for name in wanted)
        if row is not None and same and served == before:
            return row
        defaults = {"compound_id": gate.compound_id} | wanted
        row, _made = FaceRule.objects.update_or_create(gate=gate, defaults=defaults)
        row.buildings.set(served)
        told = wanted | {"buildings": sorted(served)}
        events.record(
            "gate.face_rule_set", compound=gate.compound_id, actor=actor, gate=gate.pk, **told
        )
    return row


def _check_gate(gate: Gate, asks_more: bool) -> None:
    """Faces count at gates for people on foot, and never alone."""
    if gate.kind != Gate.Kind.PEDESTRIAN:
        words = _("This gate is for cars. Faces open gates for people on foot.")
        raise ValidationError({"gate": ValidationError(words, "gate_for_cars")})
    if not asks_more:
        words = _(
            "A photograph held to the camera would open this gate. "
            "Ask to blink or turn the head, or for a second way beside the face."
        )
        raise ValidationError({"asks_second": ValidationError(words, "face_alone")})
