"""50 banks of 60 compartments, 200 couriers and residents at once, through the HTTP door.

100 couriers, each with a stack of parcels: 10 to 20 s from one scan to the next (walk to the
bank, turn the parcel over, scan, type four digits and a name), 1 to 3 s to choose the size, and
the door stands open for 2.5 s. As in the browser, the page of the door is loaded after the order,
and asks every second until the door is shut. 100 residents, each of whom looks at their phone
every 10 to 20 s, and at the locker opens what came, one parcel after another. That is about 400
deposits and as many pick-ups a minute; 100,000 old parcels lie in the tables.

``deposit_ms`` is all that the courier waits for us: finding the recipient, ordering the door, the
door's page, and the answer that the parcel is stored; not the door's own time.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from argparse import Namespace
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from bench import stage

BANKS, SIZES = 50, {"small": 30, "medium": 20, "large": 10}
PEOPLE = 200
#: Seconds: from one scan to the next, from one look at the phone to the next; to choose a size;
#: how long a door stands open; how often a page asks it.
BETWEEN, CHOOSING, OPEN_S, ASK_S = (10.0, 20.0), (1.0, 3.0), 2.5, 1.0
#: After this long the person gives up waiting for a door.
PATIENCE_S = 20.0
OLD = 100_000
SECONDS = 60.0
TOKEN = "bench" * 6 + "be"


def run(options: Namespace) -> dict[str, Any]:
    """``doubled`` and ``lost`` in parcels, ``deposit_ms_p50/p95`` in milliseconds.

    On SQLite; with ``--production`` on a PostgreSQL of its own.
    """
    if getattr(options, "production", False):
        from tests.servers.postgresql import postgresql

        with postgresql() as url:
            return _measure(url, options)
    return _measure("", options)


def _measure(url: str, options: Namespace) -> dict[str, Any]:
    with stage.fresh_database(url):
        town = Town((getattr(options, "people", None) or PEOPLE) // 2)
        web = stage.Web()
        try:
            town.go(web.port)
        finally:
            web.close()
        return town.figures()


class Town:
    """The compound, its accounts signed in, and what was measured."""

    def __init__(self, pairs: int) -> None:
        from community.models import Building, Compound, Device, Unit
        from parcels import operations
        from parcels.models import Carrier
        from residents.operations import add_person

        self.compound = Compound.objects.create(code=stage.new_name("lockers"), name="bench")
        self.banks = [self._bank(Device, operations, number) for number in range(BANKS)]
        carrier = operations.save_carrier(Carrier(compound=self.compound, name="顺丰"))
        building = Building.objects.create(compound=self.compound, code="1", floors=18)
        self.couriers, self.residents = [], []
        for number in range(pairs):
            phone = f"139{number:08}"
            row = operations.add_courier(
                carrier=carrier, name="赵师傅", phone=phone, most_a_day=2000
            )
            self.couriers.append(stage.session_for(row.user))
        for number in range(pairs):
            unit = Unit.objects.create(
                compound=self.compound, building=building, entrance="1", floor=1,
                room=str(number), code=f"1-1-{number}",
            )  # fmt: skip
            self.residents.append(self._resident(add_person, operations, unit, number))
        self._old(carrier)
        self.deposits: list[float] = []
        self.answers: Counter[str] = Counter()
        self.lock = threading.Lock()

    def _bank(self, device: Any, operations: Any, number: int) -> Any:
        row = device.objects.create(
            compound=self.compound, name=f"柜{number}", kind="locker_bank",
            driver="simulated_locker", settings={"shut_after_ms": round(OPEN_S * 1000)},
        )  # fmt: skip
        return operations.add_bank(
            compound=self.compound, name=f"柜{number}", sizes=SIZES, device=row
        )

    def _resident(self, add_person: Any, operations: Any, unit: Any, number: int) -> Any:
        from django.utils import timezone

        from community.models import Role, User
        from residents.models import Person
        from residents.operations import add_residency

        person = add_person(compound=self.compound, name="许青", phone=f"1380000{number:04}")
        add_residency(person=person, unit=unit, kind="owner", started_on=timezone.localdate())
        user = User.objects.create_user(f"r{number}", password=None)
        Role.objects.create(user=user, compound=self.compound, role="resident")
        Person.objects.filter(pk=person.pk).update(user=user)
        operations.choose(person, "locker")
        return stage.session_for(user), person.pk, number

    def _old(self, carrier: Any) -> None:
        from django.utils import timezone

        from parcels.models import Parcel

        ended = timezone.now() - timedelta(days=30)
        keys = [person for _session, person, _number in self.residents]
        rows = (
            Parcel(
                compound=self.compound,
                carrier=carrier,
                waybill=f"OLD{number:09}",
                waybill_tail=f"{number:09}"[-4:],
                person_id=keys[number % len(keys)],
                state="collected",
                created_at=ended,
                moved_at=ended,
                ended_at=ended,
            )
            for number in range(OLD)
        )
        Parcel.objects.bulk_create(rows, batch_size=2_000)

    def go(self, port: int) -> None:
        """All of them at once, for a minute."""
        until = time.monotonic() + SECONDS
        workers = [
            threading.Thread(target=self._courier, args=(port, number, session, until))
            for number, session in enumerate(self.couriers)
        ]
        workers += [
            threading.Thread(target=self._fetcher, args=(port, one, until))
            for one in self.residents
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def _courier(self, port: int, number: int, session: str, until: float) -> None:
        door, dice = Door(port, session), random.Random(number)
        door.post("/courier/locker/", bank=self.banks[number % BANKS].pk)
        time.sleep(dice.uniform(0, BETWEEN[1]))
        count = 0
        while (began := time.monotonic()) < until:
            count += 1
            home = (number * 7 + count) % len(self.residents)
            label = {
                "waybill": f"SF{number:04}{count:08}", "tail": f"{home:04}", "hint": f"1-1-{home}",
            }  # fmt: skip
            self._deposit(door, label, dice.uniform(*CHOOSING))
            time.sleep(max(0.0, began + dice.uniform(*BETWEEN) - time.monotonic()))

    def _deposit(self, door: Door, label: dict[str, str], choosing: float) -> None:
        """One parcel; its time is noted when it is stored."""
        door.took = 0.0
        status, body, _where = door.post("/courier/", **label)
        found = re.search(r'name="person" value="(\d+)"', body)
        if status != 200 or not found:
            return self._note(f"find_{status}")
        time.sleep(choosing)
        status, body, where = door.post("/courier/put/", person=found[1], size="small", **label)
        if status != 302:
            return self._note(f"put_{status}")
        self._note("put")
        door.get(where)
        last = self._until_shut(door, f"{where}state/", "opening")
        if last is None:
            return self._note("not_stored")
        return self._note("stored", door.took + last)

    def _until_shut(self, door: Door, path: str, state: str) -> float | None:
        """Ask as the page does; how long the answer took that told of the end, if it came."""
        before, until = door.took, time.monotonic() + PATIENCE_S
        time.sleep(ASK_S / 2)
        while time.monotonic() < until:
            door.took = 0.0
            status, body, _where = door.get(path)
            if status == 200 and f'"state": "{state}"' not in body:
                last, door.took = door.took, before
                return last
            if status != 200:
                self._note(f"state_{status}")
            time.sleep(ASK_S)
        return None

    def _fetcher(self, port: int, one: Any, until: float) -> None:
        from django.urls import reverse

        session, _person, number = one
        door, dice = Door(port, session), random.Random(1000 + number)
        time.sleep(dice.uniform(0, BETWEEN[1]))
        while time.monotonic() < until:
            status, body, _where = door.get(reverse("home-card-parcels"))
            if status != 200:
                self._note(f"card_{status}")
            for key in sorted(set(re.findall(r"/home/parcels/(\d+)/", body))):
                self._fetch(door, f"/home/parcels/{key}/")
            time.sleep(dice.uniform(*BETWEEN))

    def _fetch(self, door: Door, page: str) -> None:
        door.get(page)
        status, _body, _where = door.post(f"{page}open/")
        if status != 302:
            return self._note(f"open_{status}")
        door.get(page)
        done = self._until_shut(door, f"{page}state/", "taking") is not None
        return self._note("fetched" if done else "not_fetched")

    def _note(self, what: str, took: float | None = None) -> None:
        with self.lock:
            self.answers[what] += 1
            if took is not None:
                self.deposits.append(took)

    def figures(self) -> dict[str, Any]:
        """What the database says of every parcel afterwards."""
        from django.db.models import Count

        from parcels.models import ENDED, IN_LOCKER, Parcel

        new = Parcel.objects.filter(waybill__startswith="SF")
        held = new.filter(compartment__isnull=False).values("compartment")
        doubled = held.annotate(n=Count("pk")).filter(n__gt=1).count()
        placed = new.filter(state__in=IN_LOCKER, compartment__isnull=False).count()
        placed += new.filter(state="desk", shelf__isnull=False).count()
        placed += new.filter(state__in=ENDED).count()
        return {
            "doubled": doubled,
            "lost": max(0, self.answers["put"] - placed) + (new.count() - placed),
            "deposits": len(self.deposits),
            "fetched": self.answers["fetched"],
            "old_parcels": OLD,
            "deposit_ms_p50": round(stage.percentile(self.deposits, 0.5), 1),
            "deposit_ms_p95": round(stage.percentile(self.deposits, 0.95), 1),
            "answers": [f"{what} {count}" for what, count in sorted(self.answers.items())],
        }


class Door:
    """One signed-in browser on one kept connection."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {"sessionid": session, "csrftoken": TOKEN}
        #: Milliseconds waited for answers.
        self.took = 0.0

    def get(self, path: str) -> tuple[int, str, str]:
        return self._ask("GET", path, "")

    def post(self, path: str, **given: Any) -> tuple[int, str, str]:
        return self._ask("POST", path, urlencode(given | {"csrfmiddlewaretoken": TOKEN}))

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        began = time.perf_counter()
        try:
            return self._told(method, path, body)
        finally:
            self.took += (time.perf_counter() - began) * 1000

    def _told(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, "", ""
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, text, answer.getheader("Location") or ""
