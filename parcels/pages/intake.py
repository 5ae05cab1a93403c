"""The desk takes in what the carriers leave: one after the other, by scanner and keyboard."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods

from community import looks
from community.admin_base import show_refusal
from community.models import Compound
from community.search import Question
from parcels import operations
from parcels.models import Carrier, Kind, Parcel, Shelf
from parcels.operations.moves import clean_waybill
from parcels.pages.load import for_office
from residents import masking
from residents.search import people_for

REASON = gettext_noop("Taking in a parcel at the desk")
#: What the last one had stands ready for the next.
KEPT = "desk_intake"
STICKY = ("carrier", "kind", "shelf")
#: More people than this are no answer; so many of the last parcels are shown.
MOST, SHOWN = 8, 8
NOBODY = "nobody"


class IntakeForm(forms.Form):
    """One parcel or letter: what it is, where it is put, and for whom."""

    use_required_attribute = False

    carrier = forms.ModelChoiceField(
        Carrier.objects.none(), label=gettext_lazy("Carrier"), empty_label="–"
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Kind.choices)
    shelf = forms.ModelChoiceField(
        Shelf.objects.none(), label=gettext_lazy("Shelf"), empty_label="–"
    )
    waybill = forms.CharField(label=gettext_lazy("Waybill"), max_length=60)
    who = forms.CharField(
        label=gettext_lazy("Recipient"), max_length=60, required=False,
        help_text=gettext_lazy(
            "Name, home, or the last four digits of the phone. Of what is to be sent: the sender's."
        ),
    )  # fmt: skip
    label = forms.CharField(
        label=gettext_lazy("Recipient as the label says"), max_length=120, required=False
    )
    person = forms.CharField(required=False, max_length=20)

    def __init__(self, compound: Compound, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("carrier", Carrier), ("shelf", Shelf)):
            field: Any = self.fields[name]
            field.queryset = model.objects.of(compound).filter(is_active=True)
        for name in ("waybill", "who", "label"):
            self.fields[name].widget.attrs |= {"class": "l-input", "autocomplete": "off"}

    def clean_waybill(self) -> str:
        return clean_of("waybill", clean_waybill, self.cleaned_data["waybill"])


def clean_of(name: str, clean: Any, value: str) -> str:
    """What a rule of the verbs makes of a field's value; its refusal under that field."""
    try:
        found: str = clean(value)
    except ValidationError as refusal:
        raise ValidationError(refusal.error_dict[name]) from refusal
    return found


@require_http_methods(["GET", "POST"])
@for_office
def take_in(request: HttpRequest, compound: Compound) -> HttpResponse:
    """First what and for whom; then, among those found, whose it is, or what the label says."""
    if request.method == "GET":
        return _show(request, compound, IntakeForm(compound, initial=_usual(request, compound)))
    form = IntakeForm(compound, request.POST)
    if not form.is_valid():
        return _show(request, compound, form, status=422)
    people = _found(request, compound, form.cleaned_data["who"])
    key = form.cleaned_data["person"]
    chosen = next((one for one in people if str(one.pk) == key), None)
    if chosen is None and key != NOBODY:
        # Asked for the first time, or whoever was chosen is no longer among those found.
        if again := "asked" in request.POST:
            form.add_error("person", _("Choose whose it is."))
        return _show(request, compound, form, people=people, status=422 if again else 200)
    try:
        row = _receive(request, form.cleaned_data, chosen)
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return _show(request, compound, form, people=people, status=422)
    request.session[KEPT] = {name: request.POST.get(name, "")[:20] for name in STICKY}
    whose = chosen.name if chosen else row.label
    said = _("%(parcel)s for %(whose)s lies at %(shelf)s.")
    messages.success(request, said % {"parcel": row, "whose": whose, "shelf": row.shelf})
    return redirect("parcel-in")


def _usual(request: HttpRequest, compound: Compound) -> dict[str, Any]:
    """As the last one; at first the only carrier and the first shelf there are."""
    kept: dict[str, Any] = request.session.get(KEPT) or {}
    shelf = Shelf.objects.of(compound).filter(is_active=True).first()
    carriers = list(Carrier.objects.of(compound).filter(is_active=True)[:2])
    usual = {"shelf": shelf.pk if shelf else None, "kind": Kind.PARCEL}
    usual["carrier"] = carriers[0].pk if len(carriers) == 1 else None
    return usual | kept


def _found(request: HttpRequest, compound: Compound, text: str) -> list[Any]:
    """People whom the text may mean; that they were shown is noted."""
    question = Question(request.user, compound, text.strip())
    if not question.text or question.is_too_short:
        return []
    people = list(people_for(question)[:MOST])
    user: Any = request.user
    looks.looked_up(user, people, REASON)
    return people


def _receive(request: HttpRequest, given: dict[str, Any], person: Any) -> Parcel:
    user: Any = request.user
    homes = sorted((row.unit for row in person.here), key=lambda unit: unit.code) if person else []
    return operations.receive_at_desk(
        shelf=given["shelf"],
        carrier=given["carrier"],
        waybill=given["waybill"],
        kind=given["kind"],
        person=person,
        unit=homes[0] if homes else None,
        label="" if person else given["label"],
        actor=user,
    )


def _only(people: list[Any]) -> str:
    """Who is chosen beforehand: the only one, or nobody; among several the clerk chooses."""
    return str(people[0].pk) if len(people) == 1 else "" if people else NOBODY


def _show(
    request: HttpRequest,
    compound: Compound,
    form: IntakeForm,
    *,
    people: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    lately = Parcel.objects.visible_to(user).filter(compound=compound, state=Parcel.State.DESK)
    rows = lately.select_related("carrier", "person", "unit", "shelf").order_by("-pk")[:SHOWN]
    context = {
        "form": form,
        "is_second": people is not None,
        "is_cut": len(people or []) == MOST,
        "chosen": request.POST.get("person", "") or _only(people or []),
        "people": [
            (one, "、".join(sorted({row.unit.code for row in one.here})), masking.phone(one.phone))
            for one in people or []
        ],
        "rows": [(row, row.person.name if row.person else row.label) for row in rows],
        "nobody": NOBODY,
    }
    return render(request, "parcels/intake.html", context, status=status)
