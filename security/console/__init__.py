"""The guard's pages: one desk, its live fragments, and the deeds. Thin callers of operations."""

from django.urls import path

from security.console import deeds, shown

urlpatterns = [
    path("guard/", shown.page, name="guard"),
    path("guard/feed/", shown.feed, name="guard-feed"),
    path("guard/lanes/", shown.lanes, name="guard-lanes"),
    path("guard/decision/", shown.decision, name="guard-decision"),
    path("guard/failed/", shown.failed, name="guard-failed"),
    path("guard/alerts/", shown.alert_strip, name="guard-alerts"),
    path("guard/pictures/<int:key>/", shown.picture, name="guard-picture"),
    path("guard/lanes/<int:key>/still.jpg", shown.still, name="guard-still"),
    path("guard/lanes/<int:key>/", deeds.lane_menu, name="guard-lane-menu"),
    path("guard/lanes/<int:key>/open/", deeds.open_lane, name="guard-open-lane"),
    path("guard/lanes/<int:key>/keep-open/", deeds.keep_open, name="guard-keep-open"),
    path("guard/lanes/<int:key>/release/", deeds.release, name="guard-release"),
    path("guard/passages/<int:key>/open/", deeds.open_passage, name="guard-open"),
    path("guard/passages/<int:key>/refuse/", deeds.refuse_passage, name="guard-refuse"),
    path("guard/alerts/<int:key>/take/", deeds.take_alert, name="guard-take-alert"),
]
