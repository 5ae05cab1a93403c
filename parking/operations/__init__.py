"""Every change of vehicles and stays: one verb, one short transaction, one line in the ledger."""

from parking.operations.accounts import save_account
from parking.operations.allow_lists import push_lists
from parking.operations.areas import (
    give_back_place,
    hold_place,
    lead_lane,
    save_area,
    save_place,
    unlead_lane,
)
from parking.operations.blocked import answer_blocked, chase_blocked, end_blocked, report_blocked
from parking.operations.cash import begin_shift, close_shift, take_cash
from parking.operations.corrections import correct_crossing
from parking.operations.debts import let_go_unpaid, waive
from parking.operations.disputes import answer_dispute, dispute_stay
from parking.operations.fire_lanes import note_in_zone, save_fire_lane, settle_fire_lanes
from parking.operations.imports import (
    apply_import,
    apply_waiting,
    check_import,
    start_import,
    tidy_imports,
)
from parking.operations.keeping import give_place_up, keep_place, name_of, tidy_holds
from parking.operations.moving_out import (
    end_home_things,
    end_things,
    end_things_of,
    forget_holder,
    move_things,
)
from parking.operations.overnight import note_overnight
from parking.operations.paying import (
    ask_payment,
    close_expired,
    look,
    may_be_opened,
    new_number,
    take_notice,
)
from parking.operations.permits import (
    change_permit,
    end_permit,
    give_permit,
    remind_ending,
    renew_permit,
)
from parking.operations.phones import digest_of, forget_phones, hold_on_phone, ticket_for
from parking.operations.plate_lists import list_plate, unlist_plate
from parking.operations.pools import change_pool, end_pool, open_pool
from parking.operations.prices import close_charge, reprice, reprice_month
from parking.operations.receipts import issue_receipt
from parking.operations.reconciling import reconcile, reconcile_yesterday
from parking.operations.refunds import give_back, resend_unknown
from parking.operations.renewals import ask_renewal, grant_renewal, refuse_renewal
from parking.operations.retiring import forget_wishes, move_wishes, retire
from parking.operations.stay_corrections import candidates, correct_stay, match_exit
from parking.operations.stays import (
    bicycle_crossed,
    ticket_crossed,
    vehicle_entered,
    vehicle_left,
)
from parking.operations.tariffs import (
    end_coupon,
    give_coupon,
    save_tariff,
    switch_on,
    use_coupon,
)
from parking.operations.tickets import (
    end_bicycle,
    enter_by_ticket,
    leave_by_ticket,
    make_ticket,
    register_bicycle,
    ticket_of,
    ticket_through,
)
from parking.operations.vehicles import (
    bar_vehicle,
    change_vehicle,
    end_cars_of,
    end_home_cars,
    end_rights,
    end_vehicle,
    forget_owner,
    move_cars,
    register_vehicle,
    unbar_vehicle,
)
from parking.operations.wishes import approve_car, ask_car, refuse_car, withdraw_car

__all__ = [
    "answer_blocked",
    "answer_dispute",
    "apply_import",
    "apply_waiting",
    "approve_car",
    "ask_car",
    "ask_payment",
    "ask_renewal",
    "bar_vehicle",
    "begin_shift",
    "bicycle_crossed",
    "candidates",
    "change_permit",
    "change_pool",
    "change_vehicle",
    "chase_blocked",
    "check_import",
    "close_charge",
    "close_expired",
    "close_shift",
    "correct_crossing",
    "correct_stay",
    "digest_of",
    "dispute_stay",
    "end_bicycle",
    "end_blocked",
    "end_cars_of",
    "end_coupon",
    "end_home_cars",
    "end_home_things",
    "end_permit",
    "end_pool",
    "end_rights",
    "end_things",
    "end_things_of",
    "end_vehicle",
    "enter_by_ticket",
    "forget_holder",
    "forget_owner",
    "forget_phones",
    "forget_wishes",
    "give_back",
    "give_back_place",
    "give_coupon",
    "give_permit",
    "give_place_up",
    "grant_renewal",
    "hold_on_phone",
    "hold_place",
    "issue_receipt",
    "keep_place",
    "lead_lane",
    "leave_by_ticket",
    "let_go_unpaid",
    "list_plate",
    "look",
    "make_ticket",
    "match_exit",
    "may_be_opened",
    "move_cars",
    "move_things",
    "move_wishes",
    "name_of",
    "new_number",
    "note_in_zone",
    "note_overnight",
    "open_pool",
    "push_lists",
    "reconcile",
    "reconcile_yesterday",
    "refuse_car",
    "refuse_renewal",
    "register_bicycle",
    "register_vehicle",
    "remind_ending",
    "renew_permit",
    "report_blocked",
    "reprice",
    "reprice_month",
    "resend_unknown",
    "retire",
    "save_account",
    "save_area",
    "save_fire_lane",
    "save_place",
    "save_tariff",
    "settle_fire_lanes",
    "start_import",
    "switch_on",
    "take_cash",
    "take_notice",
    "ticket_crossed",
    "ticket_for",
    "ticket_of",
    "ticket_through",
    "tidy_holds",
    "tidy_imports",
    "unbar_vehicle",
    "unlead_lane",
    "unlist_plate",
    "use_coupon",
    "vehicle_entered",
    "vehicle_left",
    "waive",
    "withdraw_car",
]
