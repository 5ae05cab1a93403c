"""Care watch: begun with consent, climbing by the clock, ended or put aside at any moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, notifications
from community.models import User
from community.notifications.reach import DESK
from residents import rules
from residents.models import CareWatch, Person, Residency, Sign, WayIn
from residents.reaching import reader

Step = CareWatch.Step
#: Whoever was asked has this long to answer before the next one is asked.
PATIENCE = timedelta(hours=6)
LONGEST_AWAY = timedelta(days=180)


def start_care(
    person: Person,
    *,
    consent: str,
    consent_note: str,
    days: int = 3,
    relative: Person | None = None,
    actor: User | None = None,
) -> CareWatch:
    """Begin to look after somebody who lives here; one that runs stays as it is.

    Raises ValidationError: without a consent on file there is none.
    """
    _check(person, consent, consent_note, days, relative)
    with events.writing():
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if not Residency.objects.current(timezone.localdate()).filter(person=person).exists():
            raise rules.fault("person", "lives_elsewhere", _("This person does not live here now."))
        running = CareWatch.objects.running().filter(person=person).first()
        if running is not None:
            return running
        now = timezone.now()
        watch: CareWatch = CareWatch.objects.create(
            compound_id=person.compound_id,
            person=person,
            relative=relative,
            days=days,
            consent=consent,
            consent_note=consent_note.strip()[:120],
            consent_at=now,
            consent_by=actor,
            last_sign_at=now,
        )
        _record("residents.care_started", watch, actor)
    return watch


def _check(
    person: Person, consent: str, consent_note: str, days: int, relative: Person | None
) -> None:
    if consent not in CareWatch.Consent.values:
        raise rules.fault("consent", "consent_missing", _("Say who consented."))
    if not consent_note.strip():
        text = _("Say where the consent is kept, such as the number of the form.")
        raise rules.fault("consent_note", "consent_missing", text)
    if not 1 <= days <= 30:
        raise rules.fault("days", "days_invalid", _("Choose 1 to 30 days."))
    if relative is not None and relative.pk == person.pk:
        raise rules.fault("relative", "same_person", _("Choose somebody else of the family."))
    if relative is not None and relative.compound_id != person.compound_id:
        raise rules.fault("relative", "elsewhere", _("This person has no file here."))


def end_care(watch: CareWatch, *, actor: User | None = None) -> CareWatch:
    """Nobody is asked any more. Said twice, it counts once."""
    with events.writing():
        held = _locked(watch)
        if held.ended_at is None:
            held.ended_at = timezone.now()
            held.save(update_fields=["ended_at"])
            _record("residents.care_ended", held, actor)
    return held


def set_away(watch: CareWatch, until: date | None, *, actor: User | None = None) -> CareWatch:
    """Nobody is asked up to and with this day; None: back again. Raises ValidationError."""
    today = timezone.localdate()
    if until is not None and not today <= until <= today + LONGEST_AWAY:
        raise rules.fault("until", "away_invalid", _("Choose a day within the next half year."))
    with events.writing():
        held = _locked(watch)
        if held.ended_at is None and held.away_until != until:
            held.away_until = until
            _rest(held, timezone.now())
            _record("residents.care_away", held, actor)
    return held


def all_well(watch: CareWatch, *, actor: User | None = None) -> CareWatch:
    """The person, the family or the desk says that all is well: the days count anew."""
    with events.writing():
        held = _locked(watch)
        if held.ended_at is None:
            _rest(held, timezone.now())
            _record("residents.care_all_well", held, actor)
    return held


def watch_over(now: datetime | None = None) -> int:
    """Ask the next one for everybody of whom nothing was seen for too long; how many asked."""
    now = now or timezone.now()
    keys = CareWatch.objects.running().order_by("pk").values_list("pk", flat=True)
    return sum(_look(pk, now) for pk in list(keys))


def _look(pk: int, now: datetime) -> bool:
    with events.writing():
        rows = CareWatch.objects.select_for_update(of=("self",))
        held = rows.select_related("person__user", "relative__user", "compound").get(pk=pk)
        if held.ended_at is not None or _is_away(held, now):
            return False
        seen = _last_sign(held)
        if seen > held.last_sign_at:
            _rest(held, seen)
        if now - held.last_sign_at < timedelta(days=held.days):
            return False
        if held.stepped_at is not None and now - held.stepped_at < PATIENCE:
            return False
        return _climb(held, now)


def _climb(held: CareWatch, now: datetime) -> bool:
    """The person first, then the family if one was named, then the desk, who stays asked."""
    order = [Step.QUIET, Step.PERSON, Step.FAMILY, Step.DESK]
    following = order[order.index(Step(held.step)) + 1 :]
    if held.relative is None:
        following = [step for step in following if step != Step.FAMILY]
    if not following:
        return False
    held.step, held.stepped_at = following[0], now
    held.save(update_fields=["step", "stepped_at"])
    _ask(held)
    _record("residents.care_asked", held, None, step=str(held.step))
    return True


def _ask(held: CareWatch) -> None:
    who: Any = DESK
    if held.step == Step.PERSON:
        who = reader(held.person)
    elif held.step == Step.FAMILY and held.relative is not None:
        who = reader(held.relative)
    notifications.tell(
        who,
        f"residents.care_{held.step}",
        compound=held.compound,
        key=f"care-{held.pk}-{held.step}-{int(held.last_sign_at.timestamp())}",
        facts={"person": held.person_id, "care": held.pk, "days": held.days},
    )


def _last_sign(held: CareWatch) -> datetime:
    """The newest of what the doors saw of this person: their card, code or PIN, in or out."""
    used = WayIn.objects.filter(person=held.person_id).aggregate(at=Max("last_used_at"))["at"]
    day = Sign.objects.filter(person=held.person_id).aggregate(on=Max("on"))["on"]
    seen = [at for at in (used, held.last_sign_at) if at is not None]
    if day is not None:
        seen.append(timezone.make_aware(datetime.combine(day, datetime.min.time())))
    return max(seen)


def _is_away(held: CareWatch, now: datetime) -> bool:
    return held.away_until is not None and held.away_until >= timezone.localdate(now)


def _rest(held: CareWatch, seen: datetime) -> None:
    held.last_sign_at = max(held.last_sign_at, seen)
    held.step, held.stepped_at = Step.QUIET, None
    held.save(update_fields=["last_sign_at", "step", "stepped_at", "away_until"])


def _locked(watch: CareWatch) -> CareWatch:
    held: CareWatch = CareWatch.objects.select_for_update(of=("self",)).get(pk=watch.pk)
    return held


def _record(kind: str, watch: CareWatch, actor: User | None, **told: Any) -> None:
    events.record(
        kind,
        compound=watch.compound_id,
        actor=actor,
        care=watch.pk,
        person=watch.person_id,
        **told,
    )
