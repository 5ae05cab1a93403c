"""`/api/v1/people/`: who is on file in the caller's compounds, with masked numbers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.viewsets import GenericViewSet

from community.api_base import CompoundView
from community.models import Compound
from residents import masking
from residents.models import Person


class PersonFilter(filters.FilterSet):
    search = filters.CharFilter(
        method="by_text", help_text=_("Part of a name, or a whole phone or document number.")
    )
    home = filters.CharFilter(
        "residencies__unit__code",
        distinct=True,
        help_text=_("Code of a home where the person lives or lived."),
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        seen = Compound.objects.visible_to(self.request.user)
        return rows.search(value[:80], seen.values_list("pk", flat=True))


class PersonSerializer(serializers.Serializer):
    """A file as it goes out: whole numbers are shown in the office only, with a reason."""

    id = serializers.IntegerField(read_only=True)
    compound = serializers.CharField(source="compound.code", read_only=True)
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


@extend_schema_view(
    list=extend_schema(summary=_("People on file")),
    retrieve=extend_schema(summary=_("One person's file")),
)
class PersonViewSet(CompoundView, ListModelMixin, RetrieveModelMixin, GenericViewSet[Person]):
    queryset = Person.objects.select_related("compound").prefetch_related("residencies__unit")
    serializer_class = PersonSerializer
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = PersonFilter
