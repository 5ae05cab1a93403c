"""Work that the clock does by night."""

from celery import shared_task

from residents import operations
from residents.operations import care
from residents.operations.faces import proof


@shared_task(name="residents.run_clock", expires=3600)
def run_clock() -> dict[str, int]:
    """Bring every deadline up to date and remind people; a second run changes nothing."""
    return operations.run_clock()


@shared_task(name="residents.publish_notices", expires=20)
def publish_notices() -> int:
    """Tell everybody of notices that are out now; returns how many people."""
    return operations.publish_due()


@shared_task(name="residents.remind_requests", expires=600)
def remind_requests() -> int:
    """Remind of overdue requests; returns of how many."""
    return operations.remind_overdue()


@shared_task(name="residents.watch_over", expires=1500)
def watch_over() -> int:
    """Ask for those who wished it and of whom nothing was seen; returns how many were asked."""
    return care.watch_over()


@shared_task(name="residents.prove_erasures", expires=25)
def prove_erasures() -> int:
    """Report who has not confirmed that an erased face is gone; returns how many new faults."""
    return proof.prove_erasures()


@shared_task(name="residents.forget_sign_ins", expires=3600)
def forget_sign_ins() -> int:
    """Erase sign-in codes and wrong guesses that count no more."""
    return operations.forget_old()


@shared_task(name="residents.weigh_signs", expires=3600)
def weigh_signs() -> dict[str, int]:
    """Weigh signs of life against the files; a second run changes nothing."""
    return operations.weigh_signs()


@shared_task(name="residents.retire_files", expires=3600)
def retire_files() -> dict[str, int]:
    """Erase what the files keep for a time only, once that time is over; how many of each."""
    others = {"registrations": operations.retire_forms(), "visits": operations.retire_visits()}
    return operations.retire_files() | others


#: Seconds at a time, so that the sweepers of the gate, in the same process, never wait for long.
SLICE = 0.5


@shared_task(name="residents.apply_lists", expires=2)
def apply_lists() -> int:
    """Go on with every released list of residents; returns how many are not done yet."""
    return operations.apply_lists(seconds=SLICE)


@shared_task(name="residents.tidy_lists", expires=3600)
def tidy_lists() -> int:
    """Erase staged rows that have served; returns how many."""
    return operations.tidy_lists()


@shared_task(name="residents.fill_receipts", expires=2)
def fill_receipts() -> int:
    """Go on with every police export that is not complete; returns how many are not done yet."""
    return operations.export_waiting(seconds=SLICE)


@shared_task(name="residents.find_overstays", expires=240)
def find_overstays() -> int:
    """Tell of visitors whose time is over and who are still inside; returns how many."""
    return operations.find_overstays()
