"""Personal numbers as they may stand on a screen."""

from __future__ import annotations


def phone(value: str) -> str:
    """138****1234: enough to recognise, too little to call."""
    return _middle(value, 3, 4)


def document(value: str) -> str:
    """41**************56: neither birth date nor the number itself."""
    return _middle(value, 2, 2)


def _middle(value: str, head: int, tail: int) -> str:
    """Stars for all but the ends; nothing of a value that is hardly longer than the ends."""
    if len(value) < head + tail + 3:
        return "*" * len(value)
    return f"{value[:head]}{'*' * (len(value) - head - tail)}{value[-tail:]}"
