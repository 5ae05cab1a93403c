"""What the gates saw, decided and did."""

from security.models.alerts import Alert
from security.models.corrections import Correction, Misread
from security.models.passages import KeepOpen, Passage
from security.models.readings import Picture, Reading
from security.models.scope import GUARDS, GuardedQuerySet

__all__ = [
    "GUARDS",
    "Alert",
    "Correction",
    "GuardedQuerySet",
    "KeepOpen",
    "Misread",
    "Passage",
    "Picture",
    "Reading",
]
