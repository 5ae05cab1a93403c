"""The office's sidebar: groups of lists, each shown to whoever may read it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.models import Compound, Device
from community.pages import GUARD_ROLES, fixed_url
from community.querysets import OFFICE, STAFF

#: (group, [(icon, words, table or page)]). Tables of upper apps are named, never imported.
GROUPS: list[tuple[Any, list[tuple[str, Any, str]]]] = [
    (
        _("Today"),
        [
            ("layout-dashboard", _("Overview"), ""),
            ("printer", _("Desk"), "page:desk"),
            ("user-check", _("Who is inside"), "page:guard-inside"),
            ("list", _("Passages"), "security.passage"),
            ("bell", _("Alerts"), "security.alert"),
            ("lock-open", _("Lanes kept open"), "security.keepopen"),
            ("send", _("Shift handovers"), "security.handover"),
            ("road", _("Patrol rounds"), "security.patrolround"),
            ("user-check", _("Are all ways in equal?"), "page:way-audit"),
            ("eye", _("Watch list"), "security.watchentry"),
            ("camera", _("Phone as a camera"), "page:cameras"),
        ],
    ),
    (
        _("People"),
        [
            ("users", _("Residents"), "residents.person"),
            ("home", _("Residencies"), "residents.residency"),
            ("shield-check", _("Registrations"), "residents.registration"),
            ("key", _("Ways in"), "residents.wayin"),
            ("user-plus", _("Visits"), "residents.visit"),
            ("user-check", _("Visits inside and past"), "residents.visitstay"),
            ("eye", _("Care watches"), "residents.carewatch"),
            ("clock", _("Deadlines"), "residents.deadline"),
            ("key", _("Let homes"), "residents.letting"),
            ("list", _("Leases"), "residents.lease"),
            ("send", _("Police exports"), "residents.exportreceipt"),
            ("alert-triangle", _("Signals"), "residents.signal"),
            ("table-import", _("Resident lists"), "residents.residentimport"),
            ("list", _("Monthly statistics"), "page:admin:residents_registration_statistics"),
            ("settings", _("Requests"), "residents.servicerequest"),
            ("mail", _("Notices"), "residents.notice"),
            ("hourglass", _("Rules for requests"), "residents.requestrule"),
        ],
    ),
    (
        _("Faces"),
        [
            ("face-id", _("Faces"), "page:desk-faces"),
            ("user-check", _("Consents"), "residents.consent"),
            ("list", _("Consent texts"), "residents.consenttext"),
            ("trash", _("Erasures of faces"), "residents.faceerasure"),
            ("settings", _("Holders of faces"), "residents.galleryholder"),
            ("certificate", _("Impact assessments"), "residents.faceassessment"),
            ("camera", _("Signs at cameras"), "residents.camerasign"),
            ("refresh", _("Calibrations of faces"), "residents.facecalibration"),
        ],
    ),
    (
        _("Cars, parcels"),
        [
            ("car", _("Vehicles"), "parking.vehicle"),
            ("clock", _("Stays"), "parking.stay"),
            ("certificate", _("Parking permits"), "parking.permit"),
            ("home", _("Homes' places"), "parking.pool"),
            ("eye", _("Listed plates"), "parking.listentry"),
            ("map-pin", _("Parking places"), "parking.place"),
            ("building", _("Parking areas"), "parking.area"),
            ("road", _("Lanes of areas"), "parking.arealane"),
            ("certificate", _("Parking tickets"), "parking.ticket"),
            ("key", _("Electric bicycles"), "parking.bicycle"),
            ("history", _("Corrections of stays"), "parking.staychange"),
            ("table-import", _("Vehicle lists"), "parking.vehicleimport"),
            ("list", _("Car park report"), "page:parking-report"),
            ("list", _("Parking tariffs"), "page:parking-tariffs"),
            ("certificate", _("Parking coupons"), "parking.coupon"),
            ("send", _("Payments"), "parking.payment"),
            ("alert-triangle", _("Parking debts"), "parking.debt"),
            ("clock", _("My cash shift"), "page:parking-till"),
            ("user-check", _("Cash shifts"), "parking.cashshift"),
            ("certificate", _("Receipts"), "parking.receipt"),
            ("list", _("Payments compared"), "page:parking-reconciliation"),
            ("key", _("Payment accounts"), "parking.paymentaccount"),
            ("user-check", _("Cars to be approved"), "parking.carwish"),
            ("refresh", _("Permits to be prolonged"), "parking.renewalwish"),
            ("alert-triangle", _("Disputed stays"), "parking.dispute"),
            ("road", _("Fire lanes"), "parking.firelane"),
            ("road", _("Cars in fire lanes"), "page:guard-fire-lanes"),
            ("package", _("Parcels"), "parcels.parcel"),
            ("download", _("Take in parcels"), "page:parcel-in"),
            ("package", _("Lockers"), "parcels.lockerbank"),
            ("door", _("Compartments"), "parcels.compartment"),
            ("list", _("Lockers by hour"), "page:parcel-load"),
            ("alert-triangle", _("Faults of lockers"), "page:parcel-faults"),
            ("list", _("Shelves"), "parcels.shelf"),
            ("alert-triangle", _("Reports on parcels"), "parcels.parcelreport"),
            ("send", _("Carriers"), "parcels.carrier"),
            ("user-check", _("Couriers"), "parcels.courier"),
            ("shield-check", _("Delivery choices"), "parcels.deliverychoice"),
            ("mail", _("Couriers' questions"), "parcels.parcelquestion"),
            ("hourglass", _("Rule for keeping"), "parcels.keepingrule"),
            ("history", _("Steps of parcels"), "parcels.parcelstep"),
        ],
    ),
    (
        _("Set-up"),
        [
            ("settings", _("Guided set-up"), "page:setup"),
            ("map-pin", _("Compounds"), "community.compound"),
            ("building", _("Buildings"), "community.building"),
            ("door", _("Homes"), "community.unit"),
            ("map-pin", _("Standard addresses"), "residents.standardaddress"),
            ("hourglass", _("Deadline rules"), "residents.deadlinerule"),
            ("certificate", _("Holidays"), "residents.holiday"),
            ("hourglass", _("Rules for signals"), "residents.signalrule"),
            ("barrier-block", _("Gates"), "community.gate"),
            ("road", _("Lanes"), "community.lane"),
            ("face-id", _("Faces at gates"), "security.facerule"),
            ("device-cctv", _("Devices"), "community.device"),
            ("map-pin", _("Patrol points"), "security.patrolpoint"),
            ("road", _("Patrol routes"), "security.patrolroute"),
            ("bell", _("Message channels"), "community.channel"),
            ("clock", _("Quiet hours"), "community.tellingrule"),
            ("user-circle", _("Users"), "community.user"),
            ("certificate", _("Roles"), "community.role"),
            ("key", _("API tokens"), "community.apitoken"),
            ("send", _("Webhooks"), "community.webhook"),
            ("send", _("Upper platforms"), "security.upperplatform"),
        ],
    ),
    (
        _("Records"),
        [
            ("history", _("Ledger"), "community.event"),
            ("send", _("Commands"), "community.command"),
            ("eye", _("Watch list hits"), "security.watchhit"),
            ("camera", _("Readings"), "security.reading"),
            ("eye", _("Looks at personal data"), "community.look"),
            ("mail", _("Notifications"), "community.notification"),
            ("send", _("Messages sent"), "community.delivery"),
            ("hourglass", _("Retention"), "community.retentionrule"),
            ("send", _("Webhook deliveries"), "community.webhookdelivery"),
            ("alert-triangle", _("Refused upward"), "security.upperrefusal"),
            ("alert-triangle", _("Parked work"), "community.handlerrun"),
            ("key", _("Data keys"), "community.datakey"),
        ],
    ),
]


#: The sidebar counts no further.
MOST_WAITING = 100
#: Before the name of a page that is no list, and the roles that see it.
PAGE = "page:"
TILL = frozenset({"desk", "cashier", "manager"})
PAGES = {
    "guard-inside": GUARD_ROLES,
    "cameras": frozenset({"guard", "installer", "manager"}),
    "desk": OFFICE,
    "desk-faces": OFFICE,
    "way-audit": frozenset({"manager"}),
    "parking-report": OFFICE,
    "parking-tariffs": TILL,
    "parcel-load": OFFICE,
    "parcel-faults": OFFICE,
    "parking-reconciliation": TILL,
    "parking-till": TILL | {"guard"},
    "setup": frozenset({"installer", "manager"}),
    "admin:residents_registration_statistics": OFFICE,
}


def _may_open(request: Any, name: str) -> bool:
    held = request.user.roles_in(request.compound) if request.compound else set()
    return bool(fixed_url(name) and held & PAGES.get(name, STAFF))


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar of one reader; groups without anything to read are left out."""
    groups = []
    # The first page tells these numbers itself.
    waiting = {} if request.path == fixed_url("admin:index") else badges(request)
    for title, entries in GROUPS:
        items = [
            _item(request, *entry) | {"waiting": waiting.get(entry[2], 0)}
            for entry in entries
            if _may_read(request, entry[2])
        ]
        if items:
            groups.append({"title": title, "items": items})
    return groups


