from datetime import timedelta

import pytest
from django.utils import timezone

from community import events, handling
from community.models import HandlerRun, Notification
from community.notifications import tell
from tests.community import factories

pytestmark = pytest.mark.django_db
KIND = "test.handled"


@pytest.fixture
def compound():
    events.declare(KIND, "handled", ["guard"])
    yield factories.compound()
    events._handlers.pop(KIND, None)


def happen(compound):
    with events.writing():
        events.record(KIND, compound=compound)


def tell_guard(event):
    tell("guard@gate", "test.message", compound=event.compound, key=f"t:{event.pk}")


def test_a_handler_runs_once_however_often_the_sweeper_comes(compound):
    events.on(KIND, "test.tell")(tell_guard)
    happen(compound)
    assert handling.run_due() == 1
    assert handling.run_due() == 0
    assert Notification.objects.count() == 1


def test_effect_and_mark_go_together(compound):
    def tell_and_fail(event):
        tell_guard(event)
        raise ValueError("the effect must not stay")

    events.on(KIND, "test.fail")(tell_and_fail)
    happen(compound)
    assert handling.run_due() == 0
    assert not Notification.objects.exists()
    run = HandlerRun.objects.get()
    assert (run.state, run.attempts) == ("pending", 1)
    assert run.error == "ValueError: the effect must not stay"
    assert run.due_at > timezone.now()


def test_what_fails_again_and_again_is_parked_and_can_be_tried_anew(compound):
    def fail(event):
        raise ValueError

    events.on(KIND, "test.fail")(fail)
    happen(compound)
    for _ in range(handling.ATTEMPTS):
        handling.run_due(now=timezone.now() + timedelta(days=1))
    run = HandlerRun.objects.get()
    assert run.state == "parked"
    events._handlers[KIND]["test.fail"] = tell_guard
    handling.retry_parked([run.pk])
    assert handling.run_due() == 1
    assert Notification.objects.count() == 1


def test_one_failing_handler_does_not_hold_the_others(compound):
    def fail(event):
        raise ValueError

    events.on(KIND, "test.fail")(fail)
    events.on(KIND, "test.tell")(tell_guard)
    happen(compound)
    assert handling.run_due() == 1
    assert Notification.objects.count() == 1
