"""Registrations in the office: the queue, the form with masked numbers, each decision a deed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from community.admin_base import VisibleRelatedFilter, acting
from community.models import Compound
from community.querysets import OFFICE
from community.templatetags.linli import tag_html
from residents import codes, masking, operations
from residents.admin.decisions import Decisions
from residents.admin.deeds import DealsAdmin
from residents.admin.person_file import TONES
from residents.admin.statistics import InTimeFilter, Statistics
from residents.models import Registration
from residents.operations.transitions import MOVES

State = Registration.State


@admin.register(Registration)
class RegistrationAdmin(Statistics, Decisions, DealsAdmin):
    read_roles = OFFICE
    change_form_template = "admin/residents/registration/change_form.html"
    list_display = ["name", "unit", "told_state", "origin", "moved_in_on", "expected_out_on", "due"]
    list_select_related = ["unit"]
    list_filter = [
        "state",
        "origin",
        "reason",
        "hukou_province",
        InTimeFilter,
        ("unit__building", VisibleRelatedFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["name"]
    search_help_text = _("Name, home, or a whole phone or document number")
    ordering = ["-id"]
    fieldsets = [
        (_("State"), {"fields": ["told_state", "origin", "on_behalf", "return_reason"]}),
        (
            _("You"),
            {
                "fields": [
                    *("person", "name", "name_latin", "sex", "birth", "people"),
                    *("nationality", "masked_document", "masked_phone", "hukou"),
                    *("political", "marriage", "education"),
                ]
            },
        ),
        (
            _("Home and lease"),
            {
                "fields": [
                    *("unit", "moved_in_on", "expected_out_on", "relation", "landlord_name"),
                    *("lease_from", "lease_to"),
                ]
            },
        ),
        (_("Reason for coming"), {"fields": ["reason", "occupation", "work", "social_insurance"]}),
        (
            _("Police"),
            {
                "fields": [
                    *("submitted_at", "accepted_by", "reported_at", "confirmed_at"),
                    *("police_number", "permit_issued_on", "counts_from", "endorsed_until"),
                    *("suspended_on", "ended_on", "end_reason"),
                ]
            },
        ),
    ]
    actions_detail = [
        *("accept", "give_back", "report", "confirm", "permit", "endorse", "renew", "end"),
        "show_photos",
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for _title, part in self.fieldsets for name in part["fields"]]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        related = ("unit", "person", "accepted_by", "compound")
        return rows.select_related(*related).prefetch_related("deadlines")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        user = acting(request)
        everywhere = Compound.objects.values_list("pk", flat=True)
        compounds = everywhere if user.is_superuser else user.compounds_as(OFFICE)
        return (queryset.search(search_term, compounds) if search_term else queryset), False

    def facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        due = [one for one in row.deadlines.all() if one.state == "open"]
        return {
            "steps": list(row.steps.select_related("by")),
            "due": sorted(due, key=lambda one: one.due_on),
            "today": timezone.localdate(),
            "photos": list(row.photos.all()),
            "twins": operations.files_like(row),
        }

    @display(description=_("State"))
    def told_state(self, row: Registration) -> SafeString:
        return tag_html(TONES[row.state], row.get_state_display())

    @display(description=_("Next deadline"))
    def due(self, row: Registration) -> Any:
        open_ = [one for one in row.deadlines.all() if one.state == "open"]
        if not open_:
            return ""
        first = min(open_, key=lambda one: one.due_on)
        late = first.due_on < timezone.localdate()
        return tag_html(
            "deny" if late else "due", f"{first.get_kind_display()} {first.due_on:%m-%d}"
        )

    @display(description=_("birth date"))
    def birth(self, row: Registration) -> str:
        return f"{row.birth_date:%Y}-**-**" if row.birth_date else ""

    @display(description=_("ethnicity"))
    def people(self, row: Registration) -> str:
        return codes.ethnicity(row.ethnicity)

    @display(description=_("Document"))
    def masked_document(self, row: Registration) -> str:
        number = masking.document(row.document)
        return f"{row.get_document_kind_display()} {number}" if number else ""

    @display(description=_("Phone"))
    def masked_phone(self, row: Registration) -> str:
        return masking.phone(row.phone)

    @display(description=_("hukou province"))
    def hukou(self, row: Registration) -> str:
        return codes.PROVINCES.get(row.hukou_province, "")

    @display(description=_("workplace"))
    def work(self, row: Registration) -> str:
        return row.workplace

    def _leads_to(self, request: HttpRequest, obj: Any, state: str) -> bool:
        """Whether the deed is possible from the row's state."""
        row = self._row(request, obj)
        if row is None or not self.holds(request, self.write_roles, row):
            return False
        return state in MOVES[row.state]

    def _row(self, request: HttpRequest, obj: Any) -> Registration | None:
        """Unfold hands over the id of the row where it has no row."""
        if isinstance(obj, Registration) or obj is None:
            return obj
        found: Registration | None = self.get_object(request, str(obj))
        return found

    def has_accept_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._leads_to(request, obj, State.ACCEPTED)

    def has_give_back_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._leads_to(request, obj, State.RETURNED)

    def has_report_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._leads_to(request, obj, State.REPORTED)

    def has_confirm_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._leads_to(request, obj, State.CONFIRMED)

    def has_renew_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._leads_to(request, obj, State.RENEWED)

    def has_endorse_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        row = self._row(request, obj)
        return self.has_renew_permission(request, obj) and bool(row and row.permit_issued_on)

    def has_permit_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        row = self._row(request, obj)
        return self.has_renew_permission(request, obj) and not (row and row.permit_issued_on)

    def has_end_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._leads_to(request, obj, State.ENDED)
