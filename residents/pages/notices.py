"""A resident's notices, and the paper copy for the board."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from community.models import User
from community.querysets import OFFICE
from residents import operations
from residents.models import Notice, NoticeRead

PER_PAGE = 20


def acting(request: HttpRequest) -> User:
    user: Any = request.user
    return user


@login_required
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


@login_required
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice; to open it is to read it."""
    user = acting(request)
    row = get_object_or_404(Notice.objects.for_reader(user).select_related("compound"), pk=pk)
    operations.read_notice(row, user)
    return render(request, "home/notice.html", {"notice": row})


@login_required
@require_GET
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet for the board, printed by the browser."""
    user = acting(request)
    row = get_object_or_404(Notice.objects.visible_to(user).select_related("compound"), pk=pk)
    if not user.roles_in(row.compound_id) & OFFICE:
        raise PermissionDenied
    return render(request, "desk/board.html", {"notice": row})
