"""At the desk: cards handed out and ended, and the slip that goes with a card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.desk import Card, Case, Deed, DeskForm, Line, Paper
from community.pages import url_of
from residents import face_state, operations
from residents.models import Consent, WayIn

PERSON = frozenset({"person"})
#: Why a clerk ends one; a move or a new phone ends them by itself.
WHY = [one for one in WayIn.End.choices if one[0] in {"lost", "withdrawn"}]


def _active(case: Case) -> Any:
    rows = WayIn.objects.visible_to(case.user).of(case.compound).active()
    return rows.filter(person=case.row).select_related("unit").order_by("-issued_at", "-pk")


def card(case: Case) -> Card:
    lines = [_line(row) for row in _active(case)[:20]]
    return Card(_("Ways in"), "key", lines, _("No card, code or PIN yet."), ("give-card",))


def face_card(case: Case) -> Card:
    """What was agreed to and whether a face is enrolled; the deeds have a page of their own."""
    rows = Consent.objects.standing().filter(person=case.row).order_by("purpose")
    url = url_of("desk-face", case.row.pk)
    lines = [Line(str(_("Consent and enrolment")), str(_("on paper, for this person")), url=url)]
    lines += [
        Line(str(row.get_purpose_display()), f"{timezone.localtime(row.given_at):%Y-%m-%d}")
        for row in rows
    ]
    return Card(_("Face"), "face-id", lines)


def _line(row: WayIn) -> Line:
    about = [f"…{row.hint}" if row.hint else "", row.unit.code if row.unit else ""]
    about.append(f"{timezone.localtime(row.issued_at):%Y-%m-%d}")
    shown = " · ".join(part for part in about if part)
    return Line(str(row.get_kind_display()), shown, row.pk, deeds=("end-way",))


class CardForm(DeskForm):
    number = forms.CharField(
        label=_("Card number"),
        max_length=40,
        help_text=_("Hold the card to the reader, or type the number printed on it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _give(form: Any) -> Any:
    row = operations.give_card(form.case.row, form.cleaned_data["number"], actor=form.case.user)
    return _("The card ending in %(end)s opens from now on. Print the slip.") % {"end": row.hint}


class EndForm(DeskForm):
    reason = forms.ChoiceField(label=_("Why"), choices=WHY)

    def prepare(self) -> None:
        self.row = _active(self.case).filter(pk=self.key).first()
        if self.row is None:
            raise Http404


def _end(form: Any) -> Any:
    operations.end_way_in(form.row, form.cleaned_data["reason"], actor=form.case.user)
    return _("Nothing opens with it from now on.")


DEEDS = (
    Deed("give-card", _("Hand out a card"), "key", CardForm, _give, on=PERSON),
    Deed("end-way", _("End a way in"), "x", EndForm, _end, on=PERSON, of_line=True),
)


def _face_paper(_request: Any, case: Case, _values: dict[str, Any]) -> dict[str, Any]:
    state = face_state.of(case.row)
    return {"texts": [ask.text for ask in state.asks if ask.text], "child": state.is_child}


def _slip(_request: Any, case: Case, _values: dict[str, Any]) -> dict[str, Any]:
    cards = _active(case).filter(kind=WayIn.Kind.CARD)
    return {"cards": [(row.hint, timezone.localtime(row.issued_at).date()) for row in cards]}


PAPERS = (
    Paper("card-slip", _("Card slip"), "desk/card_slip.html", _slip, on=PERSON),
    Paper("face-consent", _("Consent on faces"), "desk/face_consent.html", _face_paper, on=PERSON),
)
