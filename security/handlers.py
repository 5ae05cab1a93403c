"""Kinds of events of the gates, and what follows from events of the floor."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Device, Event, Lane
from parcels.models import Compartment, LockerBank
from parking.models import Stay
from residents.models import Visit, VisitStay
from security import (
    call_words,  # noqa: F401  registered with the handlers
    face_faults,  # noqa: F401  likewise
    operations,
    parking_alerts,  # noqa: F401  likewise
    sentences,  # noqa: F401  likewise
)
from security.models import Alert, Passage
from security.operations import forget_calls_of, take_command_failure
from security.operations.alerting import close_by_key, raise_alert
from security.upper import kinds  # noqa: F401  likewise

WATCH = ("guard", "manager")
SET_UP = ("manager", "installer")
OFFLINE, ONLINE, FAULTY = Device.Health.OFFLINE, Device.Health.ONLINE, Device.Health.FAULTY

for kind, label, roles in (
    ("gate.passage_decided", _("Passage decided"), WATCH),
    ("gate.passage_stored", _("Passage stored later"), ("manager",)),
    ("gate.opened_by_hand", _("Opened by hand"), WATCH),
    ("gate.passage_refused", _("Passage refused"), WATCH),
    ("gate.passage_crossed", _("Car crossed"), WATCH),
    ("gate.passage_gone", _("Car gone"), WATCH),
    ("gate.face_mistaken", _("Somebody was taken for another person"), WATCH),
    ("gate.face_rule_set", _("Faces at a gate: setting changed"), SET_UP),
    ("gate.plate_corrected", _("Plate put right"), WATCH),
    ("gate.correction_undone", _("Correction taken back"), WATCH),
    ("gate.kept_open", _("Lane kept open"), WATCH),
    ("gate.released", _("Lane released"), WATCH),
    ("security.roll_taken", _("List of who is inside taken along"), WATCH),
    ("security.visitors_taken", _("List of visitors taken along"), WATCH),
    ("security.door_forced", _("Door forced"), WATCH),
    ("security.fire_started", _("Fire alarm: exit doors opened"), WATCH),
    ("security.fire_ended", _("Fire alarm ended"), WATCH),
    ("security.watch_added", _("Watch list: entry added"), ("manager",)),
    ("security.watch_ended", _("Watch list: entry ended"), ("manager",)),
    ("security.watch_hit", _("Watch list: a guard is asked"), WATCH),
    ("security.watch_answered", _("Watch list: a guard compared"), WATCH),
    ("gate.home_called", _("Home called"), WATCH),
    ("gate.home_answered", _("Home answered"), WATCH),
    ("gate.home_call_ended", _("Call to a home ended"), WATCH),
    ("camera.failed", _("Camera failed"), WATCH),
    ("camera.recovered", _("Camera recovered"), WATCH),
    ("setup.homes_added", _("Homes added"), SET_UP),
    ("setup.region_drawn", _("Region of a lane drawn"), SET_UP),
    ("setup.plate_read", _("Test plate read"), SET_UP),
    ("setup.barrier_tested", _("Barrier tested"), SET_UP),
    ("setup.barrier_stood_still", _("Barrier did not move in its test"), SET_UP),
    ("alert.raised", _("Alert raised"), WATCH),
    ("alert.acknowledged", _("Alert taken"), WATCH),
    ("alert.assigned", _("Alert given to a guard"), WATCH),
    ("alert.closed", _("Alert closed"), WATCH),
    ("shift.prepared", _("Handover prepared"), WATCH),
    ("shift.signed", _("Handover signed"), WATCH),
    ("shift.accepted", _("Shift taken over"), WATCH),
    ("shift.withdrawn", _("Handover withdrawn"), WATCH),
    ("guard.changed", _("Guard changed at a screen"), WATCH),
    ("guard.change_refused", _("Guard not recognised"), WATCH),
    ("patrol.started", _("Patrol begun"), WATCH),
    ("patrol.point_confirmed", _("Patrol point confirmed"), WATCH),
    ("patrol.done", _("Patrol complete"), WATCH),
    ("patrol.incomplete", _("Patrol with points missed"), WATCH),
    ("patrol.missed", _("Patrol not walked"), WATCH),
    ("patrol.route_changed", _("Patrol route changed"), ("manager",)),
    ("patrol.point_changed", _("Patrol point changed"), ("manager",)),
    ("patrol.code_renewed", _("Code of a patrol point renewed"), ("manager",)),
):
    events.declare(kind, label, roles)


@events.on("device.went_offline", "security.alert_offline")
def alert_offline(event: Event) -> None:
    _alert_health(event, OFFLINE, "device_offline", Alert.Severity.IMPORTANT)


@events.on("device.faulty", "security.alert_faulty")
def alert_faulty(event: Event) -> None:
    if event.payload.get("code") == "all_open":
        return  # said by an alert of its own, with their number
    _alert_health(event, FAULTY, "device_faulty", Alert.Severity.IMPORTANT)


@events.on("device.came_online", "security.close_health_alerts")
def close_health_alerts(event: Event) -> None:
    device = _device(event)
    # Handlers may run late and again: what counts is how the device is now.
    if device and device.health == ONLINE:
        for kind in ("device_offline", "device_faulty"):
            close_by_key(event.compound_id, f"{kind}-{device.pk}")


@events.on("camera.failed", "security.alert_camera")
def alert_camera(event: Event) -> None:
    device = _device(event)
    if device and _is_last_word(event, "camera.recovered"):
        raise_alert(
            compound=event.compound_id,
            kind="camera_failed",
            key=f"camera_failed-{device.pk}",
            severity=Alert.Severity.IMPORTANT,
            device=device,
            facts={"code": event.payload.get("code", "")},
        )


@events.on("camera.recovered", "security.close_camera_alert")
def close_camera_alert(event: Event) -> None:
    device = _device(event)
    if device and _is_last_word(event, "camera.failed"):
        close_by_key(event.compound_id, f"camera_failed-{device.pk}")


@events.on("residents.pins_tried_at_many_homes", "security.alert_guesses")
def alert_guesses(event: Event) -> None:
    """Somebody tries PINs of many homes at one door: who watches looks who stands there."""
    lane = event.payload.get("lane")
    raise_alert(
        compound=event.compound_id,
        kind="pins_guessed",
        key=f"pins_guessed-{lane}",
        severity=Alert.Severity.IMPORTANT,
        lane=Lane.objects.filter(pk=lane, compound_id=event.compound_id).first(),
    )


LOCKERS = {
    "parcels.compartment_forced": ("locker_forced", Alert.Severity.URGENT),
    "parcels.compartment_left_open": ("locker_left_open", Alert.Severity.NOTICE),
}


@events.on("parcels.compartment_forced", "security.alert_locker_forced")
@events.on("parcels.compartment_left_open", "security.alert_locker_left_open")
def alert_locker(event: Event) -> None:
    """A compartment stands open; whether it still does is asked of the row, not of the event."""
    rows = Compartment.objects.select_related("bank")
    place = rows.filter(pk=event.payload["compartment"]).first()
    kind, severity = LOCKERS[event.kind]
    if place is None or f"locker_{place.alarm}" != kind:
        return
    raise_alert(
        compound=event.compound_id,
        kind=kind,
        key=f"locker_door-{place.pk}",
        severity=severity,
        device=_device(event),
        facts={"number": place.number, "name": _where(place.bank)},
    )


@events.on("parcels.compartment_shut", "security.close_locker_alert")
def close_locker_alert(event: Event) -> None:
    place = Compartment.objects.filter(pk=event.payload["compartment"]).first()
    if place is not None and not place.alarm:
        close_by_key(event.compound_id, f"locker_door-{place.pk}")


@events.on("parcels.bank_all_open", "security.alert_bank_open")
def alert_bank_open(event: Event) -> None:
    """Its own alert, however many others of this bank were taken: the power, or a break-in."""
    bank = LockerBank.objects.filter(pk=event.payload["bank"]).select_related("device").first()
    if bank is None or bank.all_open_since is None:
        return
    raise_alert(
        compound=event.compound_id,
        kind="locker_all_open",
        key=f"locker_all_open-{bank.pk}",
        severity=Alert.Severity.URGENT,
        device=bank.device,
        facts={
            "open": event.payload["open"],
            "doors": event.payload["doors"],
            "name": _where(bank),
        },
    )


@events.on("parcels.bank_shut", "security.close_bank_alert")
def close_bank_alert(event: Event) -> None:
    bank = LockerBank.objects.filter(pk=event.payload["bank"]).first()
    if bank is not None and bank.all_open_since is None:
        close_by_key(event.compound_id, f"locker_all_open-{bank.pk}")


def _where(bank: LockerBank) -> str:
    """The bank and where it stands: whoever is sent there may not know it by its name."""
    return " · ".join(filter(None, (bank.name, bank.place)))


@events.on("parcels.codes_guessed", "security.alert_codes_guessed")
def alert_codes_guessed(event: Event) -> None:
    bank = LockerBank.objects.filter(pk=event.payload["bank"]).select_related("device").first()
    if bank is not None:
        raise_alert(
            compound=event.compound_id,
            kind="locker_codes_guessed",
            key=f"locker_codes-{bank.pk}",
            severity=Alert.Severity.IMPORTANT,
            device=bank.device,
            facts={"name": _where(bank)},
        )


@events.on("device.command_failed", "security.take_failed_command")
@events.on("device.command_unknown", "security.take_unknown_command")
def take_failed_command(event: Event) -> None:
    take_command_failure(event.payload["command"])


@events.on("residents.visit_overstayed", "security.alert_overstay")
def alert_overstay(event: Event) -> None:
    """The guard looks for who stays too long; whoever left meanwhile is looked for by nobody."""
    visit = Visit.objects.select_related("unit").filter(pk=event.payload["visit"]).first()
    if visit is not None and VisitStay.objects.inside().filter(visit=visit).exists():
        raise_alert(
            compound=event.compound_id,
            kind="visit_overstayed",
            key=f"visit_overstayed-{visit.pk}",
            severity=Alert.Severity.IMPORTANT,
            facts={"visit": visit.pk, "home": visit.home},
        )


@events.on("residents.visitor_left", "security.close_overstay")
def close_overstay(event: Event) -> None:
    visit = event.payload["visit"]
    if not VisitStay.objects.inside().filter(visit=visit).exists():
        close_by_key(event.compound_id, f"visit_overstayed-{visit}")


@events.on("residents.person_erased", "security.forget_calls")
def forget_calls(event: Event) -> None:
    """Who was let in by somebody whose data is erased is named no more."""
    forget_calls_of(event.payload["person"], whole=event.payload["whole"])


@events.on("parking.paid", "security.open_paid")
def open_paid(event: Event) -> None:
    """Who paid while waiting at the exit need not wait for a guard too."""
    stay = Stay.objects.select_related("compound").filter(pk=event.payload["stay"]).first()
    if stay is not None and stay.left_at is None:
        operations.open_paid(stay)


@events.on("gate.opened_by_hand", "security.keep_debt")
def keep_debt(event: Event) -> None:
    """What was due at an exit that a guard opened is a debt, whatever the reason."""
    passage = Passage.objects.filter(pk=event.payload["passage"]).first()
    if passage is not None:
        operations.keep_debt(passage, event.actor)


def _alert_health(event: Event, health: str, kind: str, severity: int) -> None:
    device = _device(event)
    if device is None or device.health != health:
        return
    raise_alert(
        compound=event.compound_id,
        kind=kind,
        key=f"{kind}-{device.pk}",
        severity=severity,
        device=device,
        facts={"code": event.payload.get("code", "")},
    )


def _device(event: Event) -> Device | None:
    return Device.objects.filter(
        pk=event.payload.get("device"), compound_id=event.compound_id
    ).first()


def _is_last_word(event: Event, opposite: str) -> bool:
    """Whether the device has not said the opposite since."""
    later = Event.objects.filter(
        compound_id=event.compound_id, kind=opposite, sequence__gt=event.sequence
    )
    return not later.filter(payload__device=event.payload.get("device")).exists()
