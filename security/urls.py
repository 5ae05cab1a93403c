"""Doors of the gates: the guard's pages, a phone as a camera, and the API for devices."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from security import api
from security.api.page import docs

router = SimpleRouter()
for prefix, view in (
    ("lanes", api.LaneViewSet),
    ("keep-opens", api.KeepOpenViewSet),
    ("passages", api.PassageViewSet),
    ("corrections", api.CorrectionViewSet),
    ("pictures", api.PictureViewSet),
    ("alerts", api.AlertViewSet),
    ("handovers", api.HandoverViewSet),
    ("patrol-points", api.PatrolPointViewSet),
    ("patrol-routes", api.PatrolRouteViewSet),
    ("patrol-rounds", api.PatrolRoundViewSet),
    ("home-calls", api.HomeCallViewSet),
    ("watch-list", api.WatchViewSet),
):
    router.register(f"api/v1/{prefix}", view, basename=f"api-{prefix}")

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("api/v1/readings/", api.ReadingView.as_view(), name="api-readings"),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", docs, name="api-docs"),
]
for name in (
    "security.console",
    "security.camera_pages",
    "security.kiosk",
    "security.kiosk_visits",
    "security.kiosk_faces",
    "security.home_pages",
    "security.console.visitors",
    "security.console.card_calls",
    "security.console.cars",
    "security.console.faces",
    "security.console.paying",
    "security.console.fire_lanes",
    "security.console.tickets",
    "security.self_ticket_pages",
    "security.stay_pictures",
    "security.pass_pages",
    "security.inside.pages",
    "security.audit.pages",
    "security.shifts.urls",
    "security.patrols.urls",
    "security.setup.urls",
    "security.pushes.urls",
    "security.viid.urls",
):
    if find_spec(name):
        urlpatterns += import_module(name).urlpatterns
