"""`/api/v1/watch-list/`: what a guard compares before anything opens; never a decision itself."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
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
from security.models import WatchEntry
from security.operations.watchlist import MANAGERS, add_watch, end_watch


class WatchSerializer(RowSerializer):
    """A card's number is not kept: only its end is shown."""

    example = {
        "id": 6, "compound": "wutong", "kind": "plate", "what": "皖A52M78", "basis": "police",
        "reference": "公治字 12 号", "reason": "请先联系民警再放行", "entered_at": AT,
        "entered_by": 5, "expires_at": AT, "ended_at": None, "ended_by": None,
    }  # fmt: skip

    kind = serializers.ChoiceField(choices=WatchEntry.Kind.choices, read_only=True)
    what = serializers.CharField(
        read_only=True, help_text=_("The plate, the end of the card, or the visitor.")
    )
    basis = serializers.ChoiceField(choices=WatchEntry.Basis.choices, read_only=True)
    reference = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True)
    entered_at = serializers.DateTimeField(read_only=True)
    entered_by = serializers.IntegerField(source="entered_by_id", read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    ended_by = serializers.IntegerField(source="ended_by_id", read_only=True, allow_null=True)


class WatchForm(serializers.Serializer):
    example = {
        "compound": "wutong", "kind": "plate", "value": "皖A52M78", "basis": "police",
        "reference": "公治字 12 号", "reason": "请先联系民警再放行", "expires_at": AT,
    }  # fmt: skip

    compound = CompoundField()
    kind = serializers.ChoiceField(choices=WatchEntry.Kind.choices)
    value = serializers.CharField(
        max_length=300, help_text=_("A whole plate, a card's number, or a pass's code or address.")
    )
    basis = serializers.ChoiceField(choices=WatchEntry.Basis.choices)
    reference = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default="",
        help_text=_("Number of the paper; needed except for a decision of the owners."),
    )  # fmt: skip
    reason = serializers.CharField(max_length=200, help_text=_("What the guard must know."))
    expires_at = serializers.DateTimeField(help_text=_("180 days ahead at most."))


class WatchFilter(CompoundFilter):
    kind = filters.ChoiceFilter(choices=WatchEntry.Kind.choices, help_text=_("What is meant."))
    in_force = filters.BooleanFilter(
        method="by_force", help_text=_("Counts now, or is over or ended.")
    )

    def by_force(self, rows: Any, _name: str, value: bool) -> Any:
        counts = WatchEntry.objects.in_force(timezone.now())
        return rows.filter(pk__in=counts) if value else rows.exclude(pk__in=counts)


@listed(
    _("The watch list"),
    _("One entry of the watch list"),
    create=described(
        _("Enter something on the watch list"),
        _("A guard compares before anything opens; nothing is refused by itself."),
        request=WatchForm,
        responses={201: WatchSerializer},
    ),
)
class WatchViewSet(ReadView):
    queryset = WatchEntry.objects.select_related("compound", "visit")
    serializer_class = WatchSerializer
    filterset_class = WatchFilter
    read_roles = write_roles = MANAGERS

    def create(self, request: Request) -> Response:
        given = self.given(request, WatchForm)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        with refusals():
            entry = add_watch(compound=compound, actor=self.actor, **given)
        return self.shown(entry, status.HTTP_201_CREATED)

    @deed(_("End an entry of the watch list"), gives=WatchSerializer, name="end",
          about=_("It counts no more from now on."))  # fmt: skip
    def end(self, request: Request, pk: str) -> Response:
        end_watch(self.writable(), actor=self.actor)
        return self.shown(self.get_object())
