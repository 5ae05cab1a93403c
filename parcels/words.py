"""What messages about parcels say, what their steps are called, and how they are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community import notifications, verdicts
from community.models import Medium
from parcels.models import Parcel, ParcelQuestion

STEPS: dict[str, Any] = {
    "opened_for_deposit": _("Opened to put it in"),
    "changed": _("Another compartment chosen"),
    "stuck": _("The door was stuck, another compartment chosen"),
    "stored": _("Put into the locker"),
    "not_opened": _("The door did not open"),
    "undone": _("Nothing was put in"),
    "to_look": _("The desk has to look"),
    "looked": _("The desk looked"),
    "opened_to_take": _("Opened to take it out"),
    "opened_by_code": _("Opened with the code"),
    "opened_by_proxy": _("Opened by whom the recipient named"),
    "opened_at_desk": _("Opened by the desk"),
    "collected": _("Fetched"),
    "received": _("Received at the desk"),
    "to_desk": _("Moved to the desk"),
    "handed_over": _("Handed over at the desk"),
    "delivered": _("Brought home"),
    "returned": _("Given to the carrier"),
    "proxy_named": _("Code given to somebody else"),
    "prolonged": _("Kept a day longer"),
    "climbed": _("Reminded after its time"),  # before each rung had a name of its own
    "reminded": _("Reminded"),
    "asked": _("Asked what to do"),
    "to_move": _("To be moved to the desk"),
    "to_return": _("To be given back to the carrier"),
    "reported": _("Recipient reported something"),
    "answered": _("Report answered"),
    "bring_home": _("To be brought home, as the recipient asked"),
}


def step(what: str) -> str:
    return str(STEPS.get(what, what))


#: What is said of a parcel while it is in its locker, and while it is here at all. Read later,
#: such a message says where it is since, or what became of it.
OF_LOCKER = frozenset({"parcels.arrived", "parcels.reminded", "parcels.asked"})
OF_NOW = OF_LOCKER | {"parcels.at_desk", "parcels.going_back"}


def _about(name: str) -> Any:
    """The sentence of a message about a parcel, filled from its row when it is read."""

    def said(facts: dict[str, Any]) -> str:
        rows = Parcel.objects.select_related("carrier", "compartment__bank", "shelf")
        row = rows.filter(pk=facts.get("parcel", 0)).first()
        if row is None:
            return gettext("This parcel is no longer on record.")
        if name in OF_NOW and not row.is_live:
            return gettext("%(carrier)s, no. …%(tail)s: %(state)s on %(ended)s.") % values(row)
        is_moved = name in OF_LOCKER and row.state == Parcel.State.DESK
        text = KINDS["parcels.at_desk" if is_moved else name][1]
        return str(text) % values(row)

    return said


def values(row: Parcel) -> dict[str, Any]:
    """What a sentence may say of a parcel."""
    bank = row.compartment.bank if row.compartment else None
    place = " ".join(filter(None, (bank.name, bank.place))) if bank else str(row.shelf or "")
    return {
        "carrier": row.carrier.name,
        "tail": row.waybill_tail,
        "place": place or gettext("no longer here"),
        "number": row.compartment.number if row.compartment else "",
        "code": f"{row.code[:3]} {row.code[3:]}" if row.code else "–",
        "until": _moment(row.keep_until),
        "ended": _moment(row.ended_at),
        "state": str(row.get_state_display()),
        "signed_by": row.signed_by,
    }


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}" if at else ""


KINDS: dict[str, tuple[Any, Any, bool]] = {
    "parcels.arrived": (
        _("A parcel is here"),
        _(
            "%(carrier)s, no. …%(tail)s, is in %(place)s, compartment %(number)s. Code %(code)s. "
            "Kept free of charge until %(until)s."
        ),
        False,
    ),
    "parcels.at_desk": (
        _("A parcel is at the desk"),
        _("%(carrier)s, no. …%(tail)s, is at the desk (%(place)s). Fetch it when it suits you."),
        False,
    ),
    "parcels.reminded": (
        _("A parcel waits for you"),
        _(
            "%(carrier)s, no. …%(tail)s, still waits in %(place)s, compartment %(number)s. Code "
            "%(code)s. Kept until %(until)s."
        ),
        False,
    ),
    "parcels.asked": (
        _("What shall be done with your parcel?"),
        _(
            "%(carrier)s, no. …%(tail)s, has been in %(place)s past its time. Fetch it, or ask for "
            "one day more; otherwise the desk keeps it for you, free of charge."
        ),
        False,
    ),
    "parcels.going_back": (
        _("Your parcel goes back soon"),
        _(
            "%(carrier)s, no. …%(tail)s, goes back to the carrier soon. Fetch it at the desk, or "
            "call the desk."
        ),
        False,
    ),
    "parcels.returned": (
        _("Your parcel went back"),
        _("%(carrier)s, no. …%(tail)s, was given back to the carrier. Ask them for it."),
        False,
    ),
    "parcels.sent": (
        _("Your parcel is on its way"),
        _("%(carrier)s has taken along what you send, no. …%(tail)s, on %(ended)s."),
        False,
    ),
    "parcels.fetched": (
        _("Your parcel was fetched"),
        _("%(carrier)s, no. …%(tail)s, was fetched with the code that you gave to somebody else."),
        False,
    ),
    "parcels.handed_over": (
        _("Your mail was handed over"),
        _("%(carrier)s, no. …%(tail)s, was handed over to %(signed_by)s on %(ended)s."),
        False,
    ),
    "parcels.answered": (
        _("An answer about your parcel"),
        _("The desk answered about %(carrier)s, no. …%(tail)s. Please read it."),
        False,
    ),
}


def _where(facts: dict[str, Any]) -> str:
    rows = ParcelQuestion.objects.select_related("carrier")
    row = rows.filter(pk=facts.get("question", 0)).first()
    if row is None:
        return gettext("This parcel is no longer on record.")
    text = gettext(
        "A courier is here with %(carrier)s, no. …%(tail)s. Where shall it be left? Please answer "
        "until %(until)s."
    )
    until = f"{timezone.localtime(row.until):%H:%M}"
    return text % {"carrier": row.carrier.name, "tail": row.tail, "until": until}


verdicts.explain("parcels.where", _where)
notifications.declare(
    "parcels.where", _("Where shall a parcel be left?"), topic="parcel", urgent=True,
    # Paper would come after the courier.
    ladder=(Medium.OFFICIAL_ACCOUNT, Medium.WEB_PUSH, Medium.SMS), path="/home/parcels/",
)  # fmt: skip
for name, (label, _sentence, urgent) in KINDS.items():
    verdicts.explain(name, _about(name))
    notifications.declare(name, label, topic="parcel", urgent=urgent, path="/home/parcels/")
