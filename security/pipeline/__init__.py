"""Frames of one lane in, one sighting per passage out. Pure: time is the frames' own.

A still lane costs a comparison of small pictures. Movement lets the engine look; its readings are
gathered in a track and voted on, and the track fires once, as soon as the vote is sure. It ends
when the lane is empty or another car takes its place: a car may stand for minutes and fires once.
"""

from security.pipeline.lane import Pipeline
from security.pipeline.sighting import Sighting, jpeg

__all__ = ["Pipeline", "Sighting", "jpeg"]
