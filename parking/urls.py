from django.urls import path
from rest_framework.routers import SimpleRouter

from parking.api import AreaViewSet, ImportViewSet, StayViewSet, VehicleViewSet
from parking.office.pages import urlpatterns as office
from parking.pages import vehicles_card
from parking.pay.pages import urlpatterns as paying

router = SimpleRouter()
router.register("api/v1/vehicles", VehicleViewSet, basename="vehicle")
router.register("api/v1/stays", StayViewSet, basename="stay")
router.register("api/v1/parking-areas", AreaViewSet, basename="parking-area")
router.register("api/v1/vehicle-imports", ImportViewSet, basename="vehicle-import")
urlpatterns = [
    *router.urls,
    path("home/cards/vehicles/", vehicles_card, name="home-card-vehicles"),
    *office,
    *paying,
]
