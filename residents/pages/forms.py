"""The registration form on the phone, for people with and without an account.

Whoever holds the form's link fills it in. A link that was passed on (an invitation) opens it once:
from then on there is a new one, in the hands of whoever fills it in.
"""

from __future__ import annotations

from typing import Any

import segno
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from residents import form_steps, operations, registration_form, standing
from residents.models import Deadline, Person, Registration
from residents.pages.door import enter
from residents.pages.who import files_of

CODES = [step.code for step in form_steps.STEPS]


def _row(token: str) -> Registration:
    """Raises Http404 for a link that is none of ours, was passed on, or is over."""
    row = operations.registration_of_token(token)
    if row is None:
        raise Http404(_("This link is not in use any more."))
    return row


def _actor(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


@never_cache
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, token: str) -> HttpResponse:
    """The QR code of a home: what this is, and a button to begin. Looking begins nothing."""
    unit = operations.home_of_token(token)
    if unit is None:
        return render(request, "home/link_over.html", status=404)
    facts: dict[str, Any] = {"unit": unit}
    if request.method == "POST":
        try:
            row = operations.start_by_code(
                unit, person=_file_in(request, unit.compound_id), actor=_actor(request)
            )
        except ValidationError as error:
            facts["error"] = error.messages[0]
        else:
            return redirect("home-form-step", operations.token_of(row), "you")
    return render(request, "home/scan.html", facts, status=409 if "error" in facts else 200)


def _file_in(request: HttpRequest, compound: int) -> Person | None:
    if not request.user.is_authenticated:
        return None
    return next((row for row in files_of(request) if row.compound_id == compound), None)


@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """The form's own address: the invitation, the next step, or how it stands."""
    row = operations.registration_of_token(token)
    if row is None:
        return render(request, "home/link_over.html", status=404)
    if row.state == "invited":
        if request.method == "POST":
            try:
                row = operations.take_up(row, actor=_actor(request))
            except ValidationError:
                return render(request, "home/link_over.html", status=404)
            return redirect("home-form-step", operations.token_of(row), "you")
        return render(request, "home/scan.html", {"unit": row.unit, "invited": row})
    if row.state in standing.OPEN:
        return redirect("home-form-step", token, _first_open(row))
    return _state(request, row, token)


def _first_open(row: Registration) -> str:
    """Where to go on: at the first remark, else at the first field still needed."""
    marked = [remark.field for remark in row.remarks.all()]
    wanted = {form_steps.STEP_OF.get(name, "check") for name in marked or _lacking(row)}
    return next((code for code in CODES if code in wanted), "check")


def _lacking(row: Registration) -> list[str]:
    return registration_form.missing(row)


def _state(request: HttpRequest, row: Registration, token: str) -> HttpResponse:
    """Handed in: how it stands, and once it is accepted, the way to one's own home page."""
    stand = standing.with_deadlines([row])[0]
    facts = {"stand": stand, "row": row, "token": token, "steps": row.steps.all()}
    facts["may_claim"] = stand.is_live and row.person is not None and row.person.user_id is None
    return render(request, "home/form_state.html", facts)


@never_cache
@require_POST
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """Accepted: whoever filled it in opens their account with it."""
    user = operations.claim_by_form(_row(token))
    return enter(request, user, reverse("home")) if user else redirect("home-sign-in")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, token: str, code: str) -> HttpResponse:
    row = _row(token)
    if row.state not in ("draft", "returned"):
        return redirect("home-form", token)
    here = form_steps.BY_CODE[code]
    if request.method == "POST" and here.asks:
        return _keep(request, row, token, here)
    if code == "check":
        return _check(request, row, token, {})
    fields = form_steps.shown(here, row)
    return render(request, "home/form_step.html", _facts(row, token, here, fields))


def _keep(
    request: HttpRequest, row: Registration, token: str, here: form_steps.Step
) -> HttpResponse:
    values = form_steps.typed(here, request.POST)
    version = request.POST.get("version", "")
    errors: dict[str, list[str]] = {}
    facts: dict[str, Any] = {}
    try:
        operations.fill_step(
            row,
            int(version) if version.isdecimal() and len(version) < 9 else 0,
            actor=_actor(request),
            **form_steps.to_keep(here, values, row),
        )
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            errors = error.message_dict
        else:
            facts["banner"] = _(
                "This form was changed on another device. Save again to keep yours."
            )
    else:
        return redirect("home-form-step", token, CODES[CODES.index(here.code) + 1])
    row.refresh_from_db()
    given = {name: str(request.POST.get(name, "")) for name in values}
    fields = form_steps.shown(here, row, given, errors)
    facts = _facts(row, token, here, fields) | facts | {"bad": len(errors)}
    return render(request, "home/form_step.html", facts, status=422 if errors else 409)


