"""One-time codes: turned on with a phone, asked for at sign-in, each good once."""

from __future__ import annotations

import re
import time

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django_otp.oath import TOTP

from community.account import operations
from community.models import Authenticator, BackupCode, Event, User
from tests.community import factories

pytestmark = pytest.mark.django_db
PASSWORD = "korrekt-pferd-9"


@pytest.fixture
def guard(db) -> User:
    user = factories.user("guard", at=factories.compound())
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def codes(guard) -> list[str]:
    """The guard's backup codes, once codes are on."""
    operations.begin_codes(guard)
    return operations.confirm_codes(guard, shown(guard))


def shown(user: User, after_s: float = 0) -> str:
    """What the user's app shows, now or some seconds later."""
    totp = TOTP(bytes.fromhex(Authenticator.objects.get(user=user).secret), 30, digits=6)
    totp.time = time.time() + after_s
    return f"{totp.token():06d}"


def with_password(user: User, next_page: str = "") -> tuple[Client, str]:
    """A browser that has sent the right password, and where it was led."""
    client = Client()
    sent = {"username": user.username, "password": PASSWORD, "next": next_page}
    return client, client.post("/sign-in/", sent)["Location"]


def is_signed_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def test_turning_codes_on_needs_a_code_of_the_app(client, guard):
    client.force_login(guard)
    page = client.get("/account/codes/").content.decode()
    secret = operations.shared_secret(Authenticator.objects.get(user=guard))
    assert "<svg" in page
    assert secret[:4] in page
    assert not operations.asks_code(guard)
    client.post("/account/codes/", {"code": "000000" if shown(guard) != "000000" else "000001"})
    assert not operations.asks_code(guard)


def test_backup_codes_are_shown_once_and_kept_as_hashes(client, guard):
    client.force_login(guard)
    client.get("/account/codes/")
    page = client.post("/account/codes/", {"code": shown(guard)}).content.decode()
    codes = re.findall(r">([a-z2-9]{5}-[a-z2-9]{5})<", page)
    assert len(codes) == len(set(codes)) == 10
    stored = set(BackupCode.objects.values_list("digest", flat=True))
    assert not stored & set(codes)
    assert codes[0] not in client.get("/account/").content.decode()
    assert Event.objects.filter(kind="user.codes_on", payload={"user": guard.pk}).exists()


def test_the_secret_is_sealed_in_the_table(guard):
    from django.db import connection

    operations.begin_codes(guard)
    secret = Authenticator.objects.get(user=guard).secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM community_authenticator")
        assert secret not in cursor.fetchone()[0]


def test_the_password_alone_no_longer_signs_in(guard, codes):
    client, led_to = with_password(guard, "/guard/")
    assert led_to == "/sign-in/code/"
    assert not is_signed_in(client)
    assert client.get("/account/").status_code == 302
    answer = client.post("/sign-in/code/", {"code": shown(guard, 30)})
    assert is_signed_in(client)
    assert answer["Location"] == "/guard/"


def test_a_code_counts_once(guard, codes):
    code = shown(guard, 30)
    first, _ = with_password(guard)
    first.post("/sign-in/code/", {"code": code})
    second, _ = with_password(guard)
    second.post("/sign-in/code/", {"code": code})
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


def test_a_backup_code_counts_once_however_it_is_typed(guard, codes):
    first, _ = with_password(guard)
    first.post("/sign-in/code/", {"code": f" {codes[3].upper()} "})
    second, _ = with_password(guard)
    second.post("/sign-in/code/", {"code": codes[3]})
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


def test_wrong_codes_slow_the_next_try_down(guard, codes):
    client, _ = with_password(guard)
    for code in ("111111", "222222", "333333"):
        client.post("/sign-in/code/", {"code": code})
    with pytest.raises(operations.CodeRefused) as refused:
        operations.check_code(guard, shown(guard, 30))
    assert refused.value.wait_s >= 1
    assert not is_signed_in(client)


def test_after_ten_tries_the_password_is_asked_again(guard, codes):
    client, _ = with_password(guard)
    for _each in range(10):
        client.post("/sign-in/code/", {"code": "111111"})
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", "-12345", "x" * 500])
def test_what_is_no_code_is_refused_in_words(guard, codes, code):
    client, _ = with_password(guard)
    answer = client.post("/sign-in/code/", {"code": code})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not is_signed_in(client)


def test_five_minutes_after_the_password_it_is_asked_again(guard, codes, monkeypatch):
    client, _ = with_password(guard)
    later = time.time() + 301
    monkeypatch.setattr("community.account.pages.time.time", lambda: later)
    assert client.post("/sign-in/code/", {"code": codes[0]})["Location"] == "/sign-in/"
    assert not is_signed_in(client)


def test_nobody_enters_a_code_before_the_password(client):
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_turning_codes_off_asks_for_the_password(client, guard, codes):
    client.force_login(guard)
    client.post("/account/codes/off/", {"password": "guess"})
    assert operations.asks_code(guard)
    client.post("/account/codes/off/", {"password": PASSWORD})
    assert not operations.asks_code(guard)
    assert not BackupCode.objects.exists()


def test_new_backup_codes_end_the_old_ones(client, guard, codes):
    client.force_login(guard)
    client.post("/account/codes/renew/", {"password": PASSWORD})
    with pytest.raises(operations.CodeRefused):
        operations.check_code(guard, codes[0])
    assert BackupCode.objects.count() == 10


def test_codes_survive_a_change_of_keys(guard, settings, tmp_path):
    from community import rotation

    settings.KEYRING_PATH = tmp_path / "ring.json"
    operations.begin_codes(guard)
    codes = operations.confirm_codes(guard, shown(guard))
    assert rotation.rotate("data") >= 1
    operations.check_code(guard, codes[0])
