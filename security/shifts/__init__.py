"""The change of shifts: what the next one must know, and who stands at the desk."""
