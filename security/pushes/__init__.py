"""Cameras and terminals that push: their address, what comes of a push, and what they hear."""
