"""A phone shows that it is in front of a locker: by what it scanned or typed there (ADR 115)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parcels import operations
from parcels.models import LockerBank, Parcel, PhoneProof
from parcels.operations.nearness import VISIT
from parcels.shown import Shown, whole
from residents.models import Person
from residents.pages.who import acting, at_home

#: Banks at which this browser was seen, and when in seconds.
NEAR = "parcel_near"


def _note(request: HttpRequest, bank: LockerBank) -> None:
    request.session[NEAR] = {str(bank.pk): int(timezone.now().timestamp())}


def is_near(request: HttpRequest, bank: LockerBank) -> bool:
    """Whether this phone showed a moment ago that it stands there."""
    since = request.session.get(NEAR, {}).get(str(bank.pk), 0)
    return 0 <= timezone.now().timestamp() - since < VISIT.total_seconds()


def asks_for(request: HttpRequest, bank: LockerBank | None) -> str:
    """What the page asks for beside its button: ``shown`` or ``label`` digits, or nothing."""
    proof = operations.proof_of(bank) if bank else PhoneProof.NONE
    return "" if bank is None or proof == PhoneProof.NONE or is_near(request, bank) else str(proof)


def open_here(request: HttpRequest, row: Parcel) -> Parcel:
    """Open for whoever stands there. Raises ValidationError as the verb does."""
    bank = row.compartment.bank if row.compartment else None
    typed = request.POST.get("shown", "")[:12]
    near = bank is not None and is_near(request, bank)
    taken = operations.open_by_phone(row, is_near=near, typed=typed, actor=acting(request))
    if bank is not None and typed:
        _note(request, bank)
    return taken


@at_home
@require_safe
def near(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    """What the locker shows was scanned: its parcels, each with the button that opens."""
    bank = operations.bank_shown_by(token[:80])
    facts: dict[str, Any] = {"bank": bank}
    if bank is not None:
        _note(request, bank)
        rows = Parcel.objects.live().filter(person=person, state=Parcel.State.STORED)
        here = whole(rows).filter(compartment__bank=bank).order_by("compartment__number")
        facts["waiting"] = [Shown(row) for row in here[:20]]
        if len(facts["waiting"]) == 1:
            return redirect("home-parcel", facts["waiting"][0].row.pk)
    return render(request, "home/parcels_near.html", facts, status=200 if bank else 410)
