"""Changes of a compound's channels, and what they learn about themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.models import Channel, Compound, Medium, TellingRule, User
from community.notifications.base import Message, NotSent, Receipt, Unsure
from community.notifications.registry import carries, messenger_for
from community.notifications.sentences import sentence

log = structlog.get_logger(__name__)


def save_channel(channel: Channel, *, actor: User | None) -> Channel:
    """Validate and keep a channel. Raises ValidationError that names the field.

    The settings are tried on the driver at once, so that a mistake shows here and not at night.
    """
    if not carries(channel.medium, channel.driver):
        text = _("This driver does not carry this medium. Choose another.")
        raise ValidationError({"driver": ValidationError(text, "driver_unknown")})
    channel.full_clean(exclude=["credentials"])
    try:
        messenger_for(channel)
    except NotSent as fault:
        field = "driver" if fault.code.startswith("driver") else "settings"
        raise ValidationError({field: ValidationError(sentence(fault.code), fault.code)}) from fault
    with events.writing():
        channel.trouble, channel.trouble_since, channel.paused_until = "", None, None
        channel.save()
        events.record(
            "message.channel_changed",
            compound=channel.compound_id,
            actor=actor,
            channel=channel.pk,
            medium=channel.medium,
            active=channel.is_active,
        )
    return channel


def send_test(channel: Channel, to: str, *, actor: User) -> Receipt:
    """Send one test message now, past quiet hours. Raises ValidationError that says what is wrong.

    No transaction is open while the provider is talked to.
    """
    text = _("This is a test from %(name)s. Nothing needs to be done.") % {
        "name": channel.compound.name
    }
    moment = timezone.localtime()
    message = Message(
        key=f"test{channel.pk}x{int(moment.timestamp() * 1000)}",
        to=to.strip(),
        kind="test",
        title=channel.compound.name,
        text=text,
        sent_at=moment.strftime("%Y-%m-%d %H:%M"),
    )
    code = "ok"
    try:
        receipt = messenger_for(channel).send(message)
        worked(channel, timezone.now())
        return receipt
    except (NotSent, Unsure) as trouble:
        code = trouble.code
        note_trouble(channel, code, timezone.now())
        raise ValidationError({"to": ValidationError(sentence(code), code)}) from trouble
    finally:
        _record_test(channel, actor, code)


def _record_test(channel: Channel, actor: User, code: str) -> None:
    with events.writing():
        events.record(
            "message.channel_tested",
            compound=channel.compound_id,
            actor=actor,
            channel=channel.pk,
            medium=channel.medium,
            outcome=code,
        )


def pause(channel: Channel, until: datetime, code: str) -> None:
    """Leave the provider alone until it said; everything of this channel waits."""
    Channel.objects.filter(pk=channel.pk).update(paused_until=until, trouble=code)


def note_trouble(channel: Channel, code: str, now: datetime) -> None:
    since = channel.trouble_since if channel.trouble == code else now
    Channel.objects.filter(pk=channel.pk).update(trouble=code, trouble_since=since or now)


def worked(channel: Channel, now: datetime) -> None:
    Channel.objects.filter(pk=channel.pk).update(
        worked_at=now, trouble="", trouble_since=None, paused_until=None
    )


def set_quiet_hours(rule: TellingRule, *, actor: User | None) -> TellingRule:
    """Raises ValidationError."""
    rule.full_clean()
    with events.writing():
        rule.save()
        events.record(
            "message.quiet_hours_changed",
            compound=rule.compound_id,
            actor=actor,
            bundle_s=rule.bundle_s,
        )
    return rule


def media_in_use(compound: Compound) -> list[str]:
    """What people can choose from here; paper is always there."""
    active = Channel.objects.filter(compound=compound, is_active=True)
    found: list[Any] = list(active.values_list("medium", flat=True))
    return [medium for medium in Medium.values if medium in found or medium == Medium.PAPER]
