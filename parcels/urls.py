from django.urls import path
from rest_framework.routers import SimpleRouter

from parcels.api import BankViewSet, CompartmentViewSet
from parcels.pages import office

router = SimpleRouter()
router.register("api/v1/lockers", BankViewSet, basename="locker")
router.register("api/v1/compartments", CompartmentViewSet, basename="compartment")
urlpatterns = [
    *router.urls,
    path("desk/parcels/<int:pk>/hand-over/", office.sign, name="parcel-sign"),
    path("parcels/pictures/<int:pk>/", office.picture, name="parcel-picture"),
]
