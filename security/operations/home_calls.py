"""A walk-in: the home is called, somebody there answers, the first answer counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, notifications
from community.models import Device, Gate, Lane, Unit, User
from residents import operations as residents
from residents.models import Letting, Person, Residency, Visit
from residents.operations import visit_rules
from residents.rules import clean_name
from residents.ways import Presented
from security.models import HomeCall, Passage
from security.operations.calls import call_guard
from security.operations.foot import Shown, handle_shown
from security.operations.hands import open_by_hand
from security.operations.locks import locked_lane
from security.reasons import OpenReason

State = HomeCall.State
RINGS_FOR = timedelta(seconds=60)
#: A yes opens within this, and not later: who was let in then has walked away.
OPENS_WITHIN = timedelta(minutes=5)
#: How long a visit lasts that nobody planned.
LASTS = {
    Visit.Kind.GUEST: timedelta(hours=8),
    Visit.Kind.COURIER: timedelta(hours=1),
    Visit.Kind.TRADE: timedelta(hours=8),
}
#: A tablet rings so many times within so long; then the guard is asked.
MOST_RINGS, RINGS_WITHIN = 6, timedelta(minutes=5)


class AlreadyAnswered(Exception):
    """Somebody was quicker, or it rings no more. ``call`` is as it stands."""

    def __init__(self, call: HomeCall) -> None:
        super().__init__(call.pk)
        self.call = call

    def __str__(self) -> str:
        return str(self.call.get_state_display())


def who_answers(unit: Unit) -> list[Person]:
    """Who lives in the home now and has a sign-in; not who lets it to others."""
    today = timezone.localdate()
    lets = Letting.objects.filter(unit=unit, landlord=OuterRef("pk")).current()
    here = Residency.objects.current(today).filter(unit=unit).values("person")
    rows = Person.objects.filter(pk__in=here, user__is_active=True).exclude(Exists(lets))
    return list(rows.select_related("user").order_by("pk"))


def call_home(
    lane: Lane,
    unit: Unit,
    *,
    name: str = "",
    kind: str = Visit.Kind.GUEST,
    people: int = 1,
    plate: str = "",
    passage: Passage | None = None,
    device: Device | None = None,
    actor: User | None = None,
) -> HomeCall:
    """Ring at a home; while it rings there from this lane, another press is the same call.

    Raises ValidationError for a home where nobody can be called, and for what is no visit.
    """
    values = _clean(lane, unit, name=name, kind=kind, people=people, plate=plate)
    with events.writing():
        held = locked_lane(lane.pk)
        now = timezone.now()
        known = HomeCall.objects.filter(lane=held, unit=unit).ringing(now).first()
        if known is not None:
            found: HomeCall = known
            return found
        _end_rung_out(held, now)
        if device is not None:
            _check_rings(held, now)
        answering = who_answers(unit)
        if not answering:
            raise _fault("unit", _("Nobody in this home can be called from here. Ask the guard."))
        call: HomeCall = HomeCall.objects.create(
            compound_id=held.compound_id,
            lane=held,
            unit=unit,
            passage=passage,
            device=device,
            asked_by=actor,
            asked_at=now,
            expires_at=now + RINGS_FOR,
            **values,
        )
        _record("gate.home_called", call, actor)
        _ring(call, answering)
    return call


def answer_call(
    call: HomeCall, person: Person, said: str, *, actor: User | None = None
) -> HomeCall:
    """What somebody of the home says; the first answer counts, and the same one again is no other.

    Raises AlreadyAnswered, ValidationError (no such answer, does not live there).
    """
    if said not in HomeCall.ANSWERS:
        raise _fault("answer", _("Choose an answer."))
    with events.writing():
        held = _locked(call.pk)
        if person not in who_answers(held.unit):
            raise _fault("answer", _("You do not live in this home now."))
        now = timezone.now()
        if held.state == said and held.answered_by_id == person.pk:
            return held
        if held.state != State.RINGING or held.expires_at <= now:
            raise AlreadyAnswered(held)
        if said == State.LET_IN:
            held.visit = _welcome(held, person, now, actor)
        held.state, held.answered_by, held.answered_at = said, person, now
        held.save(update_fields=["state", "answered_by", "answered_at", "visit"])
        _record("gate.home_answered", held, actor, answer=str(said))
    return held


def hang_up(call: HomeCall, *, actor: User | None = None) -> HomeCall:
    """Whoever rang does not wait any longer."""
    with events.writing():
        held = _locked(call.pk)
        if held.state == State.RINGING:
            _end(held, State.WITHDRAWN, actor)
    return held


def end_unanswered(now: datetime | None = None) -> int:
    """End calls that nobody answered; a tablet's go to the guard. Returns how many."""
    now = now or timezone.now()
    late = HomeCall.objects.filter(state=State.RINGING, expires_at__lte=now)
    ended = 0
    for pk in list(late.values_list("pk", flat=True)[:100]):
        with events.writing():
            held = _locked(pk)
            if held.state == State.RINGING and held.expires_at <= now:
                _time_out(held)
                ended += 1
    return ended


