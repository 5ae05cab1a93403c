"""`/api/v1/care-watches/`: who asked to be looked after, for the office, themselves, family."""

from __future__ import annotations

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
from community.models import Role
from residents.models import CareWatch
from residents.operations import care


class CareSerializer(RowSerializer):
    example = {
        "id": 4, "compound": "wutong", "person": 88, "relative": None, "days": 3,
        "consent": "person", "consent_at": AT, "last_sign_at": AT, "away_until": None,
        "step": "quiet", "stepped_at": None, "ended_at": None,
    }  # fmt: skip

    person = serializers.IntegerField(source="person_id", read_only=True)
    relative = serializers.IntegerField(source="relative_id", read_only=True, allow_null=True)
    days = serializers.IntegerField(read_only=True, help_text=_("Days without a sign of life."))
    consent = serializers.ChoiceField(choices=CareWatch.Consent.choices, read_only=True)
    consent_at = serializers.DateTimeField(read_only=True)
    last_sign_at = serializers.DateTimeField(read_only=True)
    away_until = serializers.DateField(read_only=True, allow_null=True)
    step = serializers.ChoiceField(
        choices=CareWatch.Step.choices, read_only=True, help_text=_("Who was asked last.")
    )
    stepped_at = serializers.DateTimeField(read_only=True, allow_null=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)


class AwayForm(serializers.Serializer):
    example = {"until": "2026-06-30"}

    until = serializers.DateField(
        allow_null=True, help_text=_("Nobody is asked up to and with this day; null: back again.")
    )


class CareFilter(CompoundFilter):
    person = filters.NumberFilter("person_id", help_text=_("Id of the file."))
    step = filters.ChoiceFilter(choices=CareWatch.Step.choices, help_text=_("How it stands."))
    running = filters.BooleanFilter("ended_at", "isnull", help_text=_("Runs, or ended."))


@listed(
    _("Care watches"),
    _("One care watch"),
    _("The office sees all, everybody else their own and those of whom they are the relative."),
)
class CareViewSet(ReadView):
    """Whoever sees one may say what its page lets them say: guards see none."""

    queryset = CareWatch.objects.select_related("compound")
    serializer_class = CareSerializer
    filterset_class = CareFilter
    read_roles = write_roles = frozenset(Role.Name.values)

    @deed(_("Say that all is well"), gives=CareSerializer, name="all-well",
          about=_("The days without a sign count anew."))  # fmt: skip
    def all_well(self, request: Request, pk: str) -> Response:
        care.all_well(self.get_object(), actor=self.actor)
        return self.shown(self.get_object())

    @deed(_("Say until when somebody is away"), takes=AwayForm, gives=CareSerializer, name="away")
    def away(self, request: Request, pk: str) -> Response:
        watch, given = self.get_object(), self.given(request, AwayForm)
        with refusals():
            care.set_away(watch, given["until"], actor=self.actor)
        return self.shown(self.get_object())

    @deed(_("End a care watch"), gives=CareSerializer, name="end",
          about=_("Nobody is asked any more."))  # fmt: skip
    def end(self, request: Request, pk: str) -> Response:
        care.end_care(self.get_object(), actor=self.actor)
        return self.shown(self.get_object())
