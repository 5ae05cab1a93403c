"""Barriers, doors and locks: a small contract, drivers by name, and the commands sent to them."""
