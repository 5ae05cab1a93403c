"""`/api/v1/` of the gates: readings from devices; lanes, passages, alerts, shifts for people."""

from security.api.alerts import AlertViewSet
from security.api.lanes import KeepOpenViewSet, LaneViewSet
from security.api.passages import CorrectionViewSet, PassageViewSet
from security.api.patrols import PatrolPointViewSet, PatrolRoundViewSet, PatrolRouteViewSet
from security.api.pictures import PictureViewSet
from security.api.readings import ReadingView
from security.api.shifts import HandoverViewSet

__all__ = [
    "AlertViewSet",
    "CorrectionViewSet",
    "HandoverViewSet",
    "KeepOpenViewSet",
    "LaneViewSet",
    "PassageViewSet",
    "PatrolPointViewSet",
    "PatrolRoundViewSet",
    "PatrolRouteViewSet",
    "PictureViewSet",
    "ReadingView",
]
