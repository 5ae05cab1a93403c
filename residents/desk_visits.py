"""At the desk for a host without a phone: a visitor invited, the pass printed, taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.desk import Card, Case, Deed, DeskForm, Line, Paper
from community.pages import url_of
from residents import operations, visiting, ways
from residents.models import Residency, Visit
from residents.pages.forms import qr
from residents.visit_forms import VisitFields, on_form

SHOWN = 8


def _rows(case: Case) -> Any:
    """Visits to the home, or those that the person invited."""
    rows = Visit.objects.visible_to(case.user).of(case.compound)
    return visiting.whole(rows.filter(**{"unit" if case.is_home else "host": case.row}))


def _live(case: Case) -> list[Visit]:
    rows = _rows(case).filter(revoked_at=None, ends_at__gt=timezone.now())
    return list(rows.order_by("starts_at", "pk")[:50])


def card(case: Case) -> Card:
    found = visiting.shown(_rows(case).order_by("-ends_at", "-pk")[:SHOWN])
    return Card(
        _("Visitors"),
        "user-plus",
        [_line(one) for one in found],
        _("Nobody is expected."),
        ("invite-visitor",),
    )


def _line(one: visiting.Shown) -> Line:
    begins, ends = (timezone.localtime(at) for at in (one.row.starts_at, one.row.ends_at))
    about = f"{begins:%m-%d %H:%M} – {ends:%m-%d %H:%M} · {one.row.home}"
    return Line(
        one.row.name,
        about,
        one.row.pk,
        mark=one.mark,
        state=str(one.word),
        deeds=("revoke-visit",) if one.may_be_revoked else (),
    )


class InviteForm(DeskForm, VisitFields):
    """The resident's own form, filled in by the clerk."""

    def prepare(self) -> None:
        case = self.case
        homes = [case.row] if case.is_home else visiting.homes_of(case.row)
        self.set_out(homes)
        if case.is_home:
            hosts = Residency.objects.filter(unit=case.row).current(timezone.localdate())
            people = hosts.select_related("person").order_by("-is_head", "pk")
            self.hosts = {str(row.person_id): row.person for row in people}
            choices = [(pk, one.name) for pk, one in self.hosts.items()]
            self.fields["host"] = forms.ChoiceField(label=_("For whom"), choices=choices)


def _invite(form: Any) -> Any:
    case = form.case
    host = form.hosts[form.cleaned_data["host"]] if case.is_home else case.row
    try:
        row = operations.invite(
            form.home(), host=host, on_behalf=True, actor=case.user, **form.values()
        )
    except ValidationError as refusal:
        raise on_form(refusal) from refusal
    return _("%(name)s is expected. Print the pass now.") % {"name": row.name}


class RevokeForm(DeskForm):
    def prepare(self) -> None:
        self.row = _rows(self.case).filter(pk=self.key).first()
        if self.row is None:
            raise Http404


def _revoke(form: Any) -> Any:
    operations.revoke_visit(form.row, actor=form.case.user)
    return _("The pass opens nothing any more.")


DEEDS = (
    Deed("invite-visitor", _("Invite a visitor"), "user-plus", InviteForm, _invite),
    Deed("revoke-visit", _("Take the pass back"), "x", RevokeForm, _revoke, of_line=True),
)


class PassForm(DeskForm):
    visit = forms.ChoiceField(label=_("Which visitor"))

    def prepare(self) -> None:
        field: Any = self.fields["visit"]
        field.choices = [
            (row.pk, f"{row.name} · {timezone.localtime(row.starts_at):%m-%d %H:%M}")
            for row in _live(self.case)
        ]
        if not field.choices:
            field.help_text = _("Nobody is expected. Invite a visitor first.")


def _pass(request: Any, case: Case, values: dict[str, Any]) -> dict[str, Any]:
    row = next(row for row in _live(case) if str(row.pk) == values["visit"])
    link = request.build_absolute_uri(url_of("visitor-pass", row.secret))
    return {"visit": visiting.show(row), "link": link, "qr": qr(f"{ways.PASS}:{row.secret}")}


PAPERS = (Paper("visitor-pass", _("Visitor's pass"), "desk/visitor_pass.html", _pass, PassForm),)
