"""The places whose rules Linli brings along, by the codes that compounds and rules bear."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NAMES = {
    "national": _("National law"),
    "henan": pgettext_lazy("province", "Henan"),
    "zhejiang-strict": _("Zhejiang, strict cities"),
}


def name_of(code: str) -> str:
    """What people call it; the code itself where an installation has added its own."""
    return str(NAMES.get(code, code))
