"""Cars that passed reach a platform once and in order, whatever the line does; nobody else does."""

from __future__ import annotations

import base64
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from community import events
from community.models import Event, LedgerHead
from security.models import Alert, Passage, UpperPlatform, UpperRefusal
from security.upper import operations, queue, rounds
from tests.community import factories
from tests.security.gates import OTHER, PLATE, drive_up, gate, jpeg, told
from tests.security.upper.house import (
    GATE_NUMBER,
    entered,
    fresh,
    passes,
    plate_of,
    silent,
    turn,
)
from tests.security.upper.platform import NUMBER, hang_up, status

pytestmark = pytest.mark.django_db


def test_nothing_is_said_to_anybody_until_it_is_switched_on(lane, platform):
    row = entered(lane, platform, is_active=False)
    passes(lane)
    assert rounds.go() == 0
    operations.change_platform(row, is_active=True)
    turn(row)
    passes(lane, OTHER)
    turn(row)
    # What passed before was not meant for the platform.
    assert (platform.plates(), platform.count("System/Register")) == ([OTHER], 2)


def test_a_car_is_told_as_the_standard_writes_it(row, lane, platform):
    passage = passes(lane)
    turn(row)
    car = platform.cars[0]
    at = timezone.localtime(passage.seen_at).strftime("%Y%m%d%H%M%S")
    wanted = {
        "PlateNo": PLATE, "PlateColor": "5", "PlateClass": "02", "HasPlate": "1", "LaneNo": 1,
        "Direction": "1", "PassTime": at, "TollgateID": GATE_NUMBER, "DeviceID": GATE_NUMBER,
        "InfoKind": 1,
    }  # fmt: skip
    assert wanted.items() <= car.items()
    assert (len(car["SourceID"]), len(car["MotorVehicleID"])) == (41, 48)
    assert car["MotorVehicleID"].startswith(f"{GATE_NUMBER}02{at}")
    assert "SubImageList" not in car
    assert fresh(row).accepted_at is not None


def test_a_picture_goes_along_only_where_it_is_chosen_and_made_small(row, lane, platform):
    operations.change_platform(row, sends_pictures=True)
    passes(lane, picture=jpeg(3000, 2000))
    turn(row)
    shot = platform.cars[0]["SubImageList"]["SubImageInfoObject"][0]
    data = base64.b64decode(shot["Data"])
    assert (shot["Type"], Image.open(io.BytesIO(data)).size) == ("14", (1280, 853))
    assert (shot["Width"], shot["Height"]) == (1280, 853)


def test_days_without_connection_and_then_all_of_it_once_in_order(row, lane, platform):
    platform.manners = dict.fromkeys(("System/Register", "MotorVehicles"), hang_up)
    plates = [plate_of(number) for number in range(45)]
    for plate in plates:
        passes(lane, plate)
    for _day in range(3):
        turn(row)
    assert (fresh(row).registered_at, fresh(row).code) == (None, "no_answer")
    assert queue.waiting(fresh(row)).count == 45
    assert operations.due_platforms(timezone.now(), set()) == []  # it rests
    platform.manners = {}
    turn(row)
    assert platform.plates() == plates
    sizes = [len(one["MotorVehicleListObject"]["MotorVehicleObject"]) for one in _told(platform)]
    assert sizes == [20, 20, 5]
    assert (queue.waiting(fresh(row)).count, fresh(row).code) == (0, "")


def _told(platform):
    return [body for body in platform.bodies if "MotorVehicleListObject" in body]


def test_killed_between_sending_and_noting_the_same_id_comes_twice(
    row, lane, platform, monkeypatch
):
    passes(lane)
    passes(lane, OTHER)
    turn(row)  # registers, and takes both
    monkeypatch.setattr(operations, "settle", _killed)
    passes(lane, plate_of(1))
    with pytest.raises(SystemExit):
        turn(row)
    monkeypatch.undo()
    UpperPlatform.objects.filter(pk=row.pk).update(leased_until=None)  # its time is over
    passes(lane, plate_of(2))
    turn(row)
    assert platform.plates() == [PLATE, OTHER, plate_of(1), plate_of(1), plate_of(2)]
    first, again = platform.cars[2]["MotorVehicleID"], platform.cars[3]["MotorVehicleID"]
    assert first == again
    assert len({car["MotorVehicleID"] for car in platform.cars}) == 4


def _killed(*_args, **_values):
    raise SystemExit


def test_two_processes_never_speak_with_one_platform(row, lane, platform):
    now = timezone.now()
    assert operations.claim(row.pk, now)
    assert not operations.claim(row.pk, now)
    passes(lane)
    assert (turn(row).registered_at, platform.heard) == (None, [])
    # Who died holds it no longer than the lease.
    assert operations.claim(row.pk, now + timedelta(minutes=4))


def test_one_that_was_slower_moves_nothing(row, lane, platform):
    turn(row)
    passes(lane)
    seen = fresh(row)
    batch = queue.next_batch(seen, queue.roads(seen), 20)
    turn(row)
    passes(lane, OTHER)
    place = fresh(row).cursor
    assert operations.settle(seen, batch, [None]) is None
    assert fresh(row).cursor == place


