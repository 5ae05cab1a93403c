"""Figures for Prometheus: Django's own, and gauges read from the tables when they are asked for."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import timedelta
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from community import feed
from community.models import Command, Device, HandlerRun, LedgerHead

log = structlog.get_logger(__name__)
#: Commands that ended are counted among the newest ones only: the table grows for years.
RECENT = 1000
#: Headers that a proxy adds: whoever comes through one is not on this machine.
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
HEALTH_CODES = Device.Health.values


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus' text format, to whoever may have them; 403 to all others."""
    if not may_read(request):
        return HttpResponseForbidden("Ask with LINLI_METRICS_TOKEN, or from this machine.\n")
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """The holder of the token; where none is set, programs on this machine."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if any(request.headers.get(name) for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class Gauges(Collector):
    """Read at each scrape; a database that is away leaves out its gauges, and ``linli_up`` is 0."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield from feed_gauges()
        up = GaugeMetricFamily("linli_up", "Whether the database answered this scrape.")
        try:
            yield from [*command_gauges(), *device_gauges(), *handler_gauges()]
            up.add_metric([], 1)
        except DatabaseError as error:
            log.warning("metrics_incomplete", error=type(error).__name__)
            up.add_metric([], 0)
        yield up

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Registering must not ask the database."""
        return []


def feed_gauges() -> Iterable[GaugeMetricFamily]:
    sockets = GaugeMetricFamily("linli_feed_sockets", "Screens that listen to this process.")
    streams = [stream for hub in feed.hubs() for stream in list(hub.streams.values())]
    sockets.add_metric([], sum(stream.listeners for stream in streams))
    yield sockets
    lag = GaugeMetricFamily(
        "linli_feed_lag_events", "Events in the ledger that this process has not read yet."
    )
    try:
        heads = LedgerHead.objects.filter(pk__in=[stream.compound_id for stream in streams])
        last = dict(heads.values_list("pk", "last"))
    except DatabaseError:
        return
    behind = [last.get(stream.compound_id, 0) - stream.high for stream in streams]
    lag.add_metric([], max([0, *behind]))
    yield lag


def command_gauges() -> Iterable[GaugeMetricFamily]:
    waiting = GaugeMetricFamily(
        "linli_commands_open", "Commands to devices that have not ended.", labels=["state"]
    )
    states = Command.objects.filter(state__in=["pending", "sending"]).order_by()
    counted = dict(states.values_list("state").annotate(Count("pk")))
    for state in ("pending", "sending"):
        waiting.add_metric([state], counted.get(state, 0))
    yield waiting
    recent = GaugeMetricFamily(
        "linli_commands_recent", f"The newest {RECENT} commands by outcome.", labels=["state"]
    )
    newest = list(Command.objects.order_by("-pk").values_list("state", flat=True)[:RECENT])
    for state in Command.State.values:
        recent.add_metric([state], newest.count(state))
    yield recent


def device_gauges() -> Iterable[GaugeMetricFamily]:
    devices = GaugeMetricFamily(
        "linli_devices", "Devices in use by kind and health.", labels=["kind", "health"]
    )
    rows = Device.objects.active().order_by().values_list("kind", "health").annotate(Count("pk"))
    counted = {(kind, health): count for kind, health, count in rows}
    for kind in sorted({kind for kind, _ in counted}):
        for health in HEALTH_CODES:
            devices.add_metric([kind, health], counted.get((kind, health), 0))
    yield devices


def handler_gauges() -> Iterable[GaugeMetricFamily]:
    runs = GaugeMetricFamily(
        "linli_handler_runs", "Work after events that is not done.", labels=["state"]
    )
    # One query each: each has an index of its own, and most rows are done.
    for state in ("pending", "parked"):
        runs.add_metric([state], HandlerRun.objects.filter(state=state).count())
    yield runs
    lag = GaugeMetricFamily(
        "linli_ledger_lag_seconds", "Age of the oldest event whose handlers have not run."
    )
    pending = HandlerRun.objects.filter(state="pending", attempts=0)
    oldest = pending.aggregate(first=Min("due_at"))["first"]
    age = timezone.now() - oldest if oldest else timedelta()
    lag.add_metric([], max(0.0, age.total_seconds()))
    yield lag


def register() -> None:
    """Once per process; a second call changes nothing."""
    if not getattr(REGISTRY, "_linli", False):
        REGISTRY.register(Gauges())
        REGISTRY._linli = True  # type: ignore[attr-defined]
