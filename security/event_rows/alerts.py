"""Lines about alerts: who took one, to whom it was given, how it ended."""

from __future__ import annotations

from django.utils.translation import gettext as _

from community.models import Event
from security import alerts
from security.event_rows.row import EventRow, Known, actor, choice, joined
from security.models import Alert
from security.operations.outcomes import KINDS, RELEASE

#: What a device's own line in the feed says already.
ECHOES = frozenset({"device_offline", "device_faulty", "camera_failed", RELEASE, *KINDS.values()})


def of_alert(event: Event, known: Known) -> EventRow | None:
    alert = known.alerts.get(event.payload.get("alert", 0))
    if alert is None or (event.kind == "alert.raised" and alert.kind in ECHOES):
        return None
    return EventRow(
        event.sequence,
        event.at,
        f"sev{alert.severity}" if event.kind == "alert.raised" else "info",
        str(alert.get_severity_display()),
        alerts.said(alert),
        joined(_done(event, alert), actor(event, known)),
        groups="alert",
        who=_("Alert"),
        lane=alert.lane_id,
    )


def _done(event: Event, alert: Alert) -> str:
    if event.kind == "alert.acknowledged":
        return _("taken")
    if event.kind == "alert.assigned":
        # Where it was given to another guard since, the alert no longer names the first one.
        guard = alert.assigned_to if alert.assigned_to_id == event.payload.get("to") else None
        return _("given to %(who)s") % {"who": guard} if guard else _("given to a colleague")
    if event.kind == "alert.closed":
        # Lines from before the endings were kept say only that it is closed.
        ending = event.payload.get("ending")
        return joined(_("closed"), choice(Alert.Ending, ending) if ending else "")
    return ""
