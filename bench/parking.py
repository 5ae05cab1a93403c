"""A car park after years: 1,000,000 stays; exits, a month's report, and four gates at once.

    python -m bench parking [--json]
    python -m tests.servers.postgresql python -m bench parking [--json]

On the database of ``DATABASE_URL`` if it is set (empty, and only for this), else on a fresh
SQLite. The exit's decision asks for the price of a tariff with free minutes, a first period, steps
and a cap a day, and the month is priced anew by another one.
"""

from __future__ import annotations

import json
import os
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bench import drivers, stage, tariffs

STAYS, IN_MONTH, INSIDE, CARS = 1_000_000, 100_000, 2_000, 20_000
EXITS = 400
PROCESSES, THREADS, TOGETHER, ROUNDS = 4, 13, 52, 12
PLACES = 20
COLUMNS = (
    "parking_stay (compound_id, plate, plate_kind, colour, parked_as, entered_at, left_at, assumed)"
)
#: A charge of five yuan for each stay that ended in a span and has none.
CHARGES = """
    INSERT INTO parking_charge (compound_id, stay_id, kind, total_fen, paid_fen, lines, fault,
                                priced_until, is_final)
    SELECT compound_id, id, 'blue', 500, 0, '[]', '', left_at, TRUE FROM parking_stay
    WHERE compound_id = %s AND area_id IS NULL AND left_at >= %s AND left_at < %s
    ON CONFLICT (stay_id) DO NOTHING
"""
#: What each charge of a span asks, paid in cash when the car left.
PAYMENTS = """
    INSERT INTO parking_payment (compound_id, stay_id, number, way, state, amount_fen,
                                 refunded_fen, provider_number, link, priced_until, created_at,
                                 paid_at, shift_id)
    SELECT compound_id, stay_id, 'B' || id, 'cash', 'paid', total_fen, 0, '', '', priced_until,
           priced_until, priced_until, {shift} FROM parking_charge
    WHERE compound_id = %s AND priced_until >= %s AND priced_until < %s AND total_fen > 0
"""
#: SQLite while the table is filled: kB of pages in memory (below 0), and no flush.
FILLING = {"cache_size": -600_000, "synchronous": 0}
DRIVE = "import json; from bench.drivers import drive; print(json.dumps(drive({!r}, {}, {})))"


def run(options: Namespace) -> dict[str, Any]:
    """Times in the unit of their name; ``load`` is the machine's when it began and ended."""
    with stage.fresh_database(os.environ.get("DATABASE_URL", "")):
        from django.db import connection

        load = os.getloadavg()[0]
        wall, cpu, park = timed(Park)
        figures: dict[str, Any] = {
            "database": connection.vendor, "stays": STAYS, "built_s": round(wall, 1),
            "built_cpu_s": round(cpu, 1),
        }  # fmt: skip
        figures |= park.exits() | park.report() | park.repriced() | park.paid() | park.traffic()
        return figures | {"load": [round(load, 1), round(os.getloadavg()[0], 1)]}


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Wall and processor seconds, and what came of it."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return time.perf_counter() - wall, time.process_time() - cpu, found


