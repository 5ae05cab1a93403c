"""Who is on duty at the gates of a compound."""

from __future__ import annotations

from community.models import Compound, User

GUARD = "guard"


def on_duty(compound: Compound | int) -> list[User]:
    """Guards of the compound who may be given something to do, by name."""
    key = compound if isinstance(compound, int) else compound.pk
    held = User.objects.filter(
        is_active=True,
        held_roles__compound_id=key,
        held_roles__role=GUARD,
        held_roles__ended_at=None,
    )
    return list(held.order_by("name", "username").distinct())


def is_on_duty(user: User, compound_id: int) -> bool:
    """Whether the user is one of them now."""
    return bool(user.is_active and GUARD in user.roles_in(compound_id))
