from django.urls import include, path
from rest_framework.routers import SimpleRouter

from residents.api import PersonViewSet, ResidencyViewSet

router = SimpleRouter()
router.register("api/v1/people", PersonViewSet, basename="person")
router.register("api/v1/residencies", ResidencyViewSet, basename="residency")
urlpatterns = [*router.urls, path("home/", include("residents.pages.urls"))]
