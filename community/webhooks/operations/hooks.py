"""Adding and changing a receiver, and its secret."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, LedgerHead, User, Webhook
from community.webhooks import receivers

PREFIX = "linli_whsec_"
#: An old secret counts this long beside the new one.
OVERLAP = timedelta(hours=24)
#: More receivers than this would make the gate's computer a mail office.
MOST = 20
#: What webhooks themselves record is told to nobody: it would never end.
OWN = "webhook."
FIELDS = ("name", "url", "kinds", "is_active")


def allowed_kinds() -> list[str]:
    """Kinds of events that a manager may see, without those of webhooks themselves."""
    return [kind for kind in events.kinds_for({"manager"}) if not kind.startswith(OWN)]


def add_webhook(
    *,
    compound: Compound,
    name: str,
    url: str,
    kinds: Iterable[str] = (),
    is_active: bool = True,
    actor: User | None = None,
) -> tuple[Webhook, str]:
    """A receiver that hears of what happens from now on, and its secret, shown this once.

    Raises ValidationError (name, url, kinds), PermissionDenied.
    """
    _check_manager(actor, compound.pk)
    secret = PREFIX + secrets.token_urlsafe(32)
    with events.writing():
        # The compound's row is locked, so that the count holds.
        Compound.objects.select_for_update().get(pk=compound.pk)
        if Webhook.objects.of(compound).count() >= MOST:
            raise ValidationError({"name": _("A compound has 20 webhooks at most.")})
        row = Webhook(
            compound=compound,
            name=name.strip(),
            url=receivers.check_url(url),
            kinds=_checked_kinds(kinds),
            is_active=is_active,
            secret=secret,
            cursor=_high(compound.pk),
        )
        _save(row)
        _tell("webhook.added", row, actor)
    return row, secret


def change_webhook(webhook: Webhook, *, actor: User | None = None, **values: Any) -> Webhook:
    """Change name, url, kinds or is_active; without a difference nothing is written.

    One that is put in use again hears of what happens from then on. Raises as ``add_webhook``.
    """
    _check_manager(actor, webhook.compound_id)
    if "url" in values:
        values["url"] = receivers.check_url(values["url"])
    if "kinds" in values:
        values["kinds"] = _checked_kinds(values["kinds"])
    with events.writing():
        row = _locked(webhook)
        changed = [name for name in FIELDS if name in values and getattr(row, name) != values[name]]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, values[name])
        if "is_active" in changed and row.is_active:
            row.cursor = _high(row.compound_id)
        if {"url", "is_active"} & set(changed):
            row.failures, row.paused_until = 0, None
        _save(row)
        _tell("webhook.changed", row, actor, fields=changed)
    return row


def issue_secret(webhook: Webhook, *, actor: User | None = None) -> str:
    """A new secret; what is sent carries both signatures until the old one ends after 24 h."""
    _check_manager(actor, webhook.compound_id)
    secret = PREFIX + secrets.token_urlsafe(32)
    with events.writing():
        row = _locked(webhook)
        row.old_secret, row.old_secret_until = row.secret, timezone.now() + OVERLAP
        row.secret = secret
        row.save(update_fields=["secret", "old_secret", "old_secret_until"])
        _tell("webhook.secret_issued", row, actor)
    return secret


def _locked(webhook: Webhook) -> Webhook:
    row: Webhook = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
    return row


def _save(row: Webhook) -> None:
    row.full_clean(exclude=["secret", "old_secret", "compound"])
    row.save()


def _checked_kinds(kinds: Iterable[str]) -> list[str]:
    wanted = sorted(set(kinds))
    if not set(wanted) <= set(allowed_kinds()):
        raise ValidationError({"kinds": _("Choose from the kinds of events that there are.")})
    return wanted


def _high(compound_id: int) -> int:
    return LedgerHead.objects.filter(pk=compound_id).values_list("last", flat=True).first() or 0


def _check_manager(actor: User | None, compound_id: int) -> None:
    """The installation itself (no actor), the operator, and the compound's managers."""
    if actor is not None and "manager" not in actor.roles_in(compound_id):
        raise PermissionDenied


def _tell(kind: str, row: Webhook, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=row.compound_id, actor=actor, webhook=row.pk, **facts)
