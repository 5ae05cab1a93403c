"""The office: the admin in our colours, with our sidebar and first page."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def asset(path: str) -> Any:
    """A static file's address, asked for when the page is drawn."""
    return lambda _request: static(path)


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Linli"),
    "SITE_HEADER": _("Linli"),
    "SITE_URL": None,
    "SITE_ICON": asset("logo.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": asset("favicon.svg")}],
    "THEME": "light",
    "BORDER_RADIUS": "8px",
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": False,
    "SHOW_BACK_BUTTON": True,
    "STYLES": [asset("css/pieces.css"), asset("css/office.css"), asset("css/admin.css")],
    "SCRIPTS": [asset("js/office/htmx.js"), asset("js/office/reach.js"), asset("js/find.js")],
    "GLOBAL_CALLBACK": "community.office.context",
    "DASHBOARD_CALLBACK": "community.dashboard.first_page",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "community.office.navigation",
    },
    "ACCOUNT": {
        "navigation": [
            {"title": _("My sign-in"), "link": reverse_lazy("account")},
            {"title": _("Change password"), "link": reverse_lazy("admin:password_change")},
        ]
    },
    "COLORS": {
        "base": {
            "50": "#f7f9f8",
            "100": "#eef2f0",
            "200": "#d9e0de",
            "300": "#bcc7c4",
            "400": "#66757a",
            "500": "#5b6a66",
            "600": "#45544f",
            "700": "#33403c",
            "800": "#222d2a",
            "900": "#16211f",
            "950": "#0b1210",
        },
        "primary": {
            "50": "#eef6f8",
            "100": "#e2eff2",
            "200": "#c3dde4",
            "300": "#9cc4cf",
            "400": "#5f9aab",
            "500": "#2f7387",
            "600": "#17586b",
            "700": "#134a5a",
            "800": "#103c4a",
            "900": "#0e323e",
            "950": "#082029",
        },
    },
}
