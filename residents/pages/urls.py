"""Addresses below /home/."""

from django.urls import path, re_path

from residents.pages import door, forms, home, lets, my_data, photos, registrations

STEP = "you|origin|home|reason|photos|check"
urlpatterns = [
    path("", home.index, name="home"),
    path("manifest.webmanifest", home.manifest, name="home-manifest"),
    path("sw.js", home.worker, name="home-worker"),
    path("offline/", home.offline, name="home-offline"),
    path("messages/", home.messages, name="home-messages"),
    path("cards/household/", home.household_card, name="home-card-household"),
    path("cards/registration/", home.registration_card, name="home-card-registration"),
    path("cards/lets/", home.lets_card, name="home-card-lets"),
    path("sign-in/", door.sign_in, name="home-sign-in"),
    path("sign-in/code/", door.code, name="home-code"),
    path("sign-in/paper/", door.paper, name="home-paper"),
    path("join/<str:token>/", door.join, name="home-join"),
    path("register/<str:token>/", forms.scan, name="home-scan"),
    path("form/<str:token>/", forms.begin, name="home-form"),
    path("form/<str:token>/hand-in/", forms.submit, name="home-form-submit"),
    path("form/<str:token>/claim/", forms.claim, name="home-form-claim"),
    path("form/<str:token>/later/", forms.later, name="home-form-later"),
    path("form/<str:token>/give-up/", forms.give_up, name="home-form-give-up"),
    path("form/<str:token>/photo/<slug:kind>/", photos.show, name="home-photo"),
    path("form/<str:token>/photo/<slug:kind>/add/", photos.add, name="home-photo-add"),
    path("form/<str:token>/photo/<slug:kind>/remove/", photos.remove, name="home-photo-remove"),
    re_path(rf"^form/(?P<token>[^/]+)/(?P<code>{STEP})/$", forms.step, name="home-form-step"),
    path("registration/", registrations.overview, name="home-registrations"),
    path("registration/start/<int:pk>/", registrations.start, name="home-registration-start"),
    path("registration/<int:pk>/", registrations.detail, name="home-registration"),
    path("registration/<int:pk>/renew/", registrations.renew, name="home-renew"),
    path("registration/<int:pk>/move-out/", registrations.leave, name="home-leave"),
    path("ending/<int:pk>/", registrations.answer, name="home-ending"),
    path("lets/", lets.overview, name="home-lets"),
    path("lets/<int:pk>/invite/", lets.invite, name="home-invite"),
    path("lets/<int:pk>/invited/<int:registration>/", lets.invited, name="home-invited"),
    path("lets/<int:pk>/code/", lets.code, name="home-code-of"),
    path("lets/<int:pk>/code/renew/", lets.renew_code, name="home-code-renew"),
    path("lets/<int:pk>/left/<int:registration>/", lets.ended, name="home-tenant-left"),
    path("my-data/", my_data.overview, name="home-my-data"),
    path("my-data/looks/", my_data.looks, name="home-looks"),
    path("my-data/download/", my_data.download, name="home-data-download"),
    path("my-data/print/", my_data.printed, name="home-data-print"),
    path("my-data/correct/", my_data.ask, {"kind": "correct"}, name="home-data-correct"),
    path("my-data/erase/", my_data.ask, {"kind": "erase"}, name="home-data-erase"),
]
