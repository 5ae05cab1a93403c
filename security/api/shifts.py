"""`/api/v1/handovers/`: what one shift hands to the next, signed by both guards."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    ReadView,
    RowSerializer,
    deed,
    described,
    listed,
    refusals,
)
from security.models import GUARDS, Handover
from security.operations import shifts

#: A handover that somebody moved on meanwhile, with who it was.
MOVED = {shifts.HandoverMoved: "handover_moved"}


class HandoverSerializer(RowSerializer):
    example = {
        "id": 21, "compound": "wutong", "state": "signed", "outgoing": 5, "incoming": None,
        "note": "Key of the pump room is with the desk", "remark": "",
        "snapshot": {"alerts": [77], "waiting": [], "devices": [7]}, "prepared_at": AT,
        "signed_at": AT, "accepted_at": None, "withdrawn_at": None,
    }  # fmt: skip

    state = serializers.ChoiceField(choices=Handover.State.choices, read_only=True)
    outgoing = serializers.IntegerField(source="outgoing_id", read_only=True)
    incoming = serializers.IntegerField(source="incoming_id", read_only=True, allow_null=True)
    note = serializers.CharField(read_only=True)
    remark = serializers.CharField(read_only=True)
    snapshot = serializers.SerializerMethodField(
        help_text=_("Ids, codes and numbers as they stood when it was signed.")
    )
    prepared_at = serializers.DateTimeField(read_only=True)
    signed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    accepted_at = serializers.DateTimeField(read_only=True, allow_null=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_snapshot(self, handover: Handover) -> object:
        return handover.snapshot


class PrepareForm(serializers.Serializer):
    example = {"compound": "wutong", "note": "Key of the pump room is with the desk"}

    compound = CompoundField()
    note = serializers.CharField(
        max_length=shifts.NOTE_MAX, required=False, allow_blank=True, default=""
    )


class TakeOverForm(serializers.Serializer):
    example = {"remark": ""}

    remark = serializers.CharField(
        max_length=shifts.REMARK_MAX, required=False, allow_blank=True, default=""
    )


class HandoverFilter(CompoundFilter):
    state = filters.ChoiceFilter(choices=Handover.State.choices, help_text=_("How it stands."))
    outgoing = filters.NumberFilter("outgoing_id", help_text=_("Id of the user who leaves."))
    since = filters.IsoDateTimeFilter("prepared_at", "gte", help_text=_("At this time or later."))


@listed(
    _("Shift handovers"),
    _("One shift handover"),
    _("The newest first."),
    create=described(
        _("Begin to hand a shift over"),
        _("For the caller; what they have begun and not signed takes the new note."),
        request=PrepareForm,
        responses={201: HandoverSerializer},
    ),
)
class HandoverViewSet(ReadView):
    queryset = Handover.objects.select_related("compound")
    serializer_class = HandoverSerializer
    filterset_class = HandoverFilter
    write_roles = GUARDS

    def create(self, request: Request) -> Response:
        given = self.given(request, PrepareForm)
        compound = self.compound_to_write(given.get("compound", {}).get("code"))
        with refusals(MOVED):
            held = shifts.prepare_handover(compound, self.actor, given["note"])
        return self.shown(held, status.HTTP_201_CREATED)

    @deed(_("Sign what is handed over"), gives=HandoverSerializer, name="sign",
          about=_("By who leaves: what stands is written down now, and never again."))  # fmt: skip
    def sign(self, request: Request, pk: str) -> Response:
        held = self.writable()
        with refusals(MOVED):
            shifts.sign_handover(held, self.actor)
        return self.shown(self.get_object())

    @deed(_("Take a shift over"), takes=TakeOverForm, gives=HandoverSerializer, name="accept",
          about=_("Signed by the caller; nobody takes over from themselves."))  # fmt: skip
    def accept(self, request: Request, pk: str) -> Response:
        held, given = self.writable(), self.given(request, TakeOverForm)
        with refusals(MOVED):
            shifts.accept_handover(held, self.actor, given["remark"])
        return self.shown(self.get_object())

    @deed(_("Withdraw a handover"), gives=HandoverSerializer, name="withdraw",
          about=_("By who began it, or a manager, until it is accepted."))  # fmt: skip
    def withdraw(self, request: Request, pk: str) -> Response:
        held = self.writable()
        with refusals(MOVED):
            shifts.withdraw_handover(held, self.actor)
        return self.shown(self.get_object())
