"""`/api/v1/passages/`: what was decided about each car, and a guard's own decisions."""

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
from community.verdicts import sentence
from community.vision.grammar import normalise
from security import operations
from security.models import GUARDS, Correction, Passage
from security.operations.watchlist import answer_hits
from security.reasons import OpenReason, RefuseReason

#: Somebody quicker, or a car that is gone, with who and why.
LATE = {operations.AlreadyDecided: "already_decided", operations.PassageOver: "passage_over"}


class OpenForm(serializers.Serializer):
    example = {"reason": "delivery", "note": ""}

    #: Without the misread plate: that reason comes with the right one, by `open-as` alone.
    reason = serializers.ChoiceField(choices=OpenReason.chosen())
    note = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="",
        help_text=_("Needed with the reason “other”."),
    )  # fmt: skip


class RefuseForm(OpenForm):
    example = {"reason": "not_expected", "note": ""}

    reason = serializers.ChoiceField(choices=RefuseReason.choices)


class PlateForm(serializers.Serializer):
    example = {"plate": "皖A52M78"}

    plate = serializers.CharField(max_length=40, help_text=_("The whole plate, as on the car."))


class CompareForm(serializers.Serializer):
    example = {"is_it": False}

    is_it = serializers.BooleanField(help_text=_("True: it is what the entry means."))


class CorrectionSerializer(RowSerializer):
    example = {
        "id": 3, "compound": "wutong", "passage": 4711, "read": "皖A52N78", "plate": "皖A52M78",
        "made_by": 5, "made_at": AT, "undone_by": None, "undone_at": None,
    }  # fmt: skip

    passage = serializers.IntegerField(source="passage_id", read_only=True)
    read = serializers.CharField(read_only=True, help_text=_("As it was read."))
    plate = serializers.CharField(read_only=True)
    made_by = serializers.IntegerField(source="made_by_id", read_only=True)
    made_at = serializers.DateTimeField(read_only=True)
    undone_by = serializers.IntegerField(source="undone_by_id", read_only=True, allow_null=True)
    undone_at = serializers.DateTimeField(read_only=True, allow_null=True)


class PassageSerializer(RowSerializer):
    example = {
        "id": 4711, "compound": "wutong", "lane": 2, "direction": "entry", "plate": "皖A52M78",
        "read_as": "", "kind": "blue", "confidence": 0.97, "vehicle": 210, "picture": 9001,
        "outcome": "allow", "code": "vehicle_registered", "state": "crossed",
        "sentence": "Registered by 3-2-1202.",
        "seen_at": AT, "decided_at": AT, "crossed_at": AT, "crossing": "assumed",
        "by_hand": False, "decided_by": None, "reason": "", "note": "", "command": 41,
    }  # fmt: skip

    lane = serializers.IntegerField(source="lane_id", read_only=True)
    direction = serializers.CharField(read_only=True)
    plate = serializers.CharField(read_only=True, help_text=_("Empty where none was read."))
    read_as = serializers.CharField(
        read_only=True, help_text=_("What was read, where a person put the plate right.")
    )
    kind = serializers.CharField(read_only=True)
    confidence = serializers.FloatField(read_only=True)
    vehicle = serializers.IntegerField(source="vehicle_id", read_only=True, allow_null=True)
    picture = serializers.IntegerField(source="picture_id", read_only=True, allow_null=True)
    outcome = serializers.ChoiceField(choices=Passage.Outcome.choices, read_only=True)
    code = serializers.CharField(read_only=True, help_text=_("The rule that decided; stable."))
    sentence = serializers.SerializerMethodField(help_text=_("The same in the caller's language."))
    state = serializers.ChoiceField(choices=Passage.State.choices, read_only=True)
    seen_at = serializers.DateTimeField(read_only=True)
    decided_at = serializers.DateTimeField(read_only=True)
    crossed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    crossing = serializers.CharField(read_only=True, help_text=_("How the crossing is known."))
    by_hand = serializers.BooleanField(read_only=True)
    decided_by = serializers.IntegerField(source="decided_by_id", read_only=True, allow_null=True)
    reason = serializers.CharField(read_only=True)
    note = serializers.CharField(read_only=True)
    command = serializers.IntegerField(source="command_id", read_only=True, allow_null=True)

    def get_sentence(self, passage: Passage) -> str:
        return sentence(passage.code, passage.facts)


