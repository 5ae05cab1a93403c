"""Writes the demo's past: the rows and events that the gates would have written at the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from community import events
from community.models import Command, Compound, Device, Lane, Role, User
from community.verdicts import Outcome
from parking.models import Stay
from security.demo_commands import obeyed
from security.demo_traffic import Story, Trip
from security.models import HomeCall, Passage, Picture, Reading

Draft = tuple[datetime, str, User | None, dict[str, Any]]


def open_stays(stays: Iterable[Stay]) -> None:
    with events.writing():
        Stay.objects.bulk_create(stays)


def past_calls(calls: Iterable[HomeCall]) -> None:
    with events.writing():
        HomeCall.objects.bulk_create(calls)


class Day:
    """Writes trips in their order, each batch in one short transaction."""

    def __init__(self, compound: Compound, lanes: Sequence[Lane], rng: Random) -> None:
        self.compound = compound
        self.rng = rng
        self.lanes = {
            direction: [lane for lane in lanes if lane.direction == direction]
            for direction in Lane.Direction.values
        }
        self.guards = guards_of(compound)
        inside = Stay.objects.of(compound).whole().filter(left_at=None)
        self.inside: dict[str, Stay] = {stay.plate: stay for stay in inside}
        self.number = 0

    def write(self, trips: Sequence[Trip], pictures: Mapping[Trip, Picture | None]) -> None:
        passages = [self._passage(trip) for trip in trips]
        with events.writing():
            kept = [picture for picture in pictures.values() if picture]
            for passage, trip in zip(passages, trips, strict=True):
                passage.picture = pictures.get(trip)
                if passage.picture:
                    passage.picture.lane = passage.lane
            Picture.objects.bulk_create(kept)
            commands = [self._command(passage) for passage in passages if passage.crossed_at]
            Command.objects.bulk_create(commands)
            Passage.objects.bulk_create(passages)
            Reading.objects.bulk_create(
                _reading(passage, passage.lane.camera, trip)
                for passage, trip in zip(passages, trips, strict=True)
                if passage.lane.camera
            )
            stays = self._stays(passages)
            tell(self.compound, passages, stays)

    def _passage(self, trip: Trip) -> Passage:
        story, lane, decided = trip.story, self._lane(trip), self._decided(trip)
        crossed = decided + timedelta(seconds=lane.crossing_after_s) if story.is_open else None
        return Passage(
            compound=self.compound,
            lane=lane,
            direction=trip.direction,
            plate=trip.plate,
            kind=trip.kind,
            confidence=self._confidence(trip),
            vehicle=trip.vehicle,
            outcome=_outcome(story).value,
            code=story.code,
            facts=_facts(trip),
            state=story.state,
            seen_at=trip.at,
            decided_at=decided,
            by_hand=story.by_hand,
            decided_by=self.rng.choice(self.guards) if story.by_hand else None,
            reason=story.reason,
            note=story.note,
            crossed_at=crossed,
            crossing=lane.crossing if crossed else "",
        )

    def _lane(self, trip: Trip) -> Lane:
        lanes = self.lanes[trip.direction]
        return self.rng.choices(lanes, weights=(2, 1)[: len(lanes)])[0]

    def _decided(self, trip: Trip) -> datetime:
        if trip.story.by_hand:
            return trip.at + timedelta(seconds=self.rng.uniform(9, 70))
        return trip.at + timedelta(milliseconds=self.rng.randint(60, 400))

    def _confidence(self, trip: Trip) -> float:
        if not trip.plate:
            return 0.0
        low, high = (0.6, 0.8) if trip.story.code == "plate_unsure" else (0.9, 0.998)
        return round(self.rng.uniform(low, high), 3)

    def _command(self, passage: Passage) -> Command:
        self.number += 1
        key = f"demo-{self.compound.code}-{self.number}"
        return obeyed(passage, key, self.rng.randint(80, 160))

    def _stays(self, passages: Sequence[Passage]) -> dict[int, Stay]:
        """The stay that each crossing began or ended, by passage."""
        of: dict[int, Stay] = {}
        for passage in passages:
            if not passage.crossed_at or not passage.plate:
                continue
            if passage.direction == Lane.Direction.ENTRY:
                stay = self._stay(passage)
                stay.entered_at, stay.entry_passage = passage.crossed_at, passage.pk
                self.inside[passage.plate] = stay
            else:
                stay = self._leaving(passage)
                stay.left_at, stay.exit_passage = passage.crossed_at, passage.pk
            stay.assumed = True
            of[passage.pk] = stay
        changed = list({id(stay): stay for stay in of.values()}.values())
        Stay.objects.bulk_update(
            [stay for stay in changed if stay.pk], ["left_at", "exit_passage", "assumed"]
        )
        Stay.objects.bulk_create([stay for stay in changed if not stay.pk])
        return of

    def _leaving(self, passage: Passage) -> Stay:
        if passage.plate in self.inside:
            return self.inside.pop(passage.plate)
        return self._stay(passage)

    def _stay(self, passage: Passage) -> Stay:
        return Stay(
            compound=self.compound, plate=passage.plate, plate_kind=passage.kind,
            vehicle=passage.vehicle,
        )  # fmt: skip


def tell(compound: Compound, passages: Sequence[Passage], stays: Mapping[int, Stay]) -> None:
    """Write what the passages left in the ledger, in the order of their moments."""
    drafts = [draft for one in passages for draft in _drafts(one, stays.get(one.pk))]
    for at, kind, actor, payload in sorted(drafts, key=lambda draft: draft[0]):
        events.record(kind, compound=compound, actor=actor, at=at, **payload)


def guards_of(compound: Compound) -> list[User]:
    held = Role.objects.filter(compound=compound, ended_at=None, role__in=("guard", "manager"))
    guards = [role.user for role in held.select_related("user").order_by("role", "pk")]
    return guards[:2]


def _outcome(story: Story) -> Outcome:
    """What stands in the end: a guard's deed replaces the question."""
    if not story.by_hand:
        return story.outcome
    return Outcome.ALLOW if story.is_open else Outcome.DENY


