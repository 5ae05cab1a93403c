"""Guards of the demo compound: two routes, two days of rounds with one point missed, a handover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from community.models import Compound, User
from security.duty import on_duty
from security.models import Handover, PatrolPoint, PatrolRound, PatrolRoute
from security.operations import patrols, shifts
from security.operations.patrols.planning import AHEAD

BACK = timedelta(days=2)
NOTE = "7 号楼 15 楼电梯门有异响，已报修，师傅明早 9 点到。\n快递柜钥匙在岗亭第二个抽屉。"
REMARK = "对讲机电量不足，已换备用电池。"


@dataclass(frozen=True)
class Walk:
    """A route of the demo: its points, and when it is walked (minutes after midnight)."""

    name: str
    points: tuple[tuple[str, str], ...]
    starts: tuple[int, ...]
    in_order: bool
    tolerance_min: int = 20
    duration_min: int = 40


WALKS = (
    Walk(
        "夜间巡逻",
        (
            ("南门岗亭", "岗亭窗下"),
            ("地下车库入口", "道闸右侧立柱"),
            ("3 号楼电梯厅", "一层公告栏旁"),
            ("7 号楼架空层", "快递柜左侧"),
            ("北门岗亭", "岗亭门后"),
        ),
        (30, 180, 1320),
        in_order=True,
    ),
    Walk(
        "白天巡查",
        (
            ("儿童游乐场", "滑梯旁立柱"),
            ("配电房", "门上"),
            ("地下车库入口", "道闸右侧立柱"),
            ("垃圾分类站", "投放口上方"),
        ),
        (570, 930),
        in_order=False,
        tolerance_min=30,
    ),
)


def walk(compound: Compound) -> None:
    """Two days of rounds, where two guards are and no shift was handed over yet."""
    guards = _pair(compound)
    if not guards:
        return
    rng = Random(f"patrols of {compound.code}")  # noqa: S311 - a plausible walk, not a secret
    now = timezone.now()
    for each in WALKS:
        route = _route(compound, each)
        for hours in range(0, int(BACK / timedelta(hours=1)), 6):
            patrols.plan_route(route, now - BACK - AHEAD + timedelta(hours=hours))
        _walk_past(rng, route, guards, now)


def hand_over(compound: Compound) -> None:
    """The last shift, signed by both: after the gates' day, which it tells of."""
    if guards := _pair(compound):
        leaves, comes = guards
        held = shifts.prepare_handover(compound, leaves, NOTE)
        shifts.accept_handover(shifts.sign_handover(held, leaves), comes, REMARK)


def _pair(compound: Compound) -> list[User]:
    guards = on_duty(compound)[:2]
    done = Handover.objects.of(compound).filter(state=Handover.State.ACCEPTED).exists()
    return [] if done or len(guards) < 2 else guards


def _route(compound: Compound, walk: Walk) -> PatrolRoute:
    found: PatrolRoute | None = PatrolRoute.objects.of(compound).filter(name=walk.name).first()
    if found:
        return found
    known = {point.name: point for point in PatrolPoint.objects.of(compound)}
    points = [
        known.get(name)
        or patrols.create_point(compound=compound, actor=None, name=name, place=place)
        for name, place in walk.points
    ]
    return patrols.create_route(
        compound=compound,
        actor=None,
        points=points,
        name=walk.name,
        starts=list(walk.starts),
        weekdays=list(range(7)),
        in_order=walk.in_order,
        tolerance_min=walk.tolerance_min,
        duration_min=walk.duration_min,
    )


def _walk_past(rng: Random, route: PatrolRoute, guards: list[User], now: datetime) -> None:
    """Each round whose time is over was walked; of the first route's, the last missed a point."""
    rows = PatrolRound.objects.filter(route=route, state=PatrolRound.State.PLANNED, due_at__lt=now)
    past = list(rows.order_by("planned_at"))
    for patrol in past:
        skipped = 1 if patrol is past[-1] and route.in_order else 0
        _walk(rng, patrol, rng.choice(guards), skipped)


def _walk(rng: Random, patrol: PatrolRound, guard: User, skipped: int) -> None:
    at = patrol.planned_at + timedelta(minutes=rng.uniform(-8, 8))
    patrols.start_round(patrol, guard, now=at)
    points = PatrolPoint.objects.in_bulk(patrol.stops)
    for number, key in enumerate(patrol.stops):
        at += timedelta(minutes=rng.uniform(2, 6))
        if skipped and number == len(patrol.stops) - 2:
            continue
        damaged = rng.random() < 0.06
        how: dict[str, Any] = {"how": "hand", "reason": "sheet_damaged"} if damaged else {}
        patrols.confirm_point(patrol, points[key], guard, now=at, **how)
    if skipped:
        patrols.end_round(patrol.pk, patrol.due_at)
