"""An exit that matches no stay: the guard sees the likeliest cars inside, and names one."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from community.models import Lane
from parking import operations as parking
from parking.models import Charge, Debt, Stay
from security import operations, presentation
from security.models import Passage
from tests.community import factories
from tests.parking import money
from tests.security.gates import drive_up, gate, jpeg

pytestmark = pytest.mark.django_db
INSIDE = "皖A90C81"
#: As a camera reads it that takes 0 for D.
READ_AS = "皖A9DC81"


def came_in(lane: Lane, plate: str = INSIDE, hours: int = 2) -> tuple[Stay, Passage]:
    """A car that a camera saw at an entry some hours ago, with its picture."""
    entry = factories.lane(lane.compound, "entry")
    passage = drive_up(entry, plate, picture=jpeg())
    at = timezone.now() - timedelta(hours=hours)
    stay = parking.vehicle_entered(
        compound=lane.compound, plate=plate, vehicle=None, at=at, passage_id=passage.pk, lane=entry
    )
    Passage.objects.filter(pk=passage.pk).update(state="crossed", crossed_at=at)
    return stay, passage


@pytest.fixture
def lane() -> Lane:
    lane = gate(direction="exit")
    money.tariff(lane.compound)
    return lane


def desk(lane: Lane) -> tuple[Client, Any]:
    client, guard = Client(), factories.user("guard", at=lane.compound)
    client.force_login(guard)
    return client, guard


def post(client: Client, passage: Passage, **given: Any) -> Any:
    url = reverse("guard-same-car", args=[passage.pk])
    return client.post(url, given, HTTP_HX_REQUEST="true")


def test_the_guard_compares_the_pictures_and_the_misread_exit_is_put_right(lane):
    stay, entry = came_in(lane)
    came_in(lane, "鲁B00000")
    client, guard = desk(lane)
    passage = drive_up(lane, READ_AS, picture=jpeg(), box=[20, 30, 20, 6])
    assert passage.code == "vehicle_not_registered_leaving"
    card = client.get(reverse("guard-decision")).content.decode()
    # The plate alone is shown where the camera said where it is: here at the exit only.
    assert card.count('class="g-alike__plate" viewBox="15 28 30 11"') == 1
    assert card.count("g-alike__plate") == 1
    assert reverse("guard-picture", args=[entry.picture_id]) in card
    assert f'"plate": "{INSIDE}"' in card
    assert "鲁B00000" not in card
    assert post(client, passage, stay=stay.pk, plate="皖A00000").status_code == 409
    assert post(client, passage, stay=stay.pk, plate=INSIDE).status_code == 200
    right = Passage.objects.get(pk=passage.pk)
    assert (right.plate, right.read_as, right.state) == (INSIDE, READ_AS, "waiting")
    assert right.code == "exit_unpaid"
    operations.take_cash(right, right.facts["due"], guard)
    operations.complete_passage(right.pk, "loop", timezone.now())
    closed = Stay.objects.get(pk=stay.pk)
    assert (closed.exit_passage, closed.assumed) == (passage.pk, False)
    with pytest.raises(operations.PassageOver):
        operations.same_car(right, guard, stay.pk, INSIDE)


def told(passage: Passage, guard: Any) -> str:
    """What the feed says where the passage was decided first, in English."""
    with translation.override("en"):
        rows = presentation.backlog(guard, passage.compound)
    first = [row for row in rows if f'data-passage="{passage.pk}"' in row][-1]
    return html.unescape(first)


def test_the_feed_says_what_is_true_since_the_exit_was_put_together_with_its_entry(lane):
    stay, _entry = came_in(lane)
    _client, guard = desk(lane)
    passage = drive_up(lane, READ_AS, picture=jpeg())
    assert "we did not see it come in" in told(passage, guard)
    operations.same_car(passage, guard, stay.pk, INSIDE)
    since = told(passage, guard)
    assert f"First read as {READ_AS}: By the pictures it is the car that came in at" in since
    assert "did not see it" not in since
    operations.undo_correction(passage.corrections.get(), guard)
    assert "we did not see it come in" in told(passage, guard)
    assert READ_AS in told(passage, guard)


def test_what_was_said_of_a_misread_plate_is_not_said_of_the_right_one(lane):
    _stay, _entry = came_in(lane)
    _client, guard = desk(lane)
    passage = drive_up(lane, READ_AS)
    operations.open_by_hand(lane=lane, passage=passage, user=guard, reason="emergency")
    operations.complete_passage(passage.pk, "loop", timezone.now())
    operations.correct_plate(passage, guard, INSIDE)
    assert f"First read as {READ_AS}: Not registered" in told(passage, guard)


def test_the_card_stays_with_the_car_that_is_to_be_decided_now(lane):
    stay, _entry = came_in(lane)
    client, _guard = desk(lane)
    earlier = drive_up(factories.lane(lane.compound, "entry"), "鲁B00001")
    passage = drive_up(lane, READ_AS, picture=jpeg())
    assert (earlier.state, passage.state) == ("waiting", "waiting")
    for plate, status in (("皖A00000", 409), (INSIDE, 200)):
        answer = post(client, passage, stay=stay.pk, plate=plate)
        assert answer.status_code == status
        assert f'data-passage="{passage.pk}"' in answer.content.decode()


def test_where_the_entry_was_misread_its_stay_takes_the_exits_plate(lane):
    stay, entry = came_in(lane, READ_AS)
    client, guard = desk(lane)
    passage = drive_up(lane, INSIDE)
    post(client, passage, stay=stay.pk, plate=INSIDE)
    post(client, passage, stay=stay.pk, plate=INSIDE)
    stay.refresh_from_db()
    entry.refresh_from_db()
    assert (stay.plate, entry.plate, entry.read_as) == (INSIDE, INSIDE, READ_AS)
    change = stay.changes.get()
    assert (change.what, change.by) == ("plate", guard)
    assert Passage.objects.get(pk=passage.pk).code == "exit_unpaid"


def test_a_misread_exit_that_was_opened_is_matched_later_and_owes_its_price(lane):
    stay, _entry = came_in(lane)
    _client, guard = desk(lane)
    passage = drive_up(lane, READ_AS)
    operations.open_by_hand(lane=lane, passage=passage, user=guard, reason="emergency")
    operations.complete_passage(passage.pk, "loop", timezone.now())
    orphan = Stay.objects.get(plate=READ_AS)
    assert orphan.entered_at is None
    operations.correct_plate(passage, guard, INSIDE)
    assert not Stay.objects.filter(pk=orphan.pk).exists()
    stay.refresh_from_db()
    assert (stay.exit_passage, stay.left_at is not None) == (passage.pk, True)
    change = stay.changes.get()
    assert (change.what, change.by) == ("matched", guard)
    charge = Charge.objects.get(stay=stay)
    assert charge.is_final
    assert Debt.objects.get(stay=stay).amount_fen == charge.total_fen > 0


def test_only_an_open_stay_of_this_compound_can_be_named(lane):
    elsewhere, _entry = came_in(gate(direction="exit"))
    _client, guard = desk(lane)
    passage = drive_up(lane, READ_AS)
    with pytest.raises(ValidationError):
        operations.same_car(passage, guard, elsewhere.pk, INSIDE)
