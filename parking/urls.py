from rest_framework.routers import SimpleRouter

from parking.api import VehicleViewSet

router = SimpleRouter()
router.register("api/v1/vehicles", VehicleViewSet, basename="vehicle")
urlpatterns = router.urls
