"""What a signal says: its evidence in a sentence, and the message of a planned visit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community import notifications, verdicts
from community.models import Medium
from residents.models import Signal, SignalKind

WHY: dict[str, Any] = {
    SignalKind.LEASE_OVER: _(
        "The lease ended on %(ended)s. Since then the tenant came in on %(days)s days, last on "
        "%(last)s."
    ),
    SignalKind.NO_LIFE: _(
        "Registered here, but no card, code, PIN or car was seen for %(within)s days."
    ),
    SignalKind.PASS_NIGHTS: _(
        "Visitors' passes of this home stayed %(days)s nights within %(within)s days, last on "
        "%(last)s."
    ),
    SignalKind.CAR_NIGHTS: _(
        "A car that nobody registered stayed %(days)s nights within %(within)s days, last on "
        "%(last)s."
    ),
}
#: What a visit may clear up, said before it.
ASK: dict[str, Any] = {
    SignalKind.LEASE_OVER: _("Ask whether the lease was renewed or somebody else lives there."),
    SignalKind.NO_LIFE: _("Ask whether the person still lives there, or uses another way in."),
    SignalKind.PASS_NIGHTS: _("Ask whether the visitor lives there now and wants to register."),
    SignalKind.CAR_NIGHTS: _("Ask whose car it is, and register it or say where visitors park."),
}


def why(row: Signal) -> str:
    """The evidence in one sentence of the reader's language."""
    facts = {"ended": "–", "days": 0, "last": "–", "within": 0} | row.evidence
    said = str(WHY[row.kind]) % facts
    if row.kind == SignalKind.NO_LIFE and row.evidence.get("last"):
        said += gettext(" Last seen on %(last)s.") % facts
    return said


def where(row: Signal) -> str:
    """Home and plate, as far as they are known."""
    return " · ".join(part for part in (str(row.unit or ""), row.plate) if part)


def _visit(facts: dict[str, Any]) -> str:
    row = Signal.objects.select_related("unit").filter(pk=facts.get("signal", 0)).first()
    if row is None:
        return gettext("This visit is no longer needed.")
    said = gettext("Please call at %(where)s on %(day)s.") % {
        "where": where(row),
        "day": facts.get("day", ""),
    }
    return " ".join((said, why(row), str(ASK[row.kind]), gettext("Tell the desk what you found.")))


verdicts.explain("residents.visit_planned", _visit)
notifications.declare(
    "residents.visit_planned",
    _("Visit to a home"),
    topic="general",
    ladder=(Medium.WECOM,),
)
