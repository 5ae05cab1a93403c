"""`/desk/parking/`: tariffs with examples, the till's shifts, days compared with the provider."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parking import operations
from parking.models import CashShift, PaymentAccount, Reconciliation, Tariff
from parking.money_querysets import MONEY, TILL
from parking.money_words import differences
from parking.office.doors import for_roles
from parking.office.forms import Editor
from parking.office.preview import examples, filled, preview
from parking.office.reading import common, told
from parking.operations.cash import total_of
from parking.payments import NotTaken, Unsure
from parking.pricebook import draft_book
from parking.provider_words import sentence
from parking.tariff_words import yuan
from parking.tariffs import parse

MANAGERS = frozenset({"manager"})


def _tariffs(request: Any) -> Any:
    return Tariff.objects.of(request.compound).select_related("compound", "switched_on_by")


@for_roles(TILL)
@require_GET
def tariffs(request: Any) -> HttpResponse:
    """All versions: the one in force, those to come, drafts, and what was."""
    rows = list(_tariffs(request)[:100])
    today = timezone.localdate()
    on = [row for row in rows if row.switched_on_at and row.starts_on <= today]
    facts = {"rows": rows, "current": on[0] if on else None, "today": today}
    facts["writes"] = _writes(request)
    return render(request, "parking/tariffs.html", facts)


def _writes(request: Any) -> bool:
    return bool(request.user.roles_in(request.compound) & MANAGERS)


@for_roles(TILL)
@require_http_methods(["GET", "POST"])
def tariff(request: Any, key: int = 0) -> HttpResponse:
    """One version: changed while it is a draft, tried out, switched on."""
    row = get_object_or_404(_tariffs(request), pk=key) if key else None
    rules = filled(row.rules) if row else _beginning(request)
    values = {"name": row.name, "starts_on": row.starts_on, "source": row.source} if row else {}
    editor = Editor(request.POST if request.method == "POST" else None, values, rules)
    errors: list[str] = []
    if request.method == "POST":
        if not _writes(request):
            raise PermissionDenied
        saved = _save(request, editor, row, errors)
        if saved is not None:
            return redirect("parking-tariff", saved.pk)
    facts = _shown(row) | {"editor": editor, "errors": errors, "writes": _writes(request)}
    return render(request, "parking/tariff.html", facts, status=422 if errors else 200)


def _beginning(request: Any) -> dict[str, Any]:
    """A new version begins with the rules of the one it was opened from, else empty."""
    start = request.GET.get("from", "")
    known = _tariffs(request).filter(pk=int(start)) if start.isdecimal() and len(start) < 10 else ()
    return next((filled(each.rules) for each in known), {})


def _save(request: Any, editor: Editor, row: Tariff | None, errors: list[str]) -> Tariff | None:
    if not editor.is_valid():
        errors.append(_("Some fields need another look. Nothing was saved."))
        return None
    given = editor.form.cleaned_data
    try:
        return operations.save_tariff(
            compound=request.compound, name=given["name"], starts_on=given["starts_on"],
            source=given["source"], rules=editor.rules(), tariff=row, actor=request.user,
        )  # fmt: skip
    except ValidationError as refusal:
        errors.extend(refusal.messages)
        return None


def _shown(row: Tariff | None) -> dict[str, Any]:
    if row is None:
        return {"row": None}
    rules = parse(row.rules)
    facts: dict[str, Any] = {"row": row, "examples": examples(rules, draft_book(row))}
    if row.switched_on_at is None:
        return facts | {"preview": preview(row)}
    return facts | {"common": common(rules), "told": told(rules)}


@for_roles(MANAGERS)
@require_POST
def switch_on(request: Any, key: int) -> HttpResponse:
    row = get_object_or_404(_tariffs(request), pk=key)
    try:
        operations.switch_on(row, actor=request.user)
    except ValidationError as refusal:
        editor = Editor(None, {"name": row.name, "starts_on": row.starts_on}, filled(row.rules))
        facts = _shown(row) | {"editor": editor, "errors": refusal.messages, "writes": True}
        return render(request, "parking/tariff.html", facts, status=422)
    return redirect("parking-tariff", row.pk)


@for_roles(TILL)
@require_http_methods(["GET", "POST"])
def reconciliation(request: Any) -> HttpResponse:
    """Days compared with the provider's list; one may be compared anew."""
    errors: list[str] = []
    if request.method == "POST":
        _compare(request, errors)
        if not errors:
            return redirect("parking-reconciliation")
    rows = Reconciliation.objects.of(request.compound).select_related("account")
    page = Paginator(rows, 14).get_page(request.GET.get("page"))
    shown = [(row, yuan(row.ours_fen), yuan(row.theirs_fen), differences(row)) for row in page]
    yesterday = timezone.localdate() - timedelta(days=1)
    facts = {"page": page, "rows": shown, "errors": errors, "yesterday": yesterday}
    account = PaymentAccount.objects.of(request.compound).filter(is_active=True).first()
    facts |= {"account": account, "trouble": sentence(account.trouble) if account else ""}
    facts["writes"] = _writes(request)
    return render(request, "parking/reconciliation.html", facts, status=422 if errors else 200)


