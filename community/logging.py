"""Logs: readable lines embedded, one JSON object a line in production; never personal data.

``along(passage=7)`` binds ids to every line written inside it, in this thread or task, so that
one id follows a passage from the reading to the barrier.
"""

from __future__ import annotations

import logging
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

log = structlog.get_logger("linli.request")

#: Values under these names are never written, whoever logs them.
SECRET_NAMES = re.compile(
    r"token|secret|passw|authori[sz]ation|cookie|credential|session_?key|csrf|api_?key"
    r"|^(plate|plate_raw|phone|id_number|embedding|template|picture)$",
    re.IGNORECASE,
)
HIDDEN = "***"
#: What must not stand in a line's text either: exceptions quote what they choked on.
HIDING = [
    # PostgreSQL names the values of the row that it refused.
    (re.compile(r"^DETAIL:.*$", re.MULTILINE), f"DETAIL: {HIDDEN}"),
    (re.compile(r"\b(Device|Token|Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"[\u4e00-\u9fff][A-Z][·•]?[A-Z0-9]{4,5}[A-Z0-9\u4e00-\u9fff]"), HIDDEN),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), HIDDEN),
    (re.compile(r"(?<![\d.])1[3-9]\d{9}(?!\d)"), HIDDEN),
]
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
#: Requests slower than this are worth a line where only warnings are kept.
SLOW_S = 2.0


def hide(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """Masks secrets and personal data in one line, by name and by shape."""
    for name, value in line.items():
        if SECRET_NAMES.search(name):
            line[name] = HIDDEN
        elif isinstance(value, str):
            line[name] = masked(value)
        elif isinstance(value, dict | list | tuple):
            line[name] = masked(repr(value))
    return line


def masked(text: str) -> str:
    for shape, instead in HIDING:
        text = shape.sub(instead, text)
    return text


def settings(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: ``form`` is ``json`` or ``lines``; one handler, on standard error."""
    _configure_structlog()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"linli": _formatter(form)},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "linli"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would write the same lines again, unmasked.
            "django": {"handlers": [], "propagate": True, "level": level},
            "django.server": {"handlers": [], "propagate": True},
            # Each refused sign-in is its own line with user name and address; axes keeps rows.
            "axes": {"level": "ERROR"},
        },
    }


def _before() -> list[Any]:
    """What every line gets, ours or a library's."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def _configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_before(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _formatter(form: str) -> dict[str, Any]:
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, hide, _renderer(form)]
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _before(),
        "processors": last,
    }


def _renderer(form: str) -> Callable[..., Any]:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )


@contextmanager
def along(**ids: Any) -> Iterator[None]:
    """Every line inside carries these ids."""
    with structlog.contextvars.bound_contextvars(**ids):
        yield


def trace_of(device_id: int, key: str) -> str:
    """The id of a reading along its way: the same for a repeated push, and no secret."""
    return sha256(f"{device_id}:{key}".encode()).hexdigest()[:12]


class _Here(threading.local):
    waited_s = 0.0


_here = _Here()


def note_waiting(seconds: float) -> None:
    """So long this request waited for somebody, as for a door to be shut: nothing was slow."""
    _here.waited_s += seconds


class RequestLog:
    """Gives each request an id (the proxy's, if it is one), and writes one line when it ends.

    The line names the route, not the address: addresses may hold a visitor's secret.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        number = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        began, _here.waited_s = time.perf_counter(), 0.0
        with along(request=number):
            response = self.get_response(request)
            self._tell(request, response, time.perf_counter() - began - _here.waited_s)
        response["X-Request-ID"] = number
        return response

    def _tell(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        level = logging.WARNING if seconds > SLOW_S else logging.INFO
        match = request.resolver_match
        log.log(
            level,
            "request",
            method=request.method,
            route=match.route if match else "",
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            user=getattr(getattr(request, "user", None), "pk", None) if match else None,
        )
