"""A resident's notices, and the paper copy for the board."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from community.querysets import OFFICE
from residents import operations
from residents.models import Notice, NoticeRead, Person, ServiceRequest
from residents.pages.who import acting, at_home

PER_PAGE = 20


@login_required(login_url="home-sign-in")
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What stands now for this reader; unread ones are marked."""
    user = acting(request)
    rows = Notice.objects.for_reader(user).select_related("compound")
    page = Paginator(rows.order_by("-publish_at", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    read = set(NoticeRead.objects.filter(user=user).values_list("notice_id", flat=True))
    shown = [(row, row.pk not in read) for row in page]
    return render(request, "home/notices.html", {"page": page, "notices": shown})


@login_required(login_url="home-sign-in")
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice; to open it is to read it."""
    user = acting(request)
    row = get_object_or_404(Notice.objects.for_reader(user).select_related("compound"), pk=pk)
    operations.read_notice(row, user)
    return render(request, "home/notice.html", {"notice": row})


@at_home
@require_GET
def services_card(request: HttpRequest, person: Person) -> HttpResponse:
    """On the resident's home: what is new, and what is being done."""
    user = acting(request)
    rows = Notice.objects.for_reader(user).exclude(reads__user=user).order_by("-publish_at", "-pk")
    mine = ServiceRequest.objects.filter(person__user=user).order_by("-pk")
    going = mine.filter(state__in=["reported", "assigned", "in_work", "done"])
    return render(
        request,
        "home/card_services.html",
        {"notices": rows[:3], "requests": going.select_related("unit", "assigned_to")[:3]},
    )


@login_required
@require_GET
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet for the board, printed by the browser."""
    user = acting(request)
    row = get_object_or_404(Notice.objects.visible_to(user).select_related("compound"), pk=pk)
    if not user.roles_in(row.compound_id) & OFFICE:
        raise PermissionDenied
    return render(request, "desk/board.html", {"notice": row})
