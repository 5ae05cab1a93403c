"""Composition of all doors, by string: the floor imports no upper app."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from community import health, metrics, pages, search
from community.api_rules.problems import nothing_here
from community.first_words import FirstWords

handler500 = "community.busy.server_error"
patterns: list[URLPattern | URLResolver] = [
    path("", pages.landing, name="landing"),
    path("sign-in/", pages.SignIn.as_view(), name="sign-in"),
    path("sign-out/", pages.SignOut.as_view(), name="sign-out"),
    path("language/", pages.language, name="language"),
    path("compound/", pages.compound, name="compound"),
    path("admin/login/", pages.admin_sign_in),
    path("admin/logout/", pages.SignOut.as_view()),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.page, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("search/", search.page, name="search"),
    path("", include("community.desk_pages")),
    path("", include("community.trust_pages")),
    path("", include("community.account.pages")),
    path("", include("community.first_start.pages")),
    path("", include("community.api.urls")),
    path("", include("community.notifications.pages")),
]
patterns += [
    path("", include(f"{app}.urls")) for app in settings.LINLI_APPS[1:] if find_spec(f"{app}.urls")
]
patterns += [re_path(r"^api/", nothing_here)]
urlpatterns = [FirstWords(patterns)]
