"""Composition of all doors, by string: the floor imports no upper app."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]
urlpatterns += [
    path("", include(f"{app}.urls")) for app in settings.LINLI_APPS[1:] if find_spec(f"{app}.urls")
]
