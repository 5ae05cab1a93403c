"""The address of devices that push. With and without a last slash: they follow no redirect."""

from django.urls import path

from security.pushes.pages import push

urlpatterns = [
    path("devices/<str:secret>/<slug:kind>", push, name="device-push"),
    path("devices/<str:secret>/<slug:kind>/<path:rest>", push, name="device-push-more"),
    path("devices/<str:secret>/<slug:kind>/", push, name="device-push-slash"),
]
