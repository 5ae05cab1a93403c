"""One look through a camera, in a process that may hang or grow without harm to anybody.

``python -m security.sources.look FOLDER`` reads one JSON object from its standard input: driver,
settings, credentials, key, seconds, and `roi` where a plate is to be read. It leaves
``picture.jpg`` and ``result.json`` in the folder. The kernel ends it after `seconds`, even where a
decoder hangs in C, and it may take only so much memory.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

REQUEST_BYTES = 64 * 1024
MEMORY = 4 * 1024**3
FILE_BYTES = 32 * 1024**2
#: A plate is looked for this long before the last picture is shown without one.
READ_S = 15.0
WIDEST = 1280


def bound(seconds: int) -> None:
    """Ask the kernel to end this process in time and to refuse it too much memory."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(max(1, int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(asked: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The result as written: `code` is empty where a picture was seen. Raises SourceFault."""
    from security.sources import open_source
    from security.sources.addresses import allowed_path

    driver, options = str(asked["driver"]), dict(asked["settings"])
    if driver in ("video", "folder"):
        options["path"] = allowed_path(options.get("path", ""))
    camera = SimpleNamespace(
        pk=int(asked["key"]), driver=driver, settings=options, credentials=asked["credentials"]
    )
    frames = open_source(camera).frames()  # type: ignore[arg-type]
    try:
        return _read(frames, asked["roi"], folder) if asked.get("roi") else _first(frames, folder)
    finally:
        frames.close()  # type: ignore[attr-defined]


def _first(frames: Any, folder: Path) -> dict[str, Any]:
    from security.sources import SourceFault

    for frame in frames:
        return _keep(frame.image, folder)
    raise SourceFault("no_frames")


def _read(frames: Any, roi: list[float], folder: Path) -> dict[str, Any]:
    """Frames until one shows a plate inside the region, or time is up."""
    from django.conf import settings

    from community.vision import engines
    from community.vision.plates import Roi
    from security.sources import SourceFault

    try:
        engine = engines.load(settings.PLATE_ENGINE, threads=1)
    except engines.EngineUnavailable as error:
        raise SourceFault("engine_unavailable") from error
    until, last = time.monotonic() + READ_S, None
    for frame in frames:
        last = frame.image
        reads = engine.read(last, Roi(*roi))
        if reads:
            return _keep(last, folder) | {"read": _told(reads[0])}
        if time.monotonic() > until:
            break
    if last is None:
        raise SourceFault("no_frames")
    return _keep(last, folder) | {"code": "no_plate"}


def _told(read: Any) -> dict[str, Any]:
    return {
        "text": read.text,
        "kind": str(read.kind),
        "confidence": round(float(read.confidence), 4),
        "box": [int(value) for value in read.box],
    }


def _keep(image: Any, folder: Path) -> dict[str, Any]:
    """Write the picture; its size before it was made smaller for the page."""
    from community.vision.pictures import encode_jpeg, shrink
    from security.sources.stills import replace_file

    replace_file(folder / "picture.jpg", encode_jpeg(shrink(image, WIDEST), 82))
    return {"code": "", "width": int(image.shape[1]), "height": int(image.shape[0])}


def main() -> None:
    """Never leaves without a result, unless it is killed."""
    folder = Path(sys.argv[1])
    asked = json.loads(sys.stdin.buffer.read(REQUEST_BYTES))
    bound(asked["seconds"])
    from security.sources import SourceFault
    from security.sources.stills import replace_file

    try:
        result = look(asked, folder)
    except SourceFault as fault:
        result = {"code": fault.code}
    except Exception:  # a decoder's surprise; the text could hold an address
        result = {"code": "not_a_picture"}
    replace_file(folder / "result.json", json.dumps(result).encode())


if __name__ == "__main__":
    main()
