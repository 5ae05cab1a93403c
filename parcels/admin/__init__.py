"""Lockers, parcels, couriers and choices in the office."""

from parcels.admin import banks, couriers, desk, parcels  # noqa: F401
