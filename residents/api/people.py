"""`/api/v1/people/` and `/api/v1/residencies/`: numbers are masked, and a look has a reason."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    CompoundField,
    CompoundFilter,
    PlaceField,
    ReadView,
    RowSerializer,
    deed,
    described,
    listed,
    refusals,
)
from community.looks import look
from community.models import Compound, Unit
from community.querysets import OFFICE
from residents import masking, operations
from residents.models import Person, Residency
from residents.querysets import READERS

CREATED = status.HTTP_201_CREATED


class PersonFilter(CompoundFilter):
    search = filters.CharFilter(
        method="by_text", help_text=_("Part of a name, or a whole phone or document number.")
    )
    home = filters.CharFilter(
        "residencies__unit__code",
        distinct=True,
        help_text=_("Code of a home where the person lives or lived."),
    )

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        seen = Compound.objects.visible_to(self.request.user)
        return rows.search(value[:80], seen.values_list("pk", flat=True))


class PersonSerializer(RowSerializer):
    """A file as it goes out, whole numbers only by `look`; and what comes in to be kept."""

    example = {
        "id": 88, "compound": "wutong", "name": "周闻达", "phone": "138****1234",
        "document_kind": "resident_id", "document": "41**************56", "homes": ["3-2-1202"],
    }  # fmt: skip

    name = serializers.CharField(read_only=True)
    phone = serializers.SerializerMethodField(help_text=_("Masked, such as 138****1234."))
    document_kind = serializers.CharField(read_only=True)
    document = serializers.SerializerMethodField(help_text=_("Masked but for both ends."))
    homes = serializers.SerializerMethodField(help_text=_("Codes of the current homes."))

    def get_phone(self, person: Person) -> str:
        return masking.phone(person.phone)

    def get_document(self, person: Person) -> str:
        return masking.document(person.document)

    def get_homes(self, person: Person) -> list[str]:
        return sorted({row.unit.code for row in person.residencies.all() if row.ended_on is None})


class PersonForm(serializers.Serializer):
    """What comes in; operations check what it means."""

    example = {
        "compound": "wutong", "name": "周闻达", "phone": "13800001234",
        "document_kind": "passport", "document": "E00001234",
    }  # fmt: skip

    compound = CompoundField()
    name = serializers.CharField(max_length=80)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    document_kind = serializers.ChoiceField(
        choices=Person.Document.choices, required=False, allow_blank=True
    )
    document = serializers.CharField(max_length=60, required=False, allow_blank=True)


class LookForm(serializers.Serializer):
    example = {"field": "phone", "reason": "Call about a leak"}

    field = serializers.ChoiceField(choices=["phone", "document"])
    reason = serializers.CharField(max_length=200, help_text=_("Kept, with your name."))


class SeenSerializer(serializers.Serializer):
    example = {"field": "phone", "value": "13800001234"}

    field = serializers.CharField()
    value = serializers.CharField()


@listed(
    _("People on file"),
    _("One person's file"),
    create=described(
        _("Open a person's file"), request=PersonForm, responses={201: PersonSerializer}
    ),
    partial_update=described(
        _("Change a person's file"), _("Only what is given is changed."), request=PersonForm
    ),
)
class PersonViewSet(ReadView):
    queryset = Person.objects.select_related("compound").prefetch_related("residencies__unit")
    serializer_class = PersonSerializer
    filterset_class = PersonFilter
    write_roles = OFFICE

    def create(self, request: Request) -> Response:
        given = self.given(request, PersonForm)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        with refusals():
            person = operations.add_person(compound=compound, actor=self.actor, **given)
        return self.shown(person, CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        person = self.writable()
        given = self.given(request, PersonForm, partial=True)
        given.pop("compound", None)
        if "document" in given:
            given.setdefault("document_kind", person.document_kind)
        with refusals():
            operations.change_person(person, actor=self.actor, **given)
        return self.shown(self.get_object())

    @deed(_("See a whole number"), takes=LookForm, gives=SeenSerializer, name="look",
          about=_("Your name, the time and the reason are kept, and the person can read them."),
          write_roles=READERS)  # fmt: skip
    def look(self, request: Request, pk: str) -> Response:
        person = self.get_object()
        if not self.actor.roles_in(person.compound_id) & READERS:
            raise PermissionDenied
        given = self.given(request, LookForm)
        with refusals():
            value = look(self.actor, person, given["field"], given["reason"])
        return Response({"field": given["field"], "value": value})


class ResidencySerializer(serializers.Serializer):
    example = {
        "id": 140, "compound": "wutong", "person": 88, "unit": 120, "home": "3-2-1202",
        "kind": "tenant", "started_on": "2026-01-01", "ended_on": None,
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
    person = PlaceField(Person.objects, source="person_id", help_text=_("Id of the file."))
    unit = PlaceField(Unit.objects, source="unit_id", help_text=_("Id of the home."))
    home = serializers.CharField(source="unit.code", read_only=True)
    kind = serializers.ChoiceField(choices=Residency.Kind.choices)
    started_on = serializers.DateField(help_text=_("First day."))
    ended_on = serializers.DateField(required=False, allow_null=True, help_text=_("Last day."))


class ResidencyFilter(CompoundFilter):
    person = filters.NumberFilter("person_id", help_text=_("Id of the file."))
    home = filters.CharFilter("unit__code", help_text=_("Code of the home, such as 3-2-1202."))
    kind = filters.ChoiceFilter(choices=Residency.Kind.choices, help_text=_("Kind of residency."))
    current = filters.BooleanFilter("ended_on", "isnull", help_text=_("Without an end, or with."))


class EndForm(serializers.Serializer):
    example = {"ended_on": "2026-06-30"}

    ended_on = serializers.DateField(help_text=_("Last day."))


@listed(
    _("Who lives where"),
    _("One residency"),
    create=described(_("Add a residency")),
)
class ResidencyViewSet(ReadView):
    queryset = Residency.objects.select_related("compound", "unit")
    serializer_class = ResidencySerializer
    filterset_class = ResidencyFilter
    write_roles = OFFICE

    def create(self, request: Request) -> Response:
        given = self.given(request)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        with refusals():
            row = operations.add_residency(actor=self.actor, **self.resolved(given, compound))
        return self.shown(row, CREATED)

    @deed(_("End a residency"), takes=EndForm, gives=ResidencySerializer, name="end",
          about=_("Cars that this person registered for the home end with it."))  # fmt: skip
    def end(self, request: Request, pk: str) -> Response:
        row, day = self.writable(), self.given(request, EndForm)["ended_on"]
        with refusals():
            operations.end_residency(row, on=day, actor=self.actor)
        return self.shown(self.get_object())
