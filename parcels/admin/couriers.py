"""Carriers and couriers in the office: accounts opened, limited, closed at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from community.admin_base import CompoundAdmin, DeedForm, VisibleRelatedFilter, acting, go
from community.admin_doors import FittingDeeds
from community.models import Compound
from community.querysets import OFFICE
from community.templatetags.linli import hour, tag_html
from parcels import operations
from parcels.models import Carrier, Courier
from residents import masking


@admin.register(Carrier)
class CarrierAdmin(CompoundAdmin):
    read_roles = write_roles = OFFICE
    list_display = ["name", "is_active", "compound"]
    list_filter = [("compound", VisibleRelatedFilter), "is_active"]
    search_fields = ["name"]
    fields = ["name", "is_active"]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.save_carrier(Carrier(compound=compound, **values), actor=acting(request))

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        for name, value in values.items():
            setattr(obj, name, value)
        return operations.save_carrier(obj, actor=acting(request))


class CourierForm(forms.ModelForm):
    new_phone = forms.CharField(
        label=_("Phone"), max_length=30, widget=UnfoldAdminTextInputWidget,
        help_text=_("The sign-in code goes there."),
    )  # fmt: skip

    class Meta:
        model = Courier
        fields = ["carrier", "name", "most_a_day"]


@admin.register(Courier)
class CourierAdmin(FittingDeeds, CompoundAdmin):
    read_roles = write_roles = OFFICE
    form = CourierForm
    list_display = ["name", "carrier", "phone_end", "most_a_day", "state_mark", "created_at"]
    list_filter = [("compound", VisibleRelatedFilter), ("carrier", VisibleRelatedFilter)]
    list_select_related = ["carrier"]
    search_fields = ["name", "carrier__name"]
    actions_row = actions_detail = ["code", "end"]

    #: Of an account that is there: whose it is, and whether it counts.
    SHOWN = ("carrier", "phone_end", "state_mark")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        new = ["carrier", "name", "new_phone", "most_a_day"]
        return [self.SHOWN, "name", "most_a_day"] if obj else new

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.SHOWN if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account that is closed stays as it was."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.ended_at is None)

    def fits(self, deed: str, row: Courier) -> bool:
        return row.ended_at is None

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj:
            kwargs.setdefault("form", forms.ModelForm)
        return super().get_form(request, obj, change=change, **kwargs)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        phone = values.pop("new_phone")
        return operations.add_courier(phone=phone, actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.change_courier(obj, actor=acting(request), **values)

    @display(description=_("phone"))
    def phone_end(self, row: Courier) -> str:
        return masking.phone(row.phone)

    @display(description=_("state"), ordering="ended_at")
    def state_mark(self, row: Courier) -> SafeString:
        if row.ended_at:
            return tag_html("off", str(_("Closed")))
        if row.locked_until and row.locked_until > timezone.now():
            return tag_html("due", str(_("Waits until %(at)s") % {"at": hour(row.locked_until)}))
        return tag_html("allow", str(_("Account in use")))

    def has_deed_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    @action(
        description=_("Sign-in code"), icon="password", permissions=["deed"],
        dialog={
            "title": _("Sign-in code"), "form_class": DeedForm,
            "description": _("For a courier whose phone gets no message. It counts ten minutes."),
            "form_submit_text": _("Make a code"),
        },
    )  # fmt: skip
    def code(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        row = self.row(request, object_id)
        try:
            made = operations.make_code(row, actor=acting(request))
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        else:
            said = _("Code for %(name)s: %(code)s")
            values = {"name": row.name, "code": f"{made[:3]} {made[3:]}"}
            self.message_user(request, str(said) % values, messages.SUCCESS)
        from django.urls import reverse

        return go(request, reverse("admin:parcels_courier_change", args=[row.pk]))

    @action(
        description=_("Close the account"), icon="block", permissions=["deed"],
        dialog={
            "title": _("Close the account"), "form_class": DeedForm,
            "description": _("It ends at once, on every phone. It is never opened again."),
            "form_submit_text": _("Close the account"),
        },
    )  # fmt: skip
    def end(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        row = self.row(request, object_id)
        return self.do(
            request, form, lambda: operations.end_courier(row, actor=acting(request)),
            _("The account is closed."),
        )  # fmt: skip
