"""Every change at the gates: one verb each."""

from security.operations.alerting import (
    AlertMoved,
    acknowledge,
    assign,
    close,
    close_by_key,
    close_with,
    raise_alert,
)
from security.operations.corrections import correct_plate, open_as, undo_correction
from security.operations.crossings import (
    assume_crossings,
    complete_passage,
    cross_by_next_camera,
    end_keep_opens,
    let_go,
)
from security.operations.exits import (
    keep_debt,
    let_go_unpaid,
    open_paid,
    take_cash,
    take_old_debt,
)
from security.operations.foot import Shown, handle_shown
from security.operations.hands import (
    AlreadyDecided,
    PassageOver,
    keep_open,
    open_by_hand,
    refuse,
    release,
)
from security.operations.home_calls import (
    AlreadyAnswered,
    admit,
    answer_call,
    call_home,
    end_unanswered,
    hang_up,
)
from security.operations.outcomes import close_answered, take_command_failure
from security.operations.pictures import keep_picture, tell_disk_full
from security.operations.retention import (
    forget_calls_of,
    retire_calls,
    retire_face_shots,
    retire_pictures,
    retire_readings,
)
from security.operations.road import (
    Taken,
    barriers_of,
    handle_reading,
    lanes_of,
    take_reading,
    taken_before,
)
from security.operations.same_car import same_car
from security.operations.self_tickets import take_ticket
from security.operations.wheels import give_ticket, show_ticket
from security.reasons import KeepOpenReason, OpenReason, RefuseReason

__all__ = [
    "AlertMoved",
    "AlreadyAnswered",
    "AlreadyDecided",
    "KeepOpenReason",
    "OpenReason",
    "PassageOver",
    "RefuseReason",
    "Shown",
    "Taken",
    "acknowledge",
    "admit",
    "answer_call",
    "assign",
    "assume_crossings",
    "barriers_of",
    "call_home",
    "close",
    "close_answered",
    "close_by_key",
    "close_with",
    "complete_passage",
    "correct_plate",
    "cross_by_next_camera",
    "end_keep_opens",
    "end_unanswered",
    "forget_calls_of",
    "give_ticket",
    "handle_reading",
    "handle_shown",
    "hang_up",
    "keep_debt",
    "keep_open",
    "keep_picture",
    "lanes_of",
    "let_go",
    "let_go_unpaid",
    "open_as",
    "open_by_hand",
    "open_paid",
    "raise_alert",
    "refuse",
    "release",
    "retire_calls",
    "retire_face_shots",
    "retire_pictures",
    "retire_readings",
    "same_car",
    "show_ticket",
    "take_cash",
    "take_command_failure",
    "take_old_debt",
    "take_reading",
    "take_ticket",
    "taken_before",
    "tell_disk_full",
    "undo_correction",
]
