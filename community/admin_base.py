"""The admin's shared rules: one's own compounds only, roles decide, operations write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.contrib.admin import RelatedFieldListFilter
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from community.admin_doors import RowDoors
from community.admin_pages import BoundedPaginator
from community.models import Compound, User
from community.office_export import Exported
from community.querysets import OFFICE, STAFF

REFUSAL = "_refused_by_operation"


def visible(model: type[models.Model], user: Any) -> models.QuerySet[Any]:
    """The rows of a table that a user may read; all of a table that belongs to no compound."""
    rows = model._default_manager.all()
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def compound_path(model: type[models.Model]) -> str | None:
    """The lookup from a table to its compound's id; None where rows belong to no compound."""
    return getattr(model._default_manager.all(), "path", None)


def compound_of(obj: models.Model) -> int | None:
    """The id of the compound that a row belongs to."""
    value: Any = obj
    for step in (compound_path(type(obj)) or "").split("__"):
        value = getattr(value, step, None) if step else None
    return value


def working_in(request: HttpRequest) -> int | None:
    """The id of the compound that the user has chosen to work in."""
    return getattr(getattr(request, "compound", None), "pk", None)


def acting(request: HttpRequest) -> User:
    """Who does a deed; the admin lets nobody in who is not signed in."""
    user: Any = request.user
    return user


def narrow_choices(form: Any, user: Any, compound: int | None) -> None:
    """Leave only the rows of one compound, and visible to the user, in a form's choices."""
    for field in form.base_fields.values():
        if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            continue
        model = field.queryset.model
        rows = field.queryset.filter(pk__in=visible(model, user).values("pk"))
        path = compound_path(model)
        field.queryset = rows.filter(**{path: compound}) if path else rows


class VisibleRelatedFilter(RelatedFieldListFilter):
    """A filter by a related row that offers only what the user may see."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[Any, Any]]:
        rows = visible(field.remote_field.model, request.user)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return [(row.pk, str(row)) for row in (rows.order_by(*ordering) if ordering else rows)]


def show_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Put what an operation refused under the fields of a form, the rest above them.

    A form that never shows what is on file asks for ``phone`` in a field called ``new_phone``.
    """
    whole = {NON_FIELD_ERRORS: [refusal]}
    for name, errors in getattr(refusal, "error_dict", whole).items():
        fields = [field for field in (name, f"new_{name}") if field in form.fields]
        form.add_error(fields[0] if fields else None, errors)


class RefusedForm(forms.BaseForm):
    """Shows, on the form itself, why an operation refused what the form sent."""

    refusal: ValidationError

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        show_refusal(self, self.refusal)
        return cleaned


class DeedForm(BaseDialogForm):
    """A dialog of one deed, opened from a row's page and always sent by POST."""

    def add_error(self, field: str | None, error: Any) -> None:
        # A dialog shows errors under fields only.
        shown = [one.name for one in self.visible_fields()]
        super().add_error(field if field in shown or not shown else shown[-1], error)


class ReasonForm(DeedForm):
    """A deed that needs a reason, which is kept."""

    reason = forms.CharField(label=_("Reason"), max_length=120, widget=UnfoldAdminTextInputWidget)


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Leave a dialog for a page, with htmx or without."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def back_to_list(request: HttpRequest, listed: str) -> str:
    """The list as it was filtered, where a row's deed was opened from there; else nothing."""
    seen = urlsplit(request.headers.get("HX-Current-URL", ""))
    if seen.path != listed:
        return ""
    return f"{listed}?{seen.query}" if seen.query else listed


