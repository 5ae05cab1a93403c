"""What a web process loads after its start, so that nobody's first request waits for it."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Sequence

import structlog
from django.urls import reverse
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)
#: Pages that are asked for meanwhile go first.
NICENESS = 10
#: Seconds until what the first pages loaded is settled too, and once more.
LATER_S = (30.0, 300.0)
#: How many new objects make a round of the collector, and how many rounds a longer one. A full one
#: of Python's own making came every five seconds and held all requests up for a tenth of one.
ROUNDS = (10_000, 20, 20)


def begin(names: Sequence[str], after_s: float) -> threading.Thread | None:
    """Call the functions of these dotted names, one after another, in a thread of their own.

    A fault is a line in the log: what is not warm is loaded when it is needed.
    """
    if not names:
        return None
    thread = threading.Thread(target=_run, args=(names, after_s), name="warm-up", daemon=True)
    thread.start()
    return thread


def _run(names: Sequence[str], after_s: float) -> None:
    time.sleep(after_s)
    # On Linux the priority of a thread is its own.
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
    for name in names:
        started = time.monotonic()
        try:
            import_string(name)()
        except Exception:
            log.exception("not_warmed_up", what=name)
        else:
            log.info("warmed_up", what=name, seconds=round(time.monotonic() - started, 2))
    settle()
    threading.Thread(target=_settle_later, name="settle", daemon=True).start()


def _settle_later() -> None:
    for pause in LATER_S:
        time.sleep(pause)
        settle()


def addresses() -> None:
    """All pages' modules, which the first request would load."""
    reverse("home")


def settle() -> None:
    """Keep what is loaded by now out of the collector's full rounds.

    A quarter of a million objects (modules, models, texts) never become garbage, yet each full
    round looked at them all, for some 150 ms in which a request stood still.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*ROUNDS)
