"""Tables of people, homes, registration and its clock."""

from residents.models.deadlines import Deadline, DeadlineRule, Holiday
from residents.models.homes import HomeCode, Lease, Letting, StandardAddress
from residents.models.people import Household, OtherPhone, Person, Residency
from residents.models.registrations import Registration, RegistrationPhoto, RegistrationStep
from residents.models.reports import ExportLine, ExportReceipt
from residents.models.visits import Visit, VisitStay
from residents.models.ways_in import GuessLock, WayIn

__all__ = [
    "Deadline",
    "DeadlineRule",
    "ExportLine",
    "ExportReceipt",
    "GuessLock",
    "Holiday",
    "HomeCode",
    "Household",
    "Lease",
    "Letting",
    "OtherPhone",
    "Person",
    "Registration",
    "RegistrationPhoto",
    "RegistrationStep",
    "Residency",
    "StandardAddress",
    "Visit",
    "VisitStay",
    "WayIn",
]
