"""Platforms that refuse, forget, answer nonsense or half, and settings that cannot be."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from community.models import Event
from security.models import UpperPlatform, UpperRefusal
from security.upper import kinds, operations, rounds
from security.upper.operations.platforms import check_url
from tests.community import factories
from tests.security.gates import OTHER, PLATE, told
from tests.security.upper.house import GATE_NUMBER, entered, fresh, passes, plate_of, turn
from tests.security.upper.platform import NUMBER, hang_up, status, store

pytestmark = pytest.mark.django_db


def test_a_stale_nonce_is_answered_once_more(row, lane, platform):
    platform.stale = 1
    passes(lane)
    turn(row)
    assert platform.plates() == [PLATE]
    assert platform.heard == ["System/Register"] * 3 + ["MotorVehicles"]


def test_a_refused_password_is_tried_no_more_for_long(row, platform):
    platform.password = "another"
    after = turn(row)
    assert (after.code, platform.count("System/Register")) == ("not_authorised", 2)
    assert (after.due_at - after.silent_since).total_seconds() > 2500
    assert rounds.go() == 0
    # Typed in anew, it counts at once.
    operations.change_platform(row, password="another")
    platform.password = "another"
    rounds.go()
    assert fresh(row).registered_at is not None


def test_who_was_forgotten_registers_again_and_nothing_is_lost(row, lane, platform):
    turn(row)
    platform.forget()
    passes(lane)
    turn(row)
    assert platform.plates() == [PLATE]
    assert platform.heard[2:] == ["MotorVehicles", *["System/Register"] * 2, "MotorVehicles"]


def test_forgotten_in_words_of_another_kind(row, lane, platform):
    """Some platforms answer 200 and a status for the whole: invalid operation."""
    turn(row)
    said = json.dumps({"ResponseStatusObject": {"StatusCode": "4", "StatusString": "未注册"}})
    platform.manners["MotorVehicles"] = status(200, said.encode())
    passes(lane)
    passes(lane, OTHER)
    after = turn(row)
    assert (after.code, after.said, after.registered_at) == ("not_registered", "未注册", None)
    platform.manners = {}
    turn(row)
    assert platform.plates() == [PLATE, OTHER]


def test_after_three_silences_it_registers_again(row, lane, platform):
    turn(row)
    passes(lane)
    platform.manners["MotorVehicles"] = hang_up
    for _time in range(3):
        after = turn(row)
    assert (after.registered_at, after.missed) == (None, 3)
    platform.manners = {}
    turn(row)
    assert (platform.plates(), platform.count("System/Register")) == ([PLATE], 4)


def _drop_after(platform):
    def manner(handler):
        store(platform, platform.bodies[-1])
        handler.connection.close()

    return manner


def test_an_answer_that_was_lost_brings_the_same_ids_again(row, lane, platform):
    turn(row)
    platform.manners["MotorVehicles"] = _drop_after(platform)
    passes(lane)
    turn(row)
    platform.manners = {}
    turn(row)
    assert len({car["MotorVehicleID"] for car in platform.cars}) == 1
    assert platform.plates() == [PLATE, PLATE]


BAD = {
    "500": (status(500), "answered_500"),
    "no JSON": (status(200, b"<html>ok</html>"), "bad_answer"),
    "an empty object": (status(200, b"{}"), "bad_answer"),
    "a list": (status(200, b"[]"), "bad_answer"),
    "deep": (status(200, b'{"a":' * 20_000), "bad_answer"),
    "nothing": (status(200, b""), "bad_answer"),
    "led away": (status(302), "answered_302"),
}


@pytest.mark.parametrize("how", BAD)
def test_nonsense_takes_nothing_and_is_said_in_words(row, lane, platform, how):
    turn(row)
    platform.manners["MotorVehicles"], code = BAD[how]
    passes(lane)
    after = turn(row)
    assert (after.code, after.failures, platform.cars) == (code, 1, [])
    assert kinds.sentence(after.code)
    platform.manners = {}
    turn(row)
    assert platform.plates() == [PLATE]
    assert (fresh(row).code, fresh(row).failures) == ("", 0)


SHAPES = {
    "one object": lambda rows: {"ResponseStatusListObject": {"ResponseStatusObject": rows[0]}},
    "bare": lambda rows: {"ResponseStatusObject": rows[0]},
    "one word for all": lambda rows: {"ResponseStatusObject": {"StatusCode": "0"}},
    "codes as text": lambda rows: {
        "ResponseStatusList": {
            "ResponseStatusObject": [one | {"StatusCode": str(one["StatusCode"])} for one in rows]
        }
    },
    "names of its own": lambda rows: {
        "ResponseStatusListObject": {
            "ResponseStatusObject": [one | {"Id": "x"} for one in rows]
        }
    },
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_answers_are_read_however_they_are_shaped(row, lane, platform, shape):
    turn(row)
    platform.shape = SHAPES[shape]
    passes(lane)
    turn(row)
    turn(row)
    assert (platform.plates(), fresh(row).code) == ([PLATE], "")


def test_half_a_batch_is_not_the_whole(row, lane, platform):
    """Busy for the third of five: nothing is lost, nothing overtakes it for good."""
    turn(row)
    plates = [plate_of(number) for number in range(5)]
    for plate in plates:
        passes(lane, plate)
    platform.judge = lambda car: (2, "忙") if car["PlateNo"] == plates[2] else (0, "OK")
    after = turn(row)
    assert (after.code, platform.plates()) == ("busy", [*plates[:2], *plates[3:]])
    platform.judge = lambda car: (0, "OK")
    turn(row)
    assert platform.plates() == [*plates[:2], *plates[3:], *plates[2:]]
    assert not UpperRefusal.objects.exists()


def test_one_passage_that_breaks_the_platform_does_not_block_the_others(row, lane, platform):
    turn(row)
    for plate in (PLATE, OTHER):
        passes(lane, plate)

    def breaks(handler):
        body = platform.bodies[-1]
        if PLATE in json.dumps(body, ensure_ascii=False):
            status(500)(handler)
            return
        said = json.dumps(platform.shape(store(platform, body)))
        status(200, said.encode())(handler)

    platform.manners["MotorVehicles"] = breaks
    for _time in range(5):
        turn(row)
    kept = UpperRefusal.objects.get()
    assert (kept.passage.plate, kept.code) == (PLATE, "answered_500")
    assert set(platform.plates()) == {OTHER}
    assert (fresh(row).failures, fresh(row).code) == (0, "")


def test_a_platform_that_takes_nothing_for_days_loses_nothing(row, lane, platform):
    turn(row)
    platform.manners["MotorVehicles"] = status(500)
    plates = [plate_of(number) for number in range(3)]
    for plate in plates:
        passes(lane, plate)
    for _time in range(12):
        after = turn(row)
    assert (after.registered_at is None, after.tries > rounds.TRIES) == (False, True)
    platform.manners = {}
    turn(row)
    assert platform.plates() == plates
    assert not UpperRefusal.objects.exists()


def test_a_test_registers_and_lives_and_sends_nothing(row, lane, platform):
    passes(lane)
    assert operations.try_out(row) is None
    assert platform.heard == ["System/Register"] * 2 + ["System/Keepalive"]
    platform.password = "another"
    assert operations.try_out(row).code == "not_authorised"
    codes = [one.payload["code"] for one in Event.objects.filter(kind="upper.tested")]
    assert sorted(codes) == ["not_authorised", "ok"]


def test_who_switches_it_on_stands_in_the_ledger_and_secrets_are_sealed(lane, platform):
    user = factories.user("installer", at=lane.compound)
    row = entered(lane, platform, actor=user)
    line = Event.objects.get(kind="upper.switched_on")
    assert (line.actor, line.payload) == (
        user, {"platform": row.pk, "gates": 1, "pictures": False},
    )  # fmt: skip
    assert row.switched_by == user
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM security_upperplatform")
        assert "S3cret-word" not in cursor.fetchone()[0]
    before = told(lane.compound, "upper.")
    operations.change_platform(row, name=row.name, password="", actor=user)
    assert told(lane.compound, "upper.") == before
    with pytest.raises(PermissionDenied):
        operations.change_platform(
            row, is_active=False, actor=factories.user("guard", at=lane.compound)
        )


WRONG = {
    "number": ({"number": "12345"}, "number"),
    "no province": ({"number": "99" + NUMBER[2:]}, "number"),
    "no kind of device": ({"number": NUMBER[:10] + "000" + NUMBER[13:]}, "number"),
    "file": ({"url": "file:///etc/passwd"}, "url"),
    "metadata": ({"url": "http://169.254.169.254/"}, "url"),
    "metadata in six": ({"url": "http://[::ffff:100.100.100.200]/"}, "url"),
    "user in address": ({"url": "http://a:b@10.0.0.1"}, "url"),
    "question mark": ({"url": "http://10.0.0.1/?a=b"}, "url"),
    "hours": ({"alert_after_h": 0}, "alert_after_h"),
    "no password": ({"password": ""}, "password"),
    "no gate": ({"gates": {}}, "is_active"),
    "gate of nobody": ({"gates": {0: (GATE_NUMBER, "9")}}, "__all__"),
    "gate without number": ({"gates": "short"}, "gate_"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_said_and_changes_nothing(lane, platform, what):
    values, name = WRONG[what]
    if values.get("gates") == "short":
        values, name = {"gates": {lane.gate_id: ("123", "9")}}, f"gate_{lane.gate_id}"
    with pytest.raises(ValidationError) as refusal:
        entered(lane, platform, **values)
    assert list(getattr(refusal.value, "error_dict", {"__all__": 1})) == [name]
    assert (UpperPlatform.objects.count(), told(lane.compound, "upper.")) == (0, [])


def test_private_addresses_are_a_platforms_own(settings):
    settings.DEVICE_LOOPBACK = False
    assert check_url(" http://10.8.0.5:8080/VIID/ ") == "http://10.8.0.5:8080"
    with pytest.raises(ValidationError):
        check_url("http://127.0.0.1:8080")


def test_a_name_that_leads_to_this_machine_is_not_called(row, platform, settings):
    settings.DEVICE_LOOPBACK = False
    UpperPlatform.objects.update(url=f"http://localhost:{platform.port}")
    assert (turn(row).code, platform.heard) == ("address_refused", [])
