"""Work that goes on after a page has answered."""

from celery import shared_task

from parking import operations

#: Seconds at a time, so that the sweepers of the gate, in the same process, never wait for long.
SLICE = 0.5


@shared_task(name="parking.apply_imports", expires=2)
def apply_imports() -> int:
    """Go on with every released list of vehicles; returns how many are not done yet."""
    return operations.apply_waiting(seconds=SLICE)


@shared_task(name="parking.tidy_imports", expires=3600)
def tidy_imports() -> int:
    """Erase staged rows that have served; returns how many."""
    return operations.tidy_imports()


@shared_task(name="parking.note_overnight", expires=3600)
def note_overnight() -> int:
    """Tell the files below of unregistered cars that stayed overnight; returns how many."""
    return operations.note_overnight()


@shared_task(name="parking.remind_permits", expires=3600)
def remind_permits() -> int:
    """Remind of permits that end within a week; returns how many."""
    return operations.remind_ending()


@shared_task(name="parking.tidy_holds", expires=3600)
def tidy_holds() -> int:
    """Remove places kept for cars that never came, and phones of old tickets; returns how many."""
    return operations.tidy_holds() + operations.forget_phones()


@shared_task(name="parking.close_payments", expires=20)
def close_payments() -> int:
    """Look once more at orders that nobody paid, and at refunds of which nobody knows."""
    return operations.close_expired() + operations.resend_unknown()


@shared_task(name="parking.reconcile_payments", expires=3600)
def reconcile_payments() -> int:
    """Lay yesterday's lists of the providers beside ours; returns how many."""
    return operations.reconcile_yesterday()


@shared_task(name="parking.chase_blocked", expires=50)
def chase_blocked() -> int:
    """Ask the guard about cars in the way that nobody answered for; returns how many."""
    return operations.chase_blocked()


@shared_task(name="parking.settle_fire_lanes", expires=50)
def settle_fire_lanes() -> int:
    """End the cases of cars that drove out of fire lanes; returns how many."""
    return operations.settle_fire_lanes()


@shared_task(name="parking.retire", expires=3600)
def retire() -> dict[str, int]:
    """Erase pictures of licences, old reports, payments and debts whose time is over."""
    return operations.retire()


@shared_task(name="parking.push_allow_lists", expires=300)
def push_allow_lists() -> int:
    """Have the cameras that keep a list told who may pass; how many cameras."""
    return operations.push_lists()
