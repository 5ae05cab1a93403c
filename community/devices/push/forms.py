"""Forms as cameras write them, read by hand: broken pairs are left out, not the whole form."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from community.devices.push.text import decode

MOST_FIELDS = 200


def read_form(data: bytes) -> dict[str, str]:
    """Names to values, the first of each name.

    A plus stays one where it can only be base64's: cameras forget to escape it.
    """
    found: dict[str, str] = {}
    for pair in data.strip(b"\0 \r\n\t&").split(b"&", MOST_FIELDS)[:MOST_FIELDS]:
        name, _, value = pair.partition(b"=")
        key = decode(unquote_to_bytes(name)).strip().lower()[:80]
        if key:
            raw = value if len(value) > 1000 else value.replace(b"+", b" ")
            found.setdefault(key, decode(unquote_to_bytes(raw)))
    return found
