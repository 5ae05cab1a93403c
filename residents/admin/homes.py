"""Let homes, leases, standard addresses, and the code to scan."""

from __future__ import annotations

import io
from typing import Any

import segno
from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from community.admin_base import DeedForm, VisibleRelatedFilter, acting
from community.models import Compound
from community.querysets import OFFICE
from residents import operations
from residents.admin.deeds import DayForm, DealsAdmin, day, deed, line
from residents.models import Lease, Letting, StandardAddress


class InviteForm(DeedForm):
    name = line(_("Tenant's name"), 80)
    phone = line(_("Tenant's phone"), 20, required=False)
    moved_in_on = day(_("Moves in on"))
    expected_out_on = day(_("Stays until"), required=False)


class LettingForm(forms.ModelForm):
    class Meta:
        model = Letting
        fields = [
            *("unit", "landlord", "started_on", "agent_name", "agent_phone"),
            *("sublet_by", "vacant_since"),
        ]


@admin.register(Letting)
class LettingAdmin(DealsAdmin):
    read_roles = OFFICE
    form = LettingForm
    list_display = ["unit", "landlord", "started_on", "told_lease", "vacant_since", "agent_name"]
    list_select_related = ["unit", "landlord"]
    list_filter = [
        ("ended_on", admin.EmptyFieldListFilter),
        ("vacant_since", admin.EmptyFieldListFilter),
        ("unit__building", VisibleRelatedFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["unit__code", "landlord__name"]
    search_help_text = _("Home or landlord")
    autocomplete_fields = ["unit", "landlord", "sublet_by"]
    actions_detail = ["show_code", "invite", "start", "stop", "end"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("leases")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["unit", "landlord", "started_on"] if obj else []

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.let_home(
            values.pop("unit"), values.pop("landlord"), actor=acting(request), **values
        )

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.change_letting(obj, actor=acting(request), **values)

    @display(description=_("Lease"))
    def told_lease(self, letting: Letting) -> str:
        running = [lease for lease in letting.leases.all() if lease.ended_on is None]
        return f"{running[0].starts_on} – {running[0].ends_on}" if running else ""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.code_view)
        return [
            path("<int:pk>/code/", view, name="residents_letting_code"),
            *super().get_urls(),
        ]

    @action(description=_("QR code of the home"), permissions=["deal"], icon="qr_code")
    def show_code(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.code_view(request, int(object_id))

    def code_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page to print: whoever scans it registers for this home, and for no other."""
        letting = self.row(request, pk)
        if request.method == "POST":
            operations.renew_home_token(letting.unit, actor=acting(request))
        token = operations.home_token(letting.unit, actor=acting(request))
        address = request.build_absolute_uri(reverse("home-scan", args=[token]))
        context = self.admin_site.each_context(request) | {
            "title": _("QR code of the home"),
            "opts": self.model._meta,
            "letting": letting,
            "address": address,
            "code": _svg(address),
        }
        return TemplateResponse(request, "admin/residents/letting/code.html", context)

    invite = deed(
        "invite",
        _("Invite a tenant"),
        _("The form waits for the tenant; the start of the letting counts as reported."),
        _("The form is ready. Give the tenant the QR code of the home."),
        operations.invite_tenant,
        icon="person_add",
        form=InviteForm,
    )
    start = deed(
        "start",
        _("Start reported"),
        _("The landlord reported on this day that the home is let."),
        _("The report is on file."),
        lambda letting, *, on, actor: operations.report_letting(
            letting, "start", on=on, actor=actor
        ),
        icon="campaign",
        form=DayForm,
    )
    stop = deed(
        "stop",
        _("End reported"),
        _("The landlord reported on this day that the letting is over."),
        _("The report is on file."),
        lambda letting, *, on, actor: operations.report_letting(letting, "end", on=on, actor=actor),
        icon="campaign",
        form=DayForm,
    )
    end = deed(
        "end",
        _("End the letting"),
        _("Nobody is locked out by it: ways in follow from residencies."),
        _("The letting has ended."),
        operations.end_letting,
        icon="cancel",
        form=DayForm,
    )


def _svg(address: str) -> SafeString:
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", xmldecl=False, scale=6, border=2)
    return mark_safe(out.getvalue().decode())  # noqa: S308 - drawn here from our own address


class FilingForm(DeedForm):
    number = line(_("Number of the filing"), 40)
    on = day(_("Filed on"))


@admin.register(Lease)
class LeaseAdmin(DealsAdmin):
    read_roles = OFFICE
    list_display = ["home", "tenant", "starts_on", "ends_on", "filed_on", "ended_on"]
    list_select_related = ["letting__unit", "tenant"]
    list_filter = [
        ("ended_on", admin.EmptyFieldListFilter),
        ("filed_on", admin.EmptyFieldListFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["letting__unit__code", "tenant__name"]
    search_help_text = _("Home or tenant")
    autocomplete_fields = ["letting", "tenant"]
    fields = ["letting", "tenant", "starts_on", "ends_on"]
    actions_detail = ["file", "end"]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.add_lease(values.pop("letting"), actor=acting(request), **values)

    @display(description=_("Home"))
    def home(self, lease: Lease) -> str:
        return lease.letting.unit.code

    file = deed(
        "file",
        _("Filed"),
        _("The lease was filed with the housing office."),
        _("The filing is on file."),
        operations.file_lease,
        icon="task",
        form=FilingForm,
    )
    end = deed(
        "end",
        _("End the lease"),
        _("Reaching its last day ends nothing by itself; this does, and locks nobody out."),
        _("The lease has ended."),
        operations.end_lease,
        icon="cancel",
        form=DayForm,
    )


@admin.register(StandardAddress)
class StandardAddressAdmin(DealsAdmin):
    read_roles = OFFICE
    list_display = ["unit", "code", "__str__", "checked_on"]
    list_select_related = ["unit"]
    list_filter = [
        ("code", admin.EmptyFieldListFilter),
        ("checked_on", admin.EmptyFieldListFilter),
        ("unit__building", VisibleRelatedFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["unit__code", "code"]
    autocomplete_fields = ["unit"]
    fields = ["unit", *operations.ADDRESS, "checked_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["unit"] if obj else []

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.set_address(values.pop("unit"), actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.set_address(obj.unit, actor=acting(request), **values)
