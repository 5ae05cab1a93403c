"""Pictures of passages for those whose stay it is, and for who answers a dispute about it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import re_path
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parking import own
from parking.models import Debt, Dispute, Stay
from residents.models import Person
from residents.pages.who import at_home
from security import pictures
from security.models import Passage

#: Browsers draw it although it is a 404: words stand where a broken picture would.
NOTHING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><rect width="320" height="200"'
    ' fill="#8a9499" fill-opacity=".18"/><text x="160" y="106" text-anchor="middle"'
    ' font-family="sans-serif" font-size="18" fill="#7d878c">{}</text></svg>'
)


@at_home
@require_GET
def of_stay(request: HttpRequest, person: Person, pk: int, way: str) -> HttpResponse:
    """A picture of one's own car at the gate; nobody else's, and nobody on foot."""
    stay = get_object_or_404(own.stays_of(person), pk=pk)
    if not own.may_see_pictures(stay, person):
        raise Http404
    return _picture(stay, way)


@login_required
@require_GET
def of_dispute(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """The same for the desk and the guard, for as long as somebody disputes the stay."""
    user: Any = request.user
    rows = Dispute.objects.visible_to(user).select_related("stay__vehicle", "person")
    row = get_object_or_404(rows, pk=pk)
    staff = user.is_superuser or user.roles_in(row.compound_id) & Dispute.objects.all().roles
    if not staff and not (row.person and own.may_see_pictures(row.stay, row.person)):
        raise Http404
    return _picture(row.stay, way)


@login_required
@require_GET
def of_debt(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """The same for whoever asks for the money: a car without a plate is known by its looks."""
    user: Any = request.user
    rows = Debt.objects.visible_to(user).select_related("stay")
    return _picture(get_object_or_404(rows, pk=pk).stay, way)


def _picture(stay: Stay, way: str) -> HttpResponse:
    key = stay.entry_passage if way == "in" else stay.exit_passage
    rows = Passage.objects.filter(compound_id=stay.compound_id, pk=key or 0, way="")
    passage = rows.select_related("picture").first()
    body = pictures.read(passage.picture) if passage and passage.picture else None
    headers = {"Cache-Control": "private, no-store"}
    if body is None:
        said = NOTHING.format(escape(_("No picture is kept")))
        return HttpResponse(said, content_type="image/svg+xml", headers=headers, status=404)
    return HttpResponse(body, content_type="image/jpeg", headers=headers)


WAY = r"(?P<pk>[0-9]{1,18})/(?P<way>in|out)/$"
urlpatterns = [
    re_path(rf"^home/cars/stays/{WAY}", of_stay, name="home-stay-picture"),
    re_path(rf"^parking/disputes/{WAY}", of_dispute, name="dispute-picture"),
    re_path(rf"^parking/debts/{WAY}", of_debt, name="debt-picture"),
]
