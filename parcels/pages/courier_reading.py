"""A courier's phone films a waybill; where its browser reads no barcodes, one frame comes here."""

from __future__ import annotations

from threading import BoundedSemaphore

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.vision import barcodes, codes, pictures
from community.vision.arrays import Frame
from parcels.operations.moves import clean_waybill
from parcels.pages.who import account

#: A frame as our page sends it, and a photograph that it made smaller.
FRAME_BYTES, FRAME_PIXELS = 900_000, 1920 * 1440
#: So many are read at once in a process; the page of whoever comes besides sends another soon.
AT_ONCE = 2
_places = BoundedSemaphore(AT_ONCE)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """``waybill`` of one JPEG, or what is ``said`` of it; 204 without any. Nothing is kept."""
    if account(request) is None:
        return JsonResponse({"state": "signed_out"}, status=403)
    body = request.read(FRAME_BYTES + 1)
    if len(body) > FRAME_BYTES or pictures.format_of(body) != "jpeg":
        return JsonResponse({"code": "bad_request"}, status=400)
    if not _places.acquire(blocking=False):
        return HttpResponse(status=204)
    try:
        frame = pictures.decode(body, max_bytes=FRAME_BYTES, max_pixels=FRAME_PIXELS)
        found = waybills_in(frame)
    except pictures.PictureError:
        return JsonResponse({"code": "bad_request"}, status=400)
    finally:
        _places.release()
    if len(found) > 1:
        said = _("Several numbers are in the picture. Hold the phone nearer to one barcode.")
        return JsonResponse({"said": said})
    return JsonResponse({"waybill": found[0]}) if found else HttpResponse(status=204)


def waybills_in(frame: Frame) -> list[str]:
    """What may be a waybill's number in a frame: barcodes, and only without any its QR code."""
    found = [number for text in barcodes.read_bars(frame) if (number := _number(text))]
    if not found and (number := _number(codes.read_code(frame) or "")):
        found = [number]
    return list(dict.fromkeys(found))


def _number(text: str) -> str:
    """The number that a text is; empty for addresses and whatever else stands on labels."""
    try:
        return clean_waybill(text)
    except ValidationError:
        return ""
