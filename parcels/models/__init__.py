"""Lockers, shelves, carriers with their couriers, parcels and what is known of each."""

from parcels.models.carriers import Carrier, Courier, CourierCode
from parcels.models.choices import DeliveryChoice, Kind, Way
from parcels.models.parcels import (
    ENDED,
    IN_LOCKER,
    LIVE,
    Parcel,
    ParcelStep,
    ProxyCode,
)
from parcels.models.places import (
    Compartment,
    KeepingRule,
    LockerBank,
    PhoneProof,
    Shelf,
    Unanswered,
)
from parcels.models.questions import ParcelQuestion
from parcels.models.reports import ParcelPicture, ParcelReport

__all__ = [
    "ENDED",
    "IN_LOCKER",
    "LIVE",
    "Carrier",
    "Compartment",
    "Courier",
    "CourierCode",
    "DeliveryChoice",
    "KeepingRule",
    "Kind",
    "LockerBank",
    "Parcel",
    "ParcelPicture",
    "ParcelQuestion",
    "ParcelReport",
    "ParcelStep",
    "PhoneProof",
    "ProxyCode",
    "Shelf",
    "Unanswered",
    "Way",
]