class PassageFilter(CompoundFilter):
    plate = filters.CharFilter(
        method="by_plate", help_text=_("A whole plate, however it is typed.")
    )
    search = filters.CharFilter(method="by_part", help_text=_("Part of a plate."))
    lane = filters.NumberFilter("lane_id", help_text=_("Id of the lane."))
    vehicle = filters.NumberFilter("vehicle_id", help_text=_("Id of the car."))
    outcome = filters.ChoiceFilter(choices=Passage.Outcome.choices, help_text=_("Decision."))
    state = filters.ChoiceFilter(choices=Passage.State.choices, help_text=_("How it stands."))
    by_hand = filters.BooleanFilter(help_text=_("Decided by a person."))
    since = filters.IsoDateTimeFilter("seen_at", "gte", help_text=_("At this time or later."))
    until = filters.IsoDateTimeFilter("seen_at", "lt", help_text=_("Before this time."))

    def by_plate(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(plate=normalise(value))

    def by_part(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(plate__contains=normalise(value[:20]))


@listed(_("Passages"), _("One passage"), _("The newest first."))
class PassageViewSet(ReadView):
    queryset = Passage.objects.select_related("compound")
    serializer_class = PassageSerializer
    filterset_class = PassageFilter
    write_roles = GUARDS

    @deed(_("Let a waiting car through"), takes=OpenForm, gives=PassageSerializer, name="open",
          about=_("One opening however many ask; who and why are kept."))  # fmt: skip
    def open(self, request: Request, pk: str) -> Response:
        passage, given = self.writable(), self.given(request, OpenForm)
        with refusals(LATE):
            operations.open_by_hand(lane=passage.lane, passage=passage, user=self.actor, **given)
        return self.shown(self.get_object())

    @deed(
        _("Let a waiting car through as another plate"),
        takes=PlateForm,
        gives=PassageSerializer,
        name="open-as",
        about=_("For a registered car that was misread: it is put right, and learnt."),
    )
    def open_as(self, request: Request, pk: str) -> Response:
        passage, given = self.writable(), self.given(request, PlateForm)
        with refusals(LATE):
            operations.open_as(passage, self.actor, given["plate"])
        return self.shown(self.get_object())

    @deed(
        _("Put a plate right"),
        takes=PlateForm,
        gives=CorrectionSerializer,
        name="correct",
        about=_("What was misread ranks the right car first next time; it never opens."),
    )
    def correct(self, request: Request, pk: str) -> Response:
        passage, given = self.writable(), self.given(request, PlateForm)
        with refusals(LATE):
            correction = operations.correct_plate(passage, self.actor, given["plate"])
        return Response(CorrectionSerializer(correction).data)

    @deed(
        _("Say whether it is what the watch list means"),
        takes=CompareForm,
        gives=PassageSerializer,
        name="compare",
        about=_("After comparing. Nothing opens by it; who said it first stays."),
    )
    def compare(self, request: Request, pk: str) -> Response:
        passage, given = self.writable(), self.given(request, CompareForm)
        answer_hits(passage, self.actor, is_it=given["is_it"])
        return self.shown(self.get_object())

    @deed(_("Send a waiting car away"), takes=RefuseForm, gives=PassageSerializer, name="refuse")
    def refuse(self, request: Request, pk: str) -> Response:
        passage, given = self.writable(), self.given(request, RefuseForm)
        with refusals(LATE):
            operations.refuse(passage, self.actor, **given)
        return self.shown(self.get_object())


class CorrectionFilter(CompoundFilter):
    passage = filters.NumberFilter("passage_id", help_text=_("Id of the passage."))
    standing = filters.BooleanFilter("undone_at", "isnull", help_text=_("Stands, or taken back."))


@listed(_("Plates that were put right"), _("One correction"))
class CorrectionViewSet(ReadView):
    queryset = Correction.objects.select_related("compound")
    serializer_class = CorrectionSerializer
    filterset_class = CorrectionFilter
    write_roles = GUARDS

    @deed(_("Take a correction back"), gives=CorrectionSerializer, name="undo",
          about=_("The plate as read, its stay, and what was learnt from it alone."))  # fmt: skip
    def undo(self, request: Request, pk: str) -> Response:
        operations.undo_correction(self.writable(), self.actor)
        return self.shown(self.get_object())
