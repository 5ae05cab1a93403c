"""What people choose for themselves: addresses, browsers, and how they want to be told."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import keyring
from community.models import (
    Compound,
    ContactPoint,
    Delivery,
    Medium,
    Notification,
    Preference,
    PushSubscription,
    User,
)
from community.notifications.drivers.web_push import checked_endpoint
from community.notifications.kinds import TOPICS

#: What people give us themselves; phones of residents come from their files.
OWN_ADDRESSES = frozenset({Medium.EMAIL, Medium.SMS, Medium.OFFICIAL_ACCOUNT})
MOST_BROWSERS = 10


def prefer(user: User, compound: Compound, topic: str, media: list[str]) -> Preference:
    """How to be told about a topic, in this order. Raises ValidationError."""
    if topic not in TOPICS or not set(media) <= set(Medium.values):
        raise ValidationError(_("There is no such topic or way of telling."), "unknown")
    row, _created = Preference.objects.update_or_create(
        user=user,
        compound=compound,
        topic=topic,
        defaults={"media": list(dict.fromkeys(media))},
    )
    return row


def set_address(user: User, compound: Compound, medium: str, address: str) -> ContactPoint | None:
    """Keep a user's own address for a medium, or forget it when empty. Raises ValidationError.

    What waits goes to the new address: it is asked for at the moment of sending.
    """
    address = address.strip()
    if medium not in OWN_ADDRESSES:
        raise ValidationError(_("There is no such topic or way of telling."), "unknown")
    if not address:
        ContactPoint.objects.filter(user=user, compound=compound, medium=medium).delete()
        return None
    if medium == Medium.EMAIL:
        validate_email(address)
    if len(address) > 200 or not address.isprintable():
        raise ValidationError(_("This address cannot be used. Look at it again."), "address")
    index = keyring.blind_index(address, compound.pk, "address")
    row, _created = ContactPoint.objects.update_or_create(
        user=user,
        compound=compound,
        medium=medium,
        defaults={"address": address, "address_index": index},
    )
    return row


def subscribe(user: User, compound: Compound, given: Any, label: str = "") -> PushSubscription:
    """A browser shows messages of this user from now on, and no longer of who had it before.

    ``given`` is the browser's own subscription. Raises ValidationError for what is none.
    """
    subscription: Any = _checked(given)
    digest = digest_of(subscription["endpoint"])
    with transaction.atomic():
        row, _created = PushSubscription.objects.update_or_create(
            digest=digest,
            defaults={
                "user": user,
                "compound": compound,
                "subscription": subscription,
                "label": label[:80],
            },
        )
        own = PushSubscription.objects.filter(user=user).order_by("-pk")
        kept = list(own.values_list("pk", flat=True)[:MOST_BROWSERS])
        own.exclude(pk__in=kept).delete()
    return row


def _checked(given: Any) -> dict[str, Any]:
    refused = ValidationError(_("The browser sent no subscription. Try again."), "subscription")
    try:
        keys = {name: str(given["keys"][name]) for name in ("p256dh", "auth")}
        endpoint = checked_endpoint(given["endpoint"])
    except (KeyError, TypeError, ValueError) as error:
        raise refused from error
    if any(not (10 <= len(key) <= 200 and key.isascii()) for key in keys.values()):
        raise refused
    return {"endpoint": endpoint, "keys": keys}


def digest_of(endpoint: str) -> str:
    """An endpoint is itself a long secret, so its plain digest gives nothing away."""
    return sha256(endpoint.encode()).hexdigest()


def unsubscribe(user: User, endpoint: str) -> int:
    """Forget one of the user's own browsers; another's stays."""
    mine = PushSubscription.objects.filter(user=user, digest=digest_of(endpoint))
    return int(mine.delete()[0])


def forget_browser(address: str) -> None:
    """The push service says that this browser is gone."""
    endpoint = json.loads(address).get("endpoint", "")
    PushSubscription.objects.filter(digest=digest_of(endpoint)).delete()


def read(user: User, ids: list[int]) -> int:
    """Mark the reader's own messages as read; what still waits elsewhere is not sent any more."""
    mine = Notification.objects.visible_to(user).filter(pk__in=ids, read_at=None)
    return int(mine.update(read_at=timezone.now()))


def forget(user: User) -> int:
    """Erase what a person chose and gave here, with what was sent to them."""
    count = 0
    for table in (PushSubscription, ContactPoint, Preference):
        count += table.objects.filter(user=user).delete()[0]
    Delivery.objects.filter(notification__user=user).update(address="")
    return count
