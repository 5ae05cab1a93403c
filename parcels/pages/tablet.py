"""The tablet beside a locker: a code or QR opens, what else waits comes next. No sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import logout
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from parcels import operations
from parcels.models import LockerBank, Parcel
from parcels.operations.codes import DIGITS
from parcels.pages import label
from parcels.pages.drawing import drawn
from parcels.pages.who import TABLET, come_in

#: Who opened with a code may open what else waits for them, or say that it is shut, so long.
VISIT_S = 240
SALT = "parcels.tablet"


def _bank(secret: str) -> LockerBank:
    bank = operations.bank_of_tablet(secret)
    if bank is None:
        raise Http404
    return bank


def _ticket(parcel: Parcel, others: bool) -> str:
    return signing.dumps([parcel.pk, others], salt=SALT)


def _of_ticket(text: str, bank: LockerBank) -> tuple[Parcel, bool] | None:
    """The parcel of a ticket that this tablet gave a moment ago, and whether others may follow."""
    try:
        key, others = signing.loads(text, salt=SALT, max_age=VISIT_S)
    except signing.BadSignature:
        return None
    rows = Parcel.objects.filter(compound_id=bank.compound_id, pk=key)
    row = rows.select_related("compartment__bank__device", "person").first()
    return (row, others) if row else None


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, secret: str) -> HttpResponse:
    """The code is asked for; given, its door opens. A courier's own code signs them in."""
    bank = _bank(secret)
    facts: dict[str, Any] = {"bank": bank, "secret": secret}
    if request.method == "GET" and TABLET in request.session:
        logout(request)  # a courier who went away from here without a word
    if request.method == "POST":
        text = request.POST.get("code", "")[:120]
        try:
            if operations.is_scan(text):
                user = operations.sign_in_by_scan(bank, text)
                come_in(request, user, bank.compound_id, secret)
                return redirect("courier")
            _check_whole(text)
            row = operations.take_by_code(bank, text)
        except operations.WrongCode as wrong:
            facts["error"] = _wrong(wrong)
        except ValidationError as refusal:
            facts["error"] = refusal.messages[0]
        else:
            return _opened(request, facts, row, others=not row.by_proxy)
    return _first(request, facts)


def _first(request: HttpRequest, facts: dict[str, Any]) -> HttpResponse:
    """The page at rest: it asks for a code, and shows to phones where they are."""
    if sight := operations.shown_by(facts["bank"]):
        facts["shown"] = label.drawn(request, sight)
    return render(request, "courier/tablet.html", facts, status=422 if "error" in facts else 200)


@require_GET
def shown(request: HttpRequest, secret: str) -> HttpResponse:
    """What the tablet shows to phones from now on; asked for when the last is over."""
    sight = operations.shown_by(_bank(secret))
    return JsonResponse(label.drawn(request, sight) if sight else {})


def _check_whole(text: str) -> None:
    """Raises ValidationError for too few digits, as those that phones type: no guess is counted."""
    plain = "".join(text.split())
    if plain.isdigit() and len(plain) < DIGITS:
        told = _("A pick-up code has six digits. The four on this screen are for phones.")
        raise ValidationError(told)


def _wrong(wrong: operations.WrongCode) -> str:
    if wrong.wait_s:
        minutes = max(1, round(wrong.wait_s / 60))
        text = _("Too many wrong codes. This locker takes codes again in %(minutes)s minutes.")
        return text % {"minutes": minutes}
    return ngettext(
        "This code opens nothing here. Compare the locker; %(left)s more try.",
        "This code opens nothing here. Compare the locker; %(left)s more tries.",
        wrong.left,
    ) % {"left": wrong.left}


def _opened(
    request: HttpRequest, facts: dict[str, Any], row: Parcel, *, others: bool, error: str = ""
) -> HttpResponse:
    waiting = operations.others_here(row, facts["bank"]) if others else []
    facts |= {
        "row": row,
        "waiting": waiting,
        "ticket": _ticket(row, others),
        "next_one": waiting[0] if waiting else None,
        "error": error,
    }
    if row.state == Parcel.State.TAKING and row.compartment:
        facts["drawn"] = drawn(row.compartment)
    return render(request, "courier/taken.html", facts, status=422 if error else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, secret: str) -> HttpResponse:
    """The next parcel of the same person, the same door once more, or shut by word."""
    bank = _bank(secret)
    if request.method == "GET":  # as after choosing a language
        return redirect("locker-tablet", secret)
    facts: dict[str, Any] = {"bank": bank, "secret": secret}
    held = _of_ticket(request.POST.get("ticket", "")[:300], bank)
    if held is None:
        facts["error"] = _("This took too long. Please enter the code once more.")
        return _first(request, facts)
    row, others = held
    try:
        deed = request.POST.get("deed", "")
        if deed == "next" and others and (waiting := operations.others_here(row, bank)):
            row = operations.take(waiting[0], what="opened_by_code")
        elif deed == "again":
            row = operations.take_again(row)
        elif deed == "shut":
            row = operations.say_shut(row, operations.door_of(row))
    except ValidationError as refusal:
        return _opened(request, facts, row, others=others, error=refusal.messages[0])
    return _opened(request, facts, row, others=others)


@require_GET
def state(request: HttpRequest, secret: str) -> HttpResponse:
    """Asked by the tablet every second: what the door said."""
    held = _of_ticket(request.GET.get("ticket", "")[:300], _bank(secret))
    if held is None:
        return JsonResponse({"state": "over"})
    row = operations.look(held[0])
    return JsonResponse({"state": row.state, "seen_open": row.seen_open})
