"""Every change of people, homes, registrations and clock: one verb, one line in the ledger."""

from residents.operations.clock import load_rules, refresh_all, run_clock
from residents.operations.homes import (
    add_lease,
    change_letting,
    end_lease,
    end_letting,
    file_lease,
    home_of_token,
    home_token,
    let_home,
    renew_home_token,
    report_letting,
    set_address,
)
from residents.operations.merging import files_like, merge_people
from residents.operations.moves import Mover, move_in, move_out
from residents.operations.people import (
    add_other_phone,
    add_person,
    change_person,
    confirm_phone,
    release_phone,
    remove_other_phone,
    replace_phone,
)
from residents.operations.photos import add_photo, read_photo, remove_photo
from residents.operations.presenting import Admission, present
from residents.operations.registrations import (
    fill_registration,
    invite_tenant,
    registration_of_token,
    start_registration,
    submit_registration,
    token_of,
)
from residents.operations.residencies import (
    add_residency,
    end_residency,
    form_household,
    join_household,
)
from residents.operations.reviews import (
    accept_registration,
    change_registration,
    confirm_registration,
    report_registration,
    return_registration,
)
from residents.operations.terms import (
    end_registration,
    endorse_permit,
    issue_permit,
    renew_registration,
)
from residents.operations.visits import (
    find_overstays,
    invite,
    revoke_visit,
    visitor_arrived,
    visitor_left,
)
from residents.operations.ways_in import (
    end_way_in,
    end_ways_of,
    give_card,
    give_personal_code,
    set_pin,
)

__all__ = [
    "Admission",
    "Mover",
    "accept_registration",
    "add_lease",
    "add_other_phone",
    "add_person",
    "add_photo",
    "add_residency",
    "change_letting",
    "change_person",
    "change_registration",
    "confirm_phone",
    "confirm_registration",
    "end_lease",
    "end_letting",
    "end_registration",
    "end_residency",
    "end_way_in",
    "end_ways_of",
    "endorse_permit",
    "file_lease",
    "files_like",
    "fill_registration",
    "find_overstays",
    "form_household",
    "give_card",
    "give_personal_code",
    "home_of_token",
    "home_token",
    "invite",
    "invite_tenant",
    "issue_permit",
    "join_household",
    "let_home",
    "load_rules",
    "merge_people",
    "move_in",
    "move_out",
    "present",
    "read_photo",
    "refresh_all",
    "registration_of_token",
    "release_phone",
    "remove_other_phone",
    "remove_photo",
    "renew_home_token",
    "renew_registration",
    "replace_phone",
    "report_letting",
    "report_registration",
    "return_registration",
    "revoke_visit",
    "run_clock",
    "set_address",
    "set_pin",
    "start_registration",
    "submit_registration",
    "token_of",
    "visitor_arrived",
    "visitor_left",
]
