"""50 banks of 60 compartments, 200 couriers and residents at once, through the HTTP door.

The people, all of them in every run (nothing is left out that a browser would ask):

- 100 couriers with stacks of parcels, who come within half a minute and say at which locker they
  stand: one parcel every 15 to 30 s (walk up, turn it over, scan, type four digits and a name), 1
  to 3 s of it to choose the size; the door stands open for 5 to 8 s. Their browser posts the label,
  posts the size (the answer is the page of the door), asks for its state as the page does (answered
  when there is news, at the latest after 10 s) and, when the parcel is stored, loads the page for
  the next one.
- 100 residents: each looks at their phone every 10 to 20 s (the card of parcels), and fetches what
  came, one after another: the parcel's page, the order (answered by the page as it is now), its
  state until the door is shut, the page once more.

That is about 4.5 parcels put in each second and as many fetched; 100,000 old ones lie in the
tables. The server has stood for a minute when they come, as it has on any other day.

``deposit_ms`` is all that the courier waits for us for one parcel: finding the recipient, ordering
the door, the answer that the parcel is stored (from the moment at which the door
was shut, so without the door's own time) and the page for the next one.

Client and server share this machine: ``server_cores`` and ``people_cores`` are the processor
seconds that each used per second, ``server_ms_per_deposit`` the server's over a deposit with its
share of fetching and looking. ``deposits_s_max``, not judged, is a second run in which nobody
pauses, on doors that stand open for two seconds: as many deposits as the server can do, whatever
the wait. Where an answer took so long that nobody saw the door open, they say what the page offers:
that it is in, and the door is shut.

``statements_per_deposit`` and ``cpu_ms_per_deposit`` are of one deposit by its pages alone, in this
process, with and without the old parcels (``…_empty``): statements, and those under the lock for
which all writers wait.

Embedded, two web processes share the port, as ``make run`` has them. With ``--production``
PostgreSQL, Redis and two web processes on ports of their own, as the guide for production has it;
half of the people are at each, as a proxy would spread them.
"""

from __future__ import annotations

import json
import os
import random
import re
import threading
import time
from argparse import Namespace
from collections import Counter
from typing import Any

from bench import deposits, lockers, stage
from bench.browser import Browser

BANKS, SIZES = 50, {"small": 30, "medium": 20, "large": 10}
PEOPLE = 200
#: Seconds: from one scan to the next; from one look at the phone to the next; to choose a size;
#: how long a door stands open (drawn for each bank); how long a page pauses that was told at once.
SCANS, LOOKS, CHOOSING, OPEN_S, ASK_S = (15.0, 30.0), (10.0, 20.0), (1.0, 3.0), (5.0, 8.0), 1.0
#: Seconds of the second run, and how long a door stands open in it.
HURRIED_S, HURRIED_OPEN_S = 20.0, 2.0
#: How long the server stands when people come: until what it loads after its start is there.
STANDING_S = 50.0
#: Web processes in production, each with a port of its own.
PROCESSES = 2
#: After this long the person gives up waiting for a door.
PATIENCE_S = 20.0
OLD = 100_000
SECONDS = 60.0


def run(options: Namespace) -> dict[str, Any]:
    """``doubled`` and ``lost`` in parcels, ``deposit_ms_p50/p95`` in milliseconds."""
    if getattr(options, "production", False):
        with stage.servers() as (url, _database, _redis):
            return _measure(options, url, PROCESSES)
    return _measure(options, "", 1)


