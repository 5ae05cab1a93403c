"""The ledger, read in order; and who looked at whose data."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community import events
from community.api_base import (
    AT,
    CompoundFilter,
    NewestFirst,
    ReadView,
    RowSerializer,
    described,
    listed,
)
from community.models import Event, LedgerHead, Look
from community.querysets import STAFF

MOST = 2**63 - 1


class EventSerializer(serializers.Serializer):
    example = {
        "sequence": 1204, "kind": "gate.opened_by_hand", "label": "Opened by hand", "at": AT,
        "recorded_at": AT, "actor": 5,
        "payload": {"lane": 2, "passage": 4711, "reason": "delivery"},
    }  # fmt: skip

    sequence = serializers.IntegerField(read_only=True)
    kind = serializers.CharField(read_only=True)
    label: Any = serializers.SerializerMethodField(help_text=_("The kind in words."))
    at = serializers.DateTimeField(read_only=True, help_text=_("When it happened."))
    recorded_at = serializers.DateTimeField(read_only=True)
    actor = serializers.IntegerField(
        source="actor_id", read_only=True, allow_null=True, help_text=_("Who did it.")
    )
    payload = serializers.DictField(read_only=True, help_text=_("Ids, codes and numbers only."))

    def get_label(self, event: Event) -> str:
        kind = events.kinds().get(event.kind)
        return str(kind.label) if kind else event.kind


class LedgerOrder(NewestFirst):
    """Oldest first, with the ends of the ledger as they were before the page was read."""

    ordering = "sequence"
    ends: dict[str, int] = {"low": 0, "high": 0}
    example = {"low": 0, "high": 1204}

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        response.data.update(self.ends)
        return response

    def get_paginated_response_schema(self, schema: Any) -> Any:
        whole = super().get_paginated_response_schema(schema)
        whole["properties"] |= {"low": {"type": "integer"}, "high": {"type": "integer"}}
        return whole


class Cut(exceptions.APIException):
    status_code = 410
    default_code = "ledger_cut"
    default_detail = _("What came just after this number is no longer kept. Begin again at low.")


class EventFilter(filters.FilterSet):
    after = filters.NumberFilter(
        "sequence", "gt", min_value=0, max_value=MOST, help_text=_("Only later numbers than this.")
    )
    kind = filters.CharFilter(
        method="by_kind", help_text=_("A kind, or the start of kinds that ends in a dot: gate.")
    )
    since = filters.IsoDateTimeFilter("at", "gte", help_text=_("Happened at this time or later."))
    until = filters.IsoDateTimeFilter("at", "lt", help_text=_("Happened before this time."))
    actor = filters.NumberFilter("actor_id", help_text=_("Id of the user who did it."))

    class Meta:
        model = Event
        fields: list[str] = []

    def by_kind(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(**{"kind__startswith" if value.endswith(".") else "kind": value[:64]})


WHICH = OpenApiParameter(
    "compound", OpenApiTypes.STR, description=_("Code of the compound, where several are seen.")
)
LIST_ABOUT = _(
    "In the order of their numbers, which have no gap within a compound; you see the kinds that "
    "your roles there may see. Follow `next`; when it is null, ask again with `after` set to "
    "`high` or to the last number you saw, whichever is larger. Nothing is missed and nothing "
    "comes twice."
)


@extend_schema_view(
    list=described(_("The ledger"), LIST_ABOUT, parameters=[WHICH]),
    retrieve=described(_("One line of the ledger, by its number"), parameters=[WHICH]),
)
class EventViewSet(ReadView):
    queryset = Event.objects.all()
    serializer_class = EventSerializer
    filterset_class = EventFilter
    pagination_class = LedgerOrder
    lookup_field = "sequence"
    read_roles = STAFF

    def get_queryset(self) -> Any:
        compound = self.compound_to_read(self.request.query_params.get("compound"))
        return super().get_queryset().of(compound)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        compound = self.compound_to_read(request.query_params.get("compound"))
        # Read before the rows, so that none can fall between.
        head = LedgerHead.objects.filter(pk=compound.pk).values("last", "low_water").first()
        low, high = (head["low_water"], head["last"]) if head else (0, 0)
        after = request.query_params.get("after", "")
        if after.isdecimal() and int(after[:19]) < low:
            raise Cut
        paginator: Any = self.paginator
        paginator.ends = {"low": low, "high": high}
        return super().list(request, *args, **kwargs)

    def get_object(self) -> Any:
        return get_object_or_404(self.get_queryset(), sequence=int(self.kwargs["sequence"]))


class LookSerializer(RowSerializer):
    example = {
        "id": 3, "compound": "wutong", "user": 5, "subject": "residents.person",
        "subject_id": 88, "field": "phone", "reason": "Call about a leak", "at": AT,
    }  # fmt: skip

    user = serializers.IntegerField(source="user_id", read_only=True)
    subject = serializers.CharField(read_only=True, help_text=_("Kind of row."))
    subject_id = serializers.IntegerField(read_only=True)
    field = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True)


class LookFilter(CompoundFilter):
    user = filters.NumberFilter("user_id", help_text=_("Id of who looked."))
    since = filters.IsoDateTimeFilter("at", "gte", help_text=_("At this time or later."))


@listed(_("Looks at personal data"), _("One look"))
class LookViewSet(ReadView):
    queryset = Look.objects.select_related("compound")
    serializer_class = LookSerializer
    filterset_class = LookFilter
