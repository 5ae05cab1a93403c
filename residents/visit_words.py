"""What messages about visits say, and how they are told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community import notifications, verdicts
from community.models import Medium
from residents.models import Visit


def _arrived(facts: dict[str, Any]) -> str:
    row = Visit.objects.filter(pk=facts.get("visit", 0)).select_related("unit").first()
    if row is None:
        return gettext("A visitor of yours has arrived.")
    said = {"name": row.name, "home": row.home}
    return gettext("%(name)s has arrived for %(home)s.") % said


verdicts.explain("residents.visitor_arrived", _arrived)
notifications.declare(
    "residents.visitor_arrived",
    _("A visitor has arrived"),
    topic="visit",
    # Paper would come after the visitor.
    ladder=(Medium.OFFICIAL_ACCOUNT, Medium.WEB_PUSH, Medium.SMS),
    path="/home/visitors/",
)
