"""The watch list: entered and ended by managers, answered by guards, forgotten when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events, keyring
from community.models import Compound, User
from community.prepared import prepared
from community.verdicts import Outcome, Verdict
from community.vision import grammar
from residents import ways
from residents.models import Visit
from residents.ways import Presented
from security.models import GUARDS, Alert, Passage, WatchEntry, WatchHit
from security.operations.alerting import close_by_key, raise_alert

Kind, Answer = WatchEntry.Kind, WatchHit.Answer
MANAGERS = frozenset({"manager"})
LONGEST = timedelta(days=180)
#: Ended entries are kept so long, with their hits, for whoever asks what was done; then erased.
KEPT = timedelta(days=30)
CODE = "watch_listed"
#: Rules that are asked about anyway, and looked at again on a better picture: the note is added.
NOTED_ONLY = frozenset({"plate_unsure", "lane_kept_open"})
#: Nobody waits for an answer while somebody's life may depend on it.
AT_ONCE = "emergency"


def add_watch(
    *,
    compound: Compound,
    kind: str,
    value: str,
    basis: str,
    reason: str,
    expires_at: datetime,
    actor: User,
    reference: str = "",
) -> WatchEntry:
    """Enter a plate, a card's number or a pass (its code or address), 180 days at most.

    Raises PermissionDenied, ValidationError.
    """
    _check_role(actor, compound.pk, MANAGERS)
    now = timezone.now()
    _check_ground(basis, reference, reason)
    if timezone.is_naive(expires_at) or not now < expires_at <= now + LONGEST:
        raise ValidationError({"expires_at": _("Choose an end within the next 180 days.")})
    target = _target(compound, kind, value)
    with events.writing():
        Compound.objects.select_for_update().get(pk=compound.pk)
        if WatchEntry.objects.of(compound).in_force(now).filter(**target).exists():
            raise ValidationError({"value": _("This is on the list already.")})
        entry: WatchEntry = WatchEntry.objects.create(
            compound=compound,
            kind=kind,
            basis=basis,
            reference=reference.strip()[:60],
            reason=reason.strip()[:200],
            entered_at=now,
            entered_by=actor,
            expires_at=expires_at,
            hint=ways.plain_card(value)[-4:] if kind == Kind.CARD else "",
            **target,
        )
        _record("security.watch_added", entry, actor)
    return entry


def end_watch(entry: WatchEntry, *, actor: User) -> WatchEntry:
    """It counts no more from now on. Said twice, it counts once. Raises PermissionDenied."""
    _check_role(actor, entry.compound_id, MANAGERS)
    with events.writing():
        held: WatchEntry = WatchEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        if held.ended_at is None:
            held.ended_at, held.ended_by = timezone.now(), actor
            held.save(update_fields=["ended_at", "ended_by"])
            _record("security.watch_ended", held, actor)
    return held


def watched(compound_id: int, what: dict[str, Any], at: datetime) -> WatchEntry | None:
    """The entry in force that means this plate, card or pass. One question."""
    found: WatchEntry | None
    if what.keys() == {"plate"}:
        found = _watched_plate.first(compound=compound_id, plate=what["plate"], at=at)
        return found
    rows = WatchEntry.objects.of(compound_id).in_force(at)
    found = rows.filter(**what).order_by("pk").first()
    return found


@prepared(compound=int, plate=str, at=datetime)
def _watched_plate(compound: int, plate: str, at: datetime) -> QuerySet[Any, WatchEntry]:
    """Each car is asked about, so it is quick."""
    rows = WatchEntry.objects.of(compound).in_force(at)
    return rows.filter(plate=plate).order_by("pk")[:1]


def of_shown(compound_id: int, shown: Presented, visit: Visit | None, at: datetime) -> Any:
    """The entry that means what somebody showed at a door; residents' codes and PINs never are."""
    if visit is not None:
        return watched(compound_id, {"visit": visit}, at)
    number = ways.plain_card(shown.value) if shown.kind == "card" else ""
    if not number:
        return None
    indexes = keyring.blind_indexes(number, compound_id, "card")
    return watched(compound_id, {"card_index__in": indexes}, at)


def held_for(verdict: Verdict, entry: WatchEntry | None) -> Verdict:
    """The verdict, waiting for a guard where an entry speaks; what was decided goes along."""
    if entry is None:
        return verdict
    facts = {**verdict.facts, "watch": entry.pk}
    if verdict.code in NOTED_ONLY:
        return replace(verdict, facts=facts)
    return Verdict(Outcome.ASK, CODE, {**facts, "decided": verdict.code})


