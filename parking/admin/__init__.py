"""Parking in the office."""

from parking.admin.imports import VehicleImportAdmin
from parking.admin.vehicles import StayAdmin, VehicleAdmin

__all__ = ["StayAdmin", "VehicleAdmin", "VehicleImportAdmin"]
