"""The demo compound: invented from end to end, of realistic size, loaded once.

Every app that has a ``demo.py`` adds its part through ``load(compound)``, found by name in the
order of dependency. A part that is in place is recorded in the ledger and not loaded again, so
what people changed or removed since stays so; a part cut off in the middle is completed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from community import events, operations
from community.demo_plan import PLANS, RETENTION, USERS, GatePlan, Plan
from community.models import (
    Building,
    Compound,
    Device,
    Event,
    Gate,
    Lane,
    RetentionRule,
    Unit,
    User,
    Webhook,
)
from community.webhooks import operations as webhooks

LOADED = "demo.loaded"
BATCH = 200


class DemoRefused(Exception):
    """The demo does not belong here; the text says why, in the reader's language."""


def plan_of(compound: Compound) -> Plan:
    """Raises LookupError for a compound that is none of the demo's."""
    for plan in PLANS:
        if plan.code == compound.code:
            return plan
    raise LookupError(compound.code)


def is_wanted() -> bool:
    """Whether a start should load it: into an empty installation, or to finish what was begun."""
    if not settings.DEMO:
        return False
    codes = set(Compound.objects.values_list("code", flat=True))
    return codes <= {plan.code for plan in PLANS} and any(_missing())


def is_loaded() -> bool:
    return Compound.objects.filter(code=PLANS[0].code).exists()


def load() -> list[str]:
    """Load what is missing; returns the parts loaded, ``<compound>.<app>``. Raises DemoRefused."""
    if not settings.DEMO:
        raise DemoRefused(
            _("The demo is not loaded here: everybody knows the passwords of its users.")
        )
    if Compound.objects.exclude(code__in=[plan.code for plan in PLANS]).exists():
        raise DemoRefused(_("There is a real compound here. The demo needs an empty installation."))
    done = []
    for plan, app, part in _missing():
        compound = _compound(plan)
        part(compound)
        with events.writing():
            events.record(LOADED, compound=compound, app=app)
        done.append(f"{plan.code}.{app}")
    return done


def _missing() -> Iterator[tuple[Plan, str, Callable[[Compound], None]]]:
    """Parts not recorded as loaded, in the order in which they stand on one another."""
    loaded = {
        (code, payload.get("app"))
        for code, payload in Event.objects.filter(kind=LOADED).values_list(
            "compound__code", "payload"
        )
    }
    for app in settings.LINLI_APPS:
        if app != "community" and not find_spec(f"{app}.demo"):
            continue
        for plan in PLANS:
            if (plan.code, app) not in loaded:
                yield plan, app, _load_places if app == "community" else _part(app)


def _part(app: str) -> Callable[[Compound], None]:
    part: Callable[[Compound], None] = import_module(f"{app}.demo").load
    return part


def _compound(plan: Plan) -> Compound:
    found = Compound.objects.filter(code=plan.code).first()
    if found is None:
        found = Compound(code=plan.code, name=plan.name, address=plan.address, jurisdiction="henan")
        operations.save_row(found, actor=None)
    return found


def _load_places(compound: Compound) -> None:
    plan = plan_of(compound)
    with events.writing():
        for block in plan.blocks:
            _once(Building, compound=compound, code=block.code)(
                name=f"{block.code} 号楼", floors=block.floors
            )
        for order, gate in enumerate(plan.gates):
            _load_gate(compound, order, gate)
        for subject, days, source in RETENTION:
            RetentionRule.objects.get_or_create(
                compound=compound, subject=subject, defaults={"days": days, "source": source}
            )
    _load_homes(compound, plan)
    _load_users(compound)
    load_webhook(compound)


def load_webhook(compound: Compound) -> None:
    """A receiver as an office would add it, switched off: the demo tells nobody anything."""
    name, url = "街道平台（示例）", "https://receiver.example/linli"
    if not Webhook.objects.of(compound).filter(name=name).exists():
        kinds = ["gate.passage_decided", "alert.raised", "device.went_offline"]
        webhooks.add_webhook(compound=compound, name=name, url=url, kinds=kinds, is_active=False)


def _once(table: type[models.Model], **key: object) -> Callable[..., models.Model]:
    """The row with this key, made through the one road if it is missing."""

    def make(**values: object) -> models.Model:
        try:
            return table._default_manager.get(**key)
        except ObjectDoesNotExist:
            return operations.save_row(table(**key, **values), actor=None)

    return make


def _load_homes(compound: Compound, plan: Plan) -> None:
    buildings = {building.code: building for building in Building.objects.of(compound)}
    known = set(Unit.objects.of(compound).values_list("code", flat=True))
    homes = [
        Unit(
            compound=compound,
            building=buildings[block.code],
            entrance=str(entrance),
            floor=floor,
            room=f"{floor}{home:02d}",
            code=f"{block.code}-{entrance}-{floor}{home:02d}",
        )
        for block in plan.blocks
        for entrance in range(1, block.entrances + 1)
        for floor in range(1, block.floors + 1)
        for home in range(1, block.homes + 1)
    ]
    in_batches(Unit, [home for home in homes if home.code not in known])


def in_batches(table: type[models.Model], rows: list[models.Model]) -> None:
    """Insert rows in short transactions: a gate may be working on the same database."""
    for start in range(0, len(rows), BATCH):
        with events.writing():
            table._default_manager.bulk_create(rows[start : start + BATCH])


def _load_gate(compound: Compound, order: int, plan: GatePlan) -> None:
    gate = _once(Gate, compound=compound, name=plan.name)(kind=plan.kind, order=order)
    vehicles = plan.kind == Gate.Kind.VEHICLE
    for place, (name, direction, clip) in enumerate(plan.lanes):
        closing = _once(Device, compound=compound, name=f"{name}{'道闸' if vehicles else '门禁'}")(
            kind=Device.Kind.BARRIER if vehicles else Device.Kind.DOOR,
            driver="simulated",
            settings={"latency_ms": 80, "lag_ms": 900},
        )
        camera = _camera(compound, name, clip) if clip else None
        _once(Lane, compound=compound, gate=gate, name=name)(
            direction=direction, order=place, camera=camera, barrier=closing
        )


def _camera(compound: Compound, lane: str, clip: str) -> models.Model:
    return _once(Device, compound=compound, name=f"{lane}摄像头")(
        kind=Device.Kind.CAMERA,
        driver="video",
        settings={"path": f"demo/{clip}.mp4", "loop": True, "fps": 5},
    )


def _load_users(compound: Compound) -> None:
    for person in USERS:
        for code, role in person.roles:
            if code != compound.code:
                continue
            user = User.objects.filter(username=person.username).first() or operations.add_user(
                person.username, person.password, name=person.name, compound=compound
            )
            operations.give_role(user, compound, role)
