"""Doors of the gates: the guard's pages, a phone as a camera, and the API for devices."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView

from security.api import ReadingView
from security.api_docs import docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/readings/", ReadingView.as_view(), name="api-readings"),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", docs, name="api-docs"),
]
for name in (
    "security.console",
    "security.camera_pages",
    "security.shifts.urls",
    "security.patrols.urls",
    "security.setup.urls",
):
    if find_spec(name):
        urlpatterns += import_module(name).urlpatterns
