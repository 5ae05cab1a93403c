"""Erasing somebody on their request: what no law keeps goes, what is kept is said, with its day.

Who lives here, lets a home here or has a lease keeps a file: the office cannot run a home without
it, and the police ask for the register. Who has left is anonymised; rows stay for the counts, and
nothing in them names anybody. Registrations go when their period is over, by the nightly job too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from community import events, retention
from community import operations as floor
from community.account import operations as account
from community.models import RetentionRule, Role, User
from community.notifications import readers
from residents import erasure_words
from residents.models import (
    DataRequest,
    ExportLine,
    Lease,
    Letting,
    OtherPhone,
    Person,
    Registration,
    RegistrationPhoto,
    Residency,
    ServiceRequest,
    Sign,
    Signal,
    SignInTicket,
    Visit,
    WayIn,
)
from residents.operations.forgetting import NOBODY, forget_visits
from residents.operations.people import locked, record
from residents.operations.retention import IN_WORK, erase_rows
from residents.operations.ways_in import end_ways_of
from residents.operations.wishes import answer_about_data
from residents.querysets import LIVE

CLOSED = ("done", "rated", "refused", "withdrawn")
#: Everything of a form that says who somebody is; days, home, origin and reason are counted.
FORM = (
    *("name_latin", "sex", "ethnicity", "nationality", "document_kind", "document"),
    *("document_index", "phone", "phone_index", "hukou_address", "political", "marriage"),
    *("education", "occupation", "workplace", "landlord_name", "landlord_phone"),
    *("police_number", "permit_number", "return_reason"),
)
FILE = (
    *("name_latin", "sex", "ethnicity", "nationality", "document_kind", "document"),
    *("document_index", "phone", "phone_index"),
)


@dataclass(frozen=True)
class Kept:
    """Something that stays: ``code`` has its sentence, ``until`` its last day where it has one."""

    code: str
    until: date | None = None


@dataclass(frozen=True)
class Plan:
    """What an erasure does now; ``whole``: nothing is left that names the person."""

    whole: bool
    kept: tuple[Kept, ...]


def plan_erasure(person: Person) -> Plan:
    """What would be kept of a person today, and until when. Changes nothing."""
    today = timezone.localdate()
    binds = [
        Kept(code)
        for code, rows in (
            ("lives_here", Residency.objects.filter(person=person).current(today)),
            ("lets_home", Letting.objects.filter(landlord=person).current()),
            ("lease_runs", Lease.objects.running().filter(tenant=person, ends_on__gte=today)),
            ("registered", Registration.objects.filter(person=person, state__in=(*LIVE, *IN_WORK))),
        )
        if rows.exists()
    ]
    last = _last_end(person)
    days = retention.days_kept(person.compound_id, RetentionRule.Subject.REGISTRATIONS)
    until = last + timedelta(days=days) if last and days else None
    if until is not None and until >= today:
        binds.append(Kept("register", until))
    whole = not {kept.code for kept in binds} - {"register"}
    return Plan(whole, tuple(binds))


def _last_end(person: Person) -> date | None:
    rows = Registration.objects.filter(person=person, state="ended").exclude(name=NOBODY)
    found: date | None = rows.order_by("-ended_on").values_list("ended_on", flat=True).first()
    return found


def erase_person(
    person: Person, *, request: DataRequest | None = None, actor: User | None = None
) -> Plan:
    """Erase what is not kept, and answer the person's ``request`` with what is kept until when.

    The same again finds nothing more to erase. The apps above follow ``residents.person_erased``.
    """
    with events.writing():
        person = locked(person)
        plan = plan_erasure(person)
        _erase_chosen(person)
        if plan.whole:
            _anonymise(person, actor)
        record("residents.person_erased", person, actor, whole=plan.whole,
               kept=[kept.code for kept in plan.kept])  # fmt: skip
        if request is not None:
            text = erasure_words.answer(plan)
            answer_about_data(request, done=True, answer=text, actor=actor)
    return plan


def _erase_chosen(person: Person) -> None:
    """What somebody gave us beyond what a home and the register need."""
    person.languages, person.needs = [], []
    person.save(update_fields=["languages", "needs"])
    OtherPhone.objects.filter(person=person).delete()
    Sign.objects.filter(person=person).delete()
    Signal.objects.filter(person=person, state="closed").delete()
    over = Q(ends_at__lt=timezone.now()) | Q(revoked_at__isnull=False)
    forget_visits(Visit.objects.filter(over, host=person))
    photos = RegistrationPhoto.objects.filter(registration__person=person)
    _erase(photos.exclude(registration__state__in=IN_WORK))
    _erase(ServiceRequest.objects.filter(person=person, state__in=CLOSED))
    DataRequest.objects.filter(person=person).exclude(state="open").delete()


def _erase(rows: Any) -> None:
    erase_rows(rows.model, list(rows.values_list("pk", flat=True)))


def _anonymise(person: Person, actor: User | None) -> None:
    end_ways_of(person, actor=actor)
    WayIn.objects.filter(person=person).delete()
    SignInTicket.objects.filter(person=person).delete()
    user, person.user = person.user, None
    for name in FILE:
        setattr(person, name, "")
    person.name, person.birth_date, person.phone_confirmed_at = NOBODY, None, None
    person.save()
    ended = timezone.localdate() - timedelta(days=_days(person.compound_id))
    rows = Registration.objects.filter(person=person, state="ended", ended_on__lt=ended)
    anonymise_forms(list(rows.values_list("pk", flat=True)))
    if user is not None:
        _close_account(user, person, actor)


def _days(compound_id: int) -> int:
    return retention.days_kept(compound_id, RetentionRule.Subject.REGISTRATIONS) or 0


def _close_account(user: User, person: Person, actor: User | None) -> None:
    """The sign-in has nothing here any more; where it has nothing anywhere it is closed."""
    held = Role.objects.filter(user=user, ended_at=None)
    for role in held.filter(compound_id=person.compound_id, role__in=["resident", "landlord"]):
        floor.end_role(role)
    if held.exists() or user.is_superuser or user.files.exists():
        return
    readers.forget(user)
    account.end_sessions(user, user)
    floor.close_user(user, actor=actor, compound=person.compound)


def anonymise_forms(keys: list[int]) -> int:
    """Forms that name nobody any more: with their photographs, remarks and lines of exports."""
    with events.writing():
        rows = Registration.objects.filter(pk__in=keys)
        values: dict[str, Any] = dict.fromkeys(FORM, "")
        count = rows.update(**values, name=NOBODY, birth_date=None, social_insurance=None)
        photos = RegistrationPhoto.objects.filter(registration__in=keys)
        _erase(photos)
        ExportLine.objects.filter(registration__in=keys).delete()
        for row in rows:
            row.remarks.all().delete()
            row.steps.exclude(note="").update(note="")
    return int(count)


def retire_forms(now: datetime | None = None) -> int:
    """Anonymise registrations that ended longer ago than their period; how many."""
    now, total = now or timezone.now(), 0
    for compound_id, days in retention.periods(RetentionRule.Subject.REGISTRATIONS):
        cut = timezone.localdate(now) - timedelta(days=days)
        due = Registration.objects.of(compound_id).filter(state="ended", ended_on__lt=cut)
        count = 0
        while keys := list(due.exclude(name=NOBODY).values_list("pk", flat=True)[:100]):
            count += anonymise_forms(keys)
        retention.note(compound_id, RetentionRule.Subject.REGISTRATIONS, days, count)
        total += count
    return total
