"""What the gates do by the clock. Each task may run twice, or late, without harm."""

from __future__ import annotations

from celery import shared_task

from security import demo_camera, operations
from security.operations import doors, fire, patrols
from security.operations.watchlist import retire_watch
from security.setup import looks
from security.upper import operations as upper
from security.upper import rounds


@shared_task(name="security.assume_crossings", expires=10)
def assume_crossings() -> int:
    """End what is over: lanes kept open, crossings, cars that left, answered alerts; the number."""
    ended = operations.end_keep_opens() + operations.close_answered()
    ended += operations.end_unanswered()
    crossed = operations.cross_by_next_camera() + operations.assume_crossings()
    return ended + crossed + operations.let_go()


@shared_task(name="security.retire_pictures", expires=3000)
def retire_pictures() -> int:
    """Erase pictures, readings, passages, calls and watch list entries when their time is over."""
    gone = operations.retire_face_shots() + operations.retire_pictures()
    gone += operations.retire_readings()
    return gone + operations.retire_calls() + retire_watch() + upper.forget_refused()


@shared_task(name="security.sweep_looks", expires=500)
def sweep_looks() -> int:
    """Erase what set-ups saw through cameras more than an hour ago; how many pictures."""
    return looks.sweep()


@shared_task(name="security.watch_patrols", expires=60)
def watch_patrols() -> int:
    """Plan the rounds ahead; tell of rounds that are late, missed or incomplete; how many."""
    return patrols.plan_rounds() + patrols.end_rounds()


@shared_task(name="security.watch_doors", expires=4)
def watch_doors() -> int:
    """Read the doors' inputs, and keep exit doors open while there is a fire alarm; how many."""
    return doors.read_doors() + fire.hold_exit_doors()


@shared_task(name="security.speak_upward", expires=4)
def speak_upward() -> int:
    """Tell upper platforms of the cars that passed; with how many platforms."""
    return rounds.go()


@shared_task(name="security.push_demo", expires=15)
def push_demo() -> int:
    """The demo's own camera says that it lives, and now and then that a car came."""
    return demo_camera.push()
