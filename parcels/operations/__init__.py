"""Every change of lockers, parcels, choices and couriers: one verb, one line in the ledger."""

from parcels.operations.asking import (
    answer_question,
    answers_for,
    ask_recipient,
    settle_question,
)
from parcels.operations.banks import (
    MOST,
    add_bank,
    bank_of_tablet,
    change_bank,
    mark_compartment,
    save_rule,
    save_shelf,
    tablet_of,
)
from parcels.operations.choices import choose, is_brought_home, way_for
from parcels.operations.codes import WrongCode, let_fetch
from parcels.operations.connecting import connect_bank, save_map, trials_of, try_compartment
from parcels.operations.couriers import (
    add_courier,
    change_courier,
    courier_of,
    end_courier,
    make_code,
    save_carrier,
    send_code,
    sign_in,
)
from parcels.operations.deposits import (
    another_compartment,
    begin_deposit,
    reopen,
    undo_deposit,
)
from parcels.operations.desk import (
    give_to_carrier,
    hand_over,
    move_to_desk,
    open_at_desk,
    receive_at_desk,
    say_what_is_there,
)
from parcels.operations.doors import (
    LEFT_ALONE,
    door_of,
    look,
    resolve,
    resolve_left,
    say_shut,
    take_door,
)
from parcels.operations.finding import Recipient, chosen, find_recipients
from parcels.operations.free import free_by_size
from parcels.operations.ladder import climb, steps_ahead
from parcels.operations.nearness import (
    bank_shown_by,
    label_of,
    new_label,
    open_by_phone,
    proof_of,
    shown_by,
)
from parcels.operations.passes import gate_pass, hours_today, pass_now
from parcels.operations.people import follow_merge, forget_person
from parcels.operations.pickups import others_here, prolong, take, take_again, take_by_code
from parcels.operations.reports import add_picture, answer_report, report
from parcels.operations.retention import retire
from parcels.operations.scanning_in import is_scan, scan_code, sign_in_by_scan
from parcels.operations.waiting import state_as_shown
from parcels.operations.watching import resolve_soon, watch, watch_banks, watch_soon

__all__ = [
    "LEFT_ALONE",
    "MOST",
    "Recipient",
    "WrongCode",
    "add_bank",
    "add_courier",
    "add_picture",
    "another_compartment",
    "answer_question",
    "answer_report",
    "answers_for",
    "ask_recipient",
    "bank_of_tablet",
    "bank_shown_by",
    "begin_deposit",
    "change_bank",
    "change_courier",
    "choose",
    "chosen",
    "climb",
    "connect_bank",
    "courier_of",
    "door_of",
    "end_courier",
    "find_recipients",
    "follow_merge",
    "forget_person",
    "free_by_size",
    "gate_pass",
    "give_to_carrier",
    "hand_over",
    "hours_today",
    "is_brought_home",
    "is_scan",
    "label_of",
    "let_fetch",
    "look",
    "make_code",
    "mark_compartment",
    "move_to_desk",
    "new_label",
    "open_at_desk",
    "open_by_phone",
    "others_here",
    "pass_now",
    "prolong",
    "proof_of",
    "receive_at_desk",
    "reopen",
    "report",
    "resolve",
    "resolve_left",
    "resolve_soon",
    "retire",
    "save_carrier",
    "save_map",
    "save_rule",
    "save_shelf",
    "say_shut",
    "say_what_is_there",
    "scan_code",
    "send_code",
    "settle_question",
    "shown_by",
    "sign_in",
    "sign_in_by_scan",
    "state_as_shown",
    "steps_ahead",
    "tablet_of",
    "take",
    "take_again",
    "take_by_code",
    "take_door",
    "trials_of",
    "try_compartment",
    "undo_deposit",
    "watch",
    "watch_banks",
    "watch_soon",
    "way_for",
]
