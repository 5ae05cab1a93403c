"""One's own sessions: listed with where and when, ended one by one or all, by managers too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from community.account import operations
from community.models import Authenticator, BrowserSession, Event, User
from community.sessions import SessionStore, is_alive
from tests.community import factories

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/125.0 Mobile Safari/537.36"
PASSWORD = "korrekt-pferd-9"


@pytest.fixture
def guard(db) -> User:
    user = factories.user("guard", at=factories.compound())
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(user: User, **headers: str) -> Client:
    client = Client(headers=headers)
    client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    assert SESSION_KEY in client.session
    return client


def test_a_session_knows_whose_it_is_and_from_where(guard):
    signed_in(guard, **{"user-agent": PHONE})
    row = BrowserSession.objects.get(user=guard)
    assert (row.address, row.agent) == ("127.0.0.1", PHONE)
    assert timezone.now() - row.started_at < timedelta(minutes=1)


def test_the_page_lists_sessions_without_their_keys(guard):
    desk, phone = signed_in(guard), signed_in(guard, **{"user-agent": PHONE})
    page = desk.get("/account/").content.decode()
    assert "Chrome · Android" in page
    assert desk.session.session_key not in page
    assert phone.session.session_key not in page


def test_one_session_is_ended_and_the_others_stay(guard):
    desk, phone = signed_in(guard), signed_in(guard)
    reference = operations.reference(phone.session.session_key)
    desk.post("/account/sessions/end/", {"session": reference})
    assert phone.get("/account/").status_code == 302
    assert desk.get("/account/").status_code == 200


def test_all_other_sessions_are_ended_at_once(guard):
    desk, phone, tablet = (signed_in(guard) for _ in range(3))
    desk.post("/account/sessions/end/")
    assert [client.get("/account/").status_code for client in (desk, phone, tablet)] == [
        200,
        302,
        302,
    ]
    event = Event.objects.get(kind="user.sessions_ended")
    assert event.payload == {"user": guard.pk, "count": 2}


def test_nobody_ends_a_strangers_session(guard):
    stranger = factories.user("guard", at=factories.compound())
    stranger.set_password(PASSWORD)
    stranger.save()
    theirs, mine = signed_in(stranger), signed_in(guard)
    reference = operations.reference(theirs.session.session_key)
    mine.post("/account/sessions/end/", {"session": reference})
    assert theirs.get("/account/").status_code == 200
    with pytest.raises(PermissionDenied):
        operations.end_sessions(stranger, guard)


def test_a_manager_ends_the_sessions_of_those_who_work_here_only(guard):
    place = guard.held_roles.get().compound
    manager, client = factories.user("manager", at=place), signed_in(guard)
    assert operations.end_sessions(guard, manager) == 1
    assert client.get("/account/").status_code == 302
    elsewhere = factories.user("guard", at=factories.compound())
    with pytest.raises(PermissionDenied):
        operations.end_sessions(elsewhere, manager)
    with pytest.raises(PermissionDenied):
        operations.end_sessions(factories.user(is_superuser=True), manager)


def test_being_seen_is_written_now_and_then_only(guard):
    client = signed_in(guard)
    rows = BrowserSession.objects.filter(user=guard)
    just = rows.get().seen_at
    client.get("/account/")
    assert rows.get().seen_at == just
    rows.update(seen_at=timezone.now() - timedelta(hours=1))
    client.get("/account/")
    assert timezone.now() - rows.get().seen_at < timedelta(minutes=1)


@pytest.mark.parametrize("change", ["ended", "expired", "password", "other user"])
def test_an_open_socket_is_told_that_its_session_is_over(guard, change):
    client = signed_in(guard)
    session = SessionStore(client.session.session_key)
    assert is_alive(session, guard)
    rows, reader = BrowserSession.objects.filter(user=guard), guard
    if change == "ended":
        rows.delete()
    elif change == "expired":
        rows.update(expire_date=timezone.now() - timedelta(seconds=1))
    elif change == "password":
        guard.set_password("another-horse-9")
    else:
        reader = factories.user()
    assert not is_alive(session, reader)


def test_a_session_kept_by_an_old_password_hash_ends(guard):
    client = signed_in(guard)
    assert client.session[HASH_SESSION_KEY]
    guard.set_password("another-horse-9")
    guard.save()
    assert client.get("/account/").status_code == 302


def test_expired_sessions_are_forgotten(guard):
    signed_in(guard)
    BrowserSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert operations.forget_old()["sessions"] == 1
    assert not BrowserSession.objects.exists()


@pytest.mark.parametrize("path", ["/account/", "/account/codes/", "/account/codes/off/"])
def test_the_account_asks_who_one_is(client, path):
    assert client.get(path)["Location"].startswith("/sign-in/?next=")


def test_the_office_ends_sessions_and_codes_of_its_own_people(client, guard):
    place = guard.held_roles.get().compound
    theirs = signed_in(guard)
    operations.begin_codes(guard)
    client.force_login(factories.user("manager", at=place))
    sent = {"object_id": guard.pk, "_form_submitted": "1"}
    for deed in ("end_sessions", "codes_off"):
        client.post(f"/admin/community/user/{guard.pk}/{deed}/", sent)
    assert theirs.get("/account/").status_code == 302
    assert not Authenticator.objects.exists()


def test_the_office_of_another_compound_does_not(client, guard):
    theirs = signed_in(guard)
    client.force_login(factories.user("manager", at=factories.compound()))
    sent = {"object_id": guard.pk, "_form_submitted": "1"}
    answer = client.post(f"/admin/community/user/{guard.pk}/end_sessions/", sent)
    assert answer.status_code in (302, 403, 404)
    assert theirs.get("/account/").status_code == 200
