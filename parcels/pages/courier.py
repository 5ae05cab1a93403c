"""``/courier/``: a parcel put in, three steps, ten in a row by scanner and keyboard alone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcels import operations
from parcels.models import (
    Compartment,
    Courier,
    Kind,
    LockerBank,
    Parcel,
    ParcelQuestion,
    Shelf,
    Way,
)
from parcels.operations.deposits import same_waybill
from parcels.operations.moves import clean_waybill
from parcels.pages.courier_frame import frame, said, waiting
from parcels.pages.drawing import drawn
from parcels.pages.who import BANK, SINCE, account, bank_of, for_courier
from residents.operations import request_pictures

KINDS = (Kind.PARCEL, Kind.LETTER)


@for_courier
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, courier: Courier) -> HttpResponse:
    """The first step: waybill and recipient. What fits is shown as the second one."""
    bank = bank_of(request, courier)
    if bank is None:
        return render(request, "courier/banks.html", _banks(courier))
    given = _given(request)
    if request.method == "GET":
        return _first(request, courier, bank, given)
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
    return {name: request.POST.get(name, "")[:80] for name in ("waybill", "tail", "hint")}


def _first(
    request: HttpRequest,
    courier: Courier,
    bank: LockerBank,
    given: dict[str, str],
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    facts = frame(request, courier, bank) | {"given": given, "errors": errors or {}}
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
        way, choice = operations.way_for(
            chosen.person, courier.carrier, Kind.PARCEL, facts["given"]["waybill"]
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
    request.session[BANK] = bank.pk
    request.session[SINCE] = timezone.now().isoformat()
    return redirect("courier")


@for_courier
@require_POST
def leave_bank(request: HttpRequest, courier: Courier) -> HttpResponse:
    request.session.pop(BANK, None)
    return redirect("courier")


@for_courier
@require_POST
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
            return _ask(courier, given["waybill"], one)
        row = _put(request, courier, bank, given["waybill"], one)
    except ValidationError as refusal:
        if one is not None:
            return second(request, courier, bank, [one], errors=said(refusal))
        return _first(request, courier, bank, given, said(refusal))
    return redirect("courier-parcel", row.pk)


def _ask(courier: Courier, waybill: str, one: operations.Recipient) -> HttpResponse:
    row = operations.ask_recipient(courier, waybill=waybill, person=one.person, unit=one.unit)
    return redirect("courier-question", row.pk)


def _put(
    request: HttpRequest,
    courier: Courier,
    bank: LockerBank,
    waybill: str,
    one: operations.Recipient,
) -> Parcel:
    if "desk" in request.POST:
        return to_desk(request, courier, waybill, one)
    return operations.begin_deposit(
        bank=bank,
        carrier=courier.carrier,
        waybill=waybill,
        person=one.person,
        unit=one.unit,
        size=request.POST.get("size", ""),
        courier=courier,
        actor=courier.user,
    )


def to_desk(
    request: HttpRequest, courier: Courier, waybill: str, one: operations.Recipient | None
) -> Parcel:
    """Onto the desk's first shelf. Raises ValidationError where the desk has none."""
    shelf = Shelf.objects.of(courier.compound_id).filter(is_active=True).first()
    if shelf is None:
        raise ValidationError(_("The desk takes nothing in here. Please ask there."))
    return operations.receive_at_desk(
        shelf=shelf,
        carrier=courier.carrier,
        waybill=waybill,
        person=one.person if one else None,
        unit=one.unit if one else None,
        label=request.POST.get("label", "")[:120],
        courier=courier,
        actor=courier.user,
    )


@for_courier
@require_POST
def desk(request: HttpRequest, courier: Courier) -> HttpResponse:
    """Nobody on file fits: to the desk, with what the label says."""
    try:
        row = to_desk(request, courier, request.POST.get("waybill", ""), None)
    except ValidationError as refusal:
        bank = bank_of(request, courier)
        if bank is None:
            return redirect("courier")
        names = ("waybill", "tail", "hint", "label")
        given = {name: request.POST.get(name, "")[:120] for name in names}
        return _first(request, courier, bank, given, said(refusal))
    return redirect("courier-parcel", row.pk)


