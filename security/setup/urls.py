"""Doors of the guided set-up."""

from django.urls import path

from security.setup.pages import (
    barriers,
    cameras,
    changing,
    devices,
    fire_lanes,
    people,
    places,
    pushing,
)

LANE = "setup/lanes/<int:key>/"
DEVICE = "setup/devices/<int:key>/"
FIRE = "setup/fire-lanes/<int:key>/"
urlpatterns = [
    path("setup/", places.landing, name="setup"),
    path("setup/new/", places.new, name="setup-new"),
    path("setup/compound/", places.compound, name="setup-compound"),
    path("setup/homes/", places.homes, name="setup-homes"),
    path("setup/gates/", places.gates, name="setup-gates"),
    path(f"{LANE}camera/", cameras.camera, name="setup-camera"),
    path(f"{LANE}camera/try/", cameras.try_camera, name="setup-try-camera"),
    path(f"{LANE}push/", pushing.push, name="setup-push"),
    path(f"{LANE}region/", cameras.region, name="setup-region"),
    path(f"{LANE}plate/", cameras.plate, name="setup-plate"),
    path(f"{LANE}look/<slug:purpose>/", cameras.look, name="setup-look"),
    path(f"{LANE}look/<slug:purpose>/<slug:token>/", cameras.seen, name="setup-seen"),
    path(f"{LANE}looks/<slug:token>.jpg", cameras.picture, name="setup-picture"),
    path(f"{LANE}plate/<slug:token>/", cameras.confirm_plate, name="setup-confirm-plate"),
    path(f"{LANE}barrier/", barriers.barrier, name="setup-barrier"),
    path(f"{LANE}test/", barriers.test, name="setup-test"),
    path(f"{LANE}test/<int:number>/", barriers.tested, name="setup-tested"),
    path(f"{LANE}test/<int:number>/said/", barriers.confirm, name="setup-confirm-test"),
    path(FIRE, fire_lanes.fire_lane, name="setup-fire-lane"),
    path(f"{FIRE}look/", fire_lanes.look, name="setup-fire-look"),
    path(f"{FIRE}look/<slug:token>/", fire_lanes.seen, name="setup-fire-seen"),
    path(f"{FIRE}looks/<slug:token>.jpg", fire_lanes.picture, name="setup-fire-picture"),
    path("setup/devices/new/<slug:kind>/", changing.new, name="setup-new-device"),
    path(DEVICE, devices.device, name="setup-device"),
    path(f"{DEVICE}settings/", changing.change, name="setup-change-device"),
    path(f"{DEVICE}remove/", changing.remove, name="setup-remove-device"),
    path(f"{DEVICE}ask/", devices.ask, name="setup-ask-device"),
    path(f"{DEVICE}test/", devices.send_test, name="setup-try-device"),
    path(f"{DEVICE}last.jpg", devices.picture, name="setup-device-picture"),
    path("setup/people/", people.people, name="setup-people"),
    path("setup/vehicle/", people.vehicle, name="setup-vehicle"),
]
