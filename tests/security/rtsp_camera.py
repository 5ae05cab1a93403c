"""A camera that speaks just enough RTSP: one JPEG stream over TCP (RFC 2326, RFC 2435)."""

from __future__ import annotations

import base64
import socket
import struct
import threading
import time

import cv2
import numpy as np

WIDTH, HEIGHT = 320, 176
PIECE = 1200
SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 26\r\na=control:track1\r\n"
)


def frame(shade: int) -> bytes:
    image = np.full((HEIGHT, WIDTH, 3), shade, np.uint8)
    sampling = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420]
    return cv2.imencode(".jpg", image, sampling)[1].tobytes()


def taken_apart(jpeg: bytes) -> tuple[bytes, bytes]:
    """Quantisation tables and entropy-coded scan of a baseline JPEG."""
    tables, at = b"", 2
    while True:
        marker, length = struct.unpack(">HH", jpeg[at : at + 4])
        body = jpeg[at + 4 : at + 2 + length]
        at += 2 + length
        while marker == 0xFFDB and body:
            tables, body = tables + body[1:65], body[65:]
        if marker == 0xFFDA:
            return tables, jpeg[at:-2]


def packets(jpeg: bytes, sequence: int, stamp: int) -> list[bytes]:
    """The frame as interleaved RTP packets."""
    tables, scan = taken_apart(jpeg)
    made = []
    for offset in range(0, len(scan), PIECE):
        piece, last = scan[offset : offset + PIECE], offset + PIECE >= len(scan)
        head = struct.pack(">BBHII", 0x80, 26 | (0x80 if last else 0), sequence, stamp, 7)
        head += struct.pack(">I", offset) + bytes([1, 255, WIDTH // 8, HEIGHT // 8])
        if offset == 0:
            head += struct.pack(">BBH", 0, 0, len(tables)) + tables
        made.append(b"$\0" + struct.pack(">H", len(head + piece)) + head + piece)
        sequence += 1
    return made


class RtspCamera:
    """Serves one client at a time on a free port; `known` is asked for as user:password."""

    def __init__(self, known: str = "", frames: int = 10**6) -> None:
        self._known, self._frames = known, frames
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.asked: list[str] = []
        self._open = True
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._open = False
        self._door.close()

    def _serve(self) -> None:
        while self._open:
            try:
                client, _ = self._door.accept()
                self._talk(client)
            except OSError:
                continue

    def _talk(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as lines:
            while request := lines.readline().decode().split():
                heads = dict(iter(lambda: self._head(lines), None))
                self.asked.append(request[0])
                client.sendall(self._answer(request[0], heads))
                if request[0] == "PLAY" and self._allowed(heads):
                    self._play(client)
                    return

    def _head(self, lines) -> tuple[str, str] | None:
        name, colon, value = lines.readline().decode().strip().partition(":")
        return (name.lower(), value.strip()) if colon else None

    def _allowed(self, heads: dict[str, str]) -> bool:
        wanted = "Basic " + base64.b64encode(self._known.encode()).decode()
        return not self._known or heads.get("authorization") == wanted

    def _answer(self, verb: str, heads: dict[str, str]) -> bytes:
        said = {"CSeq": heads.get("cseq", "0"), "Session": "1"}
        if verb != "OPTIONS" and not self._allowed(heads):
            said["WWW-Authenticate"] = 'Basic realm="camera"'
            return self._written("401 Unauthorized", said)
        if verb == "SETUP":
            said["Transport"] = "RTP/AVP/TCP;unicast;interleaved=0-1"
        if verb == "DESCRIBE":
            said["Content-Type"] = "application/sdp"
        return self._written("200 OK", said, SDP if verb == "DESCRIBE" else "")

    def _written(self, state: str, heads: dict[str, str], body: str = "") -> bytes:
        rows = [f"RTSP/1.0 {state}", *(f"{name}: {value}" for name, value in heads.items())]
        rows.append(f"Content-Length: {len(body)}")
        return ("\r\n".join(rows) + "\r\n\r\n" + body).encode()

    def _play(self, client: socket.socket) -> None:
        sequence = 0
        for number in range(self._frames):
            made = packets(frame(60 + number % 100), sequence, number * 9000)
            sequence += len(made)
            client.sendall(b"".join(made))
            time.sleep(0.05)
            if not self._open:
                return
