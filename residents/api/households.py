"""`/api/v1/households/`: who lives together in a home."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    CompoundFilter,
    ReadView,
    RowSerializer,
    deed,
    described,
    listed,
    refusals,
)
from community.querysets import OFFICE
from residents import codes, operations
from residents.models import Household, Residency


class MemberSerializer(serializers.Serializer):
    residency = serializers.IntegerField(source="pk")
    person = serializers.IntegerField(source="person_id")
    is_head = serializers.BooleanField()
    relation = serializers.CharField(help_text=_("Code of the relation to the head."))


class HouseholdSerializer(RowSerializer):
    example = {
        "id": 31, "compound": "wutong", "unit": 120, "home": "3-2-1202",
        "started_on": "2026-01-01", "ended_on": None,
        "members": [{"residency": 140, "person": 88, "is_head": True, "relation": "01"}],
    }  # fmt: skip

    unit = serializers.IntegerField(source="unit_id", read_only=True)
    home = serializers.CharField(source="unit.code", read_only=True)
    started_on = serializers.DateField(read_only=True)
    ended_on = serializers.DateField(read_only=True, allow_null=True)
    members = serializers.SerializerMethodField(help_text=_("Those who belong to it now."))

    @extend_schema_field(MemberSerializer(many=True))
    def get_members(self, household: Household) -> Any:
        rows = [row for row in household.members.all() if row.ended_on is None]
        return MemberSerializer(rows, many=True).data


class HeadForm(serializers.Serializer):
    example = {"head": 140}

    head = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, help_text=_("Id of the residency of who heads it.")
    )


class JoinForm(serializers.Serializer):
    example = {"residency": 141, "relation": "10"}

    residency = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, help_text=_("Id of the residency.")
    )
    relation = serializers.ChoiceField(
        choices=[one for one in codes.Relation.choices if one[0] != codes.Relation.HEAD],
        help_text=_("Code of the relation to the head."),
    )


class HouseholdFilter(CompoundFilter):
    home = filters.CharFilter("unit__code", help_text=_("Code of the home, such as 3-2-1202."))
    current = filters.BooleanFilter("ended_on", "isnull", help_text=_("Without an end, or with."))


@listed(
    _("Households"),
    _("One household"),
    create=described(
        _("Form a household"),
        _("Whoever heads one already keeps it."),
        request=HeadForm,
        responses={201: HouseholdSerializer},
    ),
)
class HouseholdViewSet(ReadView):
    queryset = Household.objects.select_related("compound", "unit").prefetch_related("members")
    serializer_class = HouseholdSerializer
    filterset_class = HouseholdFilter
    write_roles = OFFICE

    def create(self, request: Request) -> Response:
        given = self.given(request, HeadForm)
        head = self._residency("head", given["head"])
        with refusals():
            made = operations.form_household(head, actor=self.actor)
        return self.shown(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @deed(_("Join a household"), takes=JoinForm, gives=HouseholdSerializer, name="join",
          about=_("For somebody who lives in the same home."))  # fmt: skip
    def join(self, request: Request, pk: str) -> Response:
        household, given = self.writable(), self.given(request, JoinForm)
        residency = self._residency("residency", given["residency"])
        with refusals():
            operations.join_household(residency, household, given["relation"], actor=self.actor)
        return self.shown(self.get_object())

    def _residency(self, name: str, pk: int) -> Residency:
        """A residency that the caller may see and write. Raises ValidationError."""
        rows = self.within(Residency.objects.visible_to(self.actor))
        found: Residency | None = rows.filter(pk=pk).first()
        if found is None:
            raise ValidationError({name: [_("This is not on file in the compound.")]})
        self.may_write(found.compound_id)
        return found
