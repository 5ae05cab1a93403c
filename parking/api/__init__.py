"""`/api/v1/` of cars: registrations, stays, lists."""

from parking.api.imports import ImportViewSet
from parking.api.stays import StayViewSet
from parking.api.vehicles import VehicleViewSet

__all__ = ["ImportViewSet", "StayViewSet", "VehicleViewSet"]
