"""The label of a bank: printed in the office, stuck beside its doors, read by phones."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from community.pages import url_of
from community.qr import code_picture
from parcels import operations
from parcels.models import LockerBank, PhoneProof
from parcels.operations.nearness import Sight
from parcels.pages.connect import for_installers


def drawn(request: HttpRequest, sight: Sight) -> dict[str, object]:
    """What is shown, with its QR code: the address at which the phone that scans it arrives."""
    address = request.build_absolute_uri(url_of("home-parcel-near", sight.token))
    return {"code": sight.code, "left_s": sight.left_s, "qr": code_picture(address)}


@require_http_methods(["GET", "POST"])
@for_installers
def label(request: HttpRequest, bank: LockerBank) -> HttpResponse:
    """A sheet to print; sent, a new one that ends those before it."""
    if request.method == "POST":
        operations.new_label(bank, actor=request.user)  # type: ignore[arg-type]
        return redirect("locker-label", bank.pk)
    facts: dict[str, Any] = {"bank": bank, "shown": drawn(request, operations.label_of(bank))}
    facts["counts"] = operations.proof_of(bank) == PhoneProof.LABEL
    return render(request, "parcels/label.html", facts)