def test_an_alert_says_that_nothing_gets_through_and_closes_by_itself(row, lane, platform):
    platform.manners["System/Register"] = status(503)
    turn(row)
    operations.change_platform(row, alert_after_h=2)
    UpperPlatform.objects.update(silent_since=timezone.now() - timedelta(hours=2))
    turn(row)
    turn(row)
    alert = Alert.objects.get(kind="upper_silent")
    assert "分局平台" in str(alert)
    platform.manners = {}
    turn(row)
    alert.refresh_from_db()
    assert (alert.state, fresh(row).silent_since) == ("closed", None)


def test_what_waited_for_a_month_is_dropped_with_an_alert(row, lane, platform):
    platform.manners["System/Register"] = hang_up
    passes(lane)
    drive_up(gate())  # another compound's
    later = timezone.now() + timedelta(days=31)
    assert operations.drop_old(row.pk, later - timedelta(days=2)) == 0
    assert operations.drop_old(row.pk, later) == 1
    assert operations.drop_old(row.pk, later) == 0
    assert (fresh(row).dropped, queue.waiting(fresh(row)).count) == (1, 0)
    event = Event.objects.get(kind="upper.dropped")
    assert event.payload == {"platform": row.pk, "count": 1}
    assert Alert.objects.filter(kind="upper_dropped").count() == 1


def test_a_ledger_kept_for_less_is_told_of_too(row, lane, platform):
    passes(lane)
    last = queue.high(lane.compound_id)
    LedgerHead.objects.filter(pk=lane.compound_id).update(low_water=last)
    passes(lane, OTHER)
    turn(row)
    assert platform.plates() == [OTHER]
    assert Event.objects.get(kind="upper.dropped").payload["count"] == 0
    assert "分局平台" in str(Alert.objects.get(kind="upper_dropped"))


def test_a_passage_erased_before_it_was_sent_counts_as_dropped(row, lane, platform):
    passes(lane).delete()
    passes(lane, OTHER)
    turn(row)
    assert (platform.plates(), fresh(row).dropped) == ([OTHER], 1)


def test_switched_off_says_goodbye_and_is_silent(row, lane, platform):
    turn(row)
    operations.change_platform(row, is_active=False)
    passes(lane)
    turn(row)
    turn(row)
    assert platform.heard[-1] == "System/UnRegister"
    assert (platform.registered, platform.cars) == (set(), [])
    assert rounds.go() == 0


def test_who_stops_says_goodbye_to_all(row, lane, platform):
    turn(row)
    assert platform.registered == {NUMBER}
    assert rounds.leave() == 1
    assert (platform.registered, fresh(row).registered_at) == (set(), None)


def test_only_chosen_gates_and_only_from_then_on(row, lane, platform):
    other = factories.lane(lane.compound, gate=factories.gate(lane.compound, "北门"))
    passes(other, OTHER)
    passes(lane)
    gates = {lane.gate_id: (GATE_NUMBER, "1"), other.gate_id: (NUMBER, "9")}
    operations.change_platform(row, gates=gates)
    passes(other, plate_of(1))
    turn(row)
    assert platform.plates() == [PLATE, plate_of(1)]
    assert "upper.changed" in told(lane.compound)


def test_of_all_that_happens_only_cars_that_passed_are_told(row, lane, platform):
    """Every kind of event, about a car and about somebody on foot, by card and by face."""
    turn(row)
    car = drive_up(lane)
    on_foot = [drive_up(lane, plate_of(number)) for number in (1, 2)]
    for passage, way in zip(on_foot, ("card", "face"), strict=True):
        Passage.objects.filter(pk=passage.pk).update(way=way, plate="")
    unread = drive_up(factories.lane(lane.compound, gate=_foot_gate(lane.compound)), plate_of(3))
    # A guard opened, and nothing saw a car.
    bare = drive_up(lane, plate_of(4))
    Passage.objects.filter(pk=bare.pk).update(plate="")
    bare.readings.update(passage=None)
    for kind in events.kinds():
        for passage in (car, *on_foot, unread, bare):
            with events.writing():
                events.record(
                    kind, compound=lane.compound, passage=passage.pk, lane=passage.lane_id
                )
    turn(row)
    assert set(platform.plates()) == {car.plate}
    assert len(platform.cars) == len(queue.TOLD)
    assert {"Faces", "Persons"}.isdisjoint(platform.heard)
    sent = json.dumps(platform.bodies)
    assert not [word for word in ("Person", "Face", "Name", "Home", "Owner") if word in sent]


def _foot_gate(compound):
    return factories.gate(compound, "人行门", "pedestrian")


def test_alive_every_ninety_seconds_and_not_before(row, platform):
    turn(row)
    silent(row, seconds=80)
    assert rounds.go() == 0
    silent(row, seconds=91)
    assert rounds.go() == 1
    assert platform.heard == ["System/Register"] * 2 + ["System/Keepalive"]


def test_a_refusal_is_kept_with_its_words_and_blocks_nobody(row, lane, platform):
    platform.judge = lambda car: (1, "车牌格式错误") if car["PlateNo"] == PLATE else (0, "OK")
    passes(lane)
    passes(lane, OTHER)
    turn(row)
    turn(row)
    kept = UpperRefusal.objects.get()
    assert (kept.passage.plate, kept.code, kept.said) == (PLATE, "refused_1", "车牌格式错误")
    assert (platform.plates(), len(_told(platform))) == ([OTHER], 1)
    platform.judge = lambda car: (0, "OK")
    operations.send_again(kept)
    turn(row)
    kept.refresh_from_db()
    assert (platform.plates(), kept.state) == ([OTHER, PLATE], "taken")
    assert operations.forget_refused(timezone.now() + timedelta(days=31)) == 1
