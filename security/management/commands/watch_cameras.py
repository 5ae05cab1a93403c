"""Watch cameras: all of them, some, or play photographs and films to one lane's gate."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community.forked import name_process
from community.models import Device, Gate, Lane
from community.vision.plates import PlateEngine
from security.operations.faces import rule_of
from security.playback import Playback
from security.supervisor import Supervisor, run_group
from security.worker import Worker, load_engine
from security.worker.faces import load_face_engine


class Command(BaseCommand):
    help = (
        "Watches the gates' cameras. With --lane and --source it plays a folder of photographs "
        "or a film to that lane, along the same road as a camera, and tells each passage."
    )

    requires_system_checks: list[str] = []  # started by `run`, and anew for each worker

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="every camera, in worker processes")
        which.add_argument("--device", type=int, nargs="+", metavar="ID", help="these, right here")
        which.add_argument("--group", type=int, metavar="N", help="a group of --all: its worker")
        which.add_argument("--lane", metavar="NAME", help="name or number of the lane to play to")
        parser.add_argument("--source", type=Path, help="folder, photograph or film to play")
        parser.add_argument("--seconds", type=float, default=2.0, help="pause after each picture")
        parser.add_argument("--once", action="store_true", help="end after the last picture")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["lane"]:
            self._play(options)
        elif options["group"]:
            name_process(f"linli-eyes-{options['group']}")
            run_group(options["group"])
        elif options["all"]:
            self._until_stopped(Supervisor())
        else:
            self._until_stopped(Worker(options["device"], engine=load_engine()))

    def _until_stopped(self, watching: Supervisor | Worker) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: watching.stop())
        watching.run()

    def _play(self, options: dict[str, Any]) -> None:
        source = options["source"]
        if source is None:
            raise CommandError("--lane needs --source: a folder, a photograph or a film")
        if not source.exists():
            raise CommandError(f"nothing is at {source}")
        lane = _lane(options["lane"])
        playback = Playback(
            lane,
            source.resolve(),
            engine=_engine(lane),
            seconds=options["seconds"],
            once=options["once"],
            say=self.stdout.write,
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: playback.stop())
        playback.run()


def _plates() -> PlateEngine:
    if (engine := load_engine()) is None:
        raise CommandError("No plate engine runs on this machine; see the log.")
    return engine


def _engine(lane: Lane) -> PlateEngine | None:
    """What reads plates; none for people. Raises CommandError where nothing would be looked at."""
    if lane.gate.kind != Gate.Kind.PEDESTRIAN:
        return _plates()
    if rule_of(lane) is None:
        raise CommandError("Faces do not count at this gate: turn them on under Faces at gates.")
    if load_face_engine() is None:
        raise CommandError("No face engine runs on this machine; see the log.")
    return None


def _lane(name: str) -> Lane:
    """The lane of that name or number. Raises CommandError, naming those that there are."""
    cameras = Device.objects.active().filter(kind=Device.Kind.CAMERA)
    lanes = Lane.objects.filter(camera__in=cameras, is_active=True).select_related("gate")
    found = list(lanes.filter(pk=int(name)) if name.isdigit() else lanes.filter(name=name))
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{lane.pk} {lane.name}" for lane in lanes.order_by("pk"))
    raise CommandError(f"Which lane? With a camera there are: {known or 'none'}")
