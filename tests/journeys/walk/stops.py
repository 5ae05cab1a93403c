"""Which addresses are walked, by whom, with which rows in them; and which are not, and why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from community import desk
from community.models import Unit
from residents.models import Person
from tests.rights.rule import ANYBODY, EVERY_ROLE, Address, Rule, addresses
from tests.rights.test_rights import is_described, rule_of, url

ANONYMOUS, OPERATOR, RESIDENT, LANDLORD = "nobody", "operator", "resident", "landlord"
#: Whom a door is for, by the first part of its addresses; then by who may come in at all.
OWN = {"guard": "guard", "patrol": "guard", "camera": "guard", "desk": "desk", "home": RESIDENT}
THEN = ("manager", "desk", "installer", RESIDENT, OPERATOR)

#: The history of a row is one page of the office for all lists: one stands for all in a usual run.
HISTORY = "admin:parking_vehicle_history"


@dataclass(frozen=True)
class Visit:
    """One address as somebody walks it, with other rows in it than the rules name."""

    role: str = RESIDENT
    keys: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    #: What it answers: a page that says why there is nothing is a page too.
    status: int = 200


@dataclass(frozen=True)
class Stop:
    name: str
    role: str
    path: str
    status: int = 200

    @property
    def told(self) -> str:
        return f"{self.name} ({self.role}, {self.path})"


LET = {"pk": "letting"}
SOUGHT, NOT_FOUND = "?q=" + quote("许知夏"), "?q=zzzzzz"


def _tokens(name: str, *tokens: str, **more: str) -> tuple[Visit, ...]:
    """A page behind a secret, by each of the house's secrets."""
    return tuple(
        Visit(ANONYMOUS, {"token": token, **more}, status=404 if token == "none" else 200)
        for token in tokens
    )


#: Somebody's own page, or one behind a secret, which the rules open to no role; and pages that
#: look different to different people.
VISITS: dict[str, tuple[Visit, ...]] = {
    "sign-in-code": (Visit("asked for an app's code"),),
    "home-code": (Visit("asked for a phone's code"),),
    "home": (Visit(), Visit(LANDLORD), Visit("manager", status=404)),
    "home-request": (Visit(keys={"pk": "request"}),),
    "home-requests": (Visit(), Visit(LANDLORD)),
    "home-notices": (Visit(), Visit("guard")),
    "home-join": _tokens("home-join", "invitation", "none"),
    "home-scan": _tokens("home-scan", "home_secret", "none"),
    "home-form": _tokens("home-form", "invited", "handed_in", "none"),
    "home-form-step": tuple(
        Visit(ANONYMOUS, {"token": "draft", "code": code})
        for code in ("you", "origin", "home", "reason", "photos", "check")
    ),
    "home-form-later": _tokens("home-form-later", "draft"),
    "home-form-give-up": _tokens("home-form-give-up", "draft"),
    "home-visit": (Visit(keys={"pk": "visit_row"}),),
    "home-registration": (Visit(keys={"pk": "confirmed"}),),
    "home-renew": (Visit(keys={"pk": "confirmed"}),),
    "home-leave": (Visit(keys={"pk": "confirmed"}),),
    "home-lets": (Visit(LANDLORD),),
    "home-invite": (Visit(LANDLORD, LET),),
    "home-invited": (Visit(LANDLORD, LET | {"registration": "invited_row"}),),
    "home-code-of": (Visit(LANDLORD, LET),),
    "home-tenant-left": (Visit(LANDLORD, LET | {"registration": "confirmed"}),),
    "home-card-lets": (Visit(LANDLORD),),
    "home-parcel": (Visit(keys={"pk": "my_parcel"}),),
    "courier": (Visit("courier"), Visit("courier at a locker")),
    "courier-parcel": (Visit("courier", {"pk": "couriers_parcel"}),),
    "locker-tablet": (Visit(ANONYMOUS, {"secret": "locker_secret"}),),
    "visitor-pass": tuple(Visit(ANONYMOUS, {"secret": key}) for key in ("pass", "old_pass")),
    "kiosk": (Visit(ANONYMOUS), Visit("kiosk")),
    "setup": (Visit("installer"), Visit("manager")),
    "desk": (Visit("desk"), Visit("desk", query=SOUGHT), Visit("desk", query=NOT_FOUND)),
    "search": (Visit("desk"), Visit("manager", query=SOUGHT), Visit("guard", query=NOT_FOUND)),
    "desk-case": (
        Visit("desk", {"kind": "home", "pk": "desk_home"}),
        Visit("desk", {"kind": "person", "pk": "resident"}),
    ),
    "setup-tested": (Visit("installer", {"number": "test"}),),
    "account": (Visit("guard"), Visit("manager")),
    "home-stay": (Visit(keys={"pk": "own_stay"}),),
    # Without a row of this house: the page that says so.
    "locker-tested": (Visit("installer", status=404),),
    "pay-simulated": (Visit(ANONYMOUS, status=404),),
    "home-face-of": (Visit(keys={"pk": "resident"}),),
    "home-face-enrol": (Visit(keys={"pk": "resident"}),),
    "home-face-proof": (Visit(status=404),),
    "home-parcel-question": (Visit(status=404),),
    "home-parcel-near": (Visit(status=410),),
    "pay-ticket": (Visit(ANONYMOUS, {"secret": "none"}, status=404),),
    "entry-ticket": (Visit(ANONYMOUS, {"code": "none"}, status=404),),
}
#: Addresses that show nobody a page, each with its reason. Whoever adds one says why.
WITHOUT = {
    "first-start": "leads away once there is an account; walked before the house is built",
    "metrics": "text for a machine",
    "viid": "answers cameras, and nobody where none of them speaks GA/T 1400",
    "message-report": "signed by a gateway",
    "trust": "walked where the machine has made its own certificate, before the house is built",
    "trust-certificate": "as the page of trust, and a file",
    "home-photo": "a picture",
    "request-picture": "a picture",
    "home-face-picture": "a picture",
    "home-car-licence": "a picture",
    "dispute-picture": "a picture",
    "debt-picture": "a picture",
    "entry-ticket-state": "JSON for a phone",
    "pay-receipt": "a file",
    "device-push": "a camera's address, which answers in its maker's form",
    "device-push-more": "as device-push",
    "device-push-slash": "as device-push",
    "guard-picture": "a picture",
    "guard-still": "a picture",
    "guard-video": "a film",
    "setup-picture": "a picture",
    "setup-device-picture": "a picture",
    "setup-fire-picture": "a picture",
    "setup-seen": "a piece of the page of a lane's camera while its picture is fetched",
    "setup-new": "the operator's, of an empty installation; walked before the house is built",
    "admin:view_on_site": "closed to everybody",
    "admin:jsi18n": "a script",
    "^api/": "closed to everybody",
    "admin/(?P<url>.*)$": "closed to everybody",
    "kiosk-alive": "JSON for a tablet",
    "kiosk-visit-state": "JSON for a tablet",
    "home-pass-state": "JSON for a phone",
    "parcel-state": "JSON for a phone",
    "admin:autocomplete": "JSON for a field",
}


