from django.urls import include, path
from rest_framework.routers import SimpleRouter

from residents import api
from residents.pages import cards, care, face_desk, notices, requests

router = SimpleRouter()
for prefix, view, name in (
    ("people", api.PersonViewSet, "person"),
    ("residencies", api.ResidencyViewSet, "residency"),
    ("households", api.HouseholdViewSet, "household"),
    ("registrations", api.RegistrationViewSet, "registration"),
    ("my-registrations", api.OwnRegistrationViewSet, "my-registration"),
    ("care-watches", api.CareViewSet, "care-watch"),
    ("ways-in", api.WayInViewSet, "way-in"),
    ("visits", api.VisitViewSet, "visit"),
    ("face-consents", api.ConsentViewSet, "face-consent"),
    ("face-erasures", api.ErasureViewSet, "face-erasure"),
    ("notices", api.NoticeViewSet, "notice"),
    ("requests", api.RequestViewSet, "request"),
):
    router.register(f"api/v1/{prefix}", view, basename=name)
urlpatterns = [
    *router.urls,
    path("home/cards/services/", notices.services_card, name="home-card-services"),
    path("home/notices/", notices.notices, name="home-notices"),
    path("home/notices/<int:pk>/", notices.notice, name="home-notice"),
    path("home/care/", care.care, name="home-care"),
    path("home/care/<int:pk>/<str:deed>/", care.act, name="home-care-act"),
    path("desk/cards/", cards.cards, name="desk-cards"),
    path("desk/face/", face_desk.overview, name="desk-faces"),
    path("desk/face/texts/", face_desk.publish, name="desk-faces-publish"),
    path("desk/face/calibrate/", face_desk.calibrate, name="desk-faces-calibrate"),
    path("desk/face/of/<int:pk>/", face_desk.face, name="desk-face"),
    path("desk/face/of/<int:pk>/judge/", face_desk.judge, name="desk-face-judge"),
    path("desk/face/of/<int:pk>/enrol/", face_desk.enrol, name="desk-face-enrol"),
    path("desk/face/proof/<int:pk>/", face_desk.proof, name="desk-face-proof"),
    path("desk/notices/<int:pk>/board/", notices.board, name="notice-board"),
    path("home/requests/", requests.requests, name="home-requests"),
    path("home/requests/new/", requests.report, name="home-report"),
    path("home/requests/<int:pk>/", requests.one, name="home-request"),
    path("home/requests/<int:pk>/rate/", requests.act, {"deed": "rate"}, name="request-rate"),
    path("home/requests/<int:pk>/reopen/", requests.act, {"deed": "reopen"}, name="request-reopen"),
    path("home/requests/<int:pk>/answer/", requests.act, {"deed": "answer"}, name="request-answer"),
    path(
        "home/requests/<int:pk>/withdraw/",
        requests.act,
        {"deed": "withdraw"},
        name="request-withdraw",
    ),
    path("requests/pictures/<int:pk>/", requests.picture, name="request-picture"),
    path("home/", include("residents.pages.urls")),
]
