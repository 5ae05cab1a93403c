"""Pictures that people sent, for whoever may see what they were sent for."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_GET

from community import looks
from parking.models import BlockedCar, CarWish, Dispute
from parking.operations import sealed

OF: dict[str, Any] = {"licence": CarWish, "dispute": Dispute, "blocked": BlockedCar}
REASON = "Looked at a picture that was sent with it"


@login_required
@require_GET
def picture(request: HttpRequest, of: str, pk: int) -> HttpResponse:
    """The staff's look at a person's licence is noted with that person's file."""
    user: Any = request.user
    if of not in OF:
        raise Http404
    row = get_object_or_404(OF[of].objects.visible_to(user).select_related("person"), pk=pk)
    body = sealed.shown(row)
    if body is None:
        raise Http404
    if of == "licence" and row.person is not None and row.person.user_id != user.pk:
        looks.looked_up(user, [row.person], REASON)
    headers = {"Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type="image/jpeg", headers=headers)


urlpatterns = [path("parking/pictures/<slug:of>/<int:pk>/", picture, name="parking-picture")]
