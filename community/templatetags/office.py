"""Tags of the office's own pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from unfold.templatetags.unfold_list import result_headers, result_hidden_fields

from community.office import navigation
from community.office_rows import rows
from community.pages import GUARD_ROLES, url_of

register = template.Library()


@register.inclusion_tag("office/rows.html", takes_context=True)
def office_rows(context: Any, cl: Any) -> dict[str, Any]:
    """The table of a change list, in place of unfold's."""
    headers = list(result_headers(cl))
    actions = context.get("actions_row")
    return {
        "cl": cl,
        "hidden": list(result_hidden_fields(cl)),
        "result_headers": headers,
        "num_sorted_fields": sum(bool(one["sortable"] and one["sorted"]) for one in headers),
        "rows": list(rows(cl, headers, actions)),
        "acts": bool(actions),
        "has_add_permission": cl.model_admin.has_add_permission(context["request"]),
    }


@register.simple_tag
def export_url(cl: Any, form: str) -> str:
    """Where the list, as it is searched and filtered, comes as a file."""
    opts = cl.opts
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_export", args=[form])
    return f"{url}{cl.get_query_string(remove=['p', 'all'])}"


@register.simple_tag(takes_context=True)
def office_sidebar(context: Any) -> list[dict[str, Any]]:
    """The groups of lists for pages of our own; none for those who may not enter the office."""
    request = context["request"]
    return navigation(request) if request.user.is_staff else []


@register.simple_tag(takes_context=True)
def guard_door(context: Any) -> str:
    """The way to the guard's desk, for those who watch the gates."""
    request = context["request"]
    watches = request.compound and request.user.roles_in(request.compound) & GUARD_ROLES
    return url_of("guard") if watches else ""
