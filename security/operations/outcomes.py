"""What a command that failed, or was never answered, means for the gate."""

from __future__ import annotations

from community import events
from community.models import Command
from community.verdicts import Outcome
from security.models import Alert, KeepOpen, Passage
from security.operations.alerting import close, raise_alert
from security.operations.locks import locked_lane, locked_passage
from security.operations.passages import tell_decided

State = Passage.State
RELEASE = "release_failed"
KINDS = {Command.State.FAILED: "command_failed", Command.State.UNKNOWN: "command_unknown"}
CODES = {Command.State.FAILED: "barrier_failed", Command.State.UNKNOWN: "barrier_unknown"}


def take_command_failure(command_id: int) -> None:
    """Tell the guard, and put the car back before them. Said twice, it counts once."""
    command = Command.objects.select_related("device").get(pk=command_id)
    if command.state not in KINDS or command.lane_id is None:
        return
    with events.writing():
        if command.action == Command.Action.OPEN:
            _ask_about_car(command)
        elif command.action == Command.Action.KEEP_OPEN:
            _take_back_keep_open(command)
        _raise(command)


def close_answered() -> int:
    """Close what was said of a device that has since done as it was told; the number closed."""
    raised = Alert.objects.filter(kind__in=[RELEASE, *KINDS.values()])
    closed = 0
    for alert in raised.exclude(state=Alert.State.CLOSED):
        done = Command.objects.filter(
            device_id=alert.device_id, state=Command.State.DONE, finished_at__gt=alert.raised_at
        )
        if alert.kind == RELEASE:
            done = done.filter(action=Command.Action.RELEASE)
        if done.exists():
            close(alert)
            closed += 1
    return closed


def _raise(command: Command) -> None:
    stays_open = command.action == Command.Action.RELEASE
    kind = RELEASE if stays_open else KINDS[Command.State(command.state)]
    raise_alert(
        compound=command.compound_id,
        kind=kind,
        key=f"{kind}-{command.device_id}",
        severity=Alert.Severity.URGENT if stays_open else Alert.Severity.IMPORTANT,
        device=command.device_id,
        lane=command.lane_id,
        facts={"command": command.pk, "code": command.code},
    )


def _ask_about_car(command: Command) -> None:
    waiting = Passage.objects.filter(command=command, state=State.OPENED).first()
    if waiting is None:
        return
    passage, _lane = locked_passage(waiting)
    # Meanwhile a guard may have opened again, or the loop may have seen the car cross.
    if passage.state != State.OPENED or passage.command_id != command.pk:
        return
    passage.facts = {**passage.facts, "decided": passage.code, "command_code": command.code}
    passage.outcome = Outcome.ASK.value
    passage.code = CODES[Command.State(command.state)]
    passage.state = State.WAITING
    passage.save(update_fields=["facts", "outcome", "code", "state"])
    tell_decided(passage)


def _take_back_keep_open(command: Command) -> None:
    """A lane that certainly was not opened does not stand open in our books either."""
    if command.state != Command.State.FAILED:
        return
    lane = locked_lane(command.lane_id or 0)
    held = KeepOpen.objects.filter(lane=lane, released_at=None).first()
    if held and command.key == f"keep-open-{held.pk}":
        held.released_at = command.finished_at
        held.save(update_fields=["released_at"])
        events.record("gate.released", compound=lane.compound_id, lane=lane.pk, keep_open=held.pk)
