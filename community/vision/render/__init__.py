"""Invented Chinese plates and plain street scenes, drawn for tests, the demo and look-alike trials.

Pure: a text, a kind and a numpy random generator in, BGR arrays out; the same seed gives the same
picture. Glyphs come from fonts that the system has (Debian: fonts-noto-cjk, fonts-liberation).
"""

from community.vision.render.glyphs import FontMissing
from community.vision.render.plates import plate_face, plate_picture, random_text
from community.vision.render.scenes import Front, car_front, lane, place, scene

__all__ = [
    "FontMissing",
    "Front",
    "car_front",
    "lane",
    "place",
    "plate_face",
    "plate_picture",
    "random_text",
    "scene",
]
