"""Who is inside now: the roll for an evacuation, from what the doors and gates know."""
