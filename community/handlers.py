"""Kinds of events that the floor records, and who may see them."""

from django.utils.translation import gettext_lazy as _

from community import events, notifications, verdicts
from community.models import Medium

WATCH = ("guard", "manager")
DEVICES = ("guard", "manager", "installer")

for kind, label, roles in (
    ("device.command_ordered", _("Command ordered"), DEVICES),
    ("device.command_done", _("Command done"), DEVICES),
    ("device.command_failed", _("Command failed"), DEVICES),
    ("device.command_unknown", _("Outcome of a command unknown"), DEVICES),
    ("device.went_offline", _("Device went offline"), DEVICES),
    ("device.came_online", _("Device came online"), DEVICES),
    ("device.faulty", _("Device reports a fault"), DEVICES),
    ("device.token_issued", _("Device token issued"), ("manager", "installer")),
    ("device.token_revoked", _("Device token revoked"), ("manager", "installer")),
    ("device.serial_bound", _("Camera bound to its address"), ("manager", "installer")),
    ("device.push_tried", _("Push tried out"), ("manager", "installer")),
    ("place.changed", _("Place or device changed"), ("manager", "installer")),
    ("user.added", _("User added"), ("manager",)),
    ("user.changed", _("User changed"), ("manager",)),
    ("user.sessions_ended", _("Sessions ended"), ("manager",)),
    ("user.codes_on", _("One-time codes turned on"), ("manager",)),
    ("user.codes_renewed", _("Backup codes renewed"), ("manager",)),
    ("user.codes_off", _("One-time codes turned off"), ("manager",)),
    ("user.token_issued", _("API token issued"), ("manager",)),
    ("user.token_revoked", _("API token revoked"), ("manager",)),
    ("webhook.added", _("Webhook added"), ("manager",)),
    ("webhook.changed", _("Webhook changed"), ("manager",)),
    ("webhook.secret_issued", _("Webhook secret issued"), ("manager",)),
    ("webhook.gave_up", _("Webhook delivery given up"), ("manager",)),
    ("webhook.sent_again", _("Webhook deliveries queued again"), ("manager",)),
    ("role.given", _("Role given"), ("manager",)),
    ("role.ended", _("Role ended"), ("manager",)),
    ("personal.looked_at", _("Personal data looked at"), ("manager",)),
    ("desk.done", _("Done at the desk for somebody"), ("desk", "manager")),
    ("list.exported", _("List taken away as a file"), ("manager",)),
    ("message.channel_changed", _("Message channel changed"), ("manager",)),
    ("message.channel_tested", _("Message channel tested"), ("manager",)),
    ("message.quiet_hours_changed", _("Quiet hours changed"), ("manager",)),
    ("message.printed", _("Letters printed"), ("manager", "desk")),
    ("message.handed_over", _("Letters handed over"), ("manager", "desk")),
    ("retention.applied", _("Old records erased"), ("manager",)),
    ("keys.rotated", _("Keys rotated"), ("manager",)),
    ("demo.loaded", _("Demo compound loaded"), ("manager",)),
):
    events.declare(kind, label, roles)

verdicts.explain(
    "account.email_code",
    _("%(code)s confirms this address for messages of your compound. Tell it to nobody."),
)
notifications.declare(
    "account.email_code",
    _("Code for an e-mail address"),
    topic="account",
    ladder=(Medium.EMAIL,),
    urgent=True,
    secret=True,
)
