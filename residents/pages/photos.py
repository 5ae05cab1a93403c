"""Photographs of documents in the form: taken, shown to whoever fills it in, erased."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from residents import form_steps, operations
from residents.models import Registration, RegistrationPhoto
from residents.operations.photos import FAULTS, open_photo
from residents.pages.forms import _actor, _facts, _row

HERE = form_steps.BY_CODE["photos"]


def _open_row(token: str) -> Registration:
    """The form while it can be filled in: later, the desk looks at photographs with a reason."""
    row = _row(token)
    if row.state not in ("draft", "returned"):
        raise Http404
    return row


@never_cache
@require_POST
def add(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    row = _open_row(token)
    file = request.FILES.get("photo")
    try:
        if file is None:
            raise ValidationError(_("Choose or take a photograph."))
        if (file.size or 0) > settings.PICTURE_MAX_BYTES:
            raise ValidationError(FAULTS["too_large"])
        operations.add_photo(row, kind, file.read(), actor=_actor(request))
    except ValidationError as error:
        facts = _facts(row, token, HERE, [])
        for each in facts["photos"]:
            each["errors"] = error.messages if each["kind"] == kind else []
        return render(request, "home/form_step.html", facts | {"bad": 1}, status=422)
    return redirect("home-form-step", token, "photos")


@never_cache
@require_GET
def show(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    row = _open_row(token)
    photo: Any = get_object_or_404(RegistrationPhoto, registration=row, kind=kind)
    jpeg = open_photo(photo)
    if jpeg is None:
        raise Http404
    answer = HttpResponse(jpeg, content_type="image/jpeg")
    answer.headers["Content-Disposition"] = "inline"
    return answer


@never_cache
@require_POST
def remove(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    row = _open_row(token)
    photo = RegistrationPhoto.objects.filter(registration=row, kind=kind).first()
    if photo is not None:
        operations.remove_photo(photo, actor=_actor(request))
    return redirect("home-form-step", token, "photos")
