"""`/api/v1/registrations/`: forms of registration as the desk decides on them, numbers masked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
    CompoundFilter,
    ReadView,
    RowSerializer,
    deed,
    listed,
    refusals,
)
from community.looks import look
from community.querysets import OFFICE
from residents import form_steps, masking, operations
from residents.api.people import LookForm, SeenSerializer
from residents.models import Registration


class RegistrationSerializer(RowSerializer):
    """A form as it stands; whole numbers only by `look`."""

    example = {
        "id": 61, "compound": "wutong", "unit": 120, "home": "3-2-1202", "person": 88,
        "letting": 12, "state": "submitted", "origin": "tenant", "on_behalf": False, "version": 4,
        "name": "许知夏", "document_kind": "resident_id", "document": "41**************56",
        "phone": "138****6120", "moved_in_on": "2026-02-27", "expected_out_on": "2026-12-31",
        "return_reason": "", "police_number": "", "created_at": AT, "submitted_at": AT,
        "accepted_at": None, "reported_at": None, "confirmed_at": None,
    }  # fmt: skip

    unit = serializers.IntegerField(source="unit_id", read_only=True)
    home = serializers.CharField(source="unit.code", read_only=True)
    person = serializers.IntegerField(source="person_id", read_only=True, allow_null=True)
    letting = serializers.IntegerField(source="letting_id", read_only=True, allow_null=True)
    state = serializers.ChoiceField(choices=Registration.State.choices, read_only=True)
    origin = serializers.ChoiceField(choices=Registration.Origin.choices, read_only=True)
    on_behalf = serializers.BooleanField(read_only=True)
    version = serializers.IntegerField(
        read_only=True, help_text=_("Counts every change; a decision names the one it read.")
    )
    name = serializers.CharField(read_only=True)
    document_kind = serializers.CharField(read_only=True)
    document = serializers.SerializerMethodField(help_text=_("Masked but for both ends."))
    phone = serializers.SerializerMethodField(help_text=_("Masked, such as 138****1234."))
    moved_in_on = serializers.DateField(read_only=True, allow_null=True)
    expected_out_on = serializers.DateField(read_only=True, allow_null=True)
    return_reason = serializers.CharField(read_only=True)
    police_number = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    submitted_at = serializers.DateTimeField(read_only=True, allow_null=True)
    accepted_at = serializers.DateTimeField(read_only=True, allow_null=True)
    reported_at = serializers.DateTimeField(read_only=True, allow_null=True)
    confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_document(self, row: Registration) -> str:
        return masking.document(row.document)

    def get_phone(self, row: Registration) -> str:
        return masking.phone(row.phone)


class VersionForm(serializers.Serializer):
    example: dict[str, Any] = {"version": 4}

    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text=_("The one that was read before deciding.")
    )


class ReturnForm(VersionForm):
    example = {
        "version": 4, "reason": "The photograph of the card is blurred",
        "field": "photos.document_front",
    }  # fmt: skip

    field = serializers.ChoiceField(
        choices=sorted(form_steps.STEP_OF), required=False, allow_blank=True, default="",
        help_text=_("Where in the form: the reason stands right there."),
    )  # fmt: skip
    reason = serializers.CharField(max_length=200, help_text=_("The person reads it."))


class ConfirmForm(serializers.Serializer):
    example = {"number": "2026-1122-03"}

    number = serializers.CharField(
        max_length=40, required=False, allow_blank=True, default="",
        help_text=_("Of the police station's receipt, where there is one."),
    )  # fmt: skip


class RegistrationFilter(CompoundFilter):
    state = filters.ChoiceFilter(choices=Registration.State.choices, help_text=_("How it stands."))
    home = filters.CharFilter("unit__code", help_text=_("Code of the home, such as 3-2-1202."))
    person = filters.NumberFilter("person_id", help_text=_("Id of the file."))


#: A decision that somebody else took first.
DECIDED = {"decided_already": "decided_already"}


@listed(_("Registrations"), _("One registration"))
class RegistrationViewSet(ReadView):
    queryset = Registration.objects.select_related("compound", "unit")
    serializer_class = RegistrationSerializer
    filterset_class = RegistrationFilter
    write_roles = OFFICE

    @deed(_("Accept a registration"), takes=VersionForm, gives=RegistrationSerializer,
          name="accept", about=_("File, residency and clock follow from it."))  # fmt: skip
    def accept(self, request: Request, pk: str) -> Response:
        row, given = self.writable(), self.given(request, VersionForm)
        with refusals(DECIDED):
            operations.accept_registration(row, actor=self.actor, version=given["version"])
        return self.shown(self.get_object())

    @deed(_("Give a registration back"), takes=ReturnForm, gives=RegistrationSerializer,
          name="return", about=_("With what has to be corrected."))  # fmt: skip
    def give_back(self, request: Request, pk: str) -> Response:
        row, given = self.writable(), self.given(request, ReturnForm)
        with refusals(DECIDED):
            field = given.pop("field")
            remarks = {field: given["reason"]} if field else {}
            operations.return_with_remarks(row, remarks, actor=self.actor, **given)
        return self.shown(self.get_object())

    @deed(_("Note that a registration was reported"), gives=RegistrationSerializer,
          name="report",
          about=_("To the police station; a later change the same way."))  # fmt: skip
    def report(self, request: Request, pk: str) -> Response:
        row = self.writable()
        with refusals(DECIDED):
            operations.report_registration(row, actor=self.actor)
        return self.shown(self.get_object())

    @deed(_("Confirm a registration"), takes=ConfirmForm, gives=RegistrationSerializer,
          name="confirm", about=_("The police station has confirmed it."))  # fmt: skip
    def confirm(self, request: Request, pk: str) -> Response:
        row, given = self.writable(), self.given(request, ConfirmForm)
        with refusals(DECIDED):
            operations.confirm_registration(row, actor=self.actor, **given)
        return self.shown(self.get_object())

    @deed(
        _("See a whole number of a registration"),
        takes=LookForm,
        gives=SeenSerializer,
        name="look",
        about=_("Your name, the time and the reason are kept, and the person can read them."),
    )
    def look(self, request: Request, pk: str) -> Response:
        row, given = self.writable(), self.given(request, LookForm)
        with refusals():
            value = look(self.actor, row, given["field"], given["reason"])
        return Response({"field": given["field"], "value": value})
