"""Every change of vehicles and stays: one verb, one short transaction, one line in the ledger."""

from parking.operations.accounts import save_account
from parking.operations.cash import begin_shift, close_shift, take_cash
from parking.operations.corrections import correct_crossing
from parking.operations.debts import let_go_unpaid, waive
from parking.operations.imports import (
    apply_import,
    apply_waiting,
    check_import,
    start_import,
    tidy_imports,
)
from parking.operations.keeping import give_place_up, keep_place, tidy_holds
from parking.operations.overnight import note_overnight
from parking.operations.paying import ask_payment, close_expired, look, take_notice
from parking.operations.prices import close_charge, reprice, reprice_month
from parking.operations.receipts import issue_receipt
from parking.operations.reconciling import reconcile, reconcile_yesterday
from parking.operations.refunds import give_back, resend_unknown
from parking.operations.stays import vehicle_entered, vehicle_left
from parking.operations.tariffs import (
    end_coupon,
    give_coupon,
    save_tariff,
    switch_on,
    use_coupon,
from parking.operations.stays import (
    bicycle_crossed,
    ticket_crossed,
    vehicle_entered,
    vehicle_left,
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

__all__ = [
    "apply_import",
    "apply_waiting",
    "ask_payment",
    "bar_vehicle",
    "begin_shift",
    "bicycle_crossed",
    "change_vehicle",
    "check_import",
    "close_charge",
    "close_expired",
    "close_shift",
    "correct_crossing",
    "end_cars_of",
    "end_coupon",
    "end_home_cars",
    "end_rights",
    "end_vehicle",
    "forget_owner",
    "give_back",
    "give_coupon",
    "issue_receipt",
    "let_go_unpaid",
    "look",
    "give_place_up",
    "keep_place",
    "move_cars",
    "note_overnight",
    "reconcile",
    "reconcile_yesterday",
    "register_vehicle",
    "reprice",
    "reprice_month",
    "resend_unknown",
    "save_account",
    "save_tariff",
    "start_import",
    "switch_on",
    "take_cash",
    "take_notice",
    "ticket_crossed",
    "tidy_holds",
    "tidy_imports",
    "unbar_vehicle",
    "use_coupon",
    "vehicle_entered",
    "vehicle_left",
    "waive",
]
