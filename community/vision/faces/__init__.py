"""Faces: what an engine gives, how pictures are judged, templates made, people recognised.

Pure: arrays in, dataclasses out, no tables, and nothing is kept on any disk.
"""
