"""Deeds of an installation, each its own process: `python -m tests.journeys.production_child X`."""

from __future__ import annotations

import json
import sys

import django


def prepare() -> str:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return ""


def people() -> str:
    """A compound, and the cookie of a guard who is signed in there."""
    from django.conf import settings

    from bench.stage import new_name, session_for
    from community.models import Compound, Role, User

    compound = Compound.objects.create(code=new_name("c"), name="journey")
    guard = User.objects.create_user(new_name("guard"), password=None)
    Role.objects.create(user=guard, compound=compound, role="guard")
    cookie = f"{settings.SESSION_COOKIE_NAME}={session_for(guard)}"
    return json.dumps({"compound": compound.pk, "cookie": cookie})


def happen(compound: str, count: str) -> str:
    """So many events that guards see, each its own transaction."""
    from community import events

    for _ in range(int(count)):
        with events.writing():
            events.record("device.came_online", compound=int(compound), device=1)
    return ""


def end(compound: str) -> str:
    from community.models import LedgerHead

    heads = LedgerHead.objects.filter(pk=compound).values_list("last", flat=True)
    return str(heads.first() or 0)


def promise(compound: str) -> str:
    """A due handler's run; its number. Nobody here runs it."""
    from community.models import Event, HandlerRun

    happen(compound, "1")
    last = Event.objects.filter(compound=compound).latest("sequence")
    run = HandlerRun.objects.create(
        compound_id=int(compound), event=last, handler="journey.nobody", due_at=last.at
    )
    return str(run.pk)


def kept(number: str) -> str:
    from community.models import HandlerRun

    return str(HandlerRun.objects.get(pk=number).state)


def hook(compound: str, url: str) -> str:
    """A webhook that hears of devices; its key and its secret."""
    from community.models import Compound
    from community.webhooks.operations import add_webhook

    kinds = ["device.came_online"]
    at = Compound.objects.get(pk=compound)
    # A name of its own: the receiver's port is another one when a test is run again.
    row, secret = add_webhook(compound=at, name=url.split("/")[2], url=url, kinds=kinds)
    return json.dumps({"id": row.pk, "secret": secret})


def told(webhook: str) -> str:
    """How each delivery of a webhook stands: its key, state and number of attempts."""
    from community.models import WebhookDelivery

    rows = WebhookDelivery.objects.filter(webhook=webhook).order_by("pk")
    return json.dumps([[str(row.key), row.state, row.attempts] for row in rows])


def open_doors(compound: str, count: str) -> str:
    """Order so many doors at once; the longest wait of a page meanwhile, in
    seconds, and how many orders were carried out."""
    import time
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from community import events
    from community.devices.operations import drain, order
    from community.models import Command, Compound, Device

    at = Compound.objects.get(pk=compound)
    made = [
        Device.objects.create(
            compound=at,
            name=f"d{number}",
            kind="barrier",
            driver="simulated",
        )
        for number in range(int(count))
    ]
    soon = timezone.now() + timedelta(seconds=20)
    for device in made:
        with events.writing():
            order(device, "open", key=f"journey-{device.pk}", expires_at=soon)
    waits = []
    for _page in range(12):
        began = time.monotonic()
        Compound.objects.get(pk=compound)
        waits.append(time.monotonic() - began)
        connection.close()  # as the end of a request does
        time.sleep(0.1)
    drain(20)
    done = Command.objects.filter(device__in=made, state=Command.State.DONE).count()
    return json.dumps({"longest_s": max(waits), "done": done})


DEEDS = {
    deed.__name__: deed
    for deed in (prepare, people, happen, end, promise, kept, hook, told, open_doors)
}

if __name__ == "__main__":
    django.setup()
    sys.stdout.write(DEEDS[sys.argv[1]](*sys.argv[2:]))
