"""A phone or tablet as a camera: a page that films, and the door that takes its frames.

Each frame replaces the one before in a small file, which the camera's worker reads like any source.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from community.models import Device, Lane
from community.verdicts import sentence
from community.vision import pictures
from security.models import Reading
from security.sources.stills import frame_path, replace_file

#: Who may point a phone at a lane.
FILMERS = frozenset({"guard", "installer", "manager"})
FRAME_BYTES = 1_500_000
FRAME_PIXELS = 2560 * 1440
REFUSALS = {
    "too_large": (413, gettext_lazy("This picture is too large. Send smaller ones.")),
    "too_many_pixels": (413, gettext_lazy("This picture is too large. Send smaller ones.")),
    "not_jpeg": (415, gettext_lazy("Frames are taken as JPEG only.")),
    "not_a_picture": (400, gettext_lazy("This picture is damaged. The next one may be better.")),
    "truncated": (400, gettext_lazy("This picture is damaged. The next one may be better.")),
    "disk_full": (507, gettext_lazy("The office's computer has no room left. Tell the manager.")),
    "signed_out": (401, gettext_lazy("You are signed out. Sign in again, then start the camera.")),
    "no_role": (403, gettext_lazy("You may not use a phone as a camera here.")),
    "no_camera": (404, gettext_lazy("No such camera is in use. Choose another one.")),
}


def _cameras(request: Any) -> Any:
    seen = Device.objects.active().visible_to(request.user).of(request.compound)
    return seen.filter(kind=Device.Kind.CAMERA, driver="browser").order_by("name")


def _may_film(request: Any) -> bool:
    return bool(request.compound and request.user.roles_in(request.compound) & FILMERS)


def for_filmers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Signed in, with a role that may film in the compound in use."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not _may_film(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@require_safe
@for_filmers
def choose(request: HttpRequest) -> HttpResponse:
    """The cameras that phones can be, and where each looks."""
    cameras = _cameras(request).prefetch_related("watched_lanes")
    return render(request, "security/cameras.html", {"cameras": cameras})


@require_safe
@for_filmers
def page(request: HttpRequest, key: int) -> HttpResponse:
    """The page that films, for one camera."""
    camera = _cameras(request).filter(pk=key).first()
    if camera is None:
        raise Http404
    lanes = Lane.objects.filter(camera=camera, is_active=True)
    context = {"camera": camera, "lanes": lanes, "seen": _seen(request, camera)}
    return render(request, "security/camera.html", context)


@require_safe
@for_filmers
def seen(request: HttpRequest, key: int) -> HttpResponse:
    """What was read last from this camera, drawn again while the phone films."""
    camera = _cameras(request).filter(pk=key).first()
    if camera is None:
        raise Http404
    return render(request, "security/camera_seen.html", {"seen": _seen(request, camera)})


def _seen(request: Any, camera: Device) -> list[dict[str, Any]]:
    """The last passages that this camera's readings led to, for those who watch the gates."""
    readings = Reading.objects.visible_to(request.user).filter(device=camera, passage__isnull=False)
    newest = readings.select_related("passage").order_by("-id")[:3]
    return [
        {
            "plate": reading.passage.plate,
            "kind": reading.passage.kind,
            "why": sentence(reading.passage.code, reading.passage.facts),
            "at": reading.captured_at,
            "sure": f"{reading.confidence:.0%}" if reading.passage.plate else "",
        }
        for reading in newest
    ]


@require_POST
@never_cache
def frames(request: HttpRequest, key: int) -> HttpResponse:
    """Takes one JPEG as the body. The time that counts is when it arrived, never the phone's."""
    if not request.user.is_authenticated:
        return _refused("signed_out")
    if not _may_film(request):
        return _refused("no_role")
    camera = _cameras(request).filter(pk=key).first()
    if camera is None:
        return _refused("no_camera")
    try:
        frame = _frame(request)
        replace_file(frame_path(camera.pk), frame)
    except pictures.PictureError as error:
        return _refused(error.code)
    except _NotJpeg:
        return _refused("not_jpeg")
    except OSError:
        return _refused("disk_full")
    return JsonResponse({"watched": camera.health == Device.Health.ONLINE})


class _NotJpeg(Exception):
    """The body is something else."""


def _frame(request: HttpRequest) -> bytes:
    """The body as a whole, decodable JPEG. Raises PictureError, _NotJpeg."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > FRAME_BYTES:
        raise pictures.PictureError("too_large")
    body = request.read(FRAME_BYTES + 1)
    if pictures.format_of(body) != "jpeg":
        raise _NotJpeg
    pictures.decode(body, max_bytes=FRAME_BYTES, max_pixels=FRAME_PIXELS)
    return body


def _refused(code: str) -> JsonResponse:
    status, text = REFUSALS[code]
    return JsonResponse({"code": code, "message": str(text)}, status=status)


urlpatterns = [
    path("camera/", choose, name="cameras"),
    path("camera/<int:key>/", page, name="camera"),
    path("camera/<int:key>/seen/", seen, name="camera-seen"),
    path("camera/<int:key>/frames/", frames, name="camera-frames"),
]
