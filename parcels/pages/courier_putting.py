"""The third step of a courier: which compartment, what its door does, what goes differently."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.pages import url_of
from community.prepared import Prepared
from parcels import operations
from parcels.models import Compartment, Courier, Parcel
from parcels.pages.courier_frame import frame, said
from parcels.pages.drawing import drawn
from parcels.pages.who import account, bank_of, for_courier, sent
from residents.operations import request_pictures

_shown = Prepared(
    lambda courier, parcel: Parcel.objects.of_courier(courier).filter(pk=parcel)
    .select_related("compartment__bank", "shelf"),
    courier=int, parcel=int,
)  # fmt: skip
_at_its_door = Prepared(
    lambda courier, parcel: Parcel.objects.of_courier(courier).filter(pk=parcel)
    .select_related("compartment__bank__device", "command"),
    courier=int, parcel=int,
)  # fmt: skip


def _own(courier: Courier, pk: int | str, question: Prepared = _shown) -> Parcel:
    row: Parcel | None = question.first(courier=courier.pk, parcel=int(pk))
    if row is None:
        raise Http404
    return row


@for_courier
@require_GET
def parcel(request: HttpRequest, courier: Courier, pk: int) -> HttpResponse:
    """The third step: which compartment, and what its door does."""
    return third(request, courier, _own(courier, pk))


def third(
    request: HttpRequest, courier: Courier, row: Parcel, errors: dict[str, str] | None = None
) -> HttpResponse:
    """The page of a parcel, also as the answer to what was sent: its own address stands in it."""
    bank = row.compartment.bank if row.compartment else bank_of(request, courier)
    if bank is None:
        return redirect("courier")
    facts = frame(request, courier, bank) | {"row": row, "errors": errors or {}}
    facts["own_address"] = url_of("courier-parcel", row.pk)
    if row.state == Parcel.State.OPENING and row.compartment:
        since = row.compartment.ordered_at or timezone.now()
        left = operations.LEFT_ALONE - (timezone.now() - since)
        facts |= {"drawn": drawn(row.compartment), "left": max(0, int(left.total_seconds()))}
    answer = render(request, "courier/door.html", facts, status=422 if errors else 200)
    answer["Content-Location"] = facts["own_address"]
    return answer


@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """What the door said; with ``seen=0`` or ``1``, what the page shows, once that is news."""
    courier = account(request)
    if courier is None:
        return JsonResponse({"state": "signed_out"}, status=403)
    row = _own(courier, pk, _at_its_door)
    seen = request.GET.get("seen", "")
    return JsonResponse(operations.state_as_shown(row, seen, actor=courier.user))


@for_courier
@sent
def act(request: HttpRequest, courier: Courier, pk: int, deed: str) -> HttpResponse:
    """What goes differently: shut by word, larger, stuck, once more, undone, a picture."""
    row, user = _own(courier, pk, _at_its_door), courier.user
    try:
        if deed == "shut":
            row = operations.say_shut(row, operations.door_of(row), actor=user)
        elif deed in ("larger", "stuck"):
            row = _another(request, row, deed, courier)
        elif deed == "again":
            row = operations.reopen(row, actor=user)
        elif deed == "undo":
            row = operations.undo_deposit(row, actor=user)
        elif deed == "picture":
            _picture(request, row, courier)
    except ValidationError as refusal:
        return third(request, courier, _own(courier, pk), said(refusal))
    done = row.state in (Parcel.State.STORED, Parcel.State.UNDONE)
    return redirect("courier") if done else redirect("courier-parcel", row.pk)


def _another(request: HttpRequest, row: Parcel, deed: str, courier: Courier) -> Parcel:
    """Another one instead of the compartment that the page showed; a second click finds it done."""
    if request.POST.get("at", str(row.compartment_id)) != str(row.compartment_id):
        return row
    size = _next_size(row) if deed == "larger" else _size(row)
    is_broken = deed == "stuck"
    return operations.another_compartment(row, size=size, is_broken=is_broken, actor=courier.user)


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
