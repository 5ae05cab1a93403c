"""Signing residents in: by phone code, by invitation, by a code printed at the desk."""

from residents.operations.doors.accounts import account_of, claim_by_form
from residents.operations.doors.codes import Refused, TooMany, ask_code, check_code, forget_old
from residents.operations.doors.papers import (
    invite_person,
    make_desk_code,
    person_of_invitation,
    use_desk_code,
    use_invitation,
)

__all__ = [
    "Refused",
    "TooMany",
    "account_of",
    "ask_code",
    "check_code",
    "claim_by_form",
    "forget_old",
    "invite_person",
    "make_desk_code",
    "person_of_invitation",
    "use_desk_code",
    "use_invitation",
]
