"""``/courier/``: a parcel put in, three steps, ten in a row by scanner and keyboard alone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parcels import operations
from parcels.models import Courier, Kind, LockerBank, Parcel, ParcelQuestion, Shelf, Way
from parcels.operations.deposits import same_waybill
from parcels.operations.moves import clean_waybill
from parcels.pages.courier_frame import frame, said, waiting
from parcels.pages.courier_putting import third
from parcels.pages.who import TABLET, bank_of, for_courier, leave, sent, stand_at

#: What a courier brings; the one of the last parcel stands ready for the next.
KINDS = (Kind.PARCEL, Kind.LETTER, Kind.REGISTERED)
KIND = "courier_kind"
#: What is asked for in the first step.
FIRST = {"waybill", "tail", "hint"}


@for_courier
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, courier: Courier) -> HttpResponse:
    """The first step: waybill and recipient. What fits is shown as the second one."""
    bank = bank_of(request, courier)
    if bank is None:
        return render(request, "courier/banks.html", _banks(courier))
    given = _given(request)
    if request.method == "GET":
        if TABLET in request.session:  # whoever works on at a shared tablet stays signed in
            request.session.modified = True
        return _first(request, courier, bank, given)
    if request.session.get(KIND, Kind.PARCEL) != given["kind"]:
        request.session[KIND] = given["kind"]
    try:
        given["waybill"] = clean_waybill(given["waybill"])
        again = same_waybill(courier.carrier, given["waybill"], courier)
        if again is not None:
            return redirect("courier-parcel", again.pk)
        people = operations.find_recipients(courier, given["tail"], given["hint"])
    except ValidationError as refusal:
        return _first(request, courier, bank, given, said(refusal))
    return second(request, courier, bank, people)


def _given(request: HttpRequest) -> dict[str, str]:
    given = {name: request.POST.get(name, "")[:80] for name in ("waybill", "tail", "hint")}
    kind = request.POST.get("kind") or request.session.get(KIND, "")
    return given | {"kind": kind if kind in KINDS else Kind.PARCEL.value}


def _first(
    request: HttpRequest,
    courier: Courier,
    bank: LockerBank,
    given: dict[str, str],
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    facts = frame(request, courier, bank) | {"given": given, "errors": errors or {}}
    facts["kinds"] = [(kind.value, kind.label) for kind in KINDS]
    return render(request, "courier/scan.html", facts, status=422 if errors else 200)


def second(
    request: HttpRequest,
    courier: Courier,
    bank: LockerBank,
    people: list[operations.Recipient],
    *,
    errors: dict[str, str] | None = None,
    given: dict[str, str] | None = None,
) -> HttpResponse:
    """The second step: who it is for, where it may be left, how large it is."""
    facts = frame(request, courier, bank) | {"given": given or _given(request)}
    chosen = people[0] if len(people) == 1 else None
    if chosen is not None:
        told = facts["given"]
        way, choice = operations.way_for(
            chosen.person, courier.carrier, told["kind"], told["waybill"]
        )
        facts |= {
            "way": way,
            "way_word": Way(way).label,
            "neighbour": choice.neighbour if choice else "",
            "may_locker": way == Way.LOCKER,
            "is_answer": isinstance(choice, ParcelQuestion),
            "brought_home": operations.is_brought_home(chosen.person),
        }
    facts |= {"people": people, "one": chosen, "errors": errors or {}}
    status = 422 if errors else 200
    return render(request, "courier/size.html", facts, status=status)


@for_courier
@require_POST
def choose_bank(request: HttpRequest, courier: Courier) -> HttpResponse:
    key = request.POST.get("bank", "")
    rows = LockerBank.objects.of(courier.compound_id)
    bank = get_object_or_404(rows, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    stand_at(request, bank)
    return redirect("courier")


@for_courier
@require_POST
def leave_bank(request: HttpRequest, courier: Courier) -> HttpResponse:
    """Another bank is chosen; at a shared tablet the courier is signed out with it."""
    return redirect(leave(request))


@for_courier
@sent
def put(request: HttpRequest, courier: Courier) -> HttpResponse:
    """The second step is answered: one of several people, a compartment, or the desk."""
    bank = bank_of(request, courier)
    if bank is None:
        return redirect("courier")
    given = _given(request)
    key = request.POST.get("person", "")
    one: operations.Recipient | None = None
    try:
        person = int(key) if key.isdecimal() and len(key) < 19 else 0
        one = operations.chosen(courier, given["tail"], given["hint"], person)
        if "pick" in request.POST:
            return second(request, courier, bank, [one])
        if "ask" in request.POST:
            return _ask(courier, given, one)
        row = _put(request, courier, bank, given, one)
    except ValidationError as refusal:
        told = said(refusal)
        if one is not None and not FIRST & set(told):
            return second(request, courier, bank, [one], errors=told)
        return _first(request, courier, bank, given, told)
    # The page itself, not where to ask for it: sent once more, it is the same parcel.
    return third(request, courier, row)


def _ask(courier: Courier, given: dict[str, str], one: operations.Recipient) -> HttpResponse:
    row = operations.ask_recipient(
        courier, waybill=given["waybill"], kind=given["kind"], person=one.person, unit=one.unit
    )
    return redirect("courier-question", row.pk)


def _put(
    request: HttpRequest,
    courier: Courier,
    bank: LockerBank,
    given: dict[str, str],
    one: operations.Recipient,
) -> Parcel:
    if "desk" in request.POST:
        return to_desk(courier, given, one)
    return operations.begin_deposit(
        bank=bank,
        carrier=courier.carrier,
        waybill=given["waybill"],
        kind=given["kind"],
        person=one.person,
        unit=one.unit,
        size=request.POST.get("size", ""),
        courier=courier,
        actor=courier.user,
    )


def to_desk(courier: Courier, given: dict[str, str], one: operations.Recipient | None) -> Parcel:
    """Onto the desk's first shelf. Raises ValidationError where the desk has none.

    ``given``: waybill and kind, and where nobody was found the recipient as the ``label`` says.
    """
    shelf = Shelf.objects.of(courier.compound_id).filter(is_active=True).first()
    if shelf is None:
        raise ValidationError(_("The desk takes nothing in here. Please ask there."))
    return operations.receive_at_desk(
        shelf=shelf,
        carrier=courier.carrier,
        waybill=given["waybill"],
        kind=given["kind"],
        person=one.person if one else None,
        unit=one.unit if one else None,
        label=given.get("label", "")[:120],
        courier=courier,
        actor=courier.user,
    )


@for_courier
@sent
def desk(request: HttpRequest, courier: Courier) -> HttpResponse:
    """Nobody on file fits: to the desk, with what the label says."""
    given = _given(request) | {"label": request.POST.get("label", "")[:120]}
    try:
        row = to_desk(courier, given, None)
    except ValidationError as refusal:
        bank = bank_of(request, courier)
        if bank is None:
            return redirect("courier")
        return _first(request, courier, bank, given, said(refusal))
    return redirect("courier-parcel", row.pk)


def _banks(courier: Courier) -> dict[str, Any]:
    rows = LockerBank.objects.of(courier.compound_id).select_related("device").order_by("name")
    banks = [(bank, operations.free_by_size(bank)) for bank in rows[:60]]
    return {
        "courier": courier,
        "banks": banks,
        "pass": operations.pass_now(courier),
        "asked": waiting(courier),
    }
