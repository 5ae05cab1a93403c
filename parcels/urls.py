from rest_framework.routers import SimpleRouter

from parcels.api import BankViewSet

router = SimpleRouter()
router.register("api/v1/lockers", BankViewSet, basename="locker")
urlpatterns = router.urls
