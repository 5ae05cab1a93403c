"""Tags of the office's own pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from unfold.templatetags.unfold_list import result_headers, result_hidden_fields

from community.office_rows import rows

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
