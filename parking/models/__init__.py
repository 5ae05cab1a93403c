"""Vehicles, the places and rights they park by, their stays and what these cost, and imports."""

from parking.models.books import Receipt, Reconciliation, Refund
from parking.models.charges import Charge, Debt, PriceChange
from parking.models.fire_lanes import FireCase, FireLane, FireSighting
from parking.models.imports import VehicleImport, VehicleImportRow
from parking.models.payments import CashShift, Payment, PaymentAccount, PaymentNotice
from parking.models.permits import Bicycle, Hold, ListEntry, Permit, Pool, Ticket
from parking.models.places import Area, AreaLane, Holding, Place
from parking.models.stays import ParkedAs, Stay, StayChange
from parking.models.tariffs import Coupon, CouponUse, Tariff
from parking.models.vehicles import PlateKind, Vehicle
from parking.models.wishes import BlockedCar, CarWish, Dispute, RenewalWish

__all__ = [
    "Area",
    "AreaLane",
    "Bicycle",
    "BlockedCar",
    "CarWish",
    "CashShift",
    "Charge",
    "Coupon",
    "CouponUse",
    "Debt",
    "Dispute",
    "FireCase",
    "FireLane",
    "FireSighting",
    "Hold",
    "Holding",
    "ListEntry",
    "ParkedAs",
    "Payment",
    "PaymentAccount",
    "PaymentNotice",
    "Permit",
    "Place",
    "PlateKind",
    "Pool",
    "PriceChange",
    "Receipt",
    "Reconciliation",
    "Refund",
    "RenewalWish",
    "Stay",
    "StayChange",
    "Tariff",
    "Ticket",
    "Vehicle",
    "VehicleImport",
    "VehicleImportRow",
]
