"""What emulated devices on a socket share: a port, a thread for each caller, a loss of power."""

from __future__ import annotations

import socket
import threading
from typing import Self


class Listening:
    """``port`` is open from ``with`` on; each connection is for ``_serve``, in its own thread."""

    port: int

    def __enter__(self) -> Self:
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()

    def vanish(self) -> None:
        """It loses its power: nobody is let in any more."""
        self._stopped.set()
        self._listener.close()
        # Wakes the accept that is under way.
        with socket.socket() as probe:
            probe.connect_ex(("127.0.0.1", self.port))
        self._thread.join()

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self._stopped.is_set():
                connection.close()
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        """What the device does with one connection."""
        raise AssertionError(f"nobody serves {connection}")
