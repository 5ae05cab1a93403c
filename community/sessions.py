"""Sessions that know their user, address and browser, and when they were last seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime
from django.utils.functional import SimpleLazyObject

from community.models import BrowserSession, User
from community.prepared import Prepared

#: Where the session itself keeps what its row shows.
FACTS = "_sign_in"
#: A session's row is written for being seen at most this often.
SEEN_EVERY = timedelta(minutes=5)


_open = Prepared(
    lambda key, now: BrowserSession.objects.select_related("user").filter(
        session_key=key, expire_date__gt=now
    ),
    key=str, now=datetime,
)  # fmt: skip


class SessionStore(DatabaseStore):
    """``settings.SESSION_ENGINE`` is this module."""

    seen_at: datetime | None = None
    #: Whose it is, as read with its row: a page need not ask for them again.
    owner: User | None = None

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        return BrowserSession

    def _get_session_from_db(self) -> Any:
        row = _open.first(key=self.session_key, now=timezone.now()) if self.session_key else None
        if row is None:
            self._session_key = None
            return None
        self.seen_at, self.owner = row.seen_at, row.user
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        facts = data.get(FACTS, {})
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.address, row.agent = facts.get("address"), facts.get("agent", "")
        row.started_at = parse_datetime(facts.get("at", "")) or timezone.now()
        return row

    def note(self, request: HttpRequest) -> None:
        """Keep who signed in from where; called when a sign-in succeeds."""
        self[FACTS] = {
            "at": timezone.now().isoformat(),
            "address": request.META.get("REMOTE_ADDR") or None,
            "agent": request.headers.get("User-Agent", "")[:200],
        }


def note_sign_in(request: HttpRequest, **_kwargs: Any) -> None:
    """Receives Django's ``user_logged_in``, whichever page signed somebody in."""
    session: Any = request.session
    if isinstance(session, SessionStore):
        session.note(request)


def is_alive(session: Any, user: User) -> bool:
    """Whether a session that was open may go on: not ended, not expired, same password.

    Reads the row again. ``user`` is as stored now.
    """
    # The socket holds a lazy wrapper; a store of its own reads the row anew.
    stored = SessionStore(session.session_key).load() if session.session_key else {}
    if stored.get(SESSION_KEY) != str(user.pk):
        return False
    return constant_time_compare(stored.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def user_of(request: Any) -> Any:
    """``request.user``, read once: the session's owner if all holds that Django asks for.

    That is a backend in use, an active user, and the password of the sign-in. Where something does
    not hold, Django itself decides.
    """
    if not hasattr(request, "_cached_user"):
        request._cached_user = _owner(request.session) or auth.get_user(request)
    return request._cached_user


def _owner(session: Any) -> User | None:
    named = session.get(SESSION_KEY)
    user: User | None = getattr(session, "owner", None)
    if user is None or str(user.pk) != named or not user.is_active:
        return None
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    given = session.get(HASH_SESSION_KEY, "")
    return user if constant_time_compare(given, user.get_session_auth_hash()) else None


class SignedIn(AuthenticationMiddleware):
    """Django's own, without a question of its own for the user."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(user_of, request))  # type: ignore[assignment]


class NoteSeen:
    """Writes, now and then, that a session is in use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        from community.account.operations import note_seen

        response = self.get_response(request)
        session: Any = request.session
        # A page that never asked for the session costs no query here either.
        seen = getattr(session, "seen_at", None) if session.accessed else None
        if seen and SESSION_KEY in session and timezone.now() - seen > SEEN_EVERY:
            note_seen(session.session_key)
        return response