def _item(request: HttpRequest, icon: str, title: Any, table: str) -> dict[str, Any]:
    link = fixed_url("admin:index")
    if table.startswith(PAGE):
        link = fixed_url(table.removeprefix(PAGE))
    elif table:
        link = fixed_url(f"admin:{table.replace('.', '_')}_changelist")
    return {"title": title, "icon": icon, "link": link}


def _may_read(request: HttpRequest, table: str) -> bool:
    if not table or table.startswith(PAGE):
        return not table or _may_open(request, table.removeprefix(PAGE))
    try:
        model = apps.get_model(table)
    except LookupError:
        return False
    page = admin.site.get_model_admin(model) if admin.site.is_registered(model) else None
    return page is not None and page.has_view_permission(request)


class CountOf(Subquery):
    """How many rows a query gives, as a value: several are counted in one question."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _counted)"
    output_field = models.IntegerField()


def badges(request: Any) -> dict[str, int]:
    """How much waits in a list, for the sidebar: of the floor and of each app's dashboard.

    All are counted in one question, none further than a hundred.
    """
    compound = request.compound
    if not compound:
        return {}
    devices = Device.objects.visible_to(request.user).of(compound).active()
    found: dict[str, Any] = {"community.device": devices.exclude(health=Device.Health.ONLINE)}
    for app in settings.LINLI_APPS[1:]:
        if find_spec(f"{app}.dashboard"):
            module = import_module(f"{app}.dashboard")
            found |= module.badges(request) if hasattr(module, "badges") else {}
    counts = (CountOf(rows.order_by().values("pk")[:MOST_WAITING]) for rows in found.values())
    here = Compound.objects.filter(pk=compound.pk).order_by().values_list(*counts)
    return dict(zip(found, here.first() or (0,) * len(found), strict=True))


def context(request: Any) -> dict[str, Any]:
    """What the sidebar's foot needs: the way to the guard's desk, the compounds to work in."""
    compound = getattr(request, "compound", None)
    watches = compound and request.user.is_authenticated
    watches = watches and request.user.roles_in(compound) & GUARD_ROLES
    return {
        "guard_url": fixed_url("guard") if watches else "",
        "compounds": _compounds(request),
    }


def _compounds(request: HttpRequest) -> list[Any]:
    """What may be switched to; who works in one compound has that one, which is read already."""
    user: Any = request.user
    here = getattr(request, "compound", None)
    if here and not user.is_superuser and len(user.roles_by_compound()) == 1:
        return [here]
    return list(Compound.objects.visible_to(user)[:50])
