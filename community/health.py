"""Whether this process lives, and whether it can work. Says which part fails, never why."""

from __future__ import annotations

import time
from collections.abc import Callable

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from community.models import LedgerHead

log = structlog.get_logger(__name__)
#: A probe must answer before whoever probes gives up.
REDIS_WAIT_S = 1.0
#: What one check asks of another.
NEEDS = {"migrations": "database", "ledger": "database"}
_migrated: set[str] = set()


@require_safe
@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked, so a dead database restarts nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """200 when requests can be served here, else 503; ``checks`` names what fails."""
    checks: dict[str, bool] = {}
    for name, check in CHECKS.items():
        # Whoever waited for the database in vain does not wait for its tables as well.
        checks[name] = checks.get(NEEDS.get(name, ""), True) and _passes(name, check)
    is_ready = all(checks.values())
    words = {name: "ok" if passed else "failed" for name, passed in checks.items()}
    return JsonResponse({"ready": is_ready, "checks": words}, status=200 if is_ready else 503)


def _passes(name: str, check: Callable[[], bool]) -> bool:
    began = time.perf_counter()
    try:
        passed = check()
    except Exception as error:  # whatever it is, this process is not ready
        log.warning("not_ready", check=name, error=type(error).__name__)
        return False
    if not passed:
        log.warning("not_ready", check=name, ms=round((time.perf_counter() - began) * 1000))
    return passed


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def migrations() -> bool:
    """Every migration of this code has run. Once true, it stays so for this process."""
    name = str(connection.settings_dict["NAME"])
    if name not in _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(name)
    return True


def ledger() -> bool:
    """The ledger's heads can be read; an installation without a compound has none."""
    return all(last >= 0 for last in LedgerHead.objects.values_list("last", flat=True)[:1])


def hints() -> bool:
    """Redis answers, where it is configured; without it jobs stand still."""
    if not settings.REDIS_URL:
        return True
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=REDIS_WAIT_S, socket_connect_timeout=REDIS_WAIT_S
    ) as client:
        return bool(client.ping())


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database,
    "migrations": migrations,
    "ledger": ledger,
    "redis": hints,
}
