"""Sees, decides, acts."""
