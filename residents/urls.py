from rest_framework.routers import SimpleRouter

from residents.api import PersonViewSet

router = SimpleRouter()
router.register("api/v1/people", PersonViewSet, basename="person")
urlpatterns = router.urls