def _facts(trip: Trip) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if car := trip.vehicle:
        home = car.unit.code if car.unit else ""
        facts = {"vehicle": car.pk, "unit": car.unit_id, "home": home}
        if trip.story.code == "vehicle_expired" and car.valid_until:
            facts["until"] = car.valid_until.isoformat()
    if trip.entered:
        facts["entered"] = int(trip.entered.timestamp())
    return facts


def _reading(passage: Passage, camera: Device, trip: Trip) -> Reading:
    return Reading(
        compound_id=passage.compound_id,
        lane=passage.lane,
        device=camera,
        key=f"demo-{passage.pk}",
        source=Reading.Source.CAMERA,
        plate=passage.plate,
        plate_raw=trip.raw or passage.plate,
        kind=passage.kind,
        confidence=passage.confidence,
        frames=5,
        picture=passage.picture,
        captured_at=passage.seen_at,
        received_at=passage.seen_at,
        passage=passage,
    )


def _drafts(passage: Passage, stay: Stay | None) -> list[Draft]:
    """The lines that this passage left in the ledger, each with its moment."""
    where = {"passage": passage.pk, "lane": passage.lane_id}
    seen = passage.seen_at + timedelta(milliseconds=60) if passage.by_hand else passage.decided_at
    first = Outcome.ASK if passage.by_hand else Outcome(passage.outcome)
    if passage.code == "plate_not_read":
        first = Outcome.FAIL
    decided = {**where, "outcome": first.value, "code": passage.code}
    drafts: list[Draft] = [(seen, "gate.passage_decided", None, decided)]
    if passage.by_hand:
        kind = "gate.opened_by_hand" if passage.crossed_at else "gate.passage_refused"
        by_hand = {**where, "reason": passage.reason}
        drafts.append((passage.decided_at, kind, passage.decided_by, by_hand))
    if passage.state == Passage.State.GONE:
        drafts.append((seen + timedelta(seconds=95), "gate.passage_gone", None, where))
    if passage.crossed_at and passage.command:
        drafts += _command_drafts(passage.command)
        how = {**where, "how": passage.crossing}
        drafts.append((passage.crossed_at, "gate.passage_crossed", None, how))
    if stay is not None and passage.crossed_at:
        entered = passage.direction == Lane.Direction.ENTRY
        kind = "parking.vehicle_entered" if entered else "parking.vehicle_left"
        drafts.append((passage.crossed_at, kind, None, _stay_payload(passage, stay)))
    return drafts


def _stay_payload(passage: Passage, stay: Stay) -> dict[str, Any]:
    return {
        "stay": stay.pk,
        "passage": passage.pk,
        "vehicle": passage.vehicle_id,
        "assumed": True,
        "repaired": None,
    }


def _command_drafts(command: Command) -> list[Draft]:
    told = {
        "command": command.pk,
        "device": command.device_id,
        "lane": command.lane_id,
        "action": command.action,
    }
    finished = command.finished_at or command.created_at
    return [
        (command.created_at, "device.command_ordered", command.requested_by, told),
        (finished, "device.command_done", None, told),
    ]
