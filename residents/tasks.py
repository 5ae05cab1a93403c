"""Work that the clock does by night."""

from celery import shared_task

from residents import operations


@shared_task(name="residents.run_clock", expires=3600)
def run_clock() -> dict[str, int]:
    """Bring every deadline up to date and remind people; a second run changes nothing."""
    return operations.run_clock()
