"""`/api/v1/home-calls/`: who rings at the caller's own home, and what is answered."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.exceptions import NotFound
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
from residents.models import Person
from security.models import HomeCall
from security.operations.home_calls import AlreadyAnswered, answer_call
from security.own_calls import calls_at

EVERYBODY = frozenset(Role.Name.values)
LATE = {AlreadyAnswered: "already_answered"}


class CallSerializer(RowSerializer):
    example = {
        "id": 52, "compound": "wutong", "unit": 120, "home": "3-2-1202", "lane": 2,
        "kind": "guest", "name": "许安", "people": 2, "plate": "皖A52M78", "state": "ringing",
        "asked_at": AT, "expires_at": AT, "answered_at": None,
    }  # fmt: skip

    unit = serializers.IntegerField(source="unit_id", read_only=True)
    home = serializers.CharField(source="unit.code", read_only=True)
    lane = serializers.IntegerField(source="lane_id", read_only=True)
    kind = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True, help_text=_("Empty where nobody asked."))
    people = serializers.IntegerField(read_only=True)
    plate = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=HomeCall.State.choices, read_only=True)
    asked_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True, help_text=_("Rings until then."))
    answered_at = serializers.DateTimeField(read_only=True, allow_null=True)


class CallAnswerForm(serializers.Serializer):
    example = {"answer": "let_in"}

    answer = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in HomeCall.ANSWERS],
        help_text=_("Letting in opens within five minutes of the call."),
    )


class CallFilter(CompoundFilter):
    ringing = filters.BooleanFilter(method="by_bell", help_text=_("Rings now, or does not."))

    def by_bell(self, rows: Any, _name: str, value: bool) -> Any:
        ringing = HomeCall.objects.ringing(timezone.now())
        return rows.filter(pk__in=ringing) if value else rows.exclude(pk__in=ringing)


@listed(
    _("Calls to your home"),
    _("One call to your home"),
    _("From the day you came to live there, the newest first."),
)
class HomeCallViewSet(ReadView):
    queryset = HomeCall.objects.all()
    serializer_class = CallSerializer
    filterset_class = CallFilter
    read_roles = write_roles = EVERYBODY

    def get_queryset(self) -> Any:
        """Of the homes where the caller lives; what a gate's guards see is no part of this."""
        mine = Q(pk__in=[])
        for person in Person.objects.whole().filter(user_id=self.actor.pk or 0):
            mine |= Q(pk__in=calls_at(person).values("pk"))
        return self.within(HomeCall.objects.select_related("compound", "unit").filter(mine))

    @deed(_("Answer a call to your home"), takes=CallAnswerForm, gives=CallSerializer,
          name="answer",
          about=_("The first answer of the home counts."))  # fmt: skip
    def answer(self, request: Request, pk: str) -> Response:
        call, given = self.get_object(), self.given(request, CallAnswerForm)
        person = self._person(call)
        with refusals(LATE):
            answer_call(call, person, given["answer"], actor=self.actor)
        return self.shown(self.get_object())

    def _person(self, call: HomeCall) -> Person:
        rows = Person.objects.whole().filter(user=self.actor, compound_id=call.compound_id)
        found: Person | None = rows.first()
        if found is None:
            raise NotFound
        return found
