"""What a web process loads after its start, so that nobody's first request waits for it."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Sequence

import structlog
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)
#: Pages that are asked for meanwhile go first.
NICENESS = 10


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


def settle() -> None:
    """Keep what is loaded by now out of the collector's full rounds.

    A quarter of a million objects (modules, models, texts) never become garbage, yet each full
    round looked at them all, for some 150 ms in which a request stood still.
    """
    gc.collect()
    gc.freeze()
