"""A courier asked the recipient and waits, or goes on with the next parcel meanwhile."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcels import operations
from parcels.models import Courier, LockerBank, ParcelQuestion, Way
from parcels.pages.courier import second, to_desk
from parcels.pages.courier_frame import frame, said, standing
from parcels.pages.who import account, bank_of, for_courier, sent


def _own(courier: Courier, pk: int) -> ParcelQuestion:
    rows = ParcelQuestion.objects.filter(courier=courier)
    rows = rows.select_related("person", "unit", "carrier", "courier", "parcel__shelf")
    row: ParcelQuestion = get_object_or_404(rows, pk=pk)
    return row


def _bank(request: HttpRequest, courier: Courier) -> LockerBank | None:
    """Where the courier stands; at the desk or on the way, any bank of the compound frames it."""
    rows = LockerBank.objects.of(courier.compound_id).select_related("device").order_by("name")
    found: LockerBank | None = bank_of(request, courier) or rows.first()
    return found


@for_courier
@require_GET
def question(request: HttpRequest, courier: Courier, pk: int) -> HttpResponse:
    return _show(request, courier, _own(courier, pk))


def _show(
    request: HttpRequest, courier: Courier, row: ParcelQuestion, error: str = ""
) -> HttpResponse:
    bank = _bank(request, courier)
    if bank is None:
        return redirect("courier")
    facts = frame(request, courier, bank) | standing(row)
    facts["errors"] = {"page": error} if error else {}
    return render(request, "courier/question.html", facts, status=422 if error else 200)


@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked by the page every two seconds: whether there is an answer."""
    courier = account(request)
    if courier is None:
        return JsonResponse({"state": "signed_out"}, status=403)
    found = standing(_own(courier, pk))
    return JsonResponse({"state": found["state"], "way": found["follows"]})


@for_courier
@sent
def act(request: HttpRequest, courier: Courier, pk: int, deed: str) -> HttpResponse:
    """Into the locker as answered, to the desk, done at the door or neighbour, taken along."""
    row = _own(courier, pk)
    try:
        if deed == "locker":
            return _into_locker(request, courier, row)
        if deed == "desk":
            one = operations.Recipient(row.person, row.unit)
            parcel = to_desk(courier, {"waybill": row.waybill, "kind": row.kind}, one)
            return redirect("courier-parcel", parcel.pk)
        done = ParcelQuestion.Settled.GONE if deed == "gone" else row.way
        operations.settle_question(row, done, actor=courier.user)
    except ValidationError as refusal:
        return _show(request, courier, _own(courier, pk), next(iter(said(refusal).values())))
    return redirect("courier")


def _into_locker(request: HttpRequest, courier: Courier, row: ParcelQuestion) -> HttpResponse:
    """On with the step that asks for the size, as if the recipient had just been found."""
    bank = bank_of(request, courier)
    if row.way != Way.LOCKER:
        raise ValidationError(_("The recipient has not chosen this. Look once more."))
    if bank is None:
        raise ValidationError(_("Choose first at which locker you stand."))
    label = {"waybill": row.waybill, "kind": row.kind}
    label |= {"tail": row.person.phone[-4:], "hint": row.person.name[:1]}
    recipient = operations.Recipient(row.person, row.unit)
    return second(request, courier, bank, [recipient], given=label)
