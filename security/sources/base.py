"""Frames from a camera, the newest one always: what is slow downstream misses frames, never queues.

A source reads in a thread of its own into a slot with one place. Sources whose every picture is a
car of its own (``keeps_all``) wait until the slot is empty instead of overwriting it.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from community.vision.arrays import Frame as Image

CODES = frozenset(
    {
        "not_found",
        "unreachable",
        "no_frames",
        "not_a_picture",
        "refused_address",
        "refused_path",
        "driver_unknown",
    }
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: `image` is (height, width, 3) BGR, `at` when it reached us (UTC), `number` its
    place in the source since it was opened. `scene` is set where each picture stands for itself.
    """

    image: Image
    at: datetime
    number: int
    scene: int | None = None
    name: str = ""


class SourceFault(Exception):
    """The source gives no frames. `code` is one of CODES; the text never holds a credential."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Source(ABC):
    """A camera or what stands in for one. Use `frames()`, or `start()`, `take()` and `close()`."""

    keeps_all = False
    #: Without a frame for so long the source is at fault, in seconds.
    silence_s = 10.0
    #: A source that costs nothing to try again is tried again sooner.
    retry_at_most_s = 30.0

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._slot: Frame | None = None
        self._fault: SourceFault | None = None
        self._over = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._last = time.monotonic()
        self._notify: threading.Event | None = None

    @abstractmethod
    def _read(self) -> Iterator[tuple[Image, int | None, str]]:
        """Image, scene and name of each frame, paced by the source; may raise SourceFault."""

    @property
    def over(self) -> bool:
        """No frame will come any more: the file ended and does not loop, or `close` was called."""
        with self._changed:
            return self._over and self._slot is None and self._fault is None

    def start(self, notify: threading.Event | None = None) -> None:
        """Begin to read in the background; `notify` is set whenever `take` has something to say."""
        self._notify = notify
        self._last = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)
        self._thread.start()

    def take(self, timeout: float = 0.0) -> Frame | None:
        """The newest frame that was not taken yet, None where none came. Raises SourceFault."""
        with self._changed:
            if self._slot is None and not self._over and timeout > 0:
                self._changed.wait(timeout)
            frame, self._slot = self._slot, None
            if frame is not None:
                self._changed.notify_all()
                return frame
            if self._fault is not None:
                fault, self._fault = self._fault, None
                raise fault
            if not self._over and time.monotonic() - self._last > self.silence_s:
                raise SourceFault("no_frames")
        return None

    def frames(self) -> Iterator[Frame]:
        """Frames until the source ends. Raises SourceFault."""
        self.start()
        try:
            while not self.over:
                if (frame := self.take(0.5)) is not None:
                    yield frame
        finally:
            self.close()

    def close(self) -> None:
        """Stop reading; returns soon, also where the camera hangs."""
        self._stop.set()
        with self._changed:
            self._over = True
            self._slot = None
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(0.5)

    def _pause(self, seconds: float) -> bool:
        """Wait; False where the source was closed meanwhile."""
        return not self._stop.wait(max(0.0, seconds))

    def _run(self) -> None:
        fault: SourceFault | None = None
        try:
            for number, (image, scene, name) in enumerate(self._read()):
                self._put(Frame(image, timezone.now(), number, scene, name))
                if self._stop.is_set():
                    break
        except SourceFault as error:
            fault = error
        except Exception:  # a decoder's surprise is that camera's fault, never the process's end
            fault = SourceFault("no_frames")
        with self._changed:
            self._fault, self._over = fault, True
            self._changed.notify_all()
        self._tell()

    def _put(self, frame: Frame) -> None:
        with self._changed:
            self._last = time.monotonic()
            while self.keeps_all and self._slot is not None and not self._stop.is_set():
                self._changed.wait(0.5)
            if self._stop.is_set():
                return
            self._slot = frame
            self._changed.notify_all()
        self._tell()

    def _tell(self) -> None:
        if self._notify is not None:
            self._notify.set()
