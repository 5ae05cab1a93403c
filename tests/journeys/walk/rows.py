"""The house of tests/rights, with people who live in it and secrets that open pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from community import looks
from community.account.operations import begin_codes, confirm_codes
from community.devices.operations import issue_token
from community.models import User
from parcels import operations as parcels
from parcels.models import Courier, LockerBank, Shelf
from parking import operations as parking
from parking.models import Stay
from residents import operations
from residents.models import Registration
from security.setup.operations import test_barrier as open_once
from tests.community import factories
from tests.community.test_otp import shown
from tests.parking import cars
from tests.residents import homes
from tests.residents.test_requests import photo
from tests.rights.house import House
from tests.security import duty


class WalkedHouse(House):
    """``keys`` has secrets too; ``users`` are those who walk."""

    def __init__(self) -> None:
        super().__init__()
        lives: Registration = Registration.objects.get(pk=self.keys["confirmed"])
        letting = lives.letting
        assert letting is not None
        self.lives, self.letting = lives, letting
        self.users: dict[str, User | None] = {
            **self.people,
            "nobody": None,
            "resident": operations.account_of(lives.person, how="desk"),
            "landlord": operations.account_of(letting.landlord, how="desk"),
            "operator": User.objects.create_superuser("operator", None, "linli-operator-1"),
        }
        looks.look(self.staff, lives.person, "phone", "test")
        self.keys |= self._own() | self._secrets() | self._gate() | self._parcels()

    def _own(self) -> dict[str, Any]:
        request = operations.report_request(
            person=self.lives.person, key="walked", kind="repair", category="lift", place="2 单元",
            description="电梯抖",
        )  # fmt: skip
        person, home = self.lives.person, self.lives.unit
        operations.give_card(person, "04A1B2C4")
        operations.ask_about_data(person, "correct", text="名字写错了")
        operations.ask_about_data(person, "erase")
        operations.say_tenant_left(self.lives, homes.today())
        stay = self._cars(person, home)
        return {
            "own_stay": stay.pk,
            "resident": person.pk,
            "letting": self.letting.pk,
            "desk_home": home.pk,
            "request": request.pk,
        }

    def _cars(self, person: Any, home: Any) -> Stay:
        """Cars of the resident's and of the home's, one asked for, and a stay."""
        cars.car(self.compound, "皖A52M80", unit=home)
        car = cars.car(self.compound, "皖A52M79", owner=person)
        parking.ask_car(person, unit=home, plate="皖A52M81", picture=photo((40, 30)))
        left_at = timezone.now()
        entered_at = left_at - timedelta(hours=2)
        row: Stay = Stay.objects.create(
            compound=self.compound, plate=car.plate, vehicle=car, left_at=left_at,
            entered_at=entered_at,
        )  # fmt: skip
        return row

    def _secrets(self) -> dict[str, Any]:
        """An invitation, a home's own code, forms at three stages, a pass and an old one."""
        invited = operations.invite_tenant(self.letting, name="何安")
        draft = operations.start_by_code(self.letting.unit)
        handed_in = Registration.objects.get(pk=self.keys["submitted"])
        now = timezone.now()
        host = {"host": self.lives.person, "ends_at": now + timedelta(hours=3)}
        fresh, old = (
            operations.invite(self.letting.unit, name="许安", starts_at=now, **host)
            for _each in range(2)
        )
        operations.revoke_visit(old)
        return {
            "invitation": operations.invite_person(self.letting.landlord),
            "home_secret": operations.home_token(self.letting.unit),
            "invited_row": invited.pk,
            "invited": operations.token_of(invited),
            "draft": operations.token_of(draft),
            "handed_in": operations.token_of(handed_in),
            "pass": fresh.secret,
            "visit_row": fresh.pk,
            "old_pass": old.secret,
        }

    def _parcels(self) -> dict[str, Any]:
        """One at the desk for the resident, one that a courier left there, a locker's tablet."""
        courier = Courier.objects.get(pk=self.keys["couriers"])
        self.users["courier"] = courier.user
        self.bank = LockerBank.objects.of(self.compound).get(pk=self.keys["lockers"])
        place: dict[str, Any] = {"shelf": Shelf.objects.get(pk=self.keys["shelves"])}
        place |= {"carrier": courier.carrier, "unit": self.lives.unit, "person": self.lives.person}
        mine = parcels.receive_at_desk(waybill="SF14280917", **place)
        theirs = parcels.receive_at_desk(waybill="SF14280918", courier=courier, **place)
        secret = parcels.tablet_of(self.bank)
        return {"my_parcel": mine.pk, "couriers_parcel": theirs.pk, "locker_secret": secret}

    def _gate(self) -> dict[str, Any]:
        tablet = factories.device(self.compound, "kiosk", "none", settings={"lane": self.lane.pk})
        test = open_once(self.people["installer"], self.lane, key="5e7a1b90c2d34f68", clear=True)
        return {"tablet": issue_token(tablet, None), "test": test.pk}

    def client(self, role: str) -> Client:
        """A browser that has come as far as this role comes."""
        client = Client()
        if role == "kiosk":
            client.post("/kiosk/bind/", {"token": self.keys["tablet"]})
        elif role == "asked for a phone's code":
            client.post("/home/sign-in/", {"phone": "13800000099"})
        elif role == "asked for an app's code":
            user = duty.guard(self.compound)
            begin_codes(user)
            confirm_codes(user, shown(user))
            client.post("/sign-in/", {"username": user.username, "password": duty.PASSWORD})
        elif role == "courier at a locker":
            client.force_login(self.users["courier"])
            client.post("/courier/locker/", {"bank": self.bank.pk})
        elif (user := self.users[role]) is not None:
            client.force_login(user)
        return client
