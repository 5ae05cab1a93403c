from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from parcels.api import BankViewSet, CompartmentViewSet, ParcelViewSet
from parcels.pages import (
    connect,
    courier,
    courier_asking,
    courier_door,
    courier_gate,
    courier_putting,
    courier_reading,
    faults,
    home,
    home_asked,
    intake,
    load,
    office,
    tablet,
)

router = SimpleRouter()
router.register("api/v1/lockers", BankViewSet, basename="locker")
router.register("api/v1/compartments", CompartmentViewSet, basename="compartment")
router.register("api/v1/parcels", ParcelViewSet, basename="parcel")
urlpatterns = [
    *router.urls,
    path("courier/", courier.begin, name="courier"),
    path("courier/sign-in/", courier_door.sign_in, name="courier-sign-in"),
    path("courier/sign-in/code/", courier_door.code, name="courier-code"),
    path("courier/sign-out/", courier_door.sign_out, name="courier-sign-out"),
    path("courier/locker/", courier.choose_bank, name="courier-bank"),
    path("courier/locker/leave/", courier.leave_bank, name="courier-leave"),
    path("courier/pass/", courier_gate.gate, name="courier-gate"),
    path("courier/tablet/", courier_gate.tablet, name="courier-tablet"),
    path("courier/questions/<int:pk>/", courier_asking.question, name="courier-question"),
    path("courier/questions/<int:pk>/state/", courier_asking.state, name="courier-asked"),
    re_path(
        r"^courier/questions/(?P<pk>[0-9]{1,18})/(?P<deed>locker|desk|done|gone)/$",
        courier_asking.act,
        name="courier-settle",
    ),
    path("courier/read/", courier_reading.read, name="courier-read"),
    path("courier/put/", courier.put, name="courier-put"),
    path("courier/desk/", courier.desk, name="courier-desk"),
    path("courier/parcels/<int:pk>/", courier_putting.parcel, name="courier-parcel"),
    path("courier/parcels/<int:pk>/state/", courier_putting.state, name="courier-state"),
    re_path(
        r"^courier/parcels/(?P<pk>[0-9]{1,18})/(?P<deed>shut|larger|stuck|again|undo|picture)/$",
        courier_putting.act,
        name="courier-act",
    ),
    path("locker/<str:secret>/", tablet.page, name="locker-tablet"),
    path("locker/<str:secret>/act/", tablet.act, name="locker-act"),
    path("locker/<str:secret>/state/", tablet.state, name="locker-state"),
    path("lockers/<int:pk>/", connect.condition, name="locker-bank"),
    path("lockers/<int:pk>/ask/", connect.ask, name="locker-ask"),
    path("lockers/<int:pk>/connect/", connect.connect, name="locker-connect"),
    path("lockers/<int:pk>/sizes/", connect.sizes, name="locker-sizes"),
    path("lockers/<int:pk>/test/", connect.test, name="locker-test"),
    path("lockers/<int:pk>/test/<int:order>/", connect.tested, name="locker-tested"),
    path("home/cards/parcels/", home.card, name="home-card-parcels"),
    path("home/parcels/", home.parcels, name="home-parcels"),
    path("home/parcels/ways/", home.ways, name="home-parcel-ways"),
    path("home/parcels/questions/<int:pk>/", home_asked.question, name="home-parcel-question"),
    path("home/parcels/<int:pk>/", home.parcel, name="home-parcel"),
    path("home/parcels/<int:pk>/state/", home.state, name="parcel-state"),
    re_path(
        r"^home/parcels/(?P<pk>[0-9]{1,18})/(?P<deed>open|again|shut|later|proxy|report)/$",
        home.act,
        name="parcel-act",
    ),
    path("desk/parcels/in/", intake.take_in, name="parcel-in"),
    path("desk/parcels/load/", load.month, name="parcel-load"),
    path("desk/parcels/load/<str:form>/", load.file, name="parcel-load-file"),
    path("desk/parcels/faults/", faults.faults, name="parcel-faults"),
    path("desk/parcels/faults/<str:form>/", faults.file, name="parcel-faults-file"),
    path("desk/parcels/<int:pk>/hand-over/", office.sign, name="parcel-sign"),
    path("parcels/pictures/<int:pk>/", office.picture, name="parcel-picture"),
]