class Park:
    """The compound with its years behind it."""

    def __init__(self) -> None:
        from community.models import Compound, Gate, Lane
        from parking.models import Area

        self.compound = Compound.objects.create(code=stage.new_name("park"), name="bench")
        gate = Gate.objects.create(compound=self.compound, name="南门", kind="vehicle")
        for direction in ("entry", "exit"):
            Lane.objects.create(
                compound=self.compound, gate=gate, name=direction, direction=direction
            )
        self.whole = Area.objects.create(
            compound=self.compound, name="全部", whole=True, capacity=2 * INSIDE
        )
        today = datetime.now(UTC).date()
        self.first_day = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        tariffs.switch_on(self.compound, "A", 200)
        self._stays()

    def _stays(self) -> None:
        """Of the years before, of the month that is reported on, and those inside now."""
        start = datetime.combine(self.first_day, clock(1), UTC)
        month = int(timedelta(days=27).total_seconds())
        old = STAYS - IN_MONTH - INSIDE
        years = int(timedelta(days=3 * 365).total_seconds())
        with _roomy():
            self._fill(old, start - timedelta(seconds=years + 90_000), years)
            self._fill(IN_MONTH, start, month)
            self._fill(INSIDE, datetime.now(UTC) - timedelta(hours=12), 40_000, inside=True)
        from django.db import connection

        if connection.vendor == "postgresql":
            # It would do so by itself; SQLite's installations count no rows (ADR 43).
            with _cursor() as cursor:
                cursor.execute("ANALYZE")

    def _fill(self, count: int, start: datetime, span: int, *, inside: bool = False) -> None:
        """Rows made by the database itself: one a moment, each of ten minutes to ten hours."""
        from django.db import connection

        postgres = connection.vendor == "postgresql"
        step = span / count
        numbers = f"generate_series(0::bigint, {count - 1}) AS n(i)"
        if not postgres:
            first = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < "
            numbers = f"({first}{count - 1}) SELECT i FROM n) AS n"  # noqa: S608
        begin, end = f"i * {step}", f"i * {step} + 600 + (i * 7919) % 35400"
        left = "NULL" if inside else _after(postgres, start, end)
        text = f"lpad((i % {CARS})::text, 5, '0')"
        if not postgres:
            text = f"substr('00000' || (i % {CARS}), -5)"
        head = "皖C" if inside else "皖B"
        values = [
            str(self.compound.pk), f"'{head}' || {text}", "'blue', '', 'visitor'",
            _after(postgres, start, begin), left, "false" if postgres else "0",
        ]  # fmt: skip
        with _cursor() as cursor:
            cursor.execute(f"INSERT INTO {COLUMNS} SELECT {', '.join(values)} FROM {numbers}")  # noqa: S608

    def exits(self) -> dict[str, Any]:
        from django.utils import timezone

        from community.models import Lane
        from parking.access import may_pass
        from parking.models import Stay

        lane = Lane.objects.get(compound=self.compound, direction="exit")
        stays = Stay.objects.of(self.compound).open().order_by("pk")
        plates = list(stays.values_list("plate", flat=True)[:EXITS])
        took, cpu = [], []
        for plate in plates:
            asked: dict[str, Any] = {
                "lane": lane,
                "direction": "exit",
                "plate": plate,
                "kind": "blue",
            }
            ask = partial(may_pass, compound=self.compound, at=timezone.now(), **asked)
            wall, own, _found = timed(ask)
            took.append(1000 * wall)
            cpu.append(1000 * own)
        return {
            "exit_ms_p50": round(stage.percentile(took, 0.5), 1),
            "exit_ms_p95": round(stage.percentile(took, 0.95), 1),
            "exit_cpu_ms_p95": round(stage.percentile(cpu, 0.95), 1),
        }

    def report(self) -> dict[str, Any]:
        from parking import reports

        wall, cpu, found = timed(lambda: reports.month(self.compound, self.first_day))
        return {
            "month_report_s": round(wall, 2), "month_report_cpu_s": round(cpu, 2),
            "month_entered": found.total.entered, "month_most_inside": found.total.most_inside,
            "month_earned_fen": found.total.earned_fen,
        }  # fmt: skip

    def repriced(self) -> dict[str, Any]:
        """The month priced once, and again after the tariff changed."""
        from parking import pricing

        first, _cpu, _found = timed(lambda: pricing.reprice_month(self.compound, self.first_day))
        tariffs.switch_on(self.compound, "B", 300)
        wall, cpu, changed = timed(lambda: pricing.reprice_month(self.compound, self.first_day))
        return {
            "price_s": round(first, 1), "reprice_s": round(wall, 1),
            "reprice_cpu_s": round(cpu, 1), "repriced": changed,
        }  # fmt: skip

    def paid(self) -> dict[str, Any]:
        """Every stay of the year with its charge, all paid in cash: the reports with their income.

        The month's charges are those that were priced; the rest of the year gets a round sum.
        """
        from community.models import User
        from parking import reports
        from parking.models import CashShift
        from parking.spans import YEAR, Span

        span = Span(YEAR, self.first_day.replace(month=1))
        cashier = User.objects.create(username=stage.new_name("till"))
        shift = CashShift.objects.create(
            compound=self.compound, cashier=cashier, opened_at=datetime.now(UTC)
        )
        with _roomy(), _cursor() as cursor:
            ends = span.bounds(ZoneInfo(self.compound.timezone))
            bounds = [self.compound.pk, *(_as_kept(moment) for moment in ends)]
            cursor.execute(CHARGES, bounds)
            cursor.execute(PAYMENTS.format(shift=shift.pk), bounds)
        month = {f"paid_{name}": value for name, value in self.report().items()}
        wall, cpu, year = timed(lambda: reports.of(self.compound, span))
        return month | {
            "year_report_s": round(wall, 2), "year_report_cpu_s": round(cpu, 2),
            "year_entered": year.total.entered, "year_earned_fen": year.total.earned_fen,
        }  # fmt: skip

    def traffic(self) -> dict[str, Any]:
        """Four processes of thirteen cars each: fifty and more at once, for twenty places."""
        from parking.models import Area, Hold, Stay

        inside = Stay.objects.of(self.compound).open().count()
        Area.objects.filter(pk=self.whole.pk).update(capacity=inside + PLACES)
        cars = TOGETHER // PROCESSES
        for seed in range(1, PROCESSES + 1):
            drivers.let_in(self.compound, seed, cars)
        how = f"cars={cars}, rounds={ROUNDS}, threads={THREADS}"
        wall, _cpu, told = timed(lambda: self._drive(how))
        left = Stay.objects.of(self.compound).open().count() - inside
        sums = {name: sum(one[name] for one in told) for name in told[0]}
        lost = Stay.objects.filter(plate__startswith="皖Z").count() - sums["entered"]
        errors = sums["over"] + sums["failed"] + abs(left) + abs(lost) + Hold.objects.count()
        return {
            "occupancy_errors": errors, "entered": sums["entered"], "waited": sums["waited"],
            "traffic_s": round(wall, 1),
        }  # fmt: skip

    def _drive(self, how: str) -> list[dict[str, int]]:
        import subprocess

        code = self.compound.code
        children = [
            stage.spawn(
                "manage.py", "shell", "-c", DRIVE.format(code, seed, how), stdout=subprocess.PIPE
            )
            for seed in range(1, PROCESSES + 1)
        ]
        found = []
        for child in children:
            said, _none = child.communicate(timeout=600)
            found.append(json.loads(said.strip().splitlines()[-1]))
        return found


def _after(postgres: bool, start: datetime, seconds: str) -> str:
    """SQL for so many seconds after a moment in UTC, as the database keeps moments."""
    text = _as_kept(start)
    if postgres:
        return f"timestamptz '{text}+00' + ({seconds}) * interval '1 second'"
    return f"datetime('{text}', '+' || CAST({seconds} AS INTEGER) || ' seconds')"


def _as_kept(moment: datetime) -> str:
    """A moment as SQLite keeps it, which PostgreSQL reads in UTC as well."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def _roomy() -> Iterator[None]:
    """The fill alone keeps its indices in memory and waits for no disk; what is measured does not.

    SQLite's usual 2 MB would fetch and write a page again for each plate.
    """
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    with _cursor() as cursor:
        was = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in FILLING]
        for name, value in FILLING.items():
            cursor.execute(f"PRAGMA {name}={value}")
        try:
            yield
        finally:
            for name, value in zip(FILLING, was, strict=True):
                cursor.execute(f"PRAGMA {name}={value}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _cursor() -> Any:
    from django.db import connection

    return connection.cursor()
