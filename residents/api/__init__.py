"""`/api/v1/` of the residents: files, households, registrations, ways in, notices, requests."""

from residents.api.care import CareViewSet
from residents.api.faces import ConsentViewSet, ErasureViewSet
from residents.api.households import HouseholdViewSet
from residents.api.notices import NoticeViewSet
from residents.api.own_forms import OwnRegistrationViewSet
from residents.api.people import PersonViewSet, ResidencyViewSet
from residents.api.registrations import RegistrationViewSet
from residents.api.requests import RequestViewSet
from residents.api.ways import VisitViewSet, WayInViewSet

__all__ = [
    "CareViewSet",
    "ConsentViewSet",
    "ErasureViewSet",
    "HouseholdViewSet",
    "NoticeViewSet",
    "OwnRegistrationViewSet",
    "PersonViewSet",
    "RegistrationViewSet",
    "RequestViewSet",
    "ResidencyViewSet",
    "VisitViewSet",
    "WayInViewSet",
]
