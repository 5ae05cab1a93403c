"""`/api/v1/` of the gates: readings from devices; lanes, passages, pictures, alerts for people."""

from security.api.alerts import AlertViewSet
from security.api.lanes import KeepOpenViewSet, LaneViewSet
from security.api.passages import CorrectionViewSet, PassageViewSet
from security.api.pictures import PictureViewSet
from security.api.readings import ReadingView

__all__ = [
    "AlertViewSet",
    "CorrectionViewSet",
    "KeepOpenViewSet",
    "LaneViewSet",
    "PassageViewSet",
    "PictureViewSet",
    "ReadingView",
]
