from rest_framework.routers import SimpleRouter

from parcels.api import BankViewSet, CompartmentViewSet

router = SimpleRouter()
router.register("api/v1/lockers", BankViewSet, basename="locker")
router.register("api/v1/compartments", CompartmentViewSet, basename="compartment")
urlpatterns = router.urls
