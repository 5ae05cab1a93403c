"""What the gates saw, decided and did."""

from security.models.alerts import Alert
from security.models.passages import KeepOpen, Passage
from security.models.readings import Picture, Reading
from security.models.scope import GUARDS, GuardedQuerySet

__all__ = ["GUARDS", "Alert", "GuardedQuerySet", "KeepOpen", "Passage", "Picture", "Reading"]
