"""Sentences about passes: one for a home's visitor, one for a courier with a pass of the day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def home_or_courier(of_home: Any, of_courier: Any) -> Callable[[dict[str, Any]], str]:
    """A sentence for ``verdicts.explain``: which of the two, is said by whether a home is named."""

    def said(facts: dict[str, Any]) -> str:
        home = facts.get("home") or facts.get("unit") or ""
        return str(of_home) % {"home": home, "unit": home} if home else str(of_courier)

    return said
