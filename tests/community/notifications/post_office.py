"""A mail server on the loopback."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field


@dataclass
class PostOffice:
    """``mode``: obey, refuse (this address never), limit (later), deny (our password), silent."""

    mode: str = "obey"
    mails: list[str] = field(default_factory=list)

    def __enter__(self) -> PostOffice:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._stopped = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()

    def vanish(self) -> None:
        if self._stopped:
            return
        self._stopped = True
        with socket.socket() as probe:
            probe.connect_ex(("127.0.0.1", self.port))
        self._thread.join()
        self._listener.close()

    def _listen(self) -> None:
        while not self._stopped:
            connection, _ = self._listener.accept()
            if self._stopped:
                connection.close()
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as line:

            def say(text: str) -> None:
                line.write(f"{text}\r\n".encode())
                line.flush()

            try:
                say("220 here")
                while heard := line.readline().decode().strip():
                    if not self._answer(heard.upper(), line, say):
                        return
            except OSError:
                return

    def _answer(self, heard: str, line: object, say: object) -> bool:
        verb = heard.split(" ", 1)[0]
        if verb in ("EHLO", "HELO"):
            say("250-here\r\n250 AUTH PLAIN" if self.mode == "deny" else "250 here")
        elif verb == "AUTH":
            say("535 no")
        elif verb == "RCPT":
            codes = {"refuse": "550 nobody", "limit": "451 too many"}
            say(codes.get(self.mode, "250 fine"))
        elif verb == "DATA":
            return self._data(line, say)
        elif verb == "QUIT":
            say("221 bye")
            return False
        else:
            say("250 fine")
        return True

    def _data(self, line: object, say: object) -> bool:
        say("354 go on")
        text = []
        while (got := line.readline().decode().rstrip("\r\n")) != ".":
            text.append(got)
        self.mails.append("\n".join(text))
        if self.mode == "silent":
            return False
        say("554 garbage" if self.mode == "broken" else "250 taken")
        return True
