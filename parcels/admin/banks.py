"""Locker banks in the office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from community.admin_base import CompoundAdmin, DeedForm, VisibleRelatedFilter, acting, go
from community.models import Compound, Device
from community.pages import url_of
from community.querysets import OFFICE, STAFF
from community.templatetags.linli import tag_html
from parcels import operations
from parcels.models import Compartment, LockerBank, Parcel

WRITERS = frozenset({"manager", "installer"})
BANK_FIELDS = [
    "name", "place", "device", "phone_proof", "rows", "small_cm", "medium_cm", "large_cm",
]  # fmt: skip


class BankForm(forms.ModelForm):
    class Meta:
        model = LockerBank
        fields = BANK_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "device" in self.fields:
            field: Any = self.fields["device"]
            free = Q(locker_bank=None) | Q(locker_bank=self.instance.pk)
            field.queryset = field.queryset.filter(free, kind=Device.Kind.LOCKER_BANK)


class NewBankForm(BankForm):
    small = forms.IntegerField(
        label=_("Small compartments"), min_value=0, max_value=operations.MOST, initial=18,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip
    medium = forms.IntegerField(
        label=_("Medium compartments"), min_value=0, max_value=operations.MOST, initial=12,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip
    large = forms.IntegerField(
        label=_("Large compartments"), min_value=0, max_value=operations.MOST, initial=6,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip


@admin.register(LockerBank)
class LockerBankAdmin(CompoundAdmin):
    form = BankForm
    write_roles = WRITERS
    list_display = ["name", "place", "device", "in_order"]
    list_select_related = ["device"]
    list_filter = [("compound", VisibleRelatedFilter), "phone_proof"]
    search_fields = ["name", "place"]
    fields = BANK_FIELDS
    actions_detail = ["condition", "tablet"]
    actions_row = ["condition"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("compartments")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(BANK_FIELDS) if obj else [*BANK_FIELDS, "small", "medium", "large"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs.setdefault("form", self.form if obj else NewBankForm)
        return super().get_form(request, obj, change=change, **kwargs)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        sizes = {size: values.pop(size) for size in Compartment.Size.values}
        return operations.add_bank(compound=compound, sizes=sizes, actor=acting(request), **values)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return operations.change_bank(obj, actor=acting(request), **values)

    def has_deed_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    @action(description=_("Condition and test"), icon="monitor_heart", permissions=["deed"])
    def condition(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Its own page: how it is, its driver and settings, a compartment opened as a test."""
        return go(request, url_of("locker-bank", self.row(request, object_id).pk))

    @action(
        description=_("Address for the tablet"),
        icon="tablet",
        permissions=["deed"],
        dialog={
            "title": _("Address for the tablet"),
            "description": _("A new address ends the old one. Whoever has it may enter codes."),
            "form_class": DeedForm,
            "form_submit_text": _("Address for the tablet"),
        },
    )
    def tablet(self, request: HttpRequest, form: DeedForm, object_id: int) -> HttpResponse:
        bank = self.row(request, object_id)
        secret = operations.tablet_of(bank, renew=True, actor=acting(request))
        url = request.build_absolute_uri(url_of("locker-tablet", secret))
        said = str(_("Open this address on the tablet beside the locker: %(url)s")) % {"url": url}
        self.message_user(request, said, messages.SUCCESS)
        return go(request, url_of("admin:parcels_lockerbank_change", bank.pk))

    @display(description=_("Compartments in order"))
    def in_order(self, bank: LockerBank) -> str:
        rows = list(bank.compartments.all())
        return f"{sum(not row.is_faulty for row in rows)} / {len(rows)}"


@admin.register(Compartment)
class CompartmentAdmin(CompoundAdmin):
    read_roles = STAFF
    write_roles = WRITERS | {"desk"}
    list_display = ["bank", "number", "size", "state_mark"]
    list_select_related = ["bank"]
    list_filter = [("bank", VisibleRelatedFilter), "size", "is_faulty", "alarm"]
    search_fields = ["bank__name", "number"]
    actions = ["take_out", "take_back"]
    actions_row = ["trail"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        here = Parcel.objects.filter(ended_at=None, compartment=OuterRef("pk"))
        return super().get_queryset(request).annotate(taken=Exists(here))

    @display(description=_("state"))
    def state_mark(self, row: Any) -> SafeString:
        if row.alarm:
            return tag_html("deny", str(row.get_alarm_display()))
        if row.is_faulty:
            return tag_html("ask", str(_("Out of order")))
        taken = getattr(row, "taken", False)
        return tag_html(
            "info" if taken else "allow", str(_("A parcel lies in it") if taken else _("Free"))
        )

    def has_trail_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, OFFICE, obj)

    @action(description=_("What happened here"), icon="history", permissions=["trail"])
    def trail(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The audit of this compartment: what was put in and taken out, by whom and when."""
        url = url_of("admin:parcels_parcelstep_changelist")
        row = self.row(request, object_id)
        return go(request, f"{url}?compartment__id__exact={row.pk}")

    def has_mark_permission(self, request: HttpRequest) -> bool:
        return self.holds(request, self.write_roles)

    @admin.action(description=_("Out of order"), permissions=["mark"])
    def take_out(self, request: HttpRequest, queryset: QuerySet[Compartment]) -> None:
        self._mark(request, queryset, out_of_order=True)

    @admin.action(description=_("In order again"), permissions=["mark"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Compartment]) -> None:
        self._mark(request, queryset, out_of_order=False)

    def _mark(
        self, request: HttpRequest, chosen: QuerySet[Compartment], *, out_of_order: bool
    ) -> None:
        rows = list(self.writable(request, chosen))
        for row in rows:
            operations.mark_compartment(row, out_of_order=out_of_order, actor=acting(request))
        said = ngettext(
            "%(count)s compartment marked.", "%(count)s compartments marked.", len(rows)
        )
        self.message_user(request, said % {"count": len(rows)}, messages.SUCCESS)
