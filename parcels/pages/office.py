"""The desk's own pages for parcels: handing over against a signature, and pictures."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from community.admin_base import show_refusal
from community.querysets import OFFICE
from parcels import operations
from parcels.models import Parcel, ParcelPicture
from residents.operations import request_pictures

PNG = "data:image/png;base64,"
#: A drawn signature is small; more than this is none.
MOST_DRAWN = 400_000


class SignForm(forms.Form):
    """Who signs, and what they drew; or a photo of what they signed on paper."""

    signed_by = forms.CharField(label=_("Who signs"), max_length=80)
    at_home = forms.BooleanField(label=_("Brought to the home"), required=False)
    drawn = forms.CharField(max_length=MOST_DRAWN, required=False, widget=forms.HiddenInput)
    signature = forms.FileField(label=_("or a photo of the signature"), required=False)

    def picture(self) -> bytes:
        """The signature as picture bytes; empty where there is none, or no picture."""
        given = self.cleaned_data.get("signature")
        if given:
            return bytes(given.read(request_pictures.MOST_BYTES + 1))
        drawn = self.cleaned_data.get("drawn", "")
        if not drawn.startswith(PNG):
            return b""
        try:
            return base64.b64decode(drawn.removeprefix(PNG), validate=True)
        except (binascii.Error, ValueError):
            return b""


def _for_the_desk(request: HttpRequest, pk: int) -> Parcel:
    user: Any = request.user
    rows = Parcel.objects.visible_to(user).select_related("carrier", "person", "unit", "shelf")
    row: Parcel = get_object_or_404(rows, pk=pk)
    if not user.roles_in(row.compound_id) & OFFICE:
        raise Http404
    return row


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a parcel over against a signature, drawn here or photographed."""
    row, user = _for_the_desk(request, pk), request.user
    if not user.is_staff:
        raise PermissionDenied
    sent = request.method == "POST"
    initial = {"signed_by": row.person.name if row.person else ""}
    form = SignForm(request.POST, request.FILES) if sent else SignForm(initial=initial)
    if sent and form.is_valid():
        try:
            operations.hand_over(
                row,
                signed_by=form.cleaned_data["signed_by"],
                signature=form.picture(),
                at_home=form.cleaned_data["at_home"],
                actor=user,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("It is handed over."))
            return redirect("admin:parcels_parcel_change", row.pk)
    context = {"row": row, "form": form, "title": _("Hand over against a signature")}
    return render(request, "parcels/sign.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture, for whoever may see its parcel."""
    user: Any = request.user
    row = get_object_or_404(ParcelPicture.objects.visible_to(user), pk=pk)
    body = request_pictures.open_picture(row)  # type: ignore[arg-type]
    if body is None:
        raise Http404
    headers = {"Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type="image/jpeg", headers=headers)
