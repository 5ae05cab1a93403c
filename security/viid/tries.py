"""Wrong proofs are counted by all processes together, as wrong passwords of people are.

The same measure as for sign-ins (AXES_*): so many for a name from an address, and more from one
address under any name; a right proof clears the name's. Without the cache nobody is held up.
"""

from __future__ import annotations

from hashlib import sha256

import structlog
from django.conf import settings
from django.core.cache import caches

log = structlog.get_logger(__name__)
#: A gateway may register for many devices from one address.
MOST_OF_ADDRESS = 5 * settings.AXES_FAILURE_LIMIT
WITHIN_S = int(3600 * settings.AXES_COOLOFF_TIME)


def may_try(name: str, address: str) -> bool:
    """Whether this name may prove itself from this address now."""
    try:
        found = caches["shared"].get_many(_keys(name, address))
    except Exception:
        log.exception("viid_tries_without_cache")
        return True
    by_name, by_address = (int(found.get(key, 0)) for key in _keys(name, address))
    return by_name < settings.AXES_FAILURE_LIMIT and by_address < MOST_OF_ADDRESS


def note_wrong(name: str, address: str) -> None:
    try:
        for key in _keys(name, address):
            caches["shared"].add(key, 0, WITHIN_S)
            caches["shared"].incr(key)
    except Exception:
        log.exception("viid_tries_without_cache")


def note_right(name: str, address: str) -> None:
    try:
        caches["shared"].delete(_keys(name, address)[0])
    except Exception:
        log.exception("viid_tries_without_cache")


def _keys(name: str, address: str) -> tuple[str, str]:
    named = sha256(f"{address}|{name}".encode()).hexdigest()[:32]
    return f"viid-name-{named}", f"viid-address-{address}"
