"""Addresses of the floor's part of the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from community.api import devices, events, me, places, users, ways, webhooks

router = SimpleRouter()
for name, view in (
    ("compounds", places.CompoundViewSet),
    ("buildings", places.BuildingViewSet),
    ("units", places.UnitViewSet),
    ("gates", places.GateViewSet),
    ("devices", devices.DeviceViewSet),
    ("device-tokens", devices.DeviceTokenViewSet),
    ("commands", devices.CommandViewSet),
    ("events", events.EventViewSet),
    ("looks", events.LookViewSet),
    ("users", users.UserViewSet),
    ("roles", users.RoleViewSet),
    ("webhooks", webhooks.WebhookViewSet),
    ("webhook-deliveries", webhooks.DeliveryViewSet),
    ("tokens", me.TokenViewSet),
    ("notifications", me.NotificationViewSet),
):
    router.register(f"api/v1/{name}", view, basename=f"api-{name}")
urlpatterns = [
    path("api/v1/me/", me.MeView.as_view(), name="api-me"),
    *ways.urlpatterns,
    *router.urls,
]
