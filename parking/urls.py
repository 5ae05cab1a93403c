from rest_framework.routers import SimpleRouter

from parking.api import ImportViewSet, StayViewSet, VehicleViewSet

router = SimpleRouter()
router.register("api/v1/vehicles", VehicleViewSet, basename="vehicle")
router.register("api/v1/stays", StayViewSet, basename="stay")
router.register("api/v1/vehicle-imports", ImportViewSet, basename="vehicle-import")
urlpatterns = router.urls
