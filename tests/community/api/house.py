"""One row of everything the API shows, in one compound; and every operation of its description."""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from community import events, looks
from community.account.operations import issue_api_token
from community.devices.operations import issue_token
from community.models import (
    Command,
    DeviceToken,
    LedgerHead,
    Look,
    Notification,
    Role,
    User,
)
from community.webhooks import operations as webhooks
from parcels.models import Compartment
from parcels.operations import add_bank
from parking.models import Area, Stay
from parking.operations import check_import
from residents.operations import add_person, add_residency
from security.models import Alert, KeepOpen, Passage, Picture
from security.operations import correct_plate, raise_alert
from tests.community import factories
from tests.community.api.rows import at_the_gate, faced, on_duty, parcel_at_desk, served
from tests.parking.paid import paid

METHODS = ("get", "post", "put", "patch", "delete")
_number = itertools.count(1)


@dataclass(frozen=True)
class Operation:
    """One method of one address, as described."""

    method: str
    path: str
    told: Any

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path.removeprefix('/api/v1')}"

    @property
    def is_list(self) -> bool:
        """Whether it answers with pages."""
        body = self.told["responses"].get("200", {}).get("content", {}).get("application/json", {})
        return "Paginated" in body.get("schema", {}).get("$ref", "")

    @property
    def has_row(self) -> bool:
        return "{" in self.path


@cache
def schema() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


@cache
def operations() -> tuple[Operation, ...]:
    return tuple(
        Operation(method, path, told)
        for path, methods in sorted(schema()["paths"].items())
        for method, told in methods.items()
        if method in METHODS and path.startswith("/api/v1/")
    )


class House:
    """A compound with one row behind each address: ``keys`` by the first part of the path."""

    def __init__(self, plate: str = "皖A52M78") -> None:
        self.compound = factories.compound()
        self.staff = factories.user("manager", at=self.compound)
        self.plate = plate
        self.keys: dict[str, int] = {"compounds": self.compound.pk, "users": self.staff.pk}
        self._places()
        self._people()
        self._gates()
        self._records()
        self._money()

    def _places(self) -> None:
        self.unit = factories.unit(self.compound)
        self.lane = factories.lane(self.compound)
        self.device_token = issue_token(self.lane.camera, None)
        self.keys |= {
            "buildings": self.unit.building_id,
            "units": self.unit.pk,
            "gates": self.lane.gate_id,
            "lanes": self.lane.pk,
            "devices": self.lane.barrier_id,
            "device-tokens": DeviceToken.objects.get(compound=self.compound).pk,
        }
        bank = add_bank(compound=self.compound, name="1", sizes={"small": 1})
        self.keys |= {"lockers": bank.pk, "compartments": Compartment.objects.get(bank=bank).pk}

    def _people(self) -> None:
        person = add_person(compound=self.compound, name="周闻达", phone="13800001234")
        day = date(2024, 1, 1)
        residency = add_residency(person=person, unit=self.unit, kind="tenant", started_on=day)
        role = Role.objects.create(
            user=factories.user("guard", at=self.compound), compound=self.compound, role="cashier"
        )
        looks.look(self.staff, person, "phone", "test")
        self.keys |= {
            "people": person.pk,
            "residencies": residency.pk,
            "roles": role.pk,
            "looks": Look.objects.get(compound=self.compound).pk,
        }
        self.keys["parcels"] = parcel_at_desk(self.compound, person).pk
        self.keys |= served(self.unit, residency) | on_duty(self.compound, role.user)
        self.keys |= faced(self.compound)

    def _gates(self) -> None:
        from tests.security.gates import drive_up, vehicle

        now = timezone.now()
        car = vehicle(self.compound, self.plate)
        picture = Picture.objects.create(
            compound=self.compound, lane=self.lane, file="none.jpg", digest="", width=1, height=1,
            taken_at=now,
        )  # fmt: skip
        passage = drive_up(self.lane, "皖A90C31")
        command = Command.objects.create(
            compound=self.compound, device=self.lane.barrier, lane=self.lane, action="open",
            key=f"house-{next(_number)}", created_at=now, expires_at=now, state="failed",
        )  # fmt: skip
        stay = Stay.objects.create(compound=self.compound, plate=self.plate, entered_at=now)
        area = Area.objects.create(compound=self.compound, name="地下车库", capacity=9)
        self.keys |= {"parking-areas": area.pk, "parking-prices": stay.pk}
        kept = KeepOpen.objects.create(
            compound=self.compound, lane=self.lane, reason="fire", started_at=now,
            until=now + timedelta(hours=1), started_by=self.staff, released_at=now,
        )  # fmt: skip
        alert = raise_alert(compound=self.compound, kind="disk_full", key="disk", severity=1)
        self.keys |= {"vehicles": car.pk, "pictures": picture.pk, "passages": passage.pk}
        self.keys |= {"commands": command.pk, "stays": stay.pk, "keep-opens": kept.pk}
        self.keys |= at_the_gate(self.lane, self.unit, self.staff)
        right = correct_plate(passage, self.somebody("guard"), self.plate)
        self.keys |= {"alerts": alert.pk, "corrections": right.pk}
        assert Passage.objects.filter(compound=self.compound).exists()
        assert Alert.objects.filter(compound=self.compound).exists()

    def _records(self) -> None:
        file = io.BytesIO("车牌\r\n皖A11111".encode())
        batch = check_import(file, name="cars.csv", compound=self.compound)
        hook, _secret = webhooks.add_webhook(
            compound=self.compound, name="Hall", url="https://hall.test/x"
        )
        delivery = webhooks.send_test(hook)
        token, _text = issue_api_token(self.staff, self.compound, name="x")
        message = Notification.objects.create(
            compound=self.compound, user=self.staff, kind="x", key=f"house-{next(_number)}"
        )
        with events.writing():
            events.record("place.changed", compound=self.compound, actor=self.staff)
        self.keys |= {
            "vehicle-imports": batch.pk,
            "webhooks": hook.pk,
            "webhook-deliveries": delivery.pk,
            "tokens": token.pk,
            "notifications": message.pk,
            "events": LedgerHead.objects.get(pk=self.compound.pk).last,
        }

    def _money(self) -> None:
        rows = paid(self.compound)
        names = {"parking-payments": "payments", "parking-debts": "debts"}
        self.keys |= rows | {name: rows[key] for name, key in names.items()}

    def path(self, operation: Operation) -> str:
        """The address of an operation, with the key of this house's row in it."""
        first = operation.path.removeprefix("/api/v1/").split("/")[0]
        whole = operation.path
        for name in ("{id}", "{sequence}"):
            whole = whole.replace(name, str(self.keys.get(first, 0)))
        return whole

    def somebody(self, *roles: str) -> User:
        return factories.user(*roles, at=self.compound)


def issue(user: User, compound: Any) -> str:
    """A token that may write."""
    return issue_api_token(user, compound, name="fuzz", scope="write")[1]
