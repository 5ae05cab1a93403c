"""A visitor's pass: a page without an account, opened by its secret alone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from community import retention
from community.models import Gate, RetentionRule
from community.qr import code_picture
from residents import ways
from residents.models import Visit


@never_cache
@require_safe
def visitor_pass(request: HttpRequest, secret: str) -> HttpResponse:
    """The pass as it stands; whoever holds the address holds the pass."""
    visit = _visit(secret)
    gates = Gate.objects.filter(compound=visit.compound).order_by("order", "name")
    context = {
        "visit": visit,
        "state": state_of(visit),
        "left": None if visit.most_entries is None else visit.most_entries - visit.entries,
        "gates": gates,
        "days": retention.days_kept(visit.compound_id, RetentionRule.Subject.VISITS),
        "code": code_picture(f"{ways.PASS}:{secret}"),
    }
    answer = render(request, "pass/page.html", context)
    # The address is the key: no other site may learn it, no search engine may keep it.
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _visit(secret: str) -> Visit:
    rows = Visit.objects.select_related("unit__building", "compound")
    found: Visit | None = rows.filter(digest=ways.pass_digest(secret)).first()
    if found is None:
        raise Http404
    return found


def state_of(visit: Visit) -> str:
    """inside, revoked, over, early, used_up or valid, at this moment."""
    now = timezone.now()
    if visit.stays.filter(left_at=None).exists():
        return "inside"
    if visit.revoked_at is not None:
        return "revoked"
    if now >= visit.ends_at:
        return "over"
    if visit.most_entries is not None and visit.entries >= visit.most_entries:
        return "used_up"
    return "early" if now < visit.starts_at else "valid"


urlpatterns = [path("pass/<str:secret>/", visitor_pass, name="visitor-pass")]