def _facts(
    row: Registration, token: str, here: form_steps.Step, fields: list[form_steps.Shown]
) -> dict[str, Any]:
    place = CODES.index(here.code)
    photos = {photo.kind: photo for photo in row.photos.all()} if here.code == "photos" else {}
    remarks = {remark.field: remark.text for remark in row.remarks.all()}
    return {
        "row": row,
        "token": token,
        "step": here,
        "place": place,
        "steps": form_steps.STEPS,
        "fields": fields,
        "said_in_place": _said_in_place(row, here, remarks),
        "before": CODES[place - 1] if place else "",
        "after": form_steps.STEPS[place + 1] if place + 1 < len(CODES) else None,
        "due": Deadline.objects.filter(registration=row, kind="first_registration", state="open")
        .values_list("due_on", flat=True)
        .first(),
        "saved": row.steps.exists() and row.version > 1,
        "photos": [
            {
                "kind": kind,
                "label": form_steps.label_of(f"photos.{kind}"),
                "photo": photos.get(kind),
                "remark": remarks.get(f"photos.{kind}", ""),
                "needed": kind in registration_form.NEEDED_PHOTOS,
            }
            for kind in form_steps.PHOTO_KINDS
        ],
    }


def _said_in_place(row: Registration, here: form_steps.Step, remarks: dict[str, str]) -> bool:
    """The desk's words stand at their field where it is on this page, and on top elsewhere."""
    held = {text for name, text in remarks.items() if form_steps.STEP_OF.get(name) == here.code}
    return row.return_reason in held


def _check(
    request: HttpRequest, row: Registration, token: str, facts: dict[str, Any], status: int = 200
) -> HttpResponse:
    here = form_steps.BY_CODE["check"]
    lacking = [
        {"name": form_steps.label_of(name), "step": form_steps.STEP_OF.get(name, "you")}
        for name in _lacking(row)
    ]
    remarks = [
        {"name": form_steps.label_of(one.field), "text": one.text}
        | {"step": form_steps.STEP_OF.get(one.field, "you")}
        for one in row.remarks.all()
    ]
    facts = _facts(row, token, here, []) | facts
    facts |= {"parts": form_steps.review(row), "lacking": lacking, "remarks": remarks}
    facts["held"] = [str(photo.get_kind_display()) for photo in row.photos.all()]
    return render(request, "home/form_check.html", facts, status=status)


@never_cache
@require_POST
def submit(request: HttpRequest, token: str) -> HttpResponse:
    row = _row(token)
    try:
        operations.hand_in(row, actor=_actor(request))
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            return _check(request, row, token, {"tried": True}, 422)
    return redirect("home-form", token)


@never_cache
@require_http_methods(["GET", "POST"])
def give_up(request: HttpRequest, token: str) -> HttpResponse:
    """Withdraw a form that nobody has accepted; its photographs go with it."""
    row = _row(token)
    facts: dict[str, Any] = {"row": row, "token": token}
    if request.method == "POST":
        try:
            operations.withdraw(row, actor=_actor(request))
        except ValidationError as error:
            facts["error"] = error.messages[0]
        else:
            return render(request, "home/form_gone.html", facts)
    return render(request, "home/form_give_up.html", facts)


@never_cache
@require_http_methods(["GET"])
def later(request: HttpRequest, token: str) -> HttpResponse:
    """How to go on another time or on another phone: the form's own link."""
    row = _row(token)
    link = request.build_absolute_uri(reverse("home-form", args=[token]))
    facts = {"row": row, "token": token, "link": link, "qr": qr(link), "now": timezone.now()}
    return render(request, "home/form_later.html", facts)


def qr(text: str) -> SafeString:
    drawn = segno.make(text, micro=False, error="m")
    svg: str = drawn.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - drawn by segno, no text in it