def _compare(request: Any, errors: list[str]) -> None:
    account = PaymentAccount.objects.of(request.compound).filter(is_active=True).first()
    try:
        day = parse_date(request.POST.get("day", "")[:10])
    except ValueError:
        day = None
    if account is None:
        # The page says what to do; its form is not shown either.
        errors.append(_("There is no account in use, so nothing can be compared."))
        return
    if day is None or day > timezone.localdate():
        errors.append(_("Choose a day that has been."))
        return
    try:
        operations.reconcile(account, day, actor=request.user)
    except (NotTaken, Unsure) as fault:
        errors.append(sentence(fault.code))


@for_roles(MONEY)
@require_http_methods(["GET", "POST"])
def till(request: Any) -> HttpResponse:
    """One's own shift at the booth: what was taken, and the count at its end."""
    rows = CashShift.objects.of(request.compound).filter(cashier=request.user)
    shift = rows.filter(closed_at=None).first()
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _turn(request, shift)
        if not errors:
            return redirect("parking-till")
    payments = shift.payments.select_related("stay__ticket").order_by("-pk") if shift else None
    taken = [] if payments is None else list(payments[:100])
    facts = {
        "shift": shift, "expected": yuan(total_of(shift)) if shift else "", "errors": errors,
        "taken": [(row, yuan(row.amount_fen)) for row in taken],
        "before": [(row, yuan(row.expected_fen or 0), yuan(row.counted_fen or 0),
                    yuan((row.counted_fen or 0) - (row.expected_fen or 0)))
                   for row in rows.exclude(closed_at=None)[:14]],
    }  # fmt: skip
    return render(request, "parking/till.html", facts, status=422 if errors else 200)


def _turn(request: Any, shift: CashShift | None) -> dict[str, str]:
    """Begin a shift, or close it with what was counted, in yuan."""
    if shift is None:
        operations.begin_shift(request.compound, request.user)
        return {}
    yuan_, _dot, cents = request.POST.get("counted", "").strip().partition(".")
    if not (yuan_ + cents).isdecimal() or len(yuan_) > 8 or len(cents) > 2 or not yuan_.isascii():
        return {"counted": _("Give the amount that was counted.")}
    fen = int(yuan_ or 0) * 100 + int((cents + "00")[:2])
    try:
        note = request.POST.get("note", "")[:400]
        operations.close_shift(shift, fen, note=note, actor=request.user)
    except ValidationError as refusal:
        return {name: " ".join(texts) for name, texts in refusal.message_dict.items()}
    return {}


urlpatterns = [
    path("desk/parking/tariffs/", tariffs, name="parking-tariffs"),
    path("desk/parking/tariffs/new/", tariff, name="parking-tariff-new"),
    path("desk/parking/tariffs/<int:key>/", tariff, name="parking-tariff"),
    path("desk/parking/tariffs/<int:key>/on/", switch_on, name="parking-tariff-on"),
    path("desk/parking/reconciliation/", reconciliation, name="parking-reconciliation"),
    path("desk/parking/till/", till, name="parking-till"),
]
