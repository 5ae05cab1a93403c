"""One's own keys to the API: made, shown once, revoked."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from community.account.forms import PasswordForm
from community.account.operations import issue_api_token, revoke_api_token
from community.models import ApiToken, Compound, User

DAYS = [("30", _("30 days")), ("90", _("90 days")), ("365", _("A year")), ("", _("No end"))]


class TokenForm(PasswordForm):
    """A new token. The password is asked again: a token outlives the browser it was made in."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=60,
        error_messages={"required": _("Say what the token is for.")},
    )
    compound = forms.ModelChoiceField(label=_("Compound"), queryset=Compound.objects.none())
    scope = forms.ChoiceField(label=_("It may"), choices=ApiToken.Scope.choices)
    days = forms.ChoiceField(label=_("It counts for"), choices=DAYS, required=False, initial="90")
    field_order = ["name", "compound", "scope", "days", "password"]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        held: Any = Compound.objects.all()
        if not user.is_superuser:
            held = held.filter(pk__in=user.roles_by_compound())
        choice: Any = self.fields["compound"]
        choice.queryset, choice.empty_label = held, None

    def issue(self) -> str | None:
        """The token's text, or None where it was refused and the form says why."""
        values = self.cleaned_data
        try:
            _row, text = issue_api_token(
                self.user,
                values["compound"],
                name=values["name"],
                scope=values["scope"],
                expires_at=_end(values["days"]),
            )
        except ValidationError as refused:
            for field, errors in refused.error_dict.items():
                known = field in self.fields and field != NON_FIELD_ERRORS
                self.add_error(field if known else None, errors)
            return None
        return text


def _end(days: str) -> datetime | None:
    """The end of the last day, in the calendar of the reader."""
    if not days:
        return None
    last = timezone.localdate() + timedelta(days=int(days))
    return timezone.make_aware(datetime.combine(last, time.max))


def shown_tokens(user: User) -> list[dict[str, Any]]:
    """A user's tokens for their page, the newest first; those over for a month are left out."""
    now = timezone.now()
    rows = ApiToken.objects.filter(user=user).select_related("compound")[:100]
    month = now - timedelta(days=30)
    return [
        {"row": row, "state": row.state_at(now)}
        for row in rows
        if not any(end and end < month for end in (row.revoked_at, row.expires_at))
    ]


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask what it is for, then show it once."""
    user: Any = request.user
    form = TokenForm(user, request.POST or None)
    if not form.fields["compound"].queryset.exists():  # type: ignore[attr-defined]
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        token = form.issue()
        if token is not None:
            return render(request, "account/token.html", {"token": token})
    return render(request, "account/new_token.html", {"form": form})


@login_required
@require_POST
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    user: Any = request.user
    revoke_api_token(get_object_or_404(ApiToken, pk=key, user=user), user)
    return redirect("account")


urlpatterns = [
    path("account/tokens/new/", new, name="account-new-token"),
    path("account/tokens/<int:key>/revoke/", revoke, name="account-revoke-token"),
]
