"""The page that an empty installation shows first."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from community.first_start import operations
from community.first_start.forms import FirstForm
from community.pages import speak, url_of


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Make the operator's account; gone for ever once there is a user."""
    if not operations.is_needed():
        return redirect("sign-in")
    form = FirstForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            user = operations.create_operator(**form.cleaned_data)
        except operations.AlreadyStarted:
            return redirect("sign-in")
        except operations.CodeRefused as refusal:
            form.add_error("code", _words(refusal.code))
        except ValidationError as error:
            _take(form, error)
        else:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            return speak(redirect(url_of("setup") or "landing"), user.language)
    status = 422 if form.errors else 200
    return render(request, "pages/first_start.html", {"form": form}, status=status)


def _words(code: str) -> str:
    if code == "void":
        return _("This code counts no more. Start Linli again: the terminal shows a new one.")
    return _("This is not the code. Copy it from the terminal in which Linli was started.")


def _take(form: Any, error: ValidationError) -> None:
    """Show each fault under its field; those of the password name no field."""
    found = error.error_dict if hasattr(error, "error_dict") else {"password": error.error_list}
    for field, faults in found.items():
        form.add_error(field if field in form.fields else None, faults)


urlpatterns = [path("first-start/", begin, name="first-start")]
