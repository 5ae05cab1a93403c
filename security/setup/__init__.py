"""Guided set-up: from an empty installation to the first opened barrier."""
