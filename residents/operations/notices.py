"""Notices: written by the office, told in short batches, read, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, notifications
from community.models import Building, Role, Unit, User
from community.querysets import STAFF
from residents import rules
from residents.models import Notice, NoticeRead, Residency
from residents.reaching import reader

#: Homes told in one transaction: each person is one INSERT.
HOMES_AT_ONCE = 12
FIELDS = ("title", "text", "audience", "is_important", "publish_at", "ends_at")


def save_notice(
    notice: Notice, *, buildings: Iterable[Building] = (), actor: User | None, **values: Any
) -> Notice:
    """Write a notice, or change one that is not out yet. Raises ValidationError.

    What is out stays as it was told: withdraw it and write another.
    """
    created = notice.pk is None
    chosen = list(buildings)
    if any(building.compound_id != notice.compound_id for building in chosen):
        raise rules.fault("buildings", "other_compound", _("This building is elsewhere."))
    with events.writing():
        if not created:
            notice = _locked(notice)
            if notice.withdrawn_at or notice.told_unit or notice.told_at:
                text = _("This notice is out. Withdraw it and write a new one.")
                raise ValidationError(text, "notice_is_out")
        for name in FIELDS:
            if name in values:
                setattr(notice, name, values[name])
        if created:
            notice.created_by = actor
        _check(notice)
        notice.save()
        notice.buildings.set(chosen)
        _record("residents.notice_written", notice, actor, created=created)
    return notice


def _check(notice: Notice) -> None:
    notice.title, notice.text = " ".join(notice.title.split()), notice.text.strip()
    if notice.publish_at is None:
        notice.publish_at = timezone.now()
    if notice.ends_at is not None and notice.ends_at <= notice.publish_at:
        text = _("It would end before it is out. Choose a later end.")
        raise rules.fault("ends_at", "ends_before_start", text)
    notice.full_clean()


def withdraw_notice(notice: Notice, *, actor: User | None) -> Notice:
    """Take a notice back: nobody sees it any more, nobody else is told. Twice changes nothing."""
    with events.writing():
        notice = _locked(notice)
        if notice.withdrawn_at is None:
            notice.withdrawn_at = timezone.now()
            notice.save(update_fields=["withdrawn_at"])
            _record("residents.notice_withdrawn", notice, actor)
    return notice


def read_notice(notice: Notice, user: User) -> bool:
    """The reader opened it. False when they had before."""
    _row, created = NoticeRead.objects.get_or_create(
        notice=notice, user=user, defaults={"compound_id": notice.compound_id}
    )
    return bool(created)


def publish_due(now: datetime | None = None) -> int:
    """Tell everybody of notices that are out now; goes on after a crash. Returns people told."""
    now = now or timezone.now()
    due = Notice.objects.standing(now).filter(told_at=None).order_by("publish_at", "pk")
    told = 0
    for pk in list(due.values_list("pk", flat=True)[:20]):
        while (batch := _tell_some(pk, now)) is not None:
            told += batch
    return told


def _tell_some(pk: int, now: datetime) -> int | None:
    """Tell the next homes; None when all are told, or the notice is taken back."""
    with events.writing():
        notice = (
            Notice.objects.select_for_update(of=("self",)).select_related("compound").get(pk=pk)
        )
        if notice.told_at is not None or notice.withdrawn_at is not None:
            return None
        homes = list(_homes(notice).filter(pk__gt=notice.told_unit)[:HOMES_AT_ONCE])
        count = 0
        if not notice.told_unit:
            count += _tell_staff(notice)
        for home in homes:
            count += _tell_home(notice, home)
        notice.told_unit = homes[-1].pk if homes else notice.told_unit or 1
        notice.told_at = None if homes else now
        notice.told_count += count
        notice.save(update_fields=["told_unit", "told_at", "told_count"])
        if notice.told_at is not None:
            _record("residents.notice_told", notice, None, people=notice.told_count)
    return count


def _homes(notice: Notice) -> QuerySet[Unit]:
    if notice.audience == Notice.Audience.STAFF:
        return Unit.objects.none()
    rows = Unit.objects.of(notice.compound_id).order_by("pk")
    chosen = list(notice.buildings.values_list("pk", flat=True))
    return rows.filter(building_id__in=chosen) if chosen else rows


def _tell_home(notice: Notice, home: Unit) -> int:
    """Everybody there who can be reached; where nobody can, one of them, if it is important.

    People without a sign-in have no page of ours: a quiet notice reaches them on the board.
    """
    lives = Residency.objects.filter(unit=home).current(timezone.localdate())
    if notice.audience == Notice.Audience.LANDLORDS:
        lives = lives.filter(kind=Residency.Kind.OWNER)
    people = [row.person for row in lives.select_related("person__user").order_by("pk")]
    loud = notice.is_important
    reachable = [one for one in people if one.user_id or (loud and one.phone)]
    chosen = reachable or (people[:1] if loud else [])
    return sum(_tell(notice, reader(person)) for person in chosen)


def _tell_staff(notice: Notice) -> int:
    wanted = (Notice.Audience.STAFF, Notice.Audience.EVERYONE)
    if notice.audience not in wanted:
        return 0
    held = Role.objects.of(notice.compound_id).filter(role__in=STAFF, ended_at=None)
    users = User.objects.filter(pk__in=held.values("user_id"), is_active=True)
    return sum(_tell(notice, user) for user in users)


def _tell(notice: Notice, who: User | str) -> int:
    name = f"u{who.pk}" if isinstance(who, User) else who
    notifications.tell(
        who,
        "residents.notice_important" if notice.is_important else "residents.notice",
        compound=notice.compound,
        key=f"notice:{notice.pk}:{name}",
        facts={"notice": notice.pk},
        expires_at=notice.ends_at,
    )
    return 1


def _locked(notice: Notice) -> Notice:
    rows = Notice.objects.select_for_update(of=("self",))
    row: Notice = rows.get(pk=notice.pk)
    return row


def _record(kind: str, notice: Notice, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=notice.compound_id, actor=actor, notice=notice.pk, **facts)
