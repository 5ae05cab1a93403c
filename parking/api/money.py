"""`/api/v1/tariffs/`, `/api/v1/parking-payments/`, `/api/v1/parking-debts/`: amounts in fen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    PlaceField,
    ReadView,
    RowSerializer,
    described,
    listed,
    refusals,
)
from community.vision.grammar import normalise
from parking import operations
from parking.models import Debt, Payment, Stay, Tariff
from parking.money_querysets import MONEY

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


class AskForm(serializers.Serializer[Any]):
    """A payment to be asked for."""

    example = {"stay": 501, "way": "code", "compound": "wutong"}

    compound = CompoundField(source="code")
    stay = PlaceField(Stay.objects.whole(), help_text=_("Id of the stay in the compound."))
    way = serializers.ChoiceField(
        choices=[(Payment.Way.CODE, ""), (Payment.Way.PHONE, "")],
        help_text=_("`code`: a QR code to show; `phone`: a link that the payer opens."),
    )


class AskedSerializer(PaymentSerializer):
    """With what the payer is shown."""

    example = PaymentSerializer.example | {
        "state": "waiting", "provider_number": "", "paid_at": None, "expires_at": AT,
        "link": "weixin://wxpay/bizpayurl?pr=p4lpSuKzz",
    }  # fmt: skip

    link = serializers.CharField(read_only=True, help_text=_("For the QR code, or to be opened."))
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)


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


@listed(
    _("Parking payments"),
    _("One parking payment"),
    _("The newest first."),
    create=described(
        _("Ask for what is due for a stay"),
        _("While an order of the same amount waits, it is the same order."),
        request=AskForm, responses={201: AskedSerializer},
    ),
)  # fmt: skip
class PaymentViewSet(ReadView):
    queryset = Payment.objects.select_related("compound")
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter
    write_roles = MONEY

    def create(self, request: Request) -> Response:
        given = self.given(request, AskForm)
        compound = self.compound_to_write(given.pop("code", None))
        stay = self.resolved(given, compound, AskForm())["stay"]
        with refusals():
            payment = operations.ask_payment(stay, given["way"], actor=self.actor)
        if payment is None:
            raise ValidationError({"stay": [_("Nothing is due for this car.")]})
        return Response(AskedSerializer(payment).data, status.HTTP_201_CREATED)


@listed(_("Parking debts"), _("One parking debt"), _("The newest first."))
class DebtViewSet(ReadView):
    queryset = Debt.objects.select_related("compound")
    serializer_class = DebtSerializer
    filterset_class = DebtFilter