def admit(call: HomeCall, *, user: User | None = None) -> Passage:
    """Open the gate for who was let in, once. Without a ``user`` a tablet asks for it.

    Raises ValidationError where nobody was let in, or too long ago.
    """
    now = timezone.now()
    held: HomeCall = HomeCall.objects.select_related("lane__gate", "visit").get(pk=call.pk)
    if held.state != State.LET_IN or held.visit is None or held.answered_at is None:
        raise _fault("call", _("The home has not let anybody in."))
    if now - held.answered_at > OPENS_WITHIN:
        raise _fault("call", _("This was too long ago. Call the home once more."))
    on_foot = held.lane.gate.kind == Gate.Kind.PEDESTRIAN
    if on_foot and (held.passage_id is None or user is None):
        shown = Presented("pass", held.visit.secret)
        return handle_shown(Shown(held.lane_id, f"call-{held.pk}", shown, now, held.device_id))
    if user is None:
        raise _fault("call", _("Only a guard opens this lane."))
    return _open_by_guard(held, held.visit, user, now)


def _open_by_guard(call: HomeCall, visit: Visit, user: User, now: datetime) -> Passage:
    """Once for each yes; a yes that was taken back meanwhile opens nothing."""
    with events.writing():
        lane = locked_lane(call.lane_id)
        let_in = Passage.objects.filter(visit=visit, lane=lane, outcome=Passage.Outcome.ALLOW)
        known: Passage | None = let_in.order_by("pk").first()
        if known is not None:
            return known
        if not residents.count_entry(visit, now):
            raise _fault("call", _("The home took its yes back. Call it once more."))
        opened = open_by_hand(
            lane=lane, passage=call.passage, user=user, reason=OpenReason.HOME_AGREED
        )
        opened.visit = visit
        opened.save(update_fields=["visit"])
    return opened


def _welcome(call: HomeCall, person: Person, now: datetime, actor: User | None) -> Visit:
    visit: Visit = residents.invite(
        call.unit,
        name=call.name or str(call.get_kind_display()),
        kind=call.kind,
        host=person,
        starts_at=now,
        ends_at=now + LASTS[Visit.Kind(call.kind)],
        plates=[call.plate] if call.plate else (),
        people=call.people,
        is_walk_in=True,
        actor=actor,
    )
    return visit


def _clean(
    lane: Lane, unit: Unit, *, name: str, kind: str, people: int, plate: str
) -> dict[str, Any]:
    if kind not in Visit.Kind.values:
        raise _fault("kind", _("Choose what kind of visit it is."))
    if unit.compound_id != lane.compound_id:
        raise _fault("unit", _("There is no home with this number here."))
    visit_rules.check_counts(people, 1)
    plates = visit_rules.clean_plates([plate]) if plate.strip() else [""]
    shown = clean_name(name) if name.strip() else ""
    return {"name": shown, "kind": kind, "people": people, "plate": plates[0]}


def _check_rings(lane: Lane, now: datetime) -> None:
    lately = HomeCall.objects.filter(lane=lane, asked_at__gt=now - RINGS_WITHIN)
    if lately.exclude(device=None).count() >= MOST_RINGS:
        text = _("Many homes were called from here. Please wait a moment, or ask the guard.")
        raise _fault("unit", text)


def _ring(call: HomeCall, answering: list[Person]) -> None:
    for person in answering:
        if person.user is not None:
            notifications.tell(
                person.user,
                "security.home_call",
                compound=call.compound,
                key=f"home_call:{call.pk}:{person.pk}",
                facts={"call": call.pk},
                expires_at=call.expires_at,
            )


def _end_rung_out(lane: Lane, now: datetime) -> None:
    """Calls of this lane that the clock has not ended yet: the bell is free again."""
    for held in HomeCall.objects.filter(lane=lane, state=State.RINGING, expires_at__lte=now):
        _time_out(held)


def _time_out(held: HomeCall) -> None:
    _end(held, State.TIMED_OUT, None)
    if held.device is not None:
        call_guard(held.lane, held.device)


def _end(held: HomeCall, state: str, actor: User | None) -> None:
    held.state = state
    held.save(update_fields=["state"])
    _record("gate.home_call_ended", held, actor, answer=str(state))


def _locked(pk: int) -> HomeCall:
    rows = HomeCall.objects.select_for_update(of=("self",))
    held: HomeCall = rows.select_related("unit", "lane", "device", "compound").get(pk=pk)
    return held


def _fault(place: str, text: Any) -> ValidationError:
    return ValidationError({place: ValidationError(text, place)})


def _record(kind: str, call: HomeCall, actor: User | None, **told: Any) -> None:
    events.record(
        kind,
        compound=call.compound_id,
        actor=actor,
        call=call.pk,
        lane=call.lane_id,
        unit=call.unit_id,
        **told,
    )
