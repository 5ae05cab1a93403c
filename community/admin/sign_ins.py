"""What a manager does about somebody's sign-ins: end them, or turn a lost phone's codes off."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from community.account import operations
from community.admin_base import DeedForm, acting


class SignInDeeds:
    """Two deeds for the page of a user; the operations refuse whoever is not theirs to keep."""

    actions_detail = actions_row = ("end_sessions", "codes_off")

    @action(
        description=_("Sign out everywhere"),
        icon="logout",
        dialog={
            "title": _("Sign out everywhere"),
            "description": _("Every browser of this user is signed out, open screens within 10 s."),
            "form_class": DeedForm,
            "form_submit_text": _("Sign out"),
        },
    )
    def end_sessions(
        self: Any, request: HttpRequest, form: DeedForm, object_id: int
    ) -> HttpResponse:
        user, actor = self.row(request, object_id), acting(request)
        return self.do(
            request,
            form,
            lambda: operations.end_sessions(user, actor),
            _("Signed out everywhere."),
        )

    @action(
        description=_("Turn codes off"),
        icon="phonelink_erase",
        dialog={
            "title": _("Turn codes off"),
            "description": _("For a lost phone. From then on the password alone signs them in."),
            "form_class": DeedForm,
            "form_submit_text": _("Turn codes off"),
        },
    )
    def codes_off(self: Any, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        user, actor = self.row(request, object_id), acting(request)
        return self.do(
            request,
            form,
            lambda: operations.stop_codes(user, actor),
            _("One-time codes are off."),
        )
