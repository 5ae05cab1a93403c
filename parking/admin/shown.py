"""How moments and pictures stand on the office's pages of parking."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString


def moment(at: datetime | None) -> str:
    """As the admin writes a column of moments itself."""
    return str(localize(timezone.localtime(at))) if at is not None else "–"


def side_by_side(pictures: Iterable[tuple[str, Any]]) -> SafeString | str:
    """Pictures with their addresses and words, each opened larger by a press."""
    shown = SafeString()
    for url, word in pictures:
        shown += format_html(
            '<figure><a href="{0}"><img src="{0}" alt="{1}" loading="lazy"></a>'
            "<figcaption>{1}</figcaption></figure>",
            url, word,
        )  # fmt: skip
    return format_html('<div class="o-seen">{}</div>', shown) if shown else "–"
