"""How the demo's people are told: every way is there, and none of them leaves the machine."""

from __future__ import annotations

from community.models import Channel, Compound, Medium, PushSubscription, User
from community.notifications import choices, readers
from community.notifications.channels import save_channel

MEDIA = (Medium.SMS, Medium.EMAIL, Medium.WEB_PUSH, Medium.WECOM)
#: username: an address that nobody has.
MAIL = {"resident": "lin@example.com", "landlord": "xu@example.com"}


def channels(compound: Compound) -> None:
    """A simulated provider for each way that has none yet."""
    held = set(Channel.objects.filter(compound=compound).values_list("medium", flat=True))
    for medium in MEDIA:
        if medium not in held:
            row = Channel(
                compound=compound, medium=medium, driver="simulated", settings={"delay_ms": 20}
            )
            save_channel(row, actor=None)


def reachable(compound: Compound, username: str) -> None:
    """An e-mail address, a browser, and a choice that differs from the usual one."""
    user = User.objects.filter(username=username).first()
    if user is None or PushSubscription.objects.filter(user=user).exists():
        return
    readers.set_address(user, compound, Medium.EMAIL, MAIL[username])
    keys = {"p256dh": "demo-of-no-browser", "auth": "demo-of-no-browser"}
    address = f"https://push.example.com/{compound.code}-{username}"
    readers.subscribe(user, compound, {"endpoint": address, "keys": keys}, "演示手机")
    choices.choose(user, compound, "notice", [Medium.EMAIL, Medium.WEB_PUSH])
    choices.choose(user, compound, "registration", [Medium.EMAIL, Medium.SMS])
