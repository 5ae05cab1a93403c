"""Who is on duty at the gates of a compound."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from community.models import Compound, User
from security.models import Handover

GUARD = "guard"
#: Who handed a shift over this long ago may be back on the next one.
RESTS = timedelta(hours=10)


def on_duty(compound: Compound | int) -> list[User]:
    """Guards of the compound who may be given something to do, by name.

    Not those who handed their shift over a while ago and have not taken one over since.
    """
    key = compound if isinstance(compound, int) else compound.pk
    return list(_guards(key).order_by("name", "username").distinct())


def is_on_duty(user: User, compound_id: int) -> bool:
    """Whether the user is one of them now."""
    return bool(_guards(compound_id).filter(pk=user.pk).exists())


def _guards(compound_id: int) -> Any:
    accepted = Handover.objects.filter(
        compound_id=compound_id,
        state=Handover.State.ACCEPTED,
        accepted_at__gt=timezone.now() - RESTS,
    )
    came = accepted.filter(incoming=OuterRef("outgoing"), accepted_at__gt=OuterRef("accepted_at"))
    left = accepted.filter(~Exists(came), outgoing=OuterRef("pk"))
    held = Q(
        held_roles__compound_id=compound_id,
        held_roles__role=GUARD,
        held_roles__ended_at=None,
    )
    return User.objects.filter(held, ~Exists(left), is_active=True)
