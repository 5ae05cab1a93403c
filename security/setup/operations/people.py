"""The first who may sign in, and the first car that may come in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community import events
from community import operations as community
from community.models import Compound, Role, Unit, User
from parking import operations as parking
from parking.models import Vehicle
from security.setup.access import MANAGERS, require

ROLES = (Role.Name.MANAGER, Role.Name.GUARD, Role.Name.DESK, Role.Name.INSTALLER)


def add_person(
    user: User, compound: Compound, *, username: str, name: str, role: str, password: str
) -> User:
    """A new sign-in with one role here; sent twice it is the same person.

    Raises PermissionDenied where the actor may not hand the role out, ValidationError.
    """
    require(user, compound, MANAGERS)
    if role not in ROLES:
        raise ValidationError({"role": _("Choose what this person does here.")})
    with events.writing():
        Compound.objects.select_for_update().get(pk=compound.pk)
        known = User.objects.filter(username=username).first()
        if known is not None:
            if known.check_password(password) and role in known.roles_in(compound):
                return known
            raise ValidationError({"username": _("This user name is taken. Choose another one.")})
        added = community.add_user(
            username,
            password,
            name=name,
            language=compound.language,
            compound=compound,
            actor=user,
        )
        community.give_role(added, compound, role, actor=user)
    return added


def add_vehicle(user: User, compound: Compound, *, plate: str, unit: Unit | None) -> Vehicle:
    """The first car that the barrier opens for; one that is registered already is given back.

    Raises PermissionDenied, ValidationError.
    """
    require(user, compound, MANAGERS)
    with events.writing():
        values: dict[str, Any] = {"plate": plate, "unit": unit}
        try:
            return parking.register_vehicle(compound=compound, actor=user, **values)
        except ValidationError as error:
            codes = {each.code for each in error.error_dict.get("plate", [])}
            if codes != {"plate_registered"}:
                raise
        from parking.operations.rules import clean_plate

        known: Vehicle = Vehicle.objects.of(compound).registered().get(plate=clean_plate(plate))
        return known
