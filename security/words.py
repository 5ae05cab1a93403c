"""Short words about passages that the guard's page and the feed share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from parking.models import PlateKind
from security.models import Passage


def direction_word(direction: str) -> str:
    return _("in") if direction == "entry" else _("out")


def way_word(way: str) -> str:
    """What was shown at a door."""
    words = {
        "card": _("Card"),
        "qr": _("QR code"),
        "pin": _("PIN"),
        "pass": _("Visitor's pass"),
        "face": _("Face"),
        "terminal": _("Terminal at the door"),
        "tag": _("Electric bicycle"),
    }
    return words.get(way, _("Somebody on foot"))


def who_on_foot(passage: Passage) -> str:
    """Whom the way in belongs to; its kind where nobody is known; empty for cars."""
    if not passage.way:
        return ""
    if passage.visit is not None:
        return passage.visit.name
    return passage.person.name if passage.person else way_word(passage.way)


def about_person(passage: Passage) -> str:
    """What somebody on foot showed, and the home that it belongs to."""
    words = [way_word(passage.way)]
    home = passage.visit.home if passage.visit else passage.facts.get("unit", "")
    if home:
        words.append(home)
    return " · ".join(words)


def about_plate(passage: Passage) -> str:
    """The plate's kind, and the home it belongs to where it belongs to one."""
    if number := passage.facts.get("number"):
        return _("Ticket %(number)s") % {"number": number}
    if not passage.plate:
        return _("Look at the picture, then at the car.")
    words = [str(PlateKind(passage.kind).label) if passage.kind in PlateKind.values else ""]
    if passage.vehicle and passage.vehicle.unit:
        words.append(_("home %(home)s") % {"home": passage.vehicle.unit.code})
    elif passage.facts.get("visit"):
        home = passage.facts.get("home", "")
        words.append(_("visitor of %(home)s") % {"home": home} if home else _("courier"))
    elif passage.vehicle is None:
        words.append(_("no home"))
    return " · ".join(word for word in words if word)


def describe_picture(passage: Passage) -> str:
    """What a picture of a passage shows, in words, for those who do not see it."""
    facts = {"lane": passage.lane.name, "plate": passage.plate}
    if passage.way:
        return _("Picture from %(lane)s: somebody on foot") % facts
    if passage.plate:
        return _("Picture from %(lane)s: a car with the plate %(plate)s") % facts
    return _("Picture from %(lane)s: a car whose plate was not read") % facts
