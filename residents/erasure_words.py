"""What is said of an erasure: what is kept, why, and until when."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SAID: dict[str, Any] = {
    "lives_here": gettext_lazy("The file stays while you live here or own a home here."),
    "lets_home": gettext_lazy("The file stays while you let a home here."),
    "lease_runs": gettext_lazy("The file stays until your lease here ends."),
    "registered": gettext_lazy(
        "The registration stays while it is in force (Interim Regulations on Residence Permits)."
    ),
    "register": gettext_lazy(
        "The ended registration stays until %(until)s for the police station, then it is erased by "
        "itself."
    ),
}


def kept(plan: Any) -> list[str]:
    """One sentence for each thing that stays."""
    return [str(SAID[one.code]) % {"until": one.until} for one in plan.kept]


def gone(plan: Any) -> str:
    """What goes, in one sentence."""
    if plan.whole:
        return _(
            "Name, numbers, birth date, cards, sign-in, visitors, closed requests and photographs "
            "are erased."
        )
    return _(
        "Needs, languages, further phones, signs of life, past visitors, closed requests and "
        "photographs of documents are erased."
    )


def answer(plan: Any) -> str:
    """What the person reads, at most 500 characters."""
    return " ".join([gone(plan), *kept(plan)])[:500]
