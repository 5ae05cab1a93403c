"""`/api/v1/` of the gates: readings from devices; lanes, passages, alerts, shifts for people."""

from security.api.alerts import AlertViewSet
from security.api.home_calls import HomeCallViewSet
from security.api.lanes import KeepOpenViewSet, LaneViewSet
from security.api.passages import CorrectionViewSet, PassageViewSet
from security.api.patrol_plans import PatrolPointViewSet, PatrolRouteViewSet
from security.api.patrols import PatrolRoundViewSet
from security.api.pictures import PictureViewSet
from security.api.readings import ReadingView
from security.api.shifts import HandoverViewSet
from security.api.watch import WatchViewSet

__all__ = [
    "AlertViewSet",
    "CorrectionViewSet",
    "HandoverViewSet",
    "HomeCallViewSet",
    "KeepOpenViewSet",
    "LaneViewSet",
    "PassageViewSet",
    "PatrolPointViewSet",
    "PatrolRoundViewSet",
    "PatrolRouteViewSet",
    "PictureViewSet",
    "ReadingView",
    "WatchViewSet",
]
