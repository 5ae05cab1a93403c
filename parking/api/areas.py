"""`/api/v1/parking-areas/`: how full each area is, for signs and screens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from community.api_base import CompoundFilter, ReadView, RowSerializer, listed
from parking import occupancy
from parking.models import Area


class AreaSerializer(RowSerializer):
    example = {
        "id": 3, "compound": "wutong", "name": "地下车库", "level": "B1", "capacity": 180,
        "inside": 154, "free": 26, "free_for_visitors": 8, "full": False,
    }  # fmt: skip

    name = serializers.CharField(read_only=True)
    level = serializers.CharField(read_only=True)
    capacity = serializers.IntegerField(read_only=True, help_text=_("Places in all."))
    inside = serializers.IntegerField(read_only=True, help_text=_("Cars inside now."))
    free = serializers.SerializerMethodField(help_text=_("Places that nobody stands on."))
    free_for_visitors = serializers.SerializerMethodField(
        help_text=_("Places that a visitor would be let in for.")
    )
    full = serializers.SerializerMethodField(help_text=_("Whether visitors have to wait."))

    def get_free(self, area: Any) -> int:
        return occupancy.level(area).free

    def get_free_for_visitors(self, area: Any) -> int:
        return occupancy.level(area).free_for_visitors

    def get_full(self, area: Any) -> bool:
        return occupancy.level(area).free_for_visitors == 0


@listed(
    _("Parking areas"),
    _("One parking area"),
    _("Counted anew with each call: a sign may ask every few seconds."),
)
class AreaViewSet(ReadView):
    queryset = Area.objects.in_use().select_related("compound")
    serializer_class = AreaSerializer
    filterset_class = CompoundFilter

    def get_queryset(self) -> Any:
        return occupancy.counted(super().get_queryset())
