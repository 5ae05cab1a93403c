"""Doors by their contacts, and the fire alarm's input."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from community.devices import simulated
from community.devices.base import BarrierState, Inputs
from community.models import Command, Event
from residents.operations import give_card
from security.models import Alert, DoorWatch, FireAlarm, Passage
from security.operations import complete_passage, cross_by_next_camera
from security.operations.doors import HELD_AFTER, read_doors, take_inputs
from security.operations.fire import end_fire, hold_exit_doors, start_fire
from tests.community import factories
from tests.residents.doors import door, resident, show

pytestmark = pytest.mark.django_db
CARD = "00A1B2C3D4"
OPEN = Inputs(BarrierState.OPEN, False, exit_sure=True)
SHUT = Inputs(BarrierState.CLOSED, False, exit_sure=True)


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def lane(home):
    return door(home.compound, crossing="contact")


def standing() -> list[str]:
    return list(Alert.objects.exclude(state="closed").values_list("kind", flat=True))


def test_a_door_opened_by_a_way_in_is_crossed_by_its_contact(home, lane):
    give_card(resident(home), CARD)
    passage = show(lane, "card", CARD)
    take_inputs(lane.pk, OPEN, timezone.now())
    take_inputs(lane.pk, SHUT, timezone.now() + timedelta(seconds=3))
    crossed = Passage.objects.get(pk=passage.pk)
    assert (crossed.state, crossed.crossing) == ("crossed", "contact")
    assert standing() == []


def test_opened_by_nothing_it_is_forced_until_it_is_shut(lane):
    now = timezone.now()
    watch = take_inputs(lane.pk, OPEN, now)
    take_inputs(lane.pk, OPEN, now + timedelta(seconds=1))
    assert watch.how == "forced"
    assert standing() == ["door_forced"]
    take_inputs(lane.pk, SHUT, now + timedelta(seconds=9))
    assert standing() == []
    assert Event.objects.filter(kind="security.door_forced").count() == 1


def test_the_exit_button_is_no_break_in_and_a_wedge_is_told(lane):
    now = timezone.now()
    take_inputs(lane.pk, Inputs(BarrierState.OPEN, exit_button=True), now)
    assert standing() == []
    take_inputs(lane.pk, OPEN, now + HELD_AFTER)
    assert standing() == ["door_held"]
    take_inputs(lane.pk, SHUT, now + HELD_AFTER * 2)
    assert standing() == []


def test_a_button_pressed_between_two_reads_is_no_break_in(lane):
    """Told by its age, by its count, or seen while the leaf was still shut."""
    simulated.forget(lane.barrier_id)
    read_doors()
    simulated.press(lane.barrier_id)
    read_doors()
    assert (standing(), lane_watch(lane).how) == ([], "button")
    now = timezone.now()
    for pressed in ({"exit_count": 5}, {"exit_button": True, "exit_count": 4}):
        DoorWatch.objects.all().delete()
        take_inputs(lane.pk, Inputs(BarrierState.CLOSED, exit_count=4), now)
        first = Inputs(BarrierState.CLOSED, **pressed)
        take_inputs(lane.pk, first, now)
        opens = Inputs(BarrierState.OPEN, False, exit_count=first.exit_count)
        assert take_inputs(lane.pk, opens, now + timedelta(seconds=2)).how == "button"
    take_inputs(lane.pk, Inputs(BarrierState.CLOSED, exit_count=0), now)  # it counts anew
    later = now + timedelta(seconds=60)
    opens = Inputs(BarrierState.OPEN, exit_count=0)
    assert take_inputs(lane.pk, opens, later).how == "forced"


def test_where_a_door_tells_of_no_button_leaving_is_assumed_and_said(lane):
    simulated.forget(lane.barrier_id)
    simulated.behave(lane.barrier_id, no_exit_input=True, contact="closed")
    read_doors()
    simulated.behave(lane.barrier_id, no_exit_input=True, contact="open")
    read_doors()
    watch = lane_watch(lane)
    assert (watch.how, watch.tells_exit, standing()) == ("assumed", False, [])
    take_inputs(lane.pk, Inputs(BarrierState.OPEN), watch.since + HELD_AFTER)
    assert standing() == ["door_held"]
    client = Client()
    client.force_login(factories.user("guard", at=lane.compound))
    menu = client.get(f"/guard/lanes/{lane.pk}/").content.decode()
    assert "出门按钮" in menu


def lane_watch(lane) -> DoorWatch:
    return DoorWatch.objects.get(lane=lane)


def test_a_door_that_says_nothing_changes_nothing(lane):
    assert take_inputs(lane.pk, Inputs(), timezone.now()) is None
    assert standing() == []


def test_the_simulated_door_is_held_forced_and_burns(lane):
    simulated.forget(lane.barrier_id)
    read_doors()
    simulated.behave(lane.barrier_id, contact="open")
    read_doors()
    assert standing() == ["door_forced"]
    simulated.behave(lane.barrier_id, contact="closed", fire=True)
    read_doors()
    read_doors()
    assert standing() == ["fire_alarm"]
    assert FireAlarm.objects.get().lane == lane
    simulated.behave(lane.barrier_id, vanish=True)
    read_doors()
    assert FireAlarm.objects.filter(ended_at=None).exists()


def test_the_next_reader_tells_that_somebody_crossed(home):
    first = door(home.compound, crossing="next_camera")
    far = door(home.compound, gate="人行西门")
    give_card(resident(home), CARD)
    passage = show(first, "card", CARD)
    assert cross_by_next_camera() == 0
    show(far, "card", CARD)
    assert cross_by_next_camera() == 1
    assert Passage.objects.get(pk=passage.pk).crossing == "next_camera"


class TestFire:
    @pytest.fixture
    def out(self, home):
        return door(home.compound, "exit", gate="人行西门")

    def orders(self, lane, action: str) -> int:
        return Command.objects.filter(lane=lane, action=action).count()

    def test_opens_exit_doors_only_and_once(self, lane, out):
        alarm = start_fire(lane.compound_id, lane=lane)
        assert start_fire(lane.compound_id) == alarm
        assert (self.orders(out, "keep_open"), self.orders(lane, "keep_open")) == (1, 0)
        take_inputs(out.pk, OPEN, timezone.now())
        assert "door_forced" not in standing()

    def test_a_door_that_cannot_be_held_is_opened_again_and_again(self, lane, out):
        start_fire(lane.compound_id)
        Command.objects.filter(lane=out).update(state="failed")
        now = timezone.now()
        hold_exit_doors(now)
        hold_exit_doors(now)
        hold_exit_doors(now + timedelta(seconds=6))
        assert self.orders(out, "open") == 2

    def test_ends_on_purpose_only_and_not_again_by_the_same_word(self, home, lane, out):
        guard = factories.user("guard", at=home.compound)
        burning = Inputs(BarrierState.CLOSED, fire=True)
        take_inputs(lane.pk, burning, timezone.now())
        alarm = FireAlarm.objects.get()
        take_inputs(lane.pk, SHUT, timezone.now())
        assert FireAlarm.objects.get().ended_at is None
        with pytest.raises(ValidationError):
            end_fire(alarm, guard, sure=False)
        with pytest.raises(PermissionDenied):
            end_fire(alarm, factories.user("desk", at=home.compound), sure=True)
        take_inputs(lane.pk, burning, timezone.now())
        end_fire(alarm, guard, sure=True)
        take_inputs(lane.pk, burning, timezone.now())
        assert not FireAlarm.objects.filter(ended_at=None).exists()
        assert self.orders(out, "release") == 1
        assert standing() == []

    def test_stands_large_at_the_guards_desk_until_it_is_ended_there(self, home, lane):
        alarm = start_fire(lane.compound_id, lane=lane)
        client = Client()
        client.force_login(factories.user("guard", at=home.compound))
        assert "g-fire" in client.get("/guard/").content.decode()
        where = f"/guard/fire/{alarm.pk}/end/"
        client.post(where)
        assert "g-fire" in client.get("/guard/alerts/").content.decode()
        client.post(where, {"sure": "yes"})
        assert "g-fire" not in client.get("/guard/alerts/").content.decode()


def test_a_crossing_known_twice_counts_once(home, lane):
    give_card(resident(home), CARD)
    passage = show(lane, "card", CARD)
    take_inputs(lane.pk, OPEN, timezone.now())
    complete_passage(passage.pk, "contact", timezone.now())
    assert Event.objects.filter(kind="gate.passage_crossed").count() == 1
