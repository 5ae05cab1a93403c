"""`/api/v1/ways-in/` and `/api/v1/visits/`: what opens a door on foot, and whom a home expects."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
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
from community.models import Unit
from community.querysets import OFFICE
from residents import masking, operations
from residents.models import Person, Visit, WayIn

CREATED = status.HTTP_201_CREATED


class WayInSerializer(RowSerializer):
    """Never the secret: a card shows its last characters."""

    example = {
        "id": 17, "compound": "wutong", "kind": "card", "person": 88, "unit": None, "hint": "4F2A",
        "issued_at": AT, "issued_by": 5, "ended_at": None, "end_reason": "", "last_used_at": None,
        "last_lane": None,
    }  # fmt: skip

    kind = serializers.ChoiceField(choices=WayIn.Kind.choices, read_only=True)
    person = serializers.IntegerField(source="person_id", read_only=True)
    unit = serializers.IntegerField(
        source="unit_id", read_only=True, allow_null=True, help_text=_("The home of a PIN.")
    )
    hint = serializers.CharField(read_only=True, help_text=_("Last characters of a card."))
    issued_at = serializers.DateTimeField(read_only=True)
    issued_by = serializers.IntegerField(source="issued_by_id", read_only=True, allow_null=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    end_reason = serializers.CharField(read_only=True)
    last_used_at = serializers.DateTimeField(read_only=True, allow_null=True)
    last_lane = serializers.IntegerField(source="last_lane_id", read_only=True, allow_null=True)


class CardForm(serializers.Serializer):
    example = {"compound": "wutong", "person": 88, "number": "04A1B2C34F2A"}

    compound = CompoundField()
    person = PlaceField(Person.objects, source="person_id", help_text=_("Id of the file."))
    number = serializers.CharField(max_length=40, help_text=_("As the reader reads it."))


class EndWayForm(serializers.Serializer):
    example = {"reason": "lost"}

    reason = serializers.ChoiceField(choices=WayIn.End.choices)


class WayInFilter(CompoundFilter):
    person = filters.NumberFilter("person_id", help_text=_("Id of the file."))
    kind = filters.ChoiceFilter(choices=WayIn.Kind.choices, help_text=_("What opens."))
    active = filters.BooleanFilter("ended_at", "isnull", help_text=_("Opens still, or ended."))


@listed(
    _("Ways in"),
    _("One way in"),
    create=described(
        _("Hand out a card"),
        _("The same card to the same person again changes nothing."),
        request=CardForm,
        responses={201: WayInSerializer},
    ),
)
class WayInViewSet(ReadView):
    queryset = WayIn.objects.select_related("compound")
    serializer_class = WayInSerializer
    filterset_class = WayInFilter
    write_roles = OFFICE

    def create(self, request: Request) -> Response:
        given = self.given(request, CardForm)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        with refusals():
            row = operations.give_card(
                actor=self.actor, **self.resolved(given, compound, CardForm())
            )
        return self.shown(row, CREATED)

    @deed(_("End a way in"), takes=EndWayForm, gives=WayInSerializer, name="end",
          about=_("Nothing opens with it from now on."))  # fmt: skip
    def end(self, request: Request, pk: str) -> Response:
        row, given = self.writable(), self.given(request, EndWayForm)
        with refusals():
            operations.end_way_in(row, given["reason"], actor=self.actor)
        return self.shown(self.get_object())


class VisitSerializer(RowSerializer):
    """As the desk and the gate read it; the pass itself is given once, to who invites."""

    example = {
        "id": 203, "compound": "wutong", "unit": 120, "home": "3-2-1202", "host": 88,
        "kind": "guest", "name": "许安", "phone": "138****6120", "plates": ["皖A52M78"],
        "people": 2, "starts_at": AT, "ends_at": AT, "most_entries": 1, "entries": 0,
        "is_walk_in": False, "created_at": AT, "revoked_at": None,
    }  # fmt: skip

    unit = serializers.IntegerField(
        source="unit_id", read_only=True, allow_null=True,
        help_text=_("Id of the home; null for a courier's pass of the day."),
    )  # fmt: skip
    home = serializers.CharField(read_only=True)
    host = serializers.IntegerField(source="host_id", read_only=True, allow_null=True)
    kind = serializers.ChoiceField(choices=Visit.Kind.choices, read_only=True)
    name = serializers.CharField(read_only=True)
    phone = serializers.SerializerMethodField(help_text=_("Masked, such as 138****1234."))
    plates = serializers.ListField(child=serializers.CharField(), read_only=True)
    people = serializers.IntegerField(read_only=True)
    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)
    most_entries = serializers.IntegerField(
        read_only=True, allow_null=True, help_text=_("Null: as often as they like until the end.")
    )
    entries = serializers.IntegerField(read_only=True)
    is_walk_in = serializers.BooleanField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    revoked_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_phone(self, visit: Visit) -> str:
        return masking.phone(visit.phone)


class InvitedSerializer(VisitSerializer):
    example = VisitSerializer.example | {"pass": "https://gate.example/pass/…/"}

    def get_fields(self) -> dict[str, serializers.Field]:
        # `pass` is a word of Python's own.
        text = _("The address of the pass; whoever holds it holds the pass.")
        field = serializers.SerializerMethodField(method_name="get_pass_url", help_text=text)
        return super().get_fields() | {"pass": field}

    def get_pass_url(self, visit: Visit) -> str:
        path = reverse("visitor-pass", args=[visit.secret])
        url: str = self.context["request"].build_absolute_uri(path)
        return url


class InviteForm(serializers.Serializer):
    example = {
        "compound": "wutong", "unit": 120, "kind": "guest", "name": "许安", "phone": "",
        "plates": ["皖A52M78"], "people": 2, "starts_at": AT, "ends_at": AT, "most_entries": 1,
    }  # fmt: skip

    compound = CompoundField()
    unit = PlaceField(Unit.objects, source="unit_id", help_text=_("Id of the home."))
    kind = serializers.ChoiceField(choices=Visit.Kind.choices, required=False)
    name = serializers.CharField(max_length=80)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    plates = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=5
    )
    people = serializers.IntegerField(required=False, min_value=1, max_value=50)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    most_entries = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=200
    )


class VisitFilter(CompoundFilter):
    home = filters.CharFilter("unit__code", help_text=_("Code of the home, such as 3-2-1202."))
    kind = filters.ChoiceFilter(choices=Visit.Kind.choices, help_text=_("Kind of visit."))
    since = filters.IsoDateTimeFilter("ends_at", "gte", help_text=_("Ends at this time or later."))
    until = filters.IsoDateTimeFilter("starts_at", "lt", help_text=_("Starts before this time."))
    revoked = filters.BooleanFilter(
        "revoked_at", "isnull", exclude=True, help_text=_("Taken back, or not.")
    )


@listed(
    _("Visits"),
    _("One visit"),
    _("The newest first."),
    create=described(
        _("Invite a visitor on a home's behalf"),
        request=InviteForm,
        responses={201: InvitedSerializer},
    ),
)
class VisitViewSet(ReadView):
    queryset = Visit.objects.select_related("compound", "unit").prefetch_related("cars")
    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    write_roles = OFFICE

    def create(self, request: Request) -> Response:
        given = self.given(request, InviteForm)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        values = self.resolved(given, compound, InviteForm())
        with refusals():
            visit = operations.invite(**values, on_behalf=True, actor=self.actor)
        context = self.get_serializer_context()
        return Response(InvitedSerializer(visit, context=context).data, CREATED)

    @deed(_("Take an invitation back"), gives=VisitSerializer, name="revoke",
          about=_("Its pass opens nothing from now on."))  # fmt: skip
    def revoke(self, request: Request, pk: str) -> Response:
        operations.revoke_visit(self.writable(), actor=self.actor)
        return self.shown(self.get_object())
