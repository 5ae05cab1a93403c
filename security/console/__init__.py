"""The guard's pages: one desk, its live fragments, and the deeds. Thin callers of operations."""

from django.urls import path

from security.console import alert_deeds, deeds, plates, shown, video

urlpatterns = [
    path("guard/", shown.page, name="guard"),
    path("guard/feed/", shown.feed, name="guard-feed"),
    path("guard/lanes/", shown.lanes, name="guard-lanes"),
    path("guard/decision/", shown.decision, name="guard-decision"),
    path("guard/failed/", shown.failed_reads, name="guard-failed"),
    path("guard/alerts/", alert_deeds.strip, name="guard-alerts"),
    path("guard/alerts/list/", alert_deeds.listed, name="guard-alert-list"),
    path("guard/alerts/<int:key>/", alert_deeds.dialog, name="guard-alert"),
    path("guard/alerts/<int:key>/take/", alert_deeds.take, name="guard-take-alert"),
    path("guard/alerts/<int:key>/assign/", alert_deeds.assign, name="guard-assign-alert"),
    path("guard/alerts/<int:key>/close/", alert_deeds.close, name="guard-close-alert"),
    path("guard/fire/<int:key>/end/", alert_deeds.end_fire, name="guard-end-fire"),
    path("guard/pictures/<int:key>/", shown.picture, name="guard-picture"),
    path("guard/lanes/<int:key>/still.jpg", shown.still, name="guard-still"),
    path("guard/lanes/<int:key>/video/", video.video, name="guard-video"),
    path("guard/lanes/<int:key>/", deeds.lane_menu, name="guard-lane-menu"),
    path("guard/lanes/<int:key>/open/", deeds.open_lane, name="guard-open-lane"),
    path("guard/lanes/<int:key>/keep-open/", deeds.keep_open, name="guard-keep-open"),
    path("guard/lanes/<int:key>/release/", deeds.release, name="guard-release"),
    path("guard/passages/<int:key>/open/", deeds.open_passage, name="guard-open"),
    path("guard/passages/<int:key>/refuse/", deeds.refuse_passage, name="guard-refuse"),
    path("guard/passages/<int:key>/compare/", deeds.compare, name="guard-compare"),
    path("guard/passages/<int:key>/claim/", plates.claim, name="guard-claim"),
    path("guard/passages/<int:key>/plate/", plates.plate_dialog, name="guard-plate"),
    path("guard/passages/<int:key>/plate/find/", plates.find_plate, name="guard-find-plate"),
    path("guard/passages/<int:key>/plate/correct/", plates.correct, name="guard-correct"),
    path("guard/passages/<int:key>/same-car/", plates.same_car, name="guard-same-car"),
    path("guard/corrections/<int:key>/undo/", plates.undo, name="guard-undo"),
]
