"""`/api/v1/parking-prices/<stay>/`: what a stay costs at this moment, and what is still due."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.viewsets import GenericViewSet

from community.api_base import AT, CompoundView, RowSerializer, described
from parking.models import Stay
from parking.money_querysets import MONEY
from parking.pricebook import RELATED, Due, book_of, due, stored


class PriceSerializer(RowSerializer):
    example = {
        "id": 501, "compound": "wutong", "plate": "皖A90C31", "entered_at": AT, "until": AT,
        "total_fen": 1500, "paid_fen": 0, "due_fen": 1500, "grace_until": None,
        "lines": [
            {"code": "steps", "fen": 1500, "count": 3, "each": 500, "minutes": 60,
             "window": "00:00-24:00", "start": AT, "end": AT}
        ],
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True, help_text=_("Id of the stay."))
    plate = serializers.CharField(read_only=True)
    entered_at = serializers.DateTimeField(read_only=True, allow_null=True)
    until = serializers.DateTimeField(
        source="owed.until", read_only=True, help_text=_("The moment that was priced.")
    )
    total_fen = serializers.IntegerField(source="owed.priced.price.total", read_only=True)
    paid_fen = serializers.IntegerField(source="owed.paid_fen", read_only=True)
    due_fen = serializers.IntegerField(source="owed.due_fen", read_only=True)
    grace_until = serializers.DateTimeField(
        source="owed.grace_until", read_only=True, allow_null=True,
        help_text=_("Paid, and may drive out until then."),
    )  # fmt: skip
    lines = serializers.SerializerMethodField(help_text=_("They add up to the price."))

    def get_lines(self, stay: Any) -> list[dict[str, Any]]:
        return stored(stay.owed.priced.price)


@extend_schema_view(
    retrieve=described(
        _("What a stay costs"),
        _("Found anew with each call, by the tariff of the day on which the car came in."),
    )
)
class PriceViewSet(CompoundView, RetrieveModelMixin, GenericViewSet[Any]):
    queryset = Stay.objects.whole().select_related("compound", *RELATED)
    serializer_class = PriceSerializer
    read_roles = MONEY

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.actor.is_superuser:
            return rows
        return rows.filter(compound__in=self.actor.compounds_as(MONEY))

    def get_object(self) -> Any:
        stay: Any = super().get_object()
        stay.owed = owed_now(stay)
        return stay


def owed_now(stay: Stay) -> Due:
    return due(stay, stay.left_at or timezone.now(), book_of(stay.compound))
