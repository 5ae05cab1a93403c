"""Personal API tokens, as managers and their owners see them in the office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from community.account.operations import revoke_api_token
from community.admin.places import MANAGERS
from community.admin_base import CompoundAdmin, DeedForm, VisibleRelatedFilter, acting
from community.models import ApiToken
from community.templatetags.linli import tag_html

STATES = {
    "live": ("allow", _("Counts")),
    "expired": ("off", _("Expired")),
    "revoked": ("off", _("Revoked")),
}


@admin.register(ApiToken)
class ApiTokenAdmin(CompoundAdmin):
    """Tokens are made by their owners under “My sign-in”; here they are seen and revoked."""

    read_roles = write_roles = MANAGERS
    list_display = ["name", "user", "scope", "ends_in", "last_used_at", "expires_at", "state_mark"]
    list_filter = [("compound", VisibleRelatedFilter), "scope"]
    list_select_related = ["user"]
    search_fields = ["name", "user__username", "user__name"]
    fields = readonly_fields = [
        "name",
        "user",
        "scope",
        "ends_in",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    ]
    actions_detail = ["revoke"]

    @display(description=_("ends in"))
    def ends_in(self, token: ApiToken) -> str:
        return f"…{token.hint}"

    @display(description=_("state"))
    def state_mark(self, token: ApiToken) -> SafeString:
        mark, word = STATES[token.state_at(timezone.now())]
        return tag_html(mark, str(word))

    @action(
        description=_("Revoke"),
        icon="key_off",
        dialog={
            "title": _("Revoke"),
            "description": _("Whatever uses it is refused from this moment on."),
            "form_class": DeedForm,
            "form_submit_text": _("Revoke"),
        },
    )
    def revoke(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        token: Any = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: revoke_api_token(token, acting(request)),
            _("The token is revoked."),
        )
