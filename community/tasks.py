"""Background work of the floor. Tasks take ids, re-read state, and may run twice."""

from celery import shared_task

from community import handling, notifications, retention
from community.account import operations as account
from community.devices import heard
from community.devices import operations as devices
from community.webhooks import operations as webhooks
from community.webhooks import rounds


@shared_task(name="community.run_handlers", expires=5)
def run_handlers() -> int:
    """Run due event handlers."""
    return handling.run_due()


@shared_task(name="community.deliver_messages", expires=5)
def deliver_messages() -> int:
    """Plan waiting messages and hand them to their channels."""
    return notifications.deliver_waiting()


@shared_task(name="community.sweep_commands", expires=5)
def sweep_commands() -> int:
    return devices.sweep()


@shared_task(name="community.check_devices", expires=15)
def check_devices() -> int:
    devices.find_silent()
    return devices.check_all()


@shared_task(name="community.retire_records", expires=3600)
def retire_records() -> dict[str, int]:
    heard.forget_old()
    return retention.retire()


@shared_task(name="community.forget_sign_ins", expires=3600)
def forget_sign_ins() -> dict[str, int]:
    return account.forget_old()


@shared_task(name="community.deliver_webhooks", expires=5)
def deliver_webhooks() -> int:
    return rounds.go()


@shared_task(name="community.forget_deliveries", expires=3600)
def forget_deliveries() -> int:
    return webhooks.forget_told()
