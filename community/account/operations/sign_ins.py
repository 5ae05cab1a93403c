"""Every change to sessions and one-time codes: one verb, one short transaction."""

from __future__ import annotations

import secrets
import time
from base64 import b32encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django_otp.oath import TOTP

from community import events
from community.models import Authenticator, BackupCode, BrowserSession, User

STEP_S, DIGITS = 30, 6
#: Clocks of phones are off by some seconds: the code before and the one after count too.
TOLERANCE = 1
BACKUP_CODES = 10
#: Addresses of failed and past sign-ins are personal data, kept no longer than this.
KEEP_SIGN_INS = timedelta(days=90)
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


class CodeRefused(Exception):
    """A one-time code that does not count; ``wait_s`` seconds until the next one may be tried."""

    def __init__(self, wait_s: int = 0) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


def reference(session_key: str) -> str:
    """What names a session in a page: from it nobody gets back to the key."""
    return salted_hmac("linli.session", session_key, algorithm="sha256").hexdigest()[:20]


def note_seen(session_key: str) -> None:
    BrowserSession.objects.filter(pk=session_key).update(seen_at=timezone.now())


def open_sessions(user: User) -> list[BrowserSession]:
    """Where ``user`` is signed in now, the latest seen first."""
    rows = BrowserSession.objects.filter(user=user, expire_date__gt=timezone.now())
    return list(rows.order_by("-seen_at"))


def end_sessions(user: User, actor: User, *, only: str = "", keep: str | None = None) -> int:
    """End the sessions of ``user``: all, the one that ``only`` refers to, or all but ``keep``.

    Open screens close within ten seconds. Returns how many ended. Raises PermissionDenied where
    the actor is neither the user, nor their manager, nor the operator.
    """
    may_keep(actor, user)
    keys = [row.session_key for row in BrowserSession.objects.filter(user=user)]
    keys = [key for key in keys if key != keep and (not only or reference(key) == only)]
    with events.writing():
        count, _each = BrowserSession.objects.filter(pk__in=keys).delete()
        if count:
            _tell("user.sessions_ended", user, actor, count=count)
    return int(count)


def may_keep(actor: User, user: User) -> None:
    """Oneself, the operator, or the manager of every compound where the user holds a role."""
    if actor.is_superuser or actor.pk == user.pk:
        return
    held = set(user.roles_by_compound())
    if user.is_superuser or not held or not held <= set(actor.compounds_as({"manager"})):
        raise PermissionDenied(_("This sign-in counts in other compounds too."))


def begin_codes(user: User) -> Authenticator:
    """The user's authenticator, not yet in use; made anew where there is none."""
    with transaction.atomic():
        found = Authenticator.objects.select_for_update().filter(user=user).first()
        if found is not None:
            return found
        return Authenticator.objects.create(
            user=user, name="totp", confirmed=False, secret=secrets.token_hex(20)
        )


def shared_secret(authenticator: Authenticator) -> str:
    """The secret as apps take it: base32."""
    return b32encode(bytes.fromhex(authenticator.secret)).decode()


def confirm_codes(user: User, code: str) -> list[str]:
    """Take the app into use with its first code; the backup codes, shown this once.

    Raises CodeRefused.
    """
    _check(user, code, confirmed=False)
    with events.writing():
        changed = Authenticator.objects.filter(user=user, confirmed=False).update(confirmed=True)
        if not changed:
            raise CodeRefused
        codes = _new_backup_codes(Authenticator.objects.get(user=user))
        _tell("user.codes_on", user, user)
    return codes


def renew_backup_codes(user: User) -> list[str]:
    """Ten fresh backup codes; the old ones count no more."""
    with events.writing():
        authenticator = Authenticator.objects.select_for_update().get(user=user, confirmed=True)
        codes = _new_backup_codes(authenticator)
        _tell("user.codes_renewed", user, user)
    return codes


def stop_codes(user: User, actor: User) -> bool:
    """Sign in by password alone from now on. Raises PermissionDenied as ``end_sessions`` does."""
    may_keep(actor, user)
    with events.writing():
        gone, _each = Authenticator.objects.filter(user=user).delete()
        if gone:
            _tell("user.codes_off", user, actor)
    return bool(gone)


def asks_code(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, confirmed=True).exists())


def check_code(user: User, code: str) -> None:
    """Take a code of the app or a backup code, each once. Raises CodeRefused."""
    _check(user, code, confirmed=True)


def _check(user: User, code: str, *, confirmed: bool) -> None:
    text = "".join(code.split()).replace("-", "").lower()
    with transaction.atomic():
        # Locked: the same code sent twice at once counts once.
        rows = Authenticator.objects.select_for_update()
        authenticator = rows.filter(user=user, confirmed=confirmed).first()
        if authenticator is None:
            raise CodeRefused
        allowed, why = authenticator.verify_is_allowed()
        if not allowed:
            raise CodeRefused(_seconds(why))
        taken = _take_step(authenticator, text) or (confirmed and _take_backup(authenticator, text))
        if taken:
            authenticator.throttle_reset(commit=False)
        else:
            authenticator.throttle_increment(commit=False)
        authenticator.save()
    if not taken:
        raise CodeRefused


def _seconds(why: dict[str, Any] | None) -> int:
    until = (why or {}).get("locked_until")
    return max(1, round((until - timezone.now()).total_seconds())) if until else 1


def _take_step(authenticator: Authenticator, text: str) -> bool:
    if not (text.isascii() and text.isdecimal() and len(text) == DIGITS):
        return False
    totp = TOTP(bytes.fromhex(authenticator.secret), STEP_S, digits=DIGITS)
    totp.time = time.time()
    if not totp.verify(int(text), TOLERANCE, authenticator.last_step + 1):
        return False
    # verify() leaves in `drift` by how many steps the phone's clock is off.
    authenticator.last_step = totp.t()
    return True


def _take_backup(authenticator: Authenticator, text: str) -> bool:
    unused = BackupCode.objects.filter(authenticator=authenticator, used_at=None)
    return bool(unused.filter(digest=_digest(authenticator, text)).update(used_at=timezone.now()))


def _digest(authenticator: Authenticator, text: str) -> str:
    # The authenticator's own secret, sealed by the key ring, keeps the table of hashes useless.
    return sha256(f"{authenticator.secret}:{text}".encode()).hexdigest()


def _new_backup_codes(authenticator: Authenticator) -> list[str]:
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(BACKUP_CODES)]
    authenticator.backup_codes.all().delete()
    BackupCode.objects.bulk_create(
        BackupCode(authenticator=authenticator, digest=_digest(authenticator, code))
        for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def forget_old() -> dict[str, int]:
    """Erase expired sessions, and sign-ins older than we keep them."""
    now = timezone.now()
    sessions, _each = BrowserSession.objects.filter(expire_date__lt=now).delete()
    logged, _each = AccessLog.objects.filter(attempt_time__lt=now - KEEP_SIGN_INS).delete()
    failed, _each = AccessAttempt.objects.filter(attempt_time__lt=now - KEEP_SIGN_INS).delete()
    return {"sessions": sessions, "sign_ins": logged, "failures": failed}


def _tell(kind: str, user: User, actor: User, **facts: Any) -> None:
    for compound_id in sorted(user.roles_by_compound()):
        events.record(kind, compound=compound_id, actor=actor, user=user.pk, **facts)
