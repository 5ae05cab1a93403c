"""Lockers and parcels."""
