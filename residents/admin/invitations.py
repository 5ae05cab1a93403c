"""The button that invites somebody to their own account, on the person's file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from community.admin_base import DeedForm, acting
from residents import invitations


class Invites:
    """For the page of people."""

    @action(
        description=_("Invite"),
        permissions=["deal"],
        icon="person_add",
        dialog={
            "title": _("Invite to an own account"),
            "description": _(
                "Makes a link and a code to scan, good for seven days and for one sign-in. An "
                "older one opens nothing any more."
            ),
            "form_class": DeedForm,
            "form_submit_text": _("Make the link"),
        },
    )
    def invite(self: Any, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        """The link stands in the dialog once: nothing of it stays in a session or a cookie."""
        person = self.row(request, object_id)
        context = invitations.link(request, person, actor=acting(request)) | {"person": person}
        return render(request, "admin/residents/person/invited.html", context)
