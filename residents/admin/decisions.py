"""What the desk does with a registration: a dialog and a verb each."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from community.admin_base import DeedForm, ReasonForm, acting
from community.models import User
from residents import form_steps, operations
from residents.admin.deeds import DayForm, day, deed, line
from residents.models import Registration, RegistrationPhoto


def places() -> Iterator[tuple[Any, Any]]:
    """The fields and photographs of the form, by the step that asks for them."""
    yield "", _("The form as a whole")
    for step in form_steps.STEPS:
        held = [name for name, code in form_steps.STEP_OF.items() if code == step.code]
        if held:
            yield step.title, [(name, form_steps.label_of(name)) for name in held]


class CorrectForm(DeedForm):
    field = forms.ChoiceField(
        label=_("Where in the form"),
        choices=places,
        required=False,
        help_text=_("Your words stand right there when the tenant opens the form."),
        widget=UnfoldAdminSelectWidget,
    )
    reason = line(
        _("What is to be corrected"), 200, about=_("The tenant reads it as you write it.")
    )


class NumberForm(DeedForm):
    number = line(_("Receipt of the police station"), 40, required=False)


class PermitForm(DeedForm):
    number = line(_("Number of the permit"), 40)
    on = day(_("Issued on"))


class RenewForm(DeedForm):
    expected_out_on = day(_("Stays until"))
    lease_to = day(_("Lease until"), required=False)


class EndForm(DeedForm):
    on = day(_("Last day"))
    reason = forms.ChoiceField(
        label=_("Why"), choices=Registration.EndReason.choices, widget=UnfoldAdminSelectWidget
    )


def decide(verb: Any) -> Any:
    """The verb with the version of the page: whoever comes second is told."""

    def act(row: Registration, *, actor: Any, **values: Any) -> Any:
        return verb(row, actor=actor, version=row.version, **values)

    return act


def give_back(row: Registration, *, actor: User, field: str, reason: str) -> Registration:
    """Return the form; with a field named, the words are at it too."""
    remarks = {field: reason} if field else {}
    return operations.return_with_remarks(
        row, remarks, reason=reason, actor=actor, version=row.version
    )


def show_photos_deed() -> Any:
    """All photographs of a form, once, after each look is on record: nothing is kept of them."""

    @action(
        description=_("Show the photographs"),
        permissions=["deal"],
        icon="visibility",
        dialog={
            "title": _("Show the photographs"),
            "description": _(
                "Your name, the time and the reason are kept, and the person can read them."
            ),
            "form_class": ReasonForm,
            "form_submit_text": _("Show"),
        },
    )
    def show_photos(
        self: Any, request: HttpRequest, form: DeedForm, object_id: str
    ) -> HttpResponse:
        row, reason = self.row(request, object_id), form.cleaned_data["reason"]
        shown = [
            (photo.get_kind_display(), _inline(photo, acting(request), reason))
            for photo in row.photos.order_by("pk")
        ]
        return render(request, "admin/residents/registration/photos.html", {"photos": shown})

    return show_photos


def _inline(photo: RegistrationPhoto, user: User, reason: str) -> str:
    jpeg = operations.read_photo(photo, user, reason)
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" if jpeg else ""


class Decisions:
    """Every deed of a registration's page, for its admin."""

    accept = deed(
        "accept",
        _("Accept"),
        _("The form is right. File, residency and deadlines follow from it."),
        _("The registration is accepted."),
        decide(operations.accept_registration),
        icon="done",
        permission="accept",
    )
    give_back = deed(
        "give_back",
        _("Return"),
        _("The tenant gets the form back and corrects what you say."),
        _("The form went back to the tenant."),
        give_back,
        icon="undo",
        form=CorrectForm,
        permission="give_back",
    )
    report = deed(
        "report",
        _("Reported by hand"),
        _("You told the police station of this one yourself. Exports do it for many at once."),
        _("The registration counts as reported."),
        operations.report_registration,
        icon="send",
        permission="report",
    )
    confirm = deed(
        "confirm",
        _("Confirmed by the police"),
        _("The police station has answered."),
        _("The registration is confirmed."),
        operations.confirm_registration,
        icon="verified",
        form=NumberForm,
        permission="confirm",
    )
    permit = deed(
        "permit",
        _("Permit issued"),
        _("Its yearly endorsement is on the clock from now on."),
        _("The residence permit is on file."),
        operations.issue_permit,
        icon="badge",
        form=PermitForm,
        permission="permit",
    )
    endorse = deed(
        "endorse",
        _("Endorsed"),
        _("Give the day of the endorsement. After its time, the years of residence count anew."),
        _("The endorsement is on file."),
        operations.endorse_permit,
        icon="event_repeat",
        form=DayForm,
        permission="endorse",
    )
    renew = deed(
        "renew",
        _("Renew"),
        _("The stay goes on. Give the new days."),
        _("The registration is renewed."),
        operations.renew_registration,
        icon="autorenew",
        form=RenewForm,
        permission="renew",
    )
    end = deed(
        "end",
        _("End"),
        _("Who moves out with all that belongs to it: use “Moves out” on the person's file."),
        _("The registration has ended."),
        operations.end_registration,
        icon="cancel",
        form=EndForm,
        permission="end",
    )

    show_photos = show_photos_deed()
