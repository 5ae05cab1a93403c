"""The office's site: unfold's, without the list of all tables that it would make for each page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import sites
from django.http import HttpRequest
from unfold.apps import BasicAppConfig
from unfold.sites import UnfoldAdminSite


class OfficeSite(UnfoldAdminSite):
    """The sidebar is ours (``community.office``), so nobody reads that list."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        return super().get_app_list(request, app_label) if app_label else []


class OfficeSiteConfig(BasicAppConfig):
    """Stands for ``unfold`` among the installed apps."""

    def ready(self) -> None:
        admin.site = sites.site = OfficeSite()
