"""Draw the demo clips anew. Needs fonts: apt-get install fonts-noto-cjk fonts-liberation."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from django.core.management.base import BaseCommand, CommandError

from community.vision.render import FontMissing
from security.demo_clips import film
from security.demo_clips.street import SIZE


class Command(BaseCommand):
    help = "Draws the clips that the demo compound's cameras show, from demo_clips/cars.json."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lane", choices=list(film.listed()), help="one lane's clip only")
        parser.add_argument("--out", type=Path, default=film.FOLDER, help="folder to write to")
        parser.add_argument("--still", type=float, help="one picture (PNG) at this second instead")

    def handle(self, *args: Any, **options: Any) -> None:
        options["out"].mkdir(parents=True, exist_ok=True)
        for lane in [options["lane"]] if options["lane"] else film.listed():
            target = options["out"] / film.listed()[lane]["clip"]
            try:
                clip = film.Clip(lane)
            except FontMissing as error:
                raise CommandError(str(error)) from error
            if options["still"] is not None:
                target = target.with_suffix(".png")
                _write_still(target, clip.frame(options["still"]))
            else:
                _write_clip(target, clip)
            self.stdout.write(f"{lane}  {target}  {target.stat().st_size / 1e6:.2f} MB")


def _write_still(target: Path, picture: np.ndarray) -> None:
    target.write_bytes(cv2.imencode(".png", picture[..., ::-1])[1].tobytes())


def _write_clip(target: Path, clip: film.Clip) -> None:
    """MPEG-4 part 2: every build of the decoder knows it, and the opencv wheel can write it."""
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(target), code, film.FPS, SIZE)
    if not writer.isOpened():
        raise CommandError(f"cannot write {target}")
    try:
        for frame in clip.frames():
            writer.write(np.ascontiguousarray(frame))
    finally:
        writer.release()
