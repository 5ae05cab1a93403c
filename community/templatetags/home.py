"""The bar at the foot of the resident's pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from community import home_parts

register = template.Library()


@register.inclusion_tag("home/tabs.html", takes_context=True)
def home_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """The tabs that the apps offer; the one whose address is longest in the page's is current."""
    path = context["request"].path
    rows: list[dict[str, Any]] = [
        {"url": reverse(tab.url), "icon": tab.icon, "title": tab.title} for tab in home_parts.tabs()
    ]
    fitting = [row["url"] for row in rows if path.startswith(row["url"])]
    here = max(fitting, key=len, default="")
    return {"tabs": [row | {"here": row["url"] == here} for row in rows]}
