"""Somebody shows a way in at a door: may they enter? Called with the lane locked.

What a way in is worth follows from a current residency, visit or duty at this very moment. What is
used up (a step of a code, one entry of a pass, a guess) is used up in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from community import keyring
from community.models import Lane
from community.verdicts import Outcome, Verdict
from residents import ways
from residents.models import ConsentText, Person, Residency, Visit, WayIn
from residents.operations import guesses, spoken
from residents.operations.faces.standing import stands
from residents.operations.visit_rules import OVERSTAY, opens_from
from residents.operations.visit_rules import stands as stands_behind
from residents.ways import Presented

#: Between two gates nobody walks faster: the same card at both within this is perhaps two cards.
WALK = timedelta(seconds=45)
DUTIES = frozenset({"guard", "desk", "cashier", "manager", "installer"})


@dataclass(frozen=True)
class Admission:
    """The verdict, and whose way in it was as far as it is known."""

    verdict: Verdict
    way: WayIn | None = None
    visit: Visit | None = None

    @property
    def person(self) -> Person | None:
        return self.way.person if self.way is not None else None


def present(lane: Lane, shown: Presented, at: datetime) -> Admission:
    """Decide on what was shown at this lane. Needs ``events.writing`` around it.

    Never raises on what was shown: whatever is no way in of this compound is refused.
    """
    if shown.kind == "card":
        return _card(lane, shown.value, at)
    if shown.kind == "qr":
        return _personal(lane, shown.value, at)
    if shown.kind == "pin":
        return _pin(lane, shown, at)
    if shown.kind == "pass":
        return _pass(lane, shown.value, at)
    return Admission(_deny("way_unknown"))


def _card(lane: Lane, number: str, at: datetime) -> Admission:
    plain = ways.plain_card(number)
    indexes = keyring.blind_indexes(plain, lane.compound_id, "card") if plain else []
    way = _held(lane).filter(kind=WayIn.Kind.CARD, index__in=indexes).order_by("-pk").first()
    if way is None:
        return Admission(_deny("card_unknown"))
    if way.ended_at is not None:
        return Admission(_deny("card_ended", reason=way.end_reason), way)
    # A card's number can be copied; its owner cannot be at two gates at once.
    elsewhere = way.last_lane is not None and way.last_lane.gate_id != lane.gate_id
    if elsewhere and way.last_used_at is not None and at - way.last_used_at < WALK:
        _used(way, lane, at)
        return Admission(_ask("card_two_gates"), way)
    return _by_right(way, lane, at)


def _personal(lane: Lane, text: str, at: datetime) -> Admission:
    code = ways.read_personal(text)
    way = _held(lane).filter(kind=WayIn.Kind.QR, pk=code.way_id).first() if code else None
    if code is None or way is None:
        return Admission(_deny("code_unknown"))
    if way.ended_at is not None:
        return Admission(_deny("code_ended", reason=way.end_reason), way)
    if not ways.is_signed(code, way.secret):
        return Admission(_deny("code_unknown"))
    off = code.step - ways.step_at(at)
    if abs(off) > ways.REACH:
        minutes = max(1, round(abs(off) * ways.STEP_S / 60))
        if off > 0 and off <= ways.CLOCK_REACH:
            return Admission(_deny("code_clock_ahead", minutes=minutes), way)
        return Admission(_deny("code_too_old" if off < 0 else "code_unknown", minutes=minutes), way)
    if code.step <= way.last_step:
        return Admission(_deny("code_used"), way)
    way.last_step = code.step
    return _by_right(way, lane, at)


def _pin(lane: Lane, shown: Presented, at: datetime) -> Admission:
    waits = guesses.waits(lane, shown.home, at)
    if waits is not None:
        return Admission(waits)
    unit = guesses.home(lane, shown.home)
    way = None
    if unit is not None and ways.is_pin(shown.value):
        indexes = keyring.blind_indexes(shown.value, lane.compound_id, f"pin.{unit.pk}")
        rows = _held(lane).active().filter(kind=WayIn.Kind.PIN, unit=unit, index__in=indexes)
        way = rows.first()
    visit = spoken.pass_of(unit, shown.value) if unit is not None and way is None else None
    if way is None and visit is None:
        # A home that does not exist and a PIN that is wrong get the same answer.
        return Admission(guesses.wrong(lane, unit, at))
    guesses.right(lane, unit)
    if way is not None:
        return _by_right(way, lane, at)
    return _of_visit(visit, lane, at) if visit else Admission(_deny("pass_unknown"))


def _pass(lane: Lane, secret: str, at: datetime) -> Admission:
    rows = Visit.objects.select_for_update(of=("self",)).select_related("unit", "bearer")
    digest = ways.pass_digest(secret[: ways.LONGEST])
    visit = rows.filter(compound_id=lane.compound_id, digest=digest).first()
    return _of_visit(visit, lane, at) if visit else Admission(_deny("pass_unknown"))


def _of_visit(visit: Visit, lane: Lane, at: datetime) -> Admission:
    """The pass is genuine, and held: may somebody enter or leave with it now?"""
    facts = {"visit": visit.pk, "unit": visit.home}
    if lane.direction == Lane.Direction.EXIT:
        return _leaving(visit, at, facts)
    if visit.revoked_at is not None:
        return Admission(_deny("pass_revoked", **facts), visit=visit)
    if at < opens_from(visit):
        return Admission(_deny("pass_too_early", **facts), visit=visit)
    if at >= visit.ends_at:
        return Admission(_deny("pass_over", **facts), visit=visit)
    if visit.most_entries is not None and visit.entries >= visit.most_entries:
        return Admission(_deny("pass_used_up", **facts), visit=visit)
    if not stands_behind(visit, _day(lane, at)):
        refused = _ask("pass_home_empty", **facts) if visit.unit else _deny("pass_duty_over")
        return Admission(refused, visit=visit)
    visit.entries += 1
    visit.save(update_fields=["entries"])
    return Admission(_allow("pass_valid", **facts), visit=visit)


def _leaving(visit: Visit, at: datetime, facts: dict[str, object]) -> Admission:
    """Who is inside may leave, revoked or late: nobody is locked in for a pass."""
    if visit.stays.filter(left_at=None).exists() or at < visit.ends_at + OVERSTAY:
        return Admission(_allow("pass_leaving", **facts), visit=visit)
    return Admission(_ask("pass_over", **facts), visit=visit)


def present_face(lane: Lane, way_id: int, at: datetime, *, sure: bool, beside: bool) -> Admission:
    """A camera took somebody for the person of this way in. Needs ``events.writing`` around it.

    ``sure`` is the upper tier of recognition; ``beside`` says that the hurdle for photographs was
    passed or a second way in was shown. Consent is asked at this very moment: withdrawn while a
    match was under way, the door stays shut.
    """
    way = _held(lane).filter(kind=WayIn.Kind.FACE, pk=way_id).first()
    if way is None:
        return Admission(_deny("face_unknown"))
    if way.ended_at is not None or not stands(way.person_id, ConsentText.Purpose.FACE_ENTRY):
        return Admission(_deny("face_ended"))
    if way.paused_at is not None:
        return Admission(_deny("face_asleep"), way)
    if not (sure and beside):
        code = "face_second_way" if sure else "face_unsure"
        return Admission(_ask(code, unit=_home(way, lane, at)), way)
    return _by_right(way, lane, at)


def serves(lane: Lane, way_id: int, buildings: Collection[int], at: datetime) -> bool:
    """Whether whose way in this is lives in one of these buildings now, or works here."""
    way = WayIn.objects.filter(compound_id=lane.compound_id, pk=way_id).select_related("person")
    found = way.first()
    if found is None:
        return False
    rows = Residency.objects.current(_day(lane, at)).filter(person_id=found.person_id)
    return rows.filter(unit__building__in=buildings).exists() or _on_duty(found)


def _held(lane: Lane) -> Any:
    rows = WayIn.objects.select_for_update(of=("self",))
    return rows.filter(compound_id=lane.compound_id).select_related("person__user", "last_lane")


def _by_right(way: WayIn, lane: Lane, at: datetime) -> Admission:
    """The way in is genuine: does a residency or a duty stand behind it now?"""
    home = _home(way, lane, at)
    if not home and not _on_duty(way):
        return Admission(_deny("lives_here_no_more"), way)
    _used(way, lane, at)
    facts = {"person": way.person_id, "unit": home}
    return Admission(_allow("resident" if home else "on_duty", **facts), way)


def _home(way: WayIn, lane: Lane, at: datetime) -> str:
    """The number of the home that the way in follows from now; empty where there is none."""
    rows = Residency.objects.current(_day(lane, at)).filter(person_id=way.person_id)
    if way.kind == WayIn.Kind.PIN and way.unit_id is not None:
        rows = rows.filter(unit_id=way.unit_id)
    return rows.order_by("-started_on").values_list("unit__code", flat=True).first() or ""


def _day(lane: Lane, at: datetime) -> date:
    return timezone.localdate(at, ZoneInfo(lane.compound.timezone))


def _on_duty(way: WayIn) -> bool:
    user = way.person.user
    return user is not None and user.is_active and bool(user.roles_in(way.compound_id) & DUTIES)


def _used(way: WayIn, lane: Lane, at: datetime) -> None:
    way.last_used_at, way.last_lane = at, lane
    way.save(update_fields=["last_used_at", "last_lane", "last_step"])


def _allow(code: str, **facts: object) -> Verdict:
    return Verdict(Outcome.ALLOW, code, dict(facts))


def _ask(code: str, **facts: object) -> Verdict:
    return Verdict(Outcome.ASK, code, dict(facts))


def _deny(code: str, **facts: object) -> Verdict:
    return Verdict(Outcome.DENY, code, dict(facts))
