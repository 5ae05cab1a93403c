"""A ticket on its driver's phone: whose phone is never known, only that it is the same (ADR 84)."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from django.utils import timezone

from community import events
from community.models import Compound
from parking.models import Debt, Stay, Ticket
from parking.operations.tickets import make_ticket

#: An unused ticket of the same phone is taken again within this.
UNUSED = timedelta(hours=2)
#: The phone of a ticket that has served is forgotten after this.
SERVED = timedelta(days=1)


def digest_of(key: str) -> str:
    """What is kept of the random key in a phone's cookie."""
    return sha256(f"parking.phone:{key}".encode()).hexdigest()


def ticket_for(compound: Compound, phone: str, at: datetime) -> Ticket:
    """The ticket of a phone that stands at an entry: an unused one of before, else a new one."""
    rows = Ticket.objects.of(compound).filter(phone=phone, ended_at=None, stays=None)
    unused: Ticket | None = rows.filter(made_at__gte=at - UNUSED).order_by("-pk").first()
    return unused or make_ticket(compound=compound, at=at, phone=phone)


def hold_on_phone(ticket: Ticket, phone: str) -> bool:
    """A ticket was opened on a phone; the first that did keeps it. Whether it is that one."""
    with events.writing():
        row: Ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        if not row.phone and row.ended_at is None:
            row.phone = phone
            row.save(update_fields=["phone"])
    return row.phone == phone


def forget_phones(now: datetime | None = None) -> int:
    """Tickets that have left and owe nothing no longer know their phone; returns how many."""
    until = (now or timezone.now()) - SERVED
    rows = Ticket.objects.exclude(phone="").filter(made_at__lt=until)
    inside = Stay.objects.open().filter(ticket__isnull=False).values("ticket")
    owing = Debt.objects.open().filter(stay__ticket__isnull=False).values("stay__ticket")
    return int(rows.exclude(pk__in=inside).exclude(pk__in=owing).update(phone=""))