def tell_hit(passage: Passage) -> None:
    """Keep that an entry spoke at this passage, and call a guard to look; once."""
    key = passage.facts.get("watch")
    if not key or not WatchEntry.objects.filter(pk=key).exists():
        return
    hit, is_new = WatchHit.objects.get_or_create(
        entry_id=key,
        passage=passage,
        defaults={"compound_id": passage.compound_id, "at": timezone.now()},
    )
    if not is_new:
        return
    events.record(
        "security.watch_hit",
        compound=passage.compound_id,
        passage=passage.pk,
        lane=passage.lane_id,
        watch=hit.entry_id,
    )
    raise_alert(
        compound=passage.compound_id,
        kind="watch_hit",
        key=f"watch_hit-{passage.pk}",
        severity=Alert.Severity.URGENT,
        lane=passage.lane_id,
        facts={"passage": passage.pk},
    )


def open_hits(passage: Passage) -> list[WatchHit]:
    """Hits of this passage that no guard has answered."""
    if "watch" not in passage.facts:
        return []
    return list(WatchHit.objects.filter(passage=passage, answer=""))


def check_answered(passage: Passage, reason: str = "") -> None:
    """Raises ValidationError while a guard still has to say whether it is what is meant."""
    if reason != AT_ONCE and open_hits(passage):
        text = _("First compare, and say whether it is what the manager's note means.")
        raise ValidationError(text)


def answer_hits(passage: Passage, user: User, *, is_it: bool) -> int:
    """The guard compared: it is what is meant, or not. Nothing opens by it; the number answered.

    Who said it first stays. Raises PermissionDenied.
    """
    _check_role(user, passage.compound_id, GUARDS)
    with events.writing():
        rows = WatchHit.objects.select_for_update(of=("self",)).filter(passage=passage, answer="")
        found = list(rows.order_by("pk"))
        for hit in found:
            hit.answer = Answer.YES if is_it else Answer.NO
            hit.answered_at, hit.answered_by = timezone.now(), user
            hit.save(update_fields=["answer", "answered_at", "answered_by"])
            events.record(
                "security.watch_answered",
                compound=hit.compound_id,
                actor=user,
                passage=passage.pk,
                watch=hit.entry_id,
                answer=str(hit.answer),
            )
        if found and not is_it:
            close_by_key(passage.compound_id, f"watch_hit-{passage.pk}")
    return len(found)


def retire_watch(now: datetime | None = None) -> int:
    """Erase entries that are over, with their hits; the number of entries."""
    cut = (now or timezone.now()) - KEPT
    old = WatchEntry.objects.filter(expires_at__lt=cut) | WatchEntry.objects.filter(
        ended_at__lt=cut
    )
    erased = 0
    while keys := list(old.order_by("pk").values_list("pk", flat=True)[:200]):
        with events.writing():
            WatchEntry.objects.filter(pk__in=keys).delete()
        erased += len(keys)
    return erased


def _target(compound: Compound, kind: str, value: str) -> dict[str, Any]:
    """What an entry of this kind points to. Raises ValidationError."""
    value = value.strip()[:200]
    if kind == Kind.PLATE:
        plate = grammar.parse(value)
        if plate is None or not grammar.is_plate(plate):
            raise ValidationError({"value": _("This is no whole plate. Type it as on the car.")})
        return {"plate": plate}
    if kind == Kind.CARD:
        number = ways.plain_card(value)
        if not number:
            text = _("This is no card number. Hold the card to the reader once more.")
            raise ValidationError({"value": text})
        return {"card_index": keyring.blind_index(number, compound.pk, "card")}
    if kind == Kind.PASS:
        shown = ways.of_code(value)
        digest = ways.pass_digest(shown.value) if shown and shown.kind == "pass" else ""
        visit = Visit.objects.filter(compound=compound, digest=digest).first() if digest else None
        if visit is None:
            raise ValidationError({"value": _("This is no pass of this compound.")})
        return {"visit": visit}
    raise ValidationError({"kind": _("Choose what it is.")})


def _check_ground(basis: str, reference: str, reason: str) -> None:
    if basis not in WatchEntry.Basis.values:
        raise ValidationError({"basis": _("Choose what allows it.")})
    if basis in WatchEntry.ON_PAPER and not reference.strip():
        raise ValidationError({"reference": _("Enter the number of the paper.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say in a few words what the guard must know.")})


def _check_role(user: User, compound_id: int, roles: frozenset[str]) -> None:
    if not user.is_active or not user.roles_in(compound_id) & roles:
        raise PermissionDenied


def _record(kind: str, entry: WatchEntry, actor: User) -> None:
    events.record(kind, compound=entry.compound_id, actor=actor, watch=entry.pk, means=entry.kind)
