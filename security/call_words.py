"""What a call at the gate says on a resident's phone, and how it is told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community import notifications, verdicts
from community.models import Medium
from security.models import HomeCall


def _call(facts: dict[str, Any]) -> str:
    rows = HomeCall.objects.select_related("unit", "lane__gate")
    call = rows.filter(pk=facts.get("call", 0)).first()
    if call is None:
        return gettext("Somebody was at the gate.")
    who = call.name or call.get_kind_display()
    said = {"who": who, "gate": call.lane.gate.name, "home": call.unit.code}
    return gettext("%(who)s is at %(gate)s and wants to visit %(home)s. Please answer.") % said


verdicts.explain("security.home_call", _call)
notifications.declare(
    "security.home_call",
    _("Somebody is at the gate"),
    topic="visit",
    # Whatever is slower would come after the visitor went away.
    ladder=(Medium.WEB_PUSH, Medium.OFFICIAL_ACCOUNT),
    urgent=True,
    path="/home/calls/",
)
