"""Parking in the office."""

from parking.admin.accounts import PaymentAccountAdmin
from parking.admin.coupons import CouponAdmin
from parking.admin.imports import VehicleImportAdmin
from parking.admin.money import CashShiftAdmin, DebtAdmin, PaymentAdmin, ReceiptAdmin
from parking.admin.permits import ListEntryAdmin, PermitAdmin, PoolAdmin
from parking.admin.places import AreaAdmin, AreaLaneAdmin, PlaceAdmin
from parking.admin.stays import BicycleAdmin, StayAdmin, StayChangeAdmin, TicketAdmin
from parking.admin.vehicles import VehicleAdmin
from parking.admin.wishes import CarWishAdmin, DisputeAdmin, FireLaneAdmin, RenewalWishAdmin

__all__ = [
    "AreaAdmin",
    "AreaLaneAdmin",
    "BicycleAdmin",
    "CarWishAdmin",
    "CashShiftAdmin",
    "CouponAdmin",
    "DebtAdmin",
    "DisputeAdmin",
    "FireLaneAdmin",
    "ListEntryAdmin",
    "PaymentAccountAdmin",
    "PaymentAdmin",
    "PermitAdmin",
    "PlaceAdmin",
    "PoolAdmin",
    "ReceiptAdmin",
    "RenewalWishAdmin",
    "StayAdmin",
    "StayChangeAdmin",
    "TicketAdmin",
    "VehicleAdmin",
    "VehicleImportAdmin",
]
