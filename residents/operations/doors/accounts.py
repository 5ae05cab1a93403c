"""The account of a person: made when they come for the first time, with the roles they hold."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils import timezone

from community import events
from community import operations as floor
from community.models import User
from residents.models import Letting, Person, Registration, Residency
from residents.operations.people import locked, record
from residents.querysets import LIVE

#: How long after acceptance the form's own link still opens the first account.
CLAIM = timedelta(days=30)


def account_of(person: Person, *, how: str) -> User:
    """The sign-in of this person, made now where there is none; noted as signed in."""
    with events.writing():
        person = locked(person)
        if person.user is None:
            user = floor.add_user(
                f"home-{secrets.token_hex(6)}", None, name=person.name, compound=person.compound
            )
            Person.objects.filter(pk=person.pk).update(user=user)
            person.user = user
            record("residents.account_opened", person, user, how=how)
        _give_roles(person, person.user)
        record("residents.signed_in", person, person.user, how=how)
    return person.user


def _give_roles(person: Person, user: User) -> None:
    """What their files say today: who holds a home lives here, who lets one is a landlord."""
    held = user.roles_in(person.compound_id)
    lives = Residency.objects.filter(person=person).current(timezone.localdate()).exists()
    lets = Letting.objects.filter(landlord=person).current().exists()
    for role, wanted in (("resident", lives), ("landlord", lets)):
        if wanted and role not in held:
            floor.give_role(user, person.compound, role)


def claim_by_form(registration: Registration) -> User | None:
    """Who filled in a form that the desk accepted opens their account with the form's own link.

    None where the form is not accepted, was accepted long ago, or the person has an account: that
    one is opened by phone, invitation or the desk only.
    """
    with events.writing():
        rows = Registration.objects.select_related("person").filter(pk=registration.pk)
        row = rows.filter(state__in=LIVE, accepted_at__gt=timezone.now() - CLAIM).first()
        if row is None or row.person is None or row.person.user_id is not None:
            return None
        return account_of(row.person, how="form")
