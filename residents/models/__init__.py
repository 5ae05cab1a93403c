"""Tables of people, homes, registration and its clock."""

from residents.models.care import CareWatch
from residents.models.consents import Consent, ConsentText
from residents.models.deadlines import Deadline, DeadlineRule, Holiday
from residents.models.doors import SignInFailure, SignInTicket
from residents.models.face_records import (
    CameraSign,
    FaceAssessment,
    FaceCalibration,
    FacePicture,
)
from residents.models.faces import FaceErasure, FaceGallery, FaceTemplate, GalleryHolder
from residents.models.homes import HomeCode, Lease, Letting, StandardAddress
from residents.models.imports import ResidentImport, ResidentImportRow
from residents.models.notices import Notice, NoticeRead
from residents.models.people import Household, OtherPhone, Person, Residency
from residents.models.registrations import Registration, RegistrationPhoto, RegistrationStep
from residents.models.reports import ExportLine, ExportReceipt
from residents.models.requests import (
    Category,
    RequestNote,
    RequestPicture,
    RequestRule,
    ServiceRequest,
)
from residents.models.signals import Sign, Signal, SignalKind, SignalRule
from residents.models.visits import Visit, VisitPlate, VisitStay
from residents.models.ways_in import GuessLock, WayIn
from residents.models.wishes import DataRequest, Ending, FormRemark

__all__ = [
    "CameraSign",
    "CareWatch",
    "Category",
    "Consent",
    "ConsentText",
    "DataRequest",
    "Deadline",
    "DeadlineRule",
    "Ending",
    "ExportLine",
    "ExportReceipt",
    "FaceAssessment",
    "FaceCalibration",
    "FaceErasure",
    "FaceGallery",
    "FacePicture",
    "FaceTemplate",
    "FormRemark",
    "GalleryHolder",
    "GuessLock",
    "Holiday",
    "HomeCode",
    "Household",
    "Lease",
    "Letting",
    "Notice",
    "NoticeRead",
    "OtherPhone",
    "Person",
    "Registration",
    "RegistrationPhoto",
    "RegistrationStep",
    "RequestNote",
    "RequestPicture",
    "RequestRule",
    "Residency",
    "ResidentImport",
    "ResidentImportRow",
    "ServiceRequest",
    "Sign",
    "SignInFailure",
    "SignInTicket",
    "Signal",
    "SignalKind",
    "SignalRule",
    "StandardAddress",
    "Visit",
    "VisitPlate",
    "VisitStay",
    "WayIn",
]