class RoleRules:
    """Permissions from the roles held in a row's compound, for admins and their inlines."""

    #: Roles that see the table, and roles that change it; the operator counts as manager.
    read_roles: frozenset[str] = STAFF
    write_roles: frozenset[str] = OFFICE
    model: type[models.Model]

    def holds(self, request: HttpRequest, roles: frozenset[str], obj: Any = None) -> bool:
        """Whether the user holds one of the roles in the row's compound, or (no row) in any."""
        user: Any = request.user
        if not user.is_authenticated or not user.is_active:
            return False
        compound = compound_of(obj) if isinstance(obj, models.Model) else None
        if compound is not None:
            return bool(user.roles_in(compound) & roles)
        return bool(user.compounds_as(roles)) or (user.is_superuser and "manager" in roles)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.read_roles | self.write_roles, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        # A new row goes into the compound that the user is working in.
        user: Any = request.user
        compound = working_in(request)
        return compound is not None and bool(user.roles_in(compound) & self.write_roles)

    def has_delete_permission(self, *_: Any) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """What the user sees by a role here: not also, say, their own file as a resident."""
        user: Any = request.user
        rows = visible(self.model, user)
        path = compound_path(self.model)
        if path and not user.is_superuser:
            compounds = user.compounds_as(self.read_roles | self.write_roles)
            rows = rows.filter(**{f"{path}__in": compounds})
        return rows


class CompoundAdmin(RoleRules, RowDoors, Exported, ModelAdmin):
    """Base of every admin page of ours.

    A subclass that writes says how: ``create`` and ``change`` call its app's operations and
    return the row; a ValidationError that they raise is shown on the form. Without them (or with
    empty ``write_roles``) the page only shows. Rows are never deleted here.
    """

    list_filter_submit = True
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = True
    show_full_result_count = False
    list_per_page = 50
    paginator = BoundedPaginator

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        """Make a row through an operation; ``values`` is the form's cleaned data."""
        raise NotImplementedError

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        """Change a row through an operation; ``obj`` is the row as stored, not as typed."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        able = type(self).create is not CompoundAdmin.create
        return able and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        able = type(self).change is not CompoundAdmin.change
        return able and super().has_change_permission(request, obj)

    def writable(self, request: HttpRequest, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Of the rows chosen for an action, those in compounds where the user may write."""
        user: Any = request.user
        path = compound_path(self.model)
        if user.is_superuser or not path:
            return rows
        return rows.filter(**{f"{path}__in": user.compounds_as(self.write_roles)})

    def row(self, request: HttpRequest, object_id: Any) -> Any:
        """The row of a deed. Raises Http404 for what the user cannot see, PermissionDenied."""
        row = self.get_object(request, unquote(str(object_id)))
        if row is None:
            raise Http404
        if not self.holds(request, self.write_roles, row):
            raise PermissionDenied
        return row

    def do(
        self, request: HttpRequest, form: DeedForm, deed: Callable[[], Any], said: Any
    ) -> HttpResponse:
        """Do a dialog's deed and say so on the row's page; what is refused stands in the dialog."""
        try:
            deed()
        except ValidationError as refusal:
            if form.visible_fields():
                show_refusal(form, refusal)
                return render(request, "unfold/helpers/dialog.html", {"form": form, "dialog": {}})
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        else:
            self.message_user(request, said, messages.SUCCESS)
        opts = self.model._meta
        name = f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}"
        row = reverse(f"{name}_change", args=[form.object_id])
        return go(request, back_to_list(request, reverse(f"{name}_changelist")) or row)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*(super().get_exclude(request, obj) or ()), "compound"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if refusal := getattr(request, REFUSAL, None):
            form = type(form.__name__, (RefusedForm, form), {"refusal": refusal})
        narrow_choices(form, request.user, compound_of(obj) if obj else working_in(request))
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Hand the form's values to the operation; the form's own instance is never saved."""
        if change:
            stored = self.model._default_manager.get(pk=obj.pk)
            saved = self.change(request, stored, form.cleaned_data)
        else:
            compound = request.compound  # type: ignore[attr-defined]
            saved = self.create(request, compound, form.cleaned_data)
        obj.pk = saved.pk
        obj.refresh_from_db()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            # The first pass was rolled back; the second shows the form again with the reason.
            setattr(request, REFUSAL, refusal)
            return super().changeform_view(request, object_id, form_url, extra_context)


class CompoundInline(RoleRules, TabularInline):
    """Rows of a related table, shown under their owner; changed on their own page."""

    extra = 0
    write_roles: frozenset[str] = frozenset()
    show_change_link = True
    can_delete = False
