"""What a care watch says to the person, the family and the desk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from community import notifications, verdicts
from community.notifications import kinds
from residents.models import Person


def _cared(text: Any) -> Any:
    """The sentence names the person as the file does at the moment of reading."""

    def said(facts: dict[str, Any]) -> str:
        person = Person.objects.filter(pk=facts.get("person") or 0).first()
        return str(text) % {"name": person.name if person else "", "days": facts.get("days", 0)}

    return said


for step, label, text in (
    (
        "person",
        _("Care watch: are you well?"),
        _("%(name)s, nothing was seen of you for %(days)s days. Please tell us that all is well."),
    ),
    (
        "family",
        _("Care watch: please look"),
        _("Nothing was seen of %(name)s for %(days)s days. Please call or go there."),
    ),
    (
        "desk",
        _("Care watch: the office has to look"),
        _("Nothing was seen of %(name)s for %(days)s days, and nobody answered. Please go there."),
    ),
):
    notifications.declare(
        f"residents.care_{step}",
        label,
        ladder=kinds.STAFF if step == "desk" else kinds.EVERYBODY,
        urgent=True,
        path="/home/care/" if step != "desk" else "/admin/residents/carewatch/",
    )
    verdicts.explain(f"residents.care_{step}", _cared(text))
