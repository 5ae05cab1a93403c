"""`/api/v1/lockers/`: the locker banks of the caller's compounds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.viewsets import GenericViewSet

from community.api_base import CompoundView
from parcels.models import Compartment, LockerBank


class BankSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    compound = serializers.CharField(source="compound.code", read_only=True)
    name = serializers.CharField(read_only=True)
    place = serializers.CharField(read_only=True)
    in_order = serializers.SerializerMethodField(
        help_text=_("Compartments in order, by size: small, medium, large.")
    )

    def get_in_order(self, bank: LockerBank) -> dict[str, int]:
        rows = [row for row in bank.compartments.all() if not row.is_faulty]
        return {size: sum(row.size == size for row in rows) for size in Compartment.Size.values}


@extend_schema_view(
    list=extend_schema(summary=_("Locker banks")),
    retrieve=extend_schema(summary=_("One locker bank")),
)
class BankViewSet(CompoundView, ListModelMixin, RetrieveModelMixin, GenericViewSet[LockerBank]):
    queryset = LockerBank.objects.select_related("compound").prefetch_related("compartments")
    serializer_class = BankSerializer
