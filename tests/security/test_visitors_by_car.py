"""Visitors who come by car: let in within their visit, counted, refused past it, let out always."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Command
from residents.models import Visit, VisitStay
from residents.operations import revoke_visit
from security.operations import complete_passage
from security.words import about_plate
from tests.community import factories
from tests.residents.doors import resident, visit
from tests.security.gates import drive_up, vehicle

pytestmark = pytest.mark.django_db
PLATE = "皖A52M78"


@pytest.fixture
def home():
    row = factories.unit(factories.compound())
    resident(row)
    return row


@pytest.fixture
def lane(home):
    return factories.lane(home.compound)


def said(passage) -> tuple[str, str]:
    return passage.outcome, passage.code


def through(passage):
    return complete_passage(passage.pk, "assumed", timezone.now())


def long_ago(row: Visit) -> None:
    """As if the last passage of this visit was a while ago."""
    row.passages.update(
        decided_at=timezone.now() - timedelta(minutes=9),
        seen_at=timezone.now() - timedelta(minutes=9),
        crossed_at=timezone.now() - timedelta(minutes=9),
    )


def test_an_invited_car_is_let_in_counted_and_linked(home, lane):
    row = visit(home, plates=[" 皖a·52m78"])
    passage = drive_up(lane, PLATE)
    assert said(passage) == ("allow", "visit_expected")
    assert passage.visit == row
    assert home.code in about_plate(passage)
    assert Command.objects.filter(action="open").count() == 1
    row.refresh_from_db()
    assert row.entries == 1
    through(passage)
    stay = VisitStay.objects.get(visit=row)
    assert (stay.plate, stay.passage_id) == (PLATE, passage.pk)


def test_read_again_while_it_stands_there_it_counts_once(home, lane):
    row = visit(home, plates=[PLATE])
    drive_up(lane, PLATE)
    row.passages.update(decided_at=timezone.now() - timedelta(seconds=40))
    now = timezone.now()
    Command.objects.update(state=Command.State.DONE, sent_at=now, finished_at=now)
    assert said(drive_up(lane, PLATE)) == ("allow", "visit_expected")
    row.refresh_from_db()
    assert row.entries == 1


def test_past_its_count_it_is_refused_and_may_leave(home, lane):
    out = factories.lane(home.compound, "exit")
    row = visit(home, plates=[PLATE])
    through(drive_up(lane, PLATE))
    leaving = drive_up(out, PLATE)
    assert said(leaving) == ("allow", "admitted_leaving")
    assert leaving.visit == row
    through(leaving)
    assert VisitStay.objects.get(visit=row).left_at
    long_ago(row)
    assert said(drive_up(lane, PLATE)) == ("deny", "visit_used_up")
    row.refresh_from_db()
    assert row.entries == 1


def test_past_its_time_too_early_and_taken_back(home, lane):
    now = timezone.now()
    over = visit(home, plates=["皖A00001"])
    Visit.objects.filter(pk=over.pk).update(
        starts_at=now - timedelta(hours=2), ends_at=now - timedelta(minutes=5)
    )
    later = now + timedelta(hours=3)
    visit(home, plates=["皖A00002"], starts_at=later, ends_at=later + timedelta(hours=1))
    revoke_visit(visit(home, plates=["皖A00003"]))
    codes = [said(drive_up(lane, f"皖A0000{number}")) for number in (1, 2, 3)]
    assert codes == [
        ("deny", "visit_over"),
        ("deny", "visit_too_early"),
        ("deny", "visit_revoked"),
    ]
    assert not Command.objects.filter(action="open").exists()


def test_a_revoked_invitation_does_not_hide_a_good_one(home, lane):
    revoke_visit(visit(home, plates=[PLATE]))
    good = visit(home, plates=[PLATE])
    assert drive_up(lane, PLATE).visit == good


def test_another_compounds_invitation_and_a_long_past_one_say_nothing(home, lane):
    elsewhere = factories.unit(factories.compound())
    resident(elsewhere)
    visit(elsewhere, plates=[PLATE])
    past = visit(home, plates=[PLATE])
    Visit.objects.filter(pk=past.pk).update(
        starts_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=8)
    )
    assert said(drive_up(lane, PLATE)) == ("ask", "vehicle_not_registered")


def test_a_barred_car_stays_out_although_it_is_invited(home, lane):
    vehicle(home.compound, PLATE, barred_reason="drove over the lawn")
    visit(home, plates=[PLATE])
    assert said(drive_up(lane, PLATE)) == ("deny", "vehicle_barred")


def test_one_of_two_cars_leaves_and_the_other_is_still_a_visitor(home, lane):
    out = factories.lane(home.compound, "exit")
    row = visit(home, plates=[PLATE, "皖A90C31"], most_entries=2)
    for plate in row.plates:
        through(drive_up(lane, plate))
    through(drive_up(out, PLATE))
    assert VisitStay.objects.inside().get(visit=row).plate == "皖A90C31"


def test_nobody_lives_there_any_more(home, lane):
    visit(home, plates=[PLATE])
    home.residencies.update(ended_on=timezone.localdate() - timedelta(days=1))
    assert said(drive_up(lane, PLATE)) == ("ask", "visit_home_empty")
