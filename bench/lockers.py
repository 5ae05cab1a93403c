"""Lockers and old parcels to measure with."""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta
from typing import Any

from bench import stage


def bank(compound: Any, number: int, sizes: dict[str, int], stands: tuple[float, float]) -> Any:
    """A simulated bank; its doors stand open for so many seconds, drawn between two numbers."""
    from community.models import Device
    from parcels import operations

    open_ms = round(1000 * random.Random(number).uniform(*stands))
    row = Device.objects.create(
        compound=compound, name=f"柜{number}", kind="locker_bank",
        driver="simulated_locker", settings={"shut_after_ms": open_ms},
    )  # fmt: skip
    return operations.add_bank(
        compound=compound, name=f"柜{number}", sizes=sizes, device=row, phone_proof="none"
    )


def old_parcels(carrier: Any, people: list[int], count: int) -> None:
    """Fetched a month ago."""
    from django.utils import timezone

    from parcels.models import Parcel

    ended = timezone.now() - timedelta(days=30)
    rows = (
        Parcel(
            compound=carrier.compound,
            carrier=carrier,
            waybill=f"OLD{number:09}",
            waybill_tail=f"{number:09}"[-4:],
            person_id=people[number % len(people)],
            state="collected",
            created_at=ended,
            moved_at=ended,
            ended_at=ended,
        )
        for number in range(count)
    )
    Parcel.objects.bulk_create(rows, batch_size=2_000)


def kept(put: int) -> dict[str, int]:
    """``doubled``: compartments of two parcels; ``lost``: those of ``put`` without a place."""
    from django.db.models import Count

    from parcels.models import ENDED, IN_LOCKER, Parcel

    new = Parcel.objects.filter(waybill__startswith="SF")
    held = new.filter(compartment__isnull=False).values("compartment")
    doubled = held.annotate(n=Count("pk")).filter(n__gt=1).count()
    placed = new.filter(state__in=IN_LOCKER, compartment__isnull=False).count()
    placed += new.filter(state="desk", shelf__isnull=False).count()
    placed += new.filter(state__in=ENDED).count()
    return {"doubled": doubled, "lost": max(0, put - placed) + (new.count() - placed)}


def cores(webs: list[stage.Web], town: Any, seconds: float) -> dict[str, Any]:
    """The judged run, and what of the processor it took on either side."""
    load, people, began = os.getloadavg()[0], time.process_time(), time.time()
    server = sum(web.cpu_s() for web in webs)
    town.go([web.port for web in webs], seconds)
    took, server = time.time() - began, sum(web.cpu_s() for web in webs) - server
    stored = max(1, len(town.deposits))
    return {
        "web_processes": sum(web.workers for web in webs),
        "server_cores": round(server / took, 2),
        "people_cores": round((time.process_time() - people) / took, 2),
        "server_ms_per_deposit": round(1000 * server / stored, 1),
        "deposits_s": round(stored / took, 2),
        "requests_s": round(town.requests / took, 1),
        "load_before": round(load, 2),
    }
