from django.urls import path
from rest_framework.routers import SimpleRouter

from parking.api import (
    AreaViewSet,
    DebtViewSet,
    ImportViewSet,
    PaymentViewSet,
    PriceViewSet,
    StayViewSet,
    TariffViewSet,
    VehicleViewSet,
)
from parking.home_pages.urls import urlpatterns as home_urls
from parking.office.pages import urlpatterns as office
from parking.office.report import urlpatterns as report
from parking.pages import vehicles_card
from parking.pay.driver_tickets import urlpatterns as tickets
from parking.pay.pages import urlpatterns as paying
from parking.picture_pages import urlpatterns as picture_urls

router = SimpleRouter()
router.register("api/v1/vehicles", VehicleViewSet, basename="vehicle")
router.register("api/v1/stays", StayViewSet, basename="stay")
router.register("api/v1/parking-areas", AreaViewSet, basename="parking-area")
router.register("api/v1/vehicle-imports", ImportViewSet, basename="vehicle-import")
router.register("api/v1/tariffs", TariffViewSet, basename="tariff")
router.register("api/v1/parking-payments", PaymentViewSet, basename="parking-payment")
router.register("api/v1/parking-prices", PriceViewSet, basename="parking-price")
router.register("api/v1/parking-debts", DebtViewSet, basename="parking-debt")
urlpatterns = [
    *router.urls,
    *home_urls,
    *picture_urls,
    path("home/cards/vehicles/", vehicles_card, name="home-card-vehicles"),
    *office,
    *report,
    *paying,
    *tickets,
]
