"""What opens a compartment: a six-digit code, a QR secret, and how often somebody may guess."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, keyring
from community.models import User
from community.prepared import Prepared
from parcels.models import LockerBank, Parcel, ProxyCode
from parcels.operations.moves import CODES, fault, locked, trace
from residents import rules

DIGITS = 6
QR = "K1"
#: Wrong codes at one bank within WINDOW until it takes none for LOCK.
MOST_WRONG = 5
WINDOW, LOCK = timedelta(minutes=10), timedelta(minutes=10)
PROXY_LIFE = timedelta(hours=24)
NOT_IN_LOCKER = _("This parcel is in no locker now.")


class WrongCode(Exception):
    """The code opens nothing here. ``left`` guesses remain; with none, ``wait_s`` seconds."""

    def __init__(self, left: int, wait_s: int = 0) -> None:
        super().__init__(left)
        self.left, self.wait_s = left, wait_s


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def fresh_codes(compound_id: int) -> dict[str, str]:
    """Codes that nothing of the compound has, by column of a parcel."""
    code, secret = _free_code(compound_id), secrets.token_urlsafe(20)
    given = (code, index(code, compound_id), secret, digest(secret))
    return dict(zip(CODES, given, strict=True))


def index(code: str, compound_id: int) -> str:
    return keyring.blind_index(code, compound_id, "parcel_code")


def _with_code(compound: int, code: str) -> Any:
    mine = {"compound": compound, "code_index": code, "ended_at": None}
    others = ProxyCode.objects.filter(**mine, used_at=None).order_by().values_list("pk")
    live = Parcel.objects.filter(**mine).order_by().values_list("pk")
    return live.union(others, all=True)


_taken = Prepared(_with_code, compound=int, code=str)


def _free_code(compound_id: int) -> str:
    """Six digits that no live parcel and no proxy of the compound has."""
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        same = keyring.blind_indexes(code, compound_id, "parcel_code")
        if not any(_taken(compound=compound_id, code=one) for one in same):
            return code


def let_fetch(parcel: Parcel, *, name: str, actor: User | None = None) -> ProxyCode:
    """A code for somebody else, for one opening within a day; an earlier one ends.

    Raises ValidationError without a name, or for a parcel that is in no locker.
    """
    name = rules.clean_name(name)
    with events.writing():
        row = locked(parcel)
        if row.state != Parcel.State.STORED:
            raise fault("name", "not_in_locker", NOT_IN_LOCKER)
        end_proxies(row)
        code = _free_code(row.compound_id)
        made: ProxyCode = ProxyCode.objects.create(
            compound_id=row.compound_id, parcel=row, name=name, code=code,
            code_index=index(code, row.compound_id), expires_at=timezone.now() + PROXY_LIFE,
        )  # fmt: skip
        trace(row, "proxy_named", actor, row.compartment)
    return made


def end_proxies(parcel: Parcel) -> None:
    ProxyCode.objects.filter(parcel=parcel, ended_at=None).update(ended_at=timezone.now())


def find(bank: LockerBank, text: str, now: datetime) -> tuple[Parcel | None, ProxyCode | None]:
    """The parcel in this bank that a code or QR opens now; both None for any other."""
    rows = Parcel.objects.live().filter(compartment__bank=bank, state__in=["stored", "taking"])
    text = text.strip()[:80]
    if text.startswith(f"{QR}:"):
        return rows.filter(secret_digest=digest(text.removeprefix(f"{QR}:"))).first(), None
    same = keyring.blind_indexes("".join(text.split()), bank.compound_id, "parcel_code")
    found = rows.filter(code_index__in=same).first()
    if found is not None:
        return found, None
    proxies = ProxyCode.objects.filter(
        compound_id=bank.compound_id, code_index__in=same, ended_at=None, used_at=None,
        expires_at__gt=now, parcel__in=rows,
    )  # fmt: skip
    proxy = proxies.select_related("parcel").first()
    return (proxy.parcel, proxy) if proxy else (None, None)


def check_lock(bank: LockerBank, now: datetime) -> None:
    """Raises WrongCode while the bank waits after wrong codes."""
    if bank.locked_until and bank.locked_until > now:
        raise WrongCode(0, round((bank.locked_until - now).total_seconds()))


def count_wrong(bank: LockerBank, now: datetime) -> WrongCode:
    """Note a wrong code at a held bank; what to raise after the commit."""
    if bank.wrong_since is None or now - bank.wrong_since > WINDOW:
        bank.wrong, bank.wrong_since = 0, now
    bank.wrong += 1
    left = max(0, MOST_WRONG - bank.wrong)
    if not left:
        bank.locked_until, bank.wrong, bank.wrong_since = now + LOCK, 0, None
        events.record("parcels.codes_guessed", compound=bank.compound_id, bank=bank.pk)
    bank.save(update_fields=["wrong", "wrong_since", "locked_until"])
    return WrongCode(left, 0 if left else round(LOCK.total_seconds()))
