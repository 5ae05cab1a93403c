"""What cars do that somebody must go and see: in somebody's way, in a fire lane."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from community import events, verdicts
from community.models import Event
from parking.models import BlockedCar, FireCase
from security.models import Alert
from security.operations.alerting import close_by_key, raise_alert


@events.on("parking.blocked_to_guard", "security.alert_blocked")
def alert_blocked(event: Event) -> None:
    """Nobody answered: somebody goes there. What was settled meanwhile is not."""
    row = BlockedCar.objects.open().filter(pk=event.payload["blocked"]).first()
    if row is not None:
        raise_alert(
            compound=event.compound_id,
            kind="car_blocks",
            key=f"car_blocks-{row.pk}",
            severity=Alert.Severity.IMPORTANT,
            facts={"blocked": row.pk},
        )


@events.on("parking.blocked_over", "security.close_blocked")
@events.on("parking.blocked_answered", "security.close_blocked_answered")
def close_blocked(event: Event) -> None:
    close_by_key(event.compound_id, f"car_blocks-{event.payload['blocked']}")


@events.on("parking.fire_lane_taken", "security.alert_fire_lane")
@events.on("parking.fire_lane_evidence", "security.alert_fire_evidence")
def alert_fire_lane(event: Event) -> None:
    """With an owner on file the guard is asked only where the owner did not drive away."""
    rows = FireCase.objects.standing().filter(pk=event.payload["fire_case"])
    case = rows.exclude(guard_at=None).select_related("lane").first()
    if case is not None:
        raise_alert(
            compound=event.compound_id,
            kind="fire_lane",
            key=f"fire_lane-{case.pk}",
            severity=Alert.Severity.URGENT,
            device=case.lane.camera_id,
            facts={"case": case.pk},
        )


@events.on("parking.fire_lane_free", "security.close_fire_lane")
def close_fire_lane(event: Event) -> None:
    close_by_key(event.compound_id, f"fire_lane-{event.payload['fire_case']}")


def _blocks(facts: dict[str, Any]) -> str:
    row = BlockedCar.objects.filter(pk=facts.get("blocked", 0)).first()
    if row is None:
        return gettext("A car was in the way. The report is no longer on record.")
    text = gettext("%(plate)s is in the way: %(place)s. Nobody has answered. Please go there.")
    return text % {"plate": row.plate, "place": row.place}


def _in_fire_lane(facts: dict[str, Any]) -> str:
    case = FireCase.objects.filter(pk=facts.get("case", 0)).select_related("lane").first()
    if case is None:
        return gettext("A car stood in a fire lane. The case is no longer on record.")
    text = gettext("%(plate)s stands in the fire lane %(lane)s. Please have it driven away.")
    return text % {"plate": case.plate, "lane": case.lane.name}


verdicts.explain("alert.car_blocks", _blocks)
verdicts.explain("alert.fire_lane", _in_fire_lane)
