"""The office's first page, put together from what each app has to show today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Device
from community.pages import url_of

#: Who may look after a device.
KEEPERS = frozenset({"manager", "installer"})
#: So many devices that do not answer are named beside their kind.
NAMED = 3


@dataclass(frozen=True)
class Stat:
    """One figure of today, and the list that it counts."""

    name: str
    number: int | str
    unit: str
    note: str
    url: str
    mark: str = ""


@dataclass(frozen=True)
class Panel:
    """One card: its template and what it draws. ``wide`` ones stand in the left column."""

    template: str
    context: dict[str, Any]
    wide: bool = False
    order: int = 0


@dataclass
class Part:
    """What one app adds to the first page."""

    stats: list[Stat] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)


def first_page(request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """Context of the admin's index: the parts of every app, in the order of dependency."""
    whole = Part(panels=_own(request))
    for part in parts(request):
        whole.stats += part.stats
        whole.panels += part.panels
    panels = sorted(whole.panels, key=lambda panel: panel.order)
    context.update(
        title=_("Overview"),
        stats=whole.stats,
        wide_panels=[panel for panel in panels if panel.wide],
        side_panels=[panel for panel in panels if not panel.wide],
    )
    return context


def parts(request: HttpRequest) -> list[Part]:
    """Parts of the upper apps that have one in a ``dashboard.py``, found by name."""
    found: list[Part] = []
    for app in settings.LINLI_APPS[1:]:
        if request.compound and find_spec(f"{app}.dashboard"):  # type: ignore[attr-defined]
            # One that only counts what waits, for the sidebar, has no part of this page.
            show: Callable[[Any], Part] | None
            show = getattr(import_module(f"{app}.dashboard"), "part", None)
            found += [show(request)] if show else []
    return found


def _own(request: Any) -> list[Panel]:
    if not request.compound:
        return []
    rows = device_rows(request)
    total = sum(row["total"] for row in rows)
    facts = {"rows": rows, "total": total, "url": devices_url(request.compound)}
    return [Panel("office/devices.html", facts, order=1)] if rows else []


def devices_url(compound: Any, **filters: Any) -> str:
    """The list of a compound's devices in use."""
    query = {"compound__id__exact": compound.pk, "is_active__exact": 1} | filters
    return f"{reverse('admin:community_device_changelist')}?{urlencode(query)}"


def device_rows(request: Any) -> list[dict[str, Any]]:
    """Devices in use by kind: how many answer, of how many."""
    seen = Device.objects.visible_to(request.user).of(request.compound).active()
    keeps = bool(request.user.roles_in(request.compound) & KEEPERS)
    rows: dict[str, dict[str, Any]] = {}
    for kind, health, key, name in seen.values_list("kind", "health", "pk", "name"):
        row = rows.setdefault(kind, {"kind": kind, "up": 0, "total": 0, "down": []})
        row["total"] += 1
        if health == Device.Health.ONLINE:
            row["up"] += 1
        elif keeps and len(row["down"]) < NAMED:
            row["down"].append((name, url_of("setup-device", key)))
    for row in rows.values():
        row["name"] = Device.Kind(row["kind"]).label
        row["mark"] = "allow" if row["up"] == row["total"] else "off"
        row["bars"] = [{"x": 12 * place, "up": place < row["up"]} for place in range(row["total"])]
        row["width"] = 12 * row["total"]
        row["url"] = devices_url(request.compound, kind__exact=row["kind"])
        if row["up"] < row["total"]:
            row["down_url"] = devices_url(request.compound, kind__exact=row["kind"], silent="yes")
    order = list(Device.Kind.values)
    return sorted(rows.values(), key=lambda row: order.index(row["kind"]))
