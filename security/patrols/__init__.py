"""Patrols on foot: the guard's phone, the list of rounds, the sheets that hang at the points."""
