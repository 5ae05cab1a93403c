"""Doors of patrols. ``patrol/<secret>/`` is what the sheets' codes say."""

from django.urls import path

from security.patrols import results, sheets, walking

urlpatterns = [
    path("guard/patrols/", walking.today, name="guard-patrols"),
    path("guard/patrols/rounds/", results.results, name="guard-patrol-rounds"),
    path("guard/patrols/rounds/<int:key>/", walking.walk, name="guard-patrol-round"),
    path("guard/patrols/rounds/<int:key>/start/", walking.start, name="guard-patrol-start"),
    path(
        "guard/patrols/rounds/<int:key>/points/<int:point>/",
        walking.by_hand,
        name="guard-patrol-by-hand",
    ),
    path("guard/patrols/routes/<int:key>/start/", walking.start_extra, name="guard-patrol-extra"),
    path("guard/patrols/routes/<int:key>/sheets/", sheets.of_route, name="guard-patrol-sheets"),
    path("guard/patrols/points/<int:key>/sheet/", sheets.of_point, name="guard-patrol-sheet"),
    path("patrol/<str:secret>/", walking.scan, name="patrol-scan"),
]
