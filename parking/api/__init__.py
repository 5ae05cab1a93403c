"""`/api/v1/` of cars: registrations, stays, areas, lists."""

from parking.api.areas import AreaViewSet
from parking.api.imports import ImportViewSet
from parking.api.money import DebtViewSet, PaymentViewSet, TariffViewSet
from parking.api.prices import PriceViewSet
from parking.api.stays import StayViewSet
from parking.api.vehicles import VehicleViewSet

__all__ = [
    "AreaViewSet",
    "DebtViewSet",
    "ImportViewSet",
    "PaymentViewSet",
    "PriceViewSet",
    "StayViewSet",
    "TariffViewSet",
    "VehicleViewSet",
]