#: The pages of an installation with nobody in it yet: who, name, address.
FIRST = (
    (ANONYMOUS, "first-start", "/first-start/"),
    (ANONYMOUS, "trust", "/trust/"),
    (OPERATOR, "setup-new", "/setup/new/"),
)


def stops(keys: dict[str, Any], users: dict[str, Any]) -> Iterator[Stop]:
    """Every address that somebody opens by GET; ``keys`` are the house's rows and secrets."""
    for address in addresses():
        found = rule_of(address)
        if found is None or is_described(address) or _is_nobodys(address, found[1]):
            continue
        if address.name in {"desk-do", "desk-paper"}:
            continue
        for visit in VISITS.get(address.name, (Visit(_role(address, found[1])),)):
            rule = replace(found[1], keys=found[1].keys | visit.keys)
            yield Stop(
                address.key, visit.role, url(address, rule, _Keys(keys)) + visit.query, visit.status
            )
    yield from _desk(keys, users)


@dataclass(frozen=True)
class _Keys:
    """What ``url`` wants of a house."""

    keys: dict[str, Any]


def _is_nobodys(address: Address, rule: Rule) -> bool:
    # Nothing is ever deleted in the office, an export is a file, and from a row's bare number
    # a redirect leads to the page that is walked anyhow.
    if rule.posts or address.key in WITHOUT or address.name.endswith(("_delete", "_export")):
        return True
    if not address.name and address.route.endswith("<path:object_id>/"):
        return True
    like_another = address.name.endswith("_history") and address.name != HISTORY
    # The same form, filled in.
    like_another |= (
        address.name.endswith("_add") and address.name.replace("_add", "_change") in _named()
    )
    if like_another and os.environ.get("LINLI_TEST_ALL") != "1":
        return True
    # What the rules close to everybody, the operator too; a home's own pages have their visitors.
    return address.name not in VISITS and not _own(address) and not _anybody(rule)


@cache
def _named() -> frozenset[str]:
    return frozenset(address.name for address in addresses())


def _own(address: Address) -> bool:
    """Whether it is a page of one's own home, which the rules leave to tests/residents."""
    return address.route.startswith("home/")


def _anybody(rule: Rule) -> bool:
    return rule.who == ANYBODY or any(rule.lets(role) for role in (*EVERY_ROLE, OPERATOR))


def _role(address: Address, rule: Rule) -> str:
    """The one whose door it is, where they may come in; somebody else who may, where not."""
    own = OWN.get(address.route.split("/")[0].strip("^"), "installer")
    if rule.who == ANYBODY:
        return ANONYMOUS
    if own == RESIDENT or (rule.lets(own) and not address.route.startswith("admin/")):
        return own
    return next((role for role in THEN if rule.lets(role)), RESIDENT)


def _desk(keys: dict[str, Any], users: dict[str, Any]) -> Iterator[Stop]:
    """Every deed and every paper of the desk, for a home and for a person."""
    rows = {
        "home": Unit.objects.get(pk=keys["desk_home"]),
        "person": Person.objects.get(pk=keys["resident"]),
    }
    nowhere: dict[str, str] = {}
    seen: set[str] = set()
    for kind, row in rows.items():
        case = desk.Case(users["desk"], row.compound, kind, row)
        lines = [line for card in desk.cards(case) for line in card.lines]
        for key, deed in desk.deeds(case).items():
            chosen = next((line.key for line in lines if key in line.deeds), None)
            path = reverse("desk-do", args=[kind, row.pk, key])
            if deed.of_line and chosen is None:
                nowhere[key] = path  # a line that only the other kind has
                continue
            seen.add(key)
            yield Stop("desk-do", "desk", path + (f"?row={chosen}" if deed.of_line else ""))
        for key in desk.papers(case):
            yield Stop("desk-paper", "desk", reverse("desk-paper", args=[kind, row.pk, key]))
    # A deed of a line that neither has fails at its own address.
    yield from (Stop("desk-do", "desk", path) for key, path in nowhere.items() if key not in seen)
