"""Lists of what somebody outside did not take: chosen rows are sent once more."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.admin_base import CompoundAdmin, DeedForm, acting
from community.models import User

#: Rows of one deed at most.
MOST = 500


class AgainAdmin(CompoundAdmin):
    """Give ``once_more``, which raises ValidationError where a row may not be sent again."""

    actions = ["again"]

    def once_more(self, row: Any, actor: User) -> None:
        raise NotImplementedError

    def sent_again(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        """What the dialog on a row's page answers; its words are the list's own."""
        row = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: self.once_more(row, acting(request)),
            _("It is on its way again."),
        )

    def has_again_permission(self, request: HttpRequest) -> bool:
        return self.holds(request, self.write_roles)

    @admin.action(description=_("Send again"), permissions=["again"])
    def again(self, request: HttpRequest, queryset: Any) -> None:
        """The chosen rows that may be; where the other end is off they stay as they are."""
        count = 0
        for row in self.writable(request, queryset)[:MOST]:
            try:
                self.once_more(row, acting(request))
            except ValidationError as refusal:
                self.message_user(request, " ".join(refusal.messages), messages.ERROR)
                break
            count += 1
        said = ngettext(
            "%(count)s is on its way again.", "%(count)s are on their way again.", count
        )
        self.message_user(request, said % {"count": count}, messages.SUCCESS)
