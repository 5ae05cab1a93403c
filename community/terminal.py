"""What ``manage.py run`` says: where to go, who may sign in, and who passes the gates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from ipaddress import IPv6Address
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from community import network, verdicts
from community.demo_plan import PLANS, USERS
from community.models import Event, Role
from community.start import Ports

#: Passages told one by one; after these a summary a minute.
TOLD_SINGLY = 20
SUMMARY_S = 60.0
MARKS = {
    "allow": pgettext_lazy("passage", "opened"),
    "deny": pgettext_lazy("passage", "refused"),
    "ask": pgettext_lazy("passage", "guard asked"),
    "fail": pgettext_lazy("passage", "not read"),
}
PROCESSES = {
    "web": gettext_lazy("The web server"),
    "jobs": gettext_lazy("The job process"),
    "cameras": gettext_lazy("The camera process"),
}


def hosts() -> list[str]:
    """This machine's addresses as they stand in a URL."""
    found = network.addresses()
    return [f"[{one}]" if isinstance(one, IPv6Address) else str(one) for one in found]


def addresses(ports: Ports, *, outside: bool) -> Iterator[str]:
    """The addresses of the pages, from here and from the same network."""
    base = f"http://localhost:{ports.http}"
    rows = [
        (pgettext("door", "Start"), f"{base}/"),
        (pgettext("door", "Guard"), f"{base}/guard/"),
        (pgettext("door", "Office"), f"{base}/admin/"),
        ("API", f"{base}/api/docs/"),
        ("HTTPS", f"https://localhost:{ports.https}/"),
    ]
    for host in hosts()[:3] if outside else []:
        url = f"http://{host}:{ports.http}/   https://{host}:{ports.https}/"
        rows.append((_("Same network"), url))
    yield from _table(rows)
    if outside and (url := trust_url(ports)):
        yield ""
        yield _("A phone as camera needs HTTPS. Open this on the phone first: %(url)s") % {
            "url": url
        }


def trust_url(ports: Ports) -> str:
    """Where a phone learns to trust this machine; empty without a network."""
    found = hosts()
    return f"http://{found[0]}:{ports.http}/trust/" if found else ""


def users() -> Iterator[str]:
    """The demo's sign-ins of each role, with the warning that belongs to them."""
    names = dict(Role.Name.choices)
    compounds = {plan.code: plan.name for plan in PLANS}
    yield _("Demo sign-ins (everybody knows these passwords: for trying out only):")
    rows = []
    for user in USERS:
        held = pgettext("list", ", ").join(
            f"{names[role]} ({compounds[code]})" if code != PLANS[0].code else str(names[role])
            for code, role in user.roles
        )
        rows.append((user.username, f"{user.password:<16} {held}"))
    yield from _table(rows)


def first_code(ports: Ports, code: str) -> Iterator[str]:
    """What an empty installation asks for at its first visit."""
    yield _("Nobody can sign in here yet. Make the first account with this code:")
    yield from _table(
        [(_("Address"), f"http://localhost:{ports.http}/first-start/"), (_("Code"), code)]
    )


def _table(rows: list[tuple[str, str]]) -> Iterator[str]:
    width = max(_width(name) for name, _text in rows)
    for name, text in rows:
        yield f"  {name}{' ' * (width - _width(name))}  {text}"


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


class Passages:
    """Follows the ledgers from now on and tells who passed, later in summaries."""

    def __init__(self) -> None:
        self.cursors: dict[int, int] = {
            ledger.pk: ledger.last for ledger in _ledgers().objects.all()
        }
        self.told = 0
        self.since = timezone.now()
        self.counted: Counter[str] = Counter()

    def news(self) -> Iterator[str]:
        """Lines for what was decided since the last call."""
        for ledger in _ledgers().objects.all():
            after = self.cursors.get(ledger.pk, 0)
            if ledger.last == after:
                continue
            self.cursors[ledger.pk] = ledger.last
            decided = (
                Event.objects.of(ledger.pk)
                .after(after)
                .filter(sequence__lte=ledger.last, kind="gate.passage_decided")
            )
            for event in decided:
                yield from self._tell(event)
        yield from self._summary()

    def _tell(self, event: Event) -> Iterator[str]:
        self.counted[event.payload.get("outcome", "")] += 1
        if self.told >= TOLD_SINGLY:
            return
        self.told += 1
        if line := _line(event):
            yield line
        if self.told == TOLD_SINGLY:
            yield _("From here on one line a minute; every passage is on the guard's page.")
            self.since, self.counted = timezone.now(), Counter()

    def _summary(self) -> Iterator[str]:
        quiet = self.told < TOLD_SINGLY or not self.counted
        if quiet or (timezone.now() - self.since).total_seconds() < SUMMARY_S:
            return
        total = self.counted.total()
        text = ngettext("%(count)s passage", "%(count)s passages", total) % {"count": total}
        parts = [f"{MARKS[key]} {self.counted[key]}" for key in MARKS if self.counted[key]]
        yield f"{_clock(timezone.now())}  {text} · {' · '.join(parts)}"
        self.since, self.counted = timezone.now(), Counter()


def _line(event: Event) -> str | None:
    """One passage: time, lane, plate, what was decided and why."""
    passage = (
        apps.get_model("security", "Passage")
        .objects.select_related("lane")
        .filter(pk=event.payload.get("passage"))
        .first()
    )
    if passage is None:
        return None
    outcome = str(event.payload.get("outcome", ""))
    plate = passage.plate or "—"
    said = verdicts.sentence(passage.code, passage.facts)
    where = f"{passage.lane.name}  {plate}{' ' * max(0, 10 - _width(plate))}"
    return f"{_clock(passage.seen_at)}  {where}  {MARKS.get(outcome, outcome)} · {said}"


def _ledgers() -> Any:
    return apps.get_model("community", "LedgerHead")


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M:%S}"
