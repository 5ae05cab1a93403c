"""What the desk has to do with parcels, on the office's first page and in its sidebar."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from community.dashboard import Part, Stat
from community.querysets import OFFICE
from parcels.models import LockerBank, Parcel
from parcels.querysets import WORK

WORDS = {
    "look": gettext_lazy("To be looked at"),
    "move": gettext_lazy("To be moved to the desk"),
    "back": gettext_lazy("To be given back to the carrier"),
    "home": gettext_lazy("To be brought home"),
    "send": gettext_lazy("To be sent"),
}


def part(request: Any) -> Part:
    """One figure for the office, where lockers stand or something waits."""
    compound = request.compound
    if not request.user.roles_in(compound) & OFFICE:
        return Part()
    counts = _waiting(request).aggregate(
        any=Count("pk"), **{what: Count("pk", filter=rule) for what, rule in WORK.items()}
    )
    if not counts["any"] and not LockerBank.objects.of(compound).exists():
        return Part()
    return Part(stats=[_stat(counts)])


def badges(request: Any) -> dict[str, Any]:
    """Parcels that wait for the desk, for the sidebar to count."""
    return {"parcels.parcel": _waiting(request)}


def _waiting(request: Any) -> Any:
    return Parcel.objects.visible_to(request.user).of(request.compound).to_do()


def _stat(counts: dict[str, int]) -> Stat:
    # One that is to be looked at and moved is one parcel: the whole is no sum.
    parts = [f"{word} {counts[what]}" for what, word in WORDS.items() if counts[what]]
    url = f"{reverse('admin:parcels_parcel_changelist')}?work=any"
    return Stat(
        _("Parcels to see to"), counts["any"], pgettext("unit", "parcels"),
        " · ".join(parts) or _("Nothing waits for the desk."), url, "due" if parts else "",
    )  # fmt: skip
