"""Vehicles, their stays in the compound, and imports of vehicle lists."""

from parking.models.imports import VehicleImport, VehicleImportRow
from parking.models.stays import Stay
from parking.models.vehicles import PlateKind, Vehicle

__all__ = ["PlateKind", "Stay", "Vehicle", "VehicleImport", "VehicleImportRow"]
