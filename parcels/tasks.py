"""Work that the clock does: doors asked, openings resolved, parcels reminded of, records erased."""

from celery import shared_task

from parcels import operations


@shared_task(name="parcels.watch_banks", expires=15)
def watch_banks() -> bool:
    """Ask each locker bank how its doors are; False while the last round is under way."""
    return operations.watch_soon()


@shared_task(name="parcels.resolve_left", expires=10)
def resolve_left() -> bool:
    """Settle openings that nobody finished; False while that is under way."""
    return operations.resolve_soon()


@shared_task(name="parcels.climb", expires=500)
def climb() -> int:
    """Remind and ask of parcels whose time is over; returns of how many."""
    return operations.climb()


@shared_task(name="parcels.retire", expires=3600)
def retire() -> dict[str, int]:
    """Erase what is no longer to be kept."""
    return operations.retire()
