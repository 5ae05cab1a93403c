"""What is left to do, found out from what there is: nothing remembers a page that was skipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Subquery
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Compound, Device, Gate, Lane, Role, Unit, User
from parking.models import Vehicle
from security.models import LaneCheck
from security.setup.access import MANAGERS, SETTERS
from security.setup.camera_forms import READERS

Check = LaneCheck.Step


@dataclass(frozen=True)
class Step:
    """One line of the check list. Without a url the reader may not do it, or it is not its turn."""

    name: str
    title: str
    note: str
    is_done: bool
    url: str = ""

    @property
    def state(self) -> str:
        if self.is_done:
            return "allow"
        return "ask" if self.url else "off"


@dataclass(frozen=True)
class LaneSteps:
    lane: Lane
    steps: list[Step]

    @property
    def is_done(self) -> bool:
        return all(step.is_done for step in self.steps)


class CheckList:
    """A compound's list for one reader; a handful of queries, however many lanes."""

    def __init__(self, user: User, compound: Compound) -> None:
        self.user, self.compound = user, compound
        self._roles = user.roles_in(compound)

    @cached_property
    def places(self) -> list[Step]:
        return [self._compound(), self._homes(), self._gates()]

    @cached_property
    def lanes(self) -> list[LaneSteps]:
        """Vehicle lanes in use, each with its devices."""
        rows = Lane.objects.of(self.compound).filter(is_active=True).order_by("gate__order")
        rows = rows.filter(gate__kind=Gate.Kind.VEHICLE).order_by("gate__order", "order", "pk")
        rows = rows.select_related("gate", "camera", "barrier").prefetch_related("setup_checks")
        rows = rows.defer("camera__credentials", "barrier__credentials")
        return [LaneSteps(lane, self.of_lane(lane)) for lane in rows]

    @cached_property
    def people(self) -> list[Step]:
        return [self._people(), self._vehicle()]

    @cached_property
    def steps(self) -> list[Step]:
        """All of them, in the order in which they are done."""
        return [*self.places, *(step for lane in self.lanes for step in lane.steps), *self.people]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def is_complete(self) -> bool:
        return bool(self.lanes) and self.done == self.total

    @property
    def next(self) -> Step | None:
        """The first that this reader can do now."""
        return next((step for step in self.steps if not step.is_done and step.url), None)

    def of_lane(self, lane: Lane) -> list[Step]:
        """A lane's five: camera, region, plate, barrier, test."""
        passed = {check.step: check.device_id for check in lane.setup_checks.all()}
        camera, barrier = _in_use(lane.camera), _in_use(lane.barrier)
        has = {
            "region": camera is not None and passed.get(Check.REGION) == camera.pk,
            "plate": camera is not None and passed.get(Check.PLATE) == camera.pk,
            "test": barrier is not None and passed.get(Check.BARRIER) == barrier.pk,
        }
        if camera is not None and camera.driver in READERS:
            looked = [self._pushes(lane, camera)]
        else:
            looked = self._looked(lane, camera, has)
        return [
            self._at(lane, "camera", _("Camera"), done=bool(camera), note=_name(camera)),
            *looked,
            self._at(lane, "barrier", _("Barrier"), done=bool(barrier), note=_name(barrier)),
            self._at(lane, "test", _("Barrier test"), done=has["test"], ready=bool(barrier)),
        ]

    def _pushes(self, lane: Lane, camera: Device) -> Step:
        """In place of region and plate: such a camera reads by itself, and has been heard."""
        heard = camera.last_seen_at is not None
        return self._at(lane, "push", _("What the camera tells"), done=heard)

    def _looked(self, lane: Lane, camera: Device | None, has: dict[str, bool]) -> list[Step]:
        return [
            self._at(
                lane, "region", _("Region of the picture"), done=has["region"], ready=bool(camera)
            ),
            self._at(lane, "plate", _("Test plate"), done=has["plate"], ready=has["region"]),
        ]

    def _at(
        self, lane: Lane, name: str, title: str, *, done: bool, ready: bool = True, note: str = ""
    ) -> Step:
        url = reverse(f"setup-{name}", args=[lane.pk])
        may = ready and self._roles & SETTERS
        return Step(f"{name}-{lane.pk}", title, note, done, url if may else "")

    def _url(self, name: str, roles: frozenset[str] = MANAGERS) -> str:
        return reverse(name) if self._roles & roles else ""

    @cached_property
    def _counts(self) -> dict[str, int]:
        """How many homes, guards and cars there are, in one question."""
        guards = Role.objects.filter(ended_at=None, role=Role.Name.GUARD)
        row: Any = Compound.objects.values(
            homes=_count(Unit.objects.of(self.compound), "pk"),
            guards=_count(guards.of(self.compound), "user"),
            cars=_count(Vehicle.objects.of(self.compound).registered(), "pk"),
        ).get(pk=self.compound.pk)
        return {name: number or 0 for name, number in row.items()}

    def _compound(self) -> Step:
        return Step(
            "compound", _("Compound"), self.compound.name, True, self._url("setup-compound")
        )

    def _homes(self) -> Step:
        count = self._counts["homes"]
        note = ngettext("%(n)s home", "%(n)s homes", count) % {"n": count} if count else ""
        return Step("homes", _("Buildings and homes"), note, count > 0, self._url("setup-homes"))

    def _gates(self) -> Step:
        count = len(self.lanes)
        note = ngettext("%(n)s lane", "%(n)s lanes", count) % {"n": count} if count else ""
        url = self._url("setup-gates", SETTERS)
        return Step("gates", _("Gates and lanes"), note, count > 0, url)

    def _people(self) -> Step:
        count = self._counts["guards"]
        note = ngettext("%(n)s guard", "%(n)s guards", count) % {"n": count} if count else ""
        return Step("people", _("Who works here"), note, count > 0, self._url("setup-people"))

    def _vehicle(self) -> Step:
        count = self._counts["cars"]
        note = ngettext("%(n)s car", "%(n)s cars", count) % {"n": count} if count else ""
        url = self._url("setup-vehicle")
        return Step("vehicle", _("The first car"), note, count > 0, url)


def _count(rows: Any, what: str) -> Subquery:
    counted = rows.order_by().values("compound").annotate(n=Count(what, distinct=True))
    return Subquery(counted.values("n"), output_field=IntegerField())


def _in_use(device: Device | None) -> Device | None:
    return device if device is not None and device.is_active else None


def _name(device: Device | None) -> str:
    return device.name if device is not None else ""


def after(request: Any, name: str) -> str:
    """Where a step leads to: the next one that is open, else the list."""
    steps = CheckList(request.user, request.compound)
    order = [step.name for step in steps.steps]
    start = order.index(name) + 1 if name in order else 0
    for step in steps.steps[start:]:
        if not step.is_done and step.url:
            return step.url
    return reverse("setup")
