"""`/park/…`: plate, price, pay, drive out. No account, no cookie needed but for the form."""

from __future__ import annotations

from typing import Any

from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.models import Compound
from community.vision import grammar
from parking import operations
from parking.models import Payment, PaymentAccount, Receipt, Stay
from parking.pay.receipts import as_pdf
from parking.pay.tickets import pay_path, stay_of
from parking.payments import BadNotice, NotTaken, provider_for
from parking.pricebook import RELATED, Due, book_of, due, stored
from parking.tariff_words import shown, yuan

#: So many plates may be asked for from one address in so many seconds: a driver mistypes, a
#: neighbour who tries all plates of a street does not get far.
MOST_TRIES, WITHIN_S = 12, 600
MOST_NOTICE = 64 * 1024


def _closed(answer: HttpResponse) -> HttpResponse:
    """The address is the key: no other site may learn it, no search engine may keep it.

    With ``no-referrer`` a browser would send its forms from nowhere, and they would be refused.
    """
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
def ask_plate(request: HttpRequest, code: str) -> HttpResponse:
    """Behind the printed code of a compound: which car?"""
    compound = get_object_or_404(Compound, code=code)
    facts: dict[str, Any] = {"compound": compound, "plate": "", "error": ""}
    if request.method == "POST":
        facts["plate"] = request.POST.get("plate", "")[:30]
        if not _may_try(request):
            facts["error"] = _("Too many plates from this phone. Ask the guard, please.")
            return _closed(render(request, "pay/plate.html", facts, status=429))
        stay = find(compound, facts["plate"])
        if stay is not None:
            return redirect(pay_path(stay))
        facts["error"] = _("Nothing is to be paid for this car here. Compare the plate, please.")
        if not grammar.is_plate(facts["plate"]):
            facts["error"] = _(
                "This is no number plate. Give province, letter and characters: 京A12345."
            )
    status = 422 if facts["error"] else 200
    return _closed(render(request, "pay/plate.html", facts, status=status))


def find(compound: Compound, typed: str) -> Stay | None:
    """The stay to pay for: the open one, else the last with a debt. Residents' are not shown.

    When a car of somebody who lives here comes and goes is nobody's business at the gate.
    """
    if not grammar.is_plate(typed):
        return None
    plate = grammar.normalise(typed)
    rows = Stay.objects.of(compound).filter(plate=plate, area=None, vehicle=None)
    rows = rows.select_related("compound", *RELATED)
    inside: Stay | None = rows.filter(left_at=None).first()
    if inside is not None:
        return inside
    owing: Stay | None = (
        rows.filter(debt__isnull=False, debt__settled_at=None, debt__waived_at=None)
        .order_by("-left_at")
        .first()
    )
    return owing


def _may_try(request: HttpRequest) -> bool:
    cache = caches["shared"]
    key = f"pay-plate:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, WITHIN_S)
    return int(cache.incr(key)) <= MOST_TRIES


@never_cache
@require_http_methods(["GET", "POST"])
def stay_page(request: HttpRequest, ticket: str) -> HttpResponse:
    """What one stay costs, line by line, and the way to pay for it."""
    stay = stay_of(ticket)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            _act(request, stay)
        except ValidationError as refusal:
            told = getattr(refusal, "message_dict", None) or {"page": refusal.messages}
            errors = {name: " ".join(texts) for name, texts in told.items()}
        else:
            return redirect("pay-stay", ticket)
    facts = _facts(stay) | {"ticket": ticket, "errors": errors}
    facts["code"] = request.POST.get("code", "")[:40]
    return _closed(render(request, "pay/stay.html", facts, status=422 if errors else 200))


