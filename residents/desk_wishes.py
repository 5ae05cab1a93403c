"""At the desk for somebody: signing in on paper, requests about their data, moving out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.desk import Card, Case, Deed, DeskForm, Line, Paper
from residents import erasure_words, invitations, operations
from residents.models import DataRequest, Ending

PERSON = frozenset({"person"})


def card(case: Case) -> Card:
    """What this person asked for, and what a landlord said of them."""
    wishes = DataRequest.objects.filter(person=case.row).order_by("-pk")[:10]
    endings = Ending.objects.filter(person=case.row).open().select_related("registration__unit")
    lines = [
        Line(
            f"{row.registration.unit.code} · {row.ended_on:%Y-%m-%d}",
            str(_("The landlord says that this person moved out.")),
            row.pk,
            mark="ask",
            state=str(row.get_state_display()),
            deeds=("confirm-ending", "refuse-ending"),
        )
        for row in endings
    ]
    lines += [
        Line(
            str(row.get_kind_display()),
            row.text or f"{row.made_at:%Y-%m-%d}",
            row.pk,
            mark="ask" if row.state == "open" else "off",
            state=str(row.get_state_display()),
            deeds=_deeds(row),
        )
        for row in wishes
    ]
    deeds = ("ask-correct", "ask-erase", "new-phone")
    return Card(_("Wishes"), "list", lines, _("Nothing is asked for."), deeds)


def _deeds(row: DataRequest) -> tuple[str, ...]:
    if row.state != DataRequest.State.OPEN:
        return ()
    wants = row.kind == DataRequest.Kind.ERASE
    return ("erase-data", "answer-data") if wants else ("answer-data",)


class EmptyForm(DeskForm):
    """A deed without further words."""


class EndingForm(DeskForm):
    def prepare(self) -> None:
        rows = Ending.objects.filter(person=self.case.row).open()
        self.row = rows.filter(pk=self.key).first()
        if self.row is None:
            raise Http404


def _confirm(form: Any) -> Any:
    operations.answer_ending(form.row, moved_out=True, actor=form.case.user)
    return _("The person has moved out.")


def _refuse(form: Any) -> Any:
    operations.answer_ending(form.row, moved_out=False, actor=form.case.user)
    return _("The person still lives there.")


class AnswerForm(DeskForm):
    done = forms.ChoiceField(
        label=_("Result"), choices=[("yes", _("Done")), ("no", _("Not possible"))]
    )
    answer = forms.CharField(label=_("What the person reads"), max_length=500)

    def prepare(self) -> None:
        rows = DataRequest.objects.filter(person=self.case.row).open()
        self.row = rows.filter(pk=self.key).first()
        if self.row is None:
            raise Http404


def _answer(form: Any) -> Any:
    values = form.cleaned_data
    operations.answer_about_data(
        form.row, done=values["done"] == "yes", answer=values["answer"], actor=form.case.user
    )
    return _("The person reads the answer under “Me”.")


class EraseForm(DeskForm):
    """What goes and what stays is said before; the person reads the same as the answer."""

    sure = forms.BooleanField(label=_("I have read this to the person, and erase now"))

    def prepare(self) -> None:
        rows = DataRequest.objects.filter(person=self.case.row, kind="erase").open()
        self.row = rows.filter(pk=self.key).first()
        if self.row is None:
            raise Http404
        self.fields["sure"].help_text = erasure_words.answer(operations.plan_erasure(self.case.row))


def _erase(form: Any) -> Any:
    operations.erase_person(form.case.row, request=form.row, actor=form.case.user)
    return _("It is erased, and the answer is on “My data”.")


class WishForm(DeskForm):
    text = forms.CharField(label=_("What is wrong, and what is right"), max_length=500)


def _ask_correct(form: Any) -> Any:
    return _ask(form, "correct", form.cleaned_data["text"])


def _ask_erase(form: Any) -> Any:
    return _ask(form, "erase", "")


def _ask(form: Any, kind: str, text: str) -> Any:
    case = form.case
    operations.ask_about_data(case.row, kind, text=text, on_behalf=True, actor=case.user)
    return _("It is on file, marked as asked at the desk.")


class PhoneForm(DeskForm):
    phone = forms.CharField(
        label=_("New phone"),
        max_length=30,
        help_text=_("Call it now: the number signs in at once, and the old phone is signed out."),
    )


def _new_phone(form: Any) -> Any:
    operations.replace_phone(form.case.row, form.cleaned_data["phone"], actor=form.case.user)
    return _("The new number signs in from now on.")


DEEDS = (
    Deed("new-phone", _("New or lost phone"), "key", PhoneForm, _new_phone, on=PERSON),
    Deed("ask-correct", _("Ask for a correction"), "edit", WishForm, _ask_correct, on=PERSON),
    Deed("ask-erase", _("Ask for erasure"), "trash", EmptyForm, _ask_erase, on=PERSON),
    Deed("erase-data", _("Erase"), "trash", EraseForm, _erase, on=PERSON, of_line=True),
    Deed("answer-data", _("Answer"), "check", AnswerForm, _answer, on=PERSON, of_line=True),
    Deed(
        "confirm-ending",
        _("Has moved out"),
        "logout",
        EndingForm,
        _confirm,
        on=PERSON,
        of_line=True,
    ),
    Deed(
        "refuse-ending",
        _("Still lives there"),
        "home",
        EndingForm,
        _refuse,
        on=PERSON,
        of_line=True,
    ),
)


def _paper(request: Any, case: Case, _values: dict[str, Any]) -> dict[str, Any]:
    """A fresh code at each print; an older one opens nothing any more."""
    code = operations.make_desk_code(case.row, actor=case.user)
    return {"code": code, "address": request.build_absolute_uri(reverse("home-paper"))}


def _invitation(request: Any, case: Case, _values: dict[str, Any]) -> dict[str, Any]:
    """A fresh link at each print; an older one opens nothing any more."""
    return invitations.link(request, case.row, actor=case.user)


PAPERS = (
    Paper("sign-in", _("Code to sign in"), "desk/sign_in.html", _paper, on=PERSON),
    Paper("invitation", _("Invitation"), "desk/invitation.html", _invitation, on=PERSON),
)
