"""Telling other systems what happened here: signed, at least once, never into our own network."""
