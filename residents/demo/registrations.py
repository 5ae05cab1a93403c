"""Registrations of the demo compound, in every state, some of them overdue.

They are written as they would have come about over the years, each with its steps.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from community import events, keyring
from community.demo import BATCH
from community.models import Compound, User
from residents import codes, operations
from residents.clock import add_months, next_endorsement
from residents.models import Lease, Registration, RegistrationStep, Residency

State = Registration.State
Kind = Residency.Kind
#: Shares of the states; who is in none is one of those whom nobody has asked yet.
SHARES = (
    (State.CONFIRMED, 46),
    (State.RENEWED, 12),
    (State.REPORTED, 6),
    (State.ACCEPTED, 5),
    (State.SUBMITTED, 8),
    (State.RETURNED, 4),
    (State.DRAFT, 5),
    (State.INVITED, 5),
    (State.ENDED, 6),
    ("", 3),
)
FIRM = (State.CONFIRMED, State.RENEWED)
#: The states through which a registration came to the one that it is in.
ROAD: dict[str, tuple[str, ...]] = {
    State.INVITED: (State.INVITED,),
    State.DRAFT: (State.DRAFT,),
    State.SUBMITTED: (State.DRAFT, State.SUBMITTED),
    State.RETURNED: (State.DRAFT, State.SUBMITTED, State.RETURNED),
    State.ACCEPTED: (State.DRAFT, State.SUBMITTED, State.ACCEPTED),
    State.REPORTED: (State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.REPORTED),
}
ROAD[State.CONFIRMED] = (*ROAD[State.REPORTED], State.CONFIRMED)
ROAD[State.RENEWED] = (*ROAD[State.CONFIRMED], State.RENEWED)
ROAD[State.ENDED] = (*ROAD[State.CONFIRMED], State.ENDED)
WORKPLACES = ("青禾食品厂", "芦城公交公司", "文渊路小学", "知春快递站", "远山机械厂", "自营小店")
VILLAGES = ("远山市河口镇 3 组", "青禾区柳林乡 2 组", "芦城市东桥街 15 号", "望川县石坪镇 7 组")


@dataclass(frozen=True)
class Case:
    """One person who lives in a let home, and the state in which their registration is."""

    residency: Residency
    lease: Lease
    state: str
    rng: Random
    today: date
    desk: User | None


def load(compound: Compound) -> None:
    known = set(Registration.objects.of(compound).values_list("person_id", "unit_id"))
    cases = [
        case
        for case in _cases(compound)
        if case.state and (case.residency.person_id, case.residency.unit_id) not in known
    ]
    for start in range(0, len(cases), BATCH):
        with events.writing():
            _write(cases[start : start + BATCH])
    operations.run_clock()


def _cases(compound: Compound) -> list[Case]:
    today = timezone.localdate()
    leases = {
        lease.letting.unit_id: lease
        for lease in Lease.objects.of(compound).select_related("letting__landlord")
    }
    desk = User.objects.filter(held_roles__compound=compound, held_roles__role="desk").first()
    lived = Residency.objects.of(compound).filter(kind__in=[Kind.TENANT, Kind.FAMILY])
    rows = lived.filter(unit__in=list(leases)).select_related("person", "compound")
    found = []
    for row in rows.order_by("unit_id", "pk"):
        rng = Random(f"registration of {row.person.document}")  # noqa: S311
        left = row.ended_on is not None and row.ended_on < today
        names, shares = zip(*SHARES, strict=True)
        state = State.ENDED if left else rng.choices(names, shares)[0]
        found.append(Case(row, leases[row.unit_id], state, rng, today, desk))
    return found


def _write(cases: list[Case]) -> None:
    rows = Registration.objects.bulk_create([_row(case) for case in cases])
    RegistrationStep.objects.bulk_create(
        [step for row, case in zip(rows, cases, strict=True) for step in _steps(row, case)]
    )


def _moment(day: date, rng: Random) -> datetime:
    clock = time(rng.randint(8, 17), rng.randint(0, 59))
    return timezone.make_aware(datetime.combine(day, clock))


def _row(case: Case) -> Registration:
    person, rng = case.residency.person, case.rng
    row = Registration(
        compound=case.residency.compound,
        unit_id=case.residency.unit_id,
        person=person,
        letting=case.lease.letting,
        state=case.state,
        origin=rng.choice(("tenant", "tenant", "landlord", "desk")),
        nonce=secrets.token_urlsafe(12),
        name=person.name,
        phone=person.phone,
        phone_index=person.phone_index,
        landlord_name=case.lease.letting.landlord.name,
        landlord_phone=case.lease.letting.landlord.phone,
        lease_from=case.lease.starts_on,
        lease_to=case.lease.ends_on,
        moved_in_on=_arrived(case),
    )
    for fill in (_form, _dates, _permit, _ending):
        fill(row, case)
    return row


def _arrived(case: Case) -> date:
    """Whose form is not with the police yet came lately, but for a few who are late."""
    if case.state in (*FIRM, State.ENDED):
        return case.residency.started_on
    return case.today - timedelta(days=case.rng.choice((0, 1, 1, 2, 2, 3, 5, 9)))


def _form(row: Registration, case: Case) -> None:
    if case.state == State.INVITED:
        return
    person, rng = case.residency.person, case.rng
    for name in ("sex", "birth_date", "ethnicity", "nationality", "document_kind", "document"):
        setattr(row, name, getattr(person, name))
    row.document_index = keyring.blind_index(person.document, row.compound_id, "document")
    province = rng.choice(("41", "41", "41", "42", "34", "51", "61", "37"))
    row.hukou_province = province
    row.hukou_address = f"{codes.PROVINCES[province]}{rng.choice(VILLAGES)}"
    if case.state == State.DRAFT:
        return
    young = person.birth_date is not None and case.today.year - person.birth_date.year < 17
    row.relation = case.residency.relation or codes.Relation.OTHER
    row.reason = rng.choice(("07",) if young else ("01", "01", "01", "03", "04", "10", "09"))
    row.occupation = rng.choice(("10",) if young else ("05", "07", "04", "08", "09", "02"))
    row.workplace = "" if young else rng.choice(WORKPLACES)
    row.education = "80" if young else rng.choice(("20", "30", "60", "70"))
    row.marriage = "10" if young else rng.choice(("10", "20", "20"))
    row.political = "13"
    row.social_insurance = rng.random() < 0.6
    row.expected_out_on = max(case.lease.ends_on, row.moved_in_on or case.lease.ends_on)


#: Days from moving in to each step: in time for most.
DELAYS: dict[str, Callable[[Random], int]] = {
    "submitted_at": lambda rng: rng.choice((0, 1, 1, 2, 2, 3, 4)),
    "accepted_at": lambda rng: rng.choice((0, 1, 1, 2)),
    "reported_at": lambda rng: rng.choice((0, 1, 2)),
    "confirmed_at": lambda rng: rng.choice((2, 3, 5)),
}


def _dates(row: Registration, case: Case) -> None:
    """The moment of each step that was taken, none of them in the future."""
    day = row.moved_in_on or case.today
    for name, delay in DELAYS.items():
        state = name.removesuffix("_at")
        if state not in ROAD[case.state]:
            continue
        day = min(day + timedelta(days=delay(case.rng)), case.today)
        setattr(row, name, min(_moment(day, case.rng), timezone.now()))
    if row.submitted_at is not None:
        row.counts_from = timezone.localdate(row.submitted_at)
    if row.accepted_at is not None:
        row.accepted_by, row.changed_at = case.desk, row.accepted_at
    if row.confirmed_at is not None:
        row.police_number = f"演示-{row.confirmed_at:%m%d}-{case.rng.randint(1, 60):02d}"
    if case.state == State.RETURNED:
        row.return_reason = "证件照片不清楚，请重拍。"


def _permit(row: Registration, case: Case) -> None:
    """Two of three who may have a permit have one; a few were not endorsed in time."""
    if case.state not in FIRM or row.counts_from is None or case.rng.random() > 0.7:
        return
    issued = add_months(row.counts_from, 6) + timedelta(days=case.rng.randint(2, 20))
    if issued > case.today:
        return
    row.permit_issued_on = issued
    row.permit_number = f"演示{case.rng.randint(10**7, 10**8 - 1)}"
    late = case.rng.random() < 0.12
    while True:
        step = next_endorsement(row.counts_from, row.endorsed_until)
        if step.due_on >= case.today:
            break
        if late and add_months(step.due_on, 12) >= case.today:
            row.suspended_on = step.due_on + timedelta(days=1)
            break
        row.endorsed_until = step.due_on + timedelta(days=1)
        row.renewed_on = step.due_on - timedelta(days=case.rng.randint(3, 20))


def _ending(row: Registration, case: Case) -> None:
    if case.state != State.ENDED:
        return
    row.ended_on = min(case.residency.ended_on or case.today, case.today)
    row.ended_on = max(row.ended_on, row.moved_in_on or row.ended_on)
    row.end_reason = Registration.EndReason.MOVED_OUT
    row.expected_out_on = max(row.ended_on, row.expected_out_on or row.ended_on)


def _steps(row: Registration, case: Case) -> list[RegistrationStep]:
    day = row.moved_in_on or case.today
    moments: dict[str, Any] = {
        State.INVITED: _moment(day, case.rng),
        State.DRAFT: _moment(day, case.rng),
        State.SUBMITTED: row.submitted_at,
        State.RETURNED: row.submitted_at and row.submitted_at + timedelta(hours=2),
        State.ACCEPTED: row.accepted_at,
        State.REPORTED: row.reported_at,
        State.CONFIRMED: row.confirmed_at,
        State.RENEWED: row.renewed_on and _moment(row.renewed_on, case.rng),
        State.ENDED: row.ended_on and _moment(row.ended_on, case.rng),
    }
    last = moments[State.DRAFT]
    found = []
    for state in ROAD[case.state]:
        last = min(max(moments[state] or last, last), timezone.now())
        by = case.desk if state in (State.RETURNED, State.ACCEPTED, State.REPORTED) else None
        note = row.return_reason if state == State.RETURNED else ""
        step = RegistrationStep(compound_id=row.compound_id, registration=row, state=state)
        step.at, step.by, step.note = last, by, note
        found.append(step)
    return found