def _act(request: HttpRequest, stay: Stay) -> None:
    if request.POST.get("deed") == "coupon":
        operations.use_coupon(stay, request.POST.get("code", ""))
        return
    address = str(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    operations.ask_payment(stay, Payment.Way.PHONE, payer_address=address)


def owed_now(stay: Stay) -> Due:
    return due(stay, stay.left_at or timezone.now(), book_of(stay.compound))


def _facts(stay: Stay) -> dict[str, Any]:
    owed = owed_now(stay)
    waiting = _waiting(stay)
    if waiting is not None and not _leads_on(waiting, owed):
        waiting = None
    receipt = Payment.objects.filter(stay=stay, state=Payment.State.PAID).order_by("-pk").first()
    return {
        "stay": stay,
        "compound": stay.compound,
        "until": owed.until,
        "lines": shown(stored(owed.priced.price)),
        "total": yuan(owed.priced.price.total),
        "paid": yuan(owed.paid_fen) if owed.paid_fen else "",
        "due": yuan(owed.due_fen) if owed.due_fen else "",
        "grace_until": owed.grace_until,
        "waiting": waiting,
        "payment": receipt,
        "with_coupon": hasattr(stay, "coupon_use"),
    }


def _leads_on(waiting: Payment, owed: Due) -> bool:
    same = waiting.amount_fen == owed.due_fen
    return same and operations.may_be_opened(waiting, timezone.now())


def _waiting(stay: Stay) -> Payment | None:
    rows = Payment.objects.filter(stay=stay, state=Payment.State.WAITING, way=Payment.Way.PHONE)
    found: Payment | None = rows.exclude(link="").select_related("account").first()
    return found


@never_cache
@require_GET
def state(request: HttpRequest, ticket: str) -> HttpResponse:
    """Asked by the page every few seconds while an order waits: has the money come?

    ``opens``: whether the page's way to pay still leads somewhere.
    """
    stay = stay_of(ticket)
    waiting = Payment.objects.filter(stay=stay, state=Payment.State.WAITING)
    payment = waiting.select_related("account", "stay").first()
    if payment is not None:
        operations.look(payment)
    owed, still = owed_now(stay_of(ticket)), _waiting(stay)
    opens = still is not None and _leads_on(still, owed)
    return JsonResponse({"due": owed.due_fen, "opens": opens})


@never_cache
@require_POST
def receipt(request: HttpRequest, ticket: str) -> HttpResponse:
    """Issue the receipt of the last payment of a stay, and lead to it."""
    stay = stay_of(ticket)
    rows = Payment.objects.filter(stay=stay, state=Payment.State.PAID)
    payment = rows.order_by("-pk").first()
    if payment is None:
        raise Http404
    try:
        row = operations.issue_receipt(payment, title=request.POST.get("title", "")[:200])
    except ValidationError as refusal:
        errors = {"title": " ".join(refusal.messages)}
        facts = _facts(stay) | {"ticket": ticket, "errors": errors}
        return _closed(render(request, "pay/stay.html", facts, status=422))
    return redirect("pay-receipt", row.secret)


@never_cache
@require_GET
def receipt_file(request: HttpRequest, secret: str) -> HttpResponse:
    rows = Receipt.objects.select_related("compound", "payment__stay__charge")
    row = get_object_or_404(rows, secret=secret)
    answer = HttpResponse(as_pdf(row), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row}.pdf"'
    return _closed(answer)


@csrf_exempt
@require_POST
def notice(request: HttpRequest, secret: str) -> HttpResponse:
    """The provider's door: what it signed is booked once; all else changes nothing."""
    account = get_object_or_404(PaymentAccount.objects.select_related("compound"), secret=secret)
    body = request.read(MOST_NOTICE + 1)
    try:
        provider = provider_for(account)
        operations.take_notice(account, request.headers, body)
    except BadNotice:
        status, said = provider.reply(taken=False)
    except NotTaken:
        return JsonResponse({}, status=503)
    else:
        status, said = provider.reply(taken=True)
    return JsonResponse(said, status=status)


# The simulated provider's own page, where a phone would show its wallet.


@never_cache
@require_http_methods(["GET", "POST"])
def simulated(request: HttpRequest, number: str) -> HttpResponse:
    """Pay without money, where an account of a simulated provider says so."""
    from parking.payments import simulated as provider

    rows = Payment.objects.select_related("account", "stay__compound")
    payment = get_object_or_404(rows, number=number, account__driver="simulated")
    account = payment.account
    if request.method == "POST" and account is not None:
        provider.pay(account.pk, payment.number)
        secret = str(account.credentials.get("secret") or "simulated")  # type: ignore[attr-defined]
        headers, body = provider.notice_of(account.pk, payment.number, secret)
        operations.take_notice(account, headers, body)
        return redirect(pay_path(payment.stay))
    facts = {"payment": payment, "amount": yuan(payment.amount_fen)}
    facts |= {"compound": payment.compound, "back": pay_path(payment.stay)}
    return _closed(render(request, "pay/simulated.html", facts))


urlpatterns = [
    path("park/<slug:code>/", ask_plate, name="pay-plate"),
    path("park/stay/<str:ticket>/", stay_page, name="pay-stay"),
    path("park/stay/<str:ticket>/state/", state, name="pay-state"),
    path("park/stay/<str:ticket>/receipt/", receipt, name="pay-receipt-issue"),
    path("park/receipt/<str:secret>/", receipt_file, name="pay-receipt"),
    path("park/simulated/<str:number>/", simulated, name="pay-simulated"),
    path("park/notices/<str:secret>/", notice, name="payment-notice"),
]