def _own(courier: Courier, pk: int) -> Parcel:
    rows = Parcel.objects.of_courier(courier).select_related(
        "compartment__bank__device", "command", "person", "shelf"
    )
    row: Parcel = get_object_or_404(rows, pk=pk)
    return row


@for_courier
@require_GET
def parcel(request: HttpRequest, courier: Courier, pk: int) -> HttpResponse:
    """The third step: which compartment, and what its door does."""
    return _third(request, courier, _own(courier, pk))


def _third(
    request: HttpRequest, courier: Courier, row: Parcel, errors: dict[str, str] | None = None
) -> HttpResponse:
    bank = row.compartment.bank if row.compartment else bank_of(request, courier)
    if bank is None:
        return redirect("courier")
    facts = frame(request, courier, bank) | {"row": row, "errors": errors or {}}
    if row.state == Parcel.State.OPENING and row.compartment:
        since = row.compartment.ordered_at or timezone.now()
        left = operations.LEFT_ALONE - (timezone.now() - since)
        facts |= {"drawn": drawn(row.compartment), "left": max(0, int(left.total_seconds()))}
    status = 422 if errors else 200
    return render(request, "courier/door.html", facts, status=status)


@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """What the door said; with ``seen=0`` or ``1``, what the page shows, once that is news."""
    courier = account(request)
    if courier is None:
        return JsonResponse({"state": "signed_out"}, status=403)
    rows = Parcel.objects.of_courier(courier).select_related("compartment__bank__device", "command")
    row = get_object_or_404(rows, pk=pk)
    seen = request.GET.get("seen", "")
    return JsonResponse(operations.state_as_shown(row, seen, actor=courier.user))


@for_courier
@require_POST
def act(request: HttpRequest, courier: Courier, pk: int, deed: str) -> HttpResponse:
    """What goes differently: shut by word, larger, stuck, once more, undone, a picture."""
    row, user = _own(courier, pk), courier.user
    try:
        if deed == "shut":
            row = operations.say_shut(row, operations.door_of(row), actor=user)
        elif deed in ("larger", "stuck"):
            size = _next_size(row) if deed == "larger" else _size(row)
            row = operations.another_compartment(
                row, size=size, is_broken=deed == "stuck", actor=user
            )
        elif deed == "again":
            row = operations.reopen(row, actor=user)
        elif deed == "undo":
            row = operations.undo_deposit(row, actor=user)
        elif deed == "picture":
            _picture(request, row, courier)
    except ValidationError as refusal:
        return _third(request, courier, _own(courier, pk), said(refusal))
    done = row.state in (Parcel.State.STORED, Parcel.State.UNDONE)
    return redirect("courier") if done else redirect("courier-parcel", row.pk)


def _picture(request: HttpRequest, row: Parcel, courier: Courier) -> None:
    given = request.FILES.get("picture")
    if given is None:
        raise ValidationError(_("Choose a picture first."))
    body = bytes(given.read(request_pictures.MOST_BYTES + 1))
    operations.add_picture(row, body, actor=courier.user)


def _size(row: Parcel) -> str:
    return str(row.compartment.size) if row.compartment else ""


def _next_size(row: Parcel) -> str:
    """The next larger one; the largest again, where another of these may be free."""
    sizes = list(Compartment.Size.values)
    here = sizes.index(_size(row)) if _size(row) in sizes else 0
    return str(sizes[min(here + 1, len(sizes) - 1)])


def _banks(courier: Courier) -> dict[str, Any]:
    rows = LockerBank.objects.of(courier.compound_id).select_related("device").order_by("name")
    banks = [(bank, operations.free_by_size(bank)) for bank in rows[:60]]
    return {
        "courier": courier,
        "banks": banks,
        "pass": operations.pass_now(courier),
        "asked": waiting(courier),
    }
