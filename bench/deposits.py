"""One deposit after the other by its pages, in this process: statements, and the processor.

Nobody else is there, so neither figure depends on what the machine does besides. Orders are
carried at once; the door is pushed shut when it was seen open.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench.browser import TOKEN

WARM, TIMED = 5, 30


class Counted:
    """Statements of one connection: all, and those inside transactions; BEGIN and COMMIT too."""

    def __init__(self) -> None:
        self.all = self.held = self.transactions = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        from django.db import connection

        self.all += 1
        self.held += connection.in_atomic_block
        return execute(*given)

    @contextmanager
    def counting(self) -> Iterator[None]:
        from django.db import connection, transaction

        enter = transaction.Atomic.__enter__

        def entered(atomic: Any) -> None:
            self.transactions += not connection.in_atomic_block
            enter(atomic)

        transaction.Atomic.__enter__ = entered  # type: ignore[method-assign]
        try:
            with connection.execute_wrapper(self):
                yield
        finally:
            transaction.Atomic.__enter__ = enter  # type: ignore[method-assign]


class OneByOne:
    """A courier at one bank."""

    def __init__(self, session: str, bank: int, in_production: bool) -> None:
        from django.conf import settings
        from django.test import Client

        self.client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=True)
        self.client.cookies[settings.SESSION_COOKIE_NAME] = session
        self.client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
        self.how: dict[str, Any] = {"secure": in_production}
        self._post("/courier/locker/", bank=bank)

    def deposits(self, name: str) -> dict[str, Any]:
        """``statements_per_deposit``, ``…_held``, ``transactions_…`` and milliseconds each."""
        from community.devices.operations import inline

        counted, spent = Counted(), 0.0
        with inline():
            for number in range(WARM):
                self._one(f"{name}WARM{number:04}")
            for number in range(TIMED):
                with counted.counting():
                    began = time.process_time()
                    parcel = self._one(f"{name}{number:06}")
                    spent += time.process_time() - began
                self._take_out(parcel)
        return {
            "statements_per_deposit": round(counted.all / TIMED, 1),
            "statements_held": round(counted.held / TIMED, 1),
            "transactions_per_deposit": round(counted.transactions / TIMED, 1),
            "cpu_ms_per_deposit": round(1000 * spent / TIMED, 1),
        }

    def _one(self, waybill: str) -> Any:
        from community.devices.drivers import simulated_locker
        from parcels.models import Parcel

        label = {"waybill": waybill, "tail": "0000", "hint": "1-1-0"}
        found = re.search(r'name="person" value="(\d+)"', self._post("/courier/", **label))
        where = self._post("/courier/put/", person=found and found[1], size="small", **label)
        self._get(f"{where}state/?seen=0")
        row = Parcel.objects.select_related("compartment__bank").get(waybill=waybill)
        place: Any = row.compartment
        simulated_locker.shut(place.bank.device_id, place.number)
        told = self._get(f"{where}state/?seen=1")
        if "stored" not in told:
            raise RuntimeError(f"not stored: {told}")
        self._get("/courier/")
        return row

    def _take_out(self, row: Any) -> None:
        from parcels import operations

        operations.move_to_desk(row, shelf=self._shelf(row.compound))

    def _shelf(self, compound: Any) -> Any:
        from parcels import operations
        from parcels.models import Shelf

        found = Shelf.objects.filter(compound=compound).first()
        return found or operations.save_shelf(Shelf(compound=compound, name="A1"))

    def _get(self, path: str) -> str:
        answer = self.client.get(path, **self.how)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        return str(answer.content.decode())

    def _post(self, path: str, **given: Any) -> str:
        answer = self.client.post(path, given, **self.how)
        if answer.status_code not in (200, 302):
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content.decode()[:400]}")
        own = answer.headers.get("Location") or answer.headers.get("Content-Location")
        return str(own or answer.content.decode())
