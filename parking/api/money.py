"""`/api/v1/tariffs/`, `/api/v1/parking-payments/`, `/api/v1/parking-debts/`: amounts in fen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from community.api_base import AT, CompoundFilter, ReadView, RowSerializer, listed
from community.vision.grammar import normalise
from parking.models import Debt, Payment, Tariff

RULES: dict[str, Any] = {
    "day_counts": "calendar", "grace_minutes": 15, "residents_free": True,
    "rates": [
        {
            "kinds": [], "free_minutes": 30, "free_deducted": False, "cap_day_fen": 3000,
            "cap_stay_fen": None, "holidays": [],
            "workdays": [
                {
                    "from": "00:00", "to": "24:00", "step_minutes": 60, "step_fen": 500,
                    "first_minutes": 0, "first_fen": 0, "cap_fen": None,
                }
            ],
        }
    ],
}  # fmt: skip


class TariffSerializer(RowSerializer):
    example = {
        "id": 3, "compound": "wutong", "name": "临停收费", "starts_on": "2026-03-01",
        "rules": RULES, "switched_on_at": AT,
    }  # fmt: skip

    name = serializers.CharField(read_only=True)
    starts_on = serializers.DateField(read_only=True)
    rules = serializers.JSONField(read_only=True, help_text=_("Hours, minutes and fen."))
    switched_on_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text=_("Empty: a draft by which nothing is charged.")
    )


class PaymentSerializer(RowSerializer):
    example = {
        "id": 77, "compound": "wutong", "stay": 501, "number": "LP0f3a", "way": "code",
        "state": "paid", "amount_fen": 1000, "refunded_fen": 0, "provider_number": "4200001",
        "created_at": AT, "paid_at": AT,
    }  # fmt: skip

    stay = serializers.IntegerField(source="stay_id", read_only=True)
    number = serializers.CharField(read_only=True)
    way = serializers.ChoiceField(choices=Payment.Way.choices, read_only=True)
    state = serializers.ChoiceField(choices=Payment.State.choices, read_only=True)
    amount_fen = serializers.IntegerField(read_only=True)
    refunded_fen = serializers.IntegerField(read_only=True)
    provider_number = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    paid_at = serializers.DateTimeField(read_only=True, allow_null=True)


class DebtSerializer(RowSerializer):
    example = {
        "id": 9, "compound": "wutong", "stay": 501, "plate": "皖A90C31", "amount_fen": 1500,
        "reason": "no_money", "created_at": AT, "settled_at": None, "waived_at": None,
    }  # fmt: skip

    stay = serializers.IntegerField(source="stay_id", read_only=True)
    plate = serializers.CharField(read_only=True)
    amount_fen = serializers.IntegerField(read_only=True)
    reason = serializers.ChoiceField(choices=Debt.Reason.choices, read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    settled_at = serializers.DateTimeField(read_only=True, allow_null=True)
    waived_at = serializers.DateTimeField(read_only=True, allow_null=True)


class PaymentFilter(CompoundFilter):
    stay = filters.NumberFilter("stay_id", help_text=_("Id of the stay."))
    since = filters.IsoDateTimeFilter("paid_at", "gte", help_text=_("Paid at this time or later."))
    until = filters.IsoDateTimeFilter("paid_at", "lt", help_text=_("Paid before this time."))


class DebtFilter(CompoundFilter):
    plate = filters.CharFilter(
        method="by_plate", help_text=_("A whole plate, however it is typed.")
    )
    open = filters.BooleanFilter(method="by_state", help_text=_("Owed still, or not any more."))

    def by_plate(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(plate=normalise(value))

    def by_state(self, rows: Any, _name: str, value: bool) -> Any:
        open_rows = rows.open()
        return open_rows if value else rows.exclude(pk__in=open_rows.values("pk"))


@listed(_("Parking tariffs"), _("One parking tariff"), _("The newest first."))
class TariffViewSet(ReadView):
    queryset = Tariff.objects.select_related("compound")
    serializer_class = TariffSerializer
    filterset_class = CompoundFilter


@listed(_("Parking payments"), _("One parking payment"), _("The newest first."))
class PaymentViewSet(ReadView):
    queryset = Payment.objects.select_related("compound")
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter


@listed(_("Parking debts"), _("One parking debt"), _("The newest first."))
class DebtViewSet(ReadView):
    queryset = Debt.objects.select_related("compound")
    serializer_class = DebtSerializer
    filterset_class = DebtFilter
