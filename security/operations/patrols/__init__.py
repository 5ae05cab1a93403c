"""Patrols: routes and points as the manager sets them, rounds as guards walk them."""

from security.operations.patrols.planning import plan_rounds, plan_route, replan
from security.operations.patrols.routes import (
    change_point,
    change_route,
    create_point,
    create_route,
    digest_of,
    rotate_secret,
)
from security.operations.patrols.walking import (
    RoundOver,
    confirm_point,
    end_round,
    end_rounds,
    start_extra,
    start_round,
)

__all__ = [
    "RoundOver",
    "change_point",
    "change_route",
    "confirm_point",
    "create_point",
    "create_route",
    "digest_of",
    "end_round",
    "end_rounds",
    "plan_rounds",
    "plan_route",
    "replan",
    "rotate_secret",
    "start_extra",
    "start_round",
]
