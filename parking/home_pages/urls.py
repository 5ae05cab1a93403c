"""Addresses of a resident's pages of cars."""

from django.urls import path

from parking.home_pages import blocked, cars, stays

urlpatterns = [
    path("home/cars/", cars.cars, name="home-cars"),
    path("home/cars/new/", cars.new, name="home-car-new"),
    path("home/cars/wishes/<int:pk>/withdraw/", cars.withdraw, name="home-car-withdraw"),
    path("home/cars/wishes/<int:pk>/licence/", cars.licence, name="home-car-licence"),
    path("home/cars/permits/<int:pk>/renew/", cars.renew, name="home-permit-renew"),
    path("home/cars/in-the-way/<int:pk>/", cars.come, name="home-car-come"),
    path("home/cars/stays/", stays.stays, name="home-stays"),
    path("home/cars/stays/<int:pk>/", stays.stay, name="home-stay"),
    path("home/cars/stays/<int:pk>/dispute/", stays.dispute, name="home-stay-dispute"),
    path("home/cars/blocked/", blocked.blocked, name="home-blocked"),
    path("home/cars/blocked/<int:pk>/over/", blocked.over, name="home-blocked-over"),
]
