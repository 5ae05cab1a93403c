"""Sign-ins and the roles they hold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget

from community.admin.sign_ins import SignInDeeds
from community.admin_base import (
    CompoundAdmin,
    CompoundInline,
    DeedForm,
    VisibleRelatedFilter,
    acting,
)
from community.models import Compound, Role, User
from community.operations import GRANTS, add_user, change_user, end_role, give_role
from community.templatetags.linli import tag_html

MANAGERS = frozenset({"manager"})
GIVERS = frozenset(GRANTS)


class UserForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("language"), choices=settings.LANGUAGES, widget=UnfoldAdminSelectWidget
    )
    new_password = forms.CharField(
        label=_("New password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. Leave empty to keep the present one."),
    )

    class Meta:
        model = User
        fields = ["username", "name", "language", "is_active"]

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        elif not self.instance.pk:
            raise ValidationError(_("A new user needs a password."))
        return password


class RoleInline(CompoundInline):
    model = Role
    fields = readonly_fields = ["role", "compound", "carrier", "started_at", "ended_at"]
    read_roles = MANAGERS


@admin.register(User)
class UserAdmin(SignInDeeds, CompoundAdmin):
    """Managers keep the sign-ins of those who hold a role in their compounds."""

    form = UserForm
    read_roles = write_roles = MANAGERS
    list_display = ["username", "name", "roles_here", "language", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["username", "name"]
    inlines = [RoleInline]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return []

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("held_roles__compound")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        # A sign-in that counts in other compounds too, or runs the installation, is not ours.
        actor = acting(request)
        if obj is None or actor.is_superuser or obj.pk == actor.pk:
            return True
        return not obj.is_superuser and set(obj.roles_by_compound()) <= set(
            actor.compounds_as(MANAGERS)
        )

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj else []

    @display(description=_("roles"))
    def roles_here(self, user: User) -> str:
        held = [role for role in user.held_roles.all() if role.ended_at is None]
        return ", ".join(f"{role.get_role_display()} ({role.compound})" for role in held)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return add_user(
            values["username"],
            values["new_password"],
            name=values["name"],
            language=values["language"],
            compound=compound,
            actor=acting(request),
        )

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        for name in ("username", "name", "language", "is_active"):
            setattr(obj, name, values[name])
        if values["new_password"]:
            obj.set_password(values["new_password"])
        return change_user(obj, acting(request))


class GiveForm(forms.ModelForm):
    """A role for somebody who signs in already, found by the user name."""

    username = forms.CharField(label=_("user name"), max_length=150)

    class Meta:
        model = Role
        fields = ["role", "carrier"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        user = User.objects.filter(username=values.get("username"), is_active=True).first()
        if user is None:
            raise ValidationError({"username": _("Nobody signs in under this name.")})
        values["user"] = user
        return values


@admin.register(Role)
class RoleAdmin(CompoundAdmin):
    read_roles = MANAGERS
    write_roles = GIVERS
    list_display = ["user", "role", "compound", "started_at", "state_mark"]
    list_filter = [("compound", VisibleRelatedFilter), "role"]
    list_select_related = ["user", "compound"]
    search_fields = ["user__username", "user__name"]
    fields = ["user", "role", "carrier", "compound", "started_at", "ended_at"]
    readonly_fields = ["user", "compound", "started_at", "ended_at"]
    actions_detail = actions_row = ["end"]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = GiveForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.fields) if obj else ["username", "role", "carrier"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.fields) if obj else []

    @display(description=_("state"))
    def state_mark(self, role: Role) -> SafeString:
        ended = role.ended_at is not None
        return tag_html("off" if ended else "allow", str(_("Ended") if ended else _("Held")))

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        try:
            return give_role(
                values["user"],
                compound,
                values["role"],
                actor=acting(request),
                carrier=values["carrier"],
            )
        except PermissionDenied as refusal:
            raise ValidationError({"role": str(refusal)}) from refusal

    @action(
        description=_("End this role"),
        icon="person_remove",
        dialog={
            "title": _("End this role"),
            "description": _("Its holder loses it at once, also where they are signed in."),
            "form_class": DeedForm,
            "form_submit_text": _("End"),
        },
    )
    def end(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        role = self.row(request, object_id)
        return self.do(
            request, form, lambda: end_role(role, acting(request)), _("The role has ended.")
        )