def _measure(options: Namespace, url: str, processes: int) -> dict[str, Any]:
    in_production = bool(url)
    with stage.fresh_database(url or os.environ.get("DATABASE_URL", ""), production=in_production):
        from django.conf import settings

        town = Town((getattr(options, "people", None) or PEOPLE) // 2, in_production)
        figures = town.one_by_one()
        together = 1 if in_production else settings.WEB_PROCESSES
        webs = [stage.Web(workers=together) for _one in range(processes)]
        time.sleep(STANDING_S)
        try:
            figures |= lockers.cores(webs, town, SECONDS)
            figures |= town.figures()
            town.hurry()
            before, began = len(town.deposits), time.monotonic()
            town.go([web.port for web in webs], HURRIED_S)
            more, took = len(town.deposits) - before, time.monotonic() - began
            figures["deposits_s_max"] = round(more / took, 1)
        finally:
            for web in webs:
                web.close()
        after = town.figures()
        return figures | {name: after[name] for name in ("doubled", "lost")}


class Town:
    """The compound, its accounts signed in, and what was measured."""

    def __init__(self, pairs: int, in_production: bool) -> None:
        from community.models import Building, Compound, Unit
        from parcels import operations
        from parcels.models import Carrier
        from residents.operations import add_person

        self.in_production = in_production
        self.compound = Compound.objects.create(code=stage.new_name("lockers"), name="bench")
        self.banks = [lockers.bank(self.compound, number, SIZES, OPEN_S) for number in range(BANKS)]
        carrier = operations.save_carrier(Carrier(compound=self.compound, name="顺丰"))
        building = Building.objects.create(compound=self.compound, code="1", floors=18)
        self.couriers, self.residents = [], []
        for number in range(pairs):
            phone = f"139{number:08}"
            row = operations.add_courier(
                carrier=carrier, name="赵师傅", phone=phone, most_a_day=2000
            )
            self.couriers.append(stage.session_for(row.user, self.compound))
        for number in range(pairs):
            unit = Unit.objects.create(
                compound=self.compound, building=building, entrance="1", floor=1,
                room=str(number), code=f"1-1-{number}",
            )  # fmt: skip
            self.residents.append(self._resident(add_person, operations, unit, number))
        self.carrier = carrier
        self.deposits: list[float] = []
        self.answers: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.pace, self.round, self.requests = 1.0, 0, 0

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
        return stage.session_for(user, self.compound), person.pk, number

    def one_by_one(self) -> dict[str, Any]:
        """What one deposit takes, before and after the old parcels are there."""
        one = deposits.OneByOne(self.couriers[0], self.banks[0].pk, self.in_production)
        empty = one.deposits("EMPTY")
        people = [person for _session, person, _number in self.residents]
        lockers.old_parcels(self.carrier, people, OLD)
        return one.deposits("FULL") | {f"{name}_empty": value for name, value in empty.items()}

    def hurry(self) -> None:
        """Nobody pauses from now on, and doors shut soon."""
        from community.models import Device

        self.pace = 0.0
        settings = {"shut_after_ms": round(HURRIED_OPEN_S * 1000)}
        Device.objects.filter(kind="locker_bank").update(settings=settings)

    def _pause(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds) * self.pace)

    def go(self, ports: list[int], seconds: float) -> None:
        """All of them at once."""
        until = time.monotonic() + seconds
        self.round += 1
        workers = [
            threading.Thread(target=self._courier, args=(ports[number % len(ports)], number, until))
            for number in range(len(self.couriers))
        ]
        workers += [
            threading.Thread(target=self._fetcher, args=(ports[one[2] % len(ports)], one, until))
            for one in self.residents
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def _browser(self, port: int, session: str) -> Browser:
        return Browser(port, session, behind_proxy=self.in_production)

    def _courier(self, port: int, number: int, until: float) -> None:
        door, dice = self._browser(port, self.couriers[number]), random.Random(number)
        self._pause(dice.uniform(0, SCANS[1]))
        door.post("/courier/locker/", bank=self.banks[number % BANKS].pk)
        count = 0
        while (began := time.monotonic()) < until:
            count += 1
            home = (number * 7 + count) % len(self.residents)
            label = {
                "waybill": f"SF{self.round}{number:04}{count:07}",
                "tail": f"{home:04}", "hint": f"1-1-{home}",
            }  # fmt: skip
            self._deposit(door, label, dice.uniform(*CHOOSING))
            self._pause(began + dice.uniform(*SCANS) - time.monotonic())
        self._done(door)

    def _deposit(self, door: Browser, label: dict[str, str], choosing: float) -> None:
        """One parcel; its time is noted when it is stored."""
        door.took = 0.0
        status, body, _where = door.post("/courier/", **label)
        found = re.search(r'name="person" value="(\d+)"', body)
        if status != 200 or not found:
            return self._note(f"find_{status}")
        self._pause(choosing)
        status, body, where = door.post("/courier/put/", person=found[1], size="small", **label)
        if status != 200:
            return self._note(f"put_{status}")
        self._note("put")
        last = self._until_shut(door, f"{where}state/", "opening")
        if last is None:
            return self._note("not_stored")
        took, door.took = door.took + last, 0.0
        door.get("/courier/")
        return self._note("stored", took + door.took)

    def _until_shut(self, door: Browser, path: str, state: str) -> float | None:
        """Ask as the page does; what the answer that told of the end took beside its waiting."""
        before, until, seen = door.took, time.monotonic() + PATIENCE_S, 0
        time.sleep(ASK_S / 2)
        while (now := time.monotonic()) < until:
            door.took = 0.0
            unseen = not self.pace and not seen
            if unseen and now > until - PATIENCE_S + HURRIED_OPEN_S:
                door.post(f"{path.removesuffix('state/')}shut/")
            status, body, _where = door.get(path if unseen else f"{path}?seen={seen}")
            told = json.loads(body) if status == 200 else {}
            if told and told["state"] != state:
                last, door.took = door.took - told.get("held_ms", 0), before
                return last
            if not told:
                self._note(f"state_{status}")
            if not told or (door.took < ASK_S * 1000 and told["seen_open"] == bool(seen)):
                time.sleep(ASK_S)
            seen = int(bool(told) and told["seen_open"])
        door.took = before
        return None

    def _fetcher(self, port: int, one: Any, until: float) -> None:
        from django.urls import reverse

        session, _person, number = one
        door, dice = self._browser(port, session), random.Random(1000 + number)
        self._pause(dice.uniform(0, LOOKS[1]))
        while time.monotonic() < until:
            status, body, _where = door.get(reverse("home-card-parcels"))
            if status != 200:
                self._note(f"card_{status}")
            for key in sorted(set(re.findall(r"/home/parcels/(\d+)/", body))):
                self._fetch(door, f"/home/parcels/{key}/")
            self._pause(dice.uniform(*LOOKS))
        self._done(door)

    def _fetch(self, door: Browser, page: str) -> None:
        door.get(page)
        status, _body, _where = door.post(f"{page}open/")
        if status != 200:
            return self._note(f"open_{status}")
        done = self._until_shut(door, f"{page}state/", "taking") is not None
        door.get(page)
        return self._note("fetched" if done else "not_fetched")

    def _done(self, door: Browser) -> None:
        with self.lock:
            self.requests += door.asked

    def _note(self, what: str, took: float | None = None) -> None:
        with self.lock:
            self.answers[what] += 1
            if took is not None:
                self.deposits.append(took)

    def figures(self) -> dict[str, Any]:
        """What the database says of every parcel afterwards."""
        return lockers.kept(self.answers["put"]) | {
            "deposits": len(self.deposits),
            "fetched": self.answers["fetched"],
            "old_parcels": OLD,
            "deposit_ms_p50": round(stage.percentile(self.deposits, 0.5), 1),
            "deposit_ms_p95": round(stage.percentile(self.deposits, 0.95), 1),
            "answers": [f"{what} {count}" for what, count in sorted(self.answers.items())],
        }
