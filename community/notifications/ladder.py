"""Which way a message takes next, and when: preferences, quiet hours, channels in use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from community.models import Channel, Compound, Medium, Notification, Preference, TellingRule
from community.notifications.kinds import Kind, kind_of

#: What rings or shines at night.
DISTURBING = frozenset({Medium.SMS, Medium.WEB_PUSH, Medium.OFFICIAL_ACCOUNT, Medium.WECOM})
#: Waits between attempts on one medium, in seconds; the last one repeats.
BACK_OFF_S = (30, 120, 480, 1800)


@dataclass
class Plan:
    """What one round of planning knows of a compound; read once per round."""

    compound: Compound
    rule: TellingRule
    channels: dict[str, Channel] = field(default_factory=dict)

    @classmethod
    def of(cls, compound: Compound) -> Plan:
        rule = TellingRule.objects.filter(compound=compound).first() or TellingRule()
        rows = Channel.objects.filter(compound=compound, is_active=True)
        return cls(compound, rule, {row.medium: row for row in rows})

    def is_open(self, medium: str) -> bool:
        """Whether the medium can be used at all: the desk's paper always can."""
        return medium == Medium.PAPER or medium in self.channels

    def wake_at(self, now: datetime) -> datetime:
        """``now``, or the end of the quiet hours in which it falls."""
        zone = ZoneInfo(self.compound.timezone)
        local = now.astimezone(zone)
        start, end = self.rule.quiet_from, self.rule.quiet_until
        if start == end:
            return now
        clock = local.time()
        over_midnight = start > end
        quiet = clock >= start or clock < end if over_midnight else start <= clock < end
        if not quiet:
            return now
        day = local.date() + timedelta(days=1 if over_midnight and clock >= start else 0)
        return datetime.combine(day, end, tzinfo=zone)

    def due_at(self, kind: Kind, medium: str, at: datetime) -> datetime:
        """When a message may go out that is ready ``at``."""
        if kind.urgent or medium not in DISTURBING:
            return at
        return self.wake_at(at)


def rungs(row: Notification) -> list[str]:
    """The media for this reader, in order; empty: on our pages only.

    A preference chooses among the kind's media, and e-mail, which nobody gets unasked. It does away
    with what it does not name, the desk's paper excepted; an urgent kind keeps its ladder behind
    what was chosen.
    """
    kind = kind_of(row.kind)
    ladder = [row.via] if row.via else list(kind.rungs)
    if row.user_id is None or row.via:
        return ladder
    chosen = (
        Preference.objects.filter(
            user_id=row.user_id, compound_id=row.compound_id, topic=kind.topic
        )
        .values_list("media", flat=True)
        .first()
    )
    if chosen is None:
        return ladder
    able = {*ladder, Medium.EMAIL} if ladder and not kind.secret else set(ladder)
    wanted = [medium for medium in chosen if medium in able]
    if kind.urgent:
        return wanted + [medium for medium in ladder if medium not in wanted]
    if wanted and Medium.PAPER in ladder and Medium.PAPER not in wanted:
        wanted.append(Medium.PAPER)
    return wanted


def back_off(attempts: int) -> timedelta:
    """How long to wait after this many attempts."""
    return timedelta(seconds=BACK_OFF_S[min(attempts, len(BACK_OFF_S)) - 1])
