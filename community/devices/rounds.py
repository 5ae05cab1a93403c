"""Many devices asked at once, and none of them waited for longer than another.

Each question has a thread of its own that touches no table; a device that never answers costs its
own answer and one thread, and is not asked again while that thread still waits.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import structlog

log = structlog.get_logger()
Answer = TypeVar("Answer")

_guard = threading.Lock()
_under_way: set[tuple[str, int]] = set()


def ask_all(
    name: str, questions: Mapping[int, Callable[[], Answer]], seconds: float
) -> Iterator[tuple[int, Answer | None]]:
    """Each device's answer as it comes; None for those that failed or took too long.

    ``questions`` go by the device's key, ``name`` tells one kind of question from another. A device
    whose last question of this name is still under way is told as None at once.
    """
    answers: queue.SimpleQueue[tuple[int, Answer | None]] = queue.SimpleQueue()
    waiting = set()
    for key, question in questions.items():
        if _begin(name, key):
            waiting.add(key)
            threading.Thread(
                target=_ask, args=(name, key, question, answers), daemon=True, name=f"{name}-{key}"
            ).start()
        else:
            yield key, None
    end = time.monotonic() + seconds
    while waiting:
        try:
            key, answer = answers.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        waiting.discard(key)
        yield key, answer
    for key in waiting:
        log.warning("device_hangs", question=name, device=key)
        yield key, None


def _begin(name: str, key: int) -> bool:
    with _guard:
        if (name, key) in _under_way:
            return False
        _under_way.add((name, key))
        return True


def _ask(
    name: str,
    key: int,
    question: Callable[[], Answer],
    answers: queue.SimpleQueue[tuple[int, Answer | None]],
) -> None:
    answer: Answer | None = None
    try:
        answer = question()
    except Exception:
        log.exception("driver_broke", question=name, device=key)
    finally:
        with _guard:
            _under_way.discard((name, key))
        answers.put((key, answer))
