"""Vehicles, stays and money."""
