"""Signing in by phone code, invitation and printed code: who gets in, and who never does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Notification, User
from residents import operations
from residents.models import Person, SignInTicket
from residents.operations.doors import Refused, TooMany, codes, limits
from tests.community import factories
from tests.residents import homes

pytestmark = pytest.mark.django_db
PHONE, HERE = "13800006120", "10.0.0.9"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "ANSWER_S", 0.0)


@pytest.fixture
def tenant() -> Person:
    home = homes.letting(factories.compound())
    person = homes.person(home.compound, "许知夏", phone=PHONE, **homes.card())
    operations.add_residency(person=person, unit=home.unit, kind="tenant", started_on=homes.ago(10))
    return operations.confirm_phone(person)


def told() -> str:
    """The digits of the code sent last."""
    row = Notification.objects.filter(kind="residents.sign_in_code").latest("pk")
    return str(sent_facts(row)["code"])


def sent_facts(row: Notification) -> dict[str, str]:
    return getattr(row, "private", None) or row.facts


def without_token(page: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"|: "[A-Za-z0-9]{64}"', "", page)


def sign_in(client: Client, phone: str = PHONE) -> None:
    client.post(reverse("home-sign-in"), {"phone": phone})


def test_a_code_signs_its_owner_in_once(client: Client, tenant: Person):
    before = client.session.session_key
    sign_in(client, "138 0000 6120")
    answer = client.post(reverse("home-code"), {"code": told()})
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert client.session.session_key != before
    tenant.refresh_from_db()
    assert client.session["_auth_user_id"] == str(tenant.user_id)
    assert tenant.user.roles_in(tenant.compound) == {"resident"}
    assert not tenant.user.has_usable_password()
    ticket = SignInTicket.objects.get(person=tenant)
    with pytest.raises(Refused):
        operations.check_code(ticket.pk, told(), HERE)


def test_a_number_on_no_file_looks_the_same(client: Client, tenant: Person):
    other = Client()
    sign_in(client)
    known = client.get(reverse("home-code")).content.decode()
    sign_in(other, "13800001111")
    unknown = other.get(reverse("home-code")).content.decode()
    assert without_token(known.replace("138****6120", "138****1111")) == without_token(unknown)
    assert Notification.objects.filter(kind="residents.sign_in_code").count() == 1
    guess = other.post(reverse("home-code"), {"code": "123456"})
    assert "_auth_user_id" not in other.session
    assert guess.status_code == 200


def test_after_five_guesses_the_right_code_counts_no_more(tenant: Person):
    ticket = operations.ask_code(PHONE, HERE)
    right = told()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(Refused) as refusal:
            operations.check_code(ticket.pk, wrong, HERE)
        assert (refusal.value.why, refusal.value.left) == ("wrong", left)
    with pytest.raises(Refused) as refusal:
        operations.check_code(ticket.pk, right, HERE)
    assert refusal.value.why == "over"


def test_a_code_expires(tenant: Person):
    ticket = operations.ask_code(PHONE, HERE)
    SignInTicket.objects.update(expires_at=timezone.now())
    with pytest.raises(Refused):
        operations.check_code(ticket.pk, told(), HERE)


def test_asking_is_limited_by_number_and_by_address(tenant: Person, monkeypatch):
    for _each in range(3):
        operations.ask_code(PHONE, HERE)
    with pytest.raises(TooMany) as error:
        operations.ask_code(PHONE, "10.0.0.10")
    assert 0 < error.value.wait_s <= 600
    monkeypatch.setattr(limits, "PER_ADDRESS", ((timedelta(hours=1), 4),))
    operations.ask_code("13800001111", HERE)
    with pytest.raises(TooMany):
        operations.ask_code("13800001112", HERE)


def test_a_compound_sends_only_so_many(tenant: Person, monkeypatch):
    monkeypatch.setattr(limits, "PER_COMPOUND", ((timedelta(hours=1), 1),))
    operations.ask_code(PHONE, HERE)
    operations.ask_code(PHONE, HERE)
    assert Notification.objects.filter(kind="residents.sign_in_code").count() == 1


def test_an_address_that_guesses_has_to_wait(client: Client, tenant: Person, monkeypatch):
    monkeypatch.setattr(limits, "FAILURES", 3)
    for _each in range(3):
        client.post(reverse("home-paper"), {"code": "AAAAA-AAAAA"})
    answer = client.post(reverse("home-paper"), {"code": operations.make_desk_code(tenant)})
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


def test_a_number_that_changed_hands_opens_nothing(tenant: Person):
    """The desk confirmed the number on another file: the former owner keeps their account."""
    account = operations.account_of(tenant, how="desk")
    fresh = homes.person(tenant.compound, "周闻达", phone=PHONE)
    operations.confirm_phone(fresh)
    ticket = operations.ask_code(PHONE, HERE)
    user = operations.check_code(ticket.pk, told(), HERE)
    assert user != account
    assert Person.objects.get(pk=fresh.pk).user == user


def test_a_number_unused_for_long_also_needs_the_end_of_the_document(client, tenant: Person):
    Person.objects.update(phone_confirmed_at=timezone.now() - timedelta(days=91))
    sign_in(client)
    answer = client.post(reverse("home-code"), {"code": told()})
    assert "document_end" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    client.post(reverse("home-code"), {"code": told(), "document_end": "0000"})
    assert "_auth_user_id" not in client.session
    client.post(reverse("home-code"), {"code": told(), "document_end": tenant.document[-4:]})
    assert "_auth_user_id" in client.session


def test_a_phone_alone_opens_nothing_of_the_staff(tenant: Person):
    clerk = factories.user("desk", at=tenant.compound)
    Person.objects.filter(pk=tenant.pk).update(user=clerk)
    operations.ask_code(PHONE, HERE)
    assert not Notification.objects.filter(kind="residents.sign_in_code").exists()


def test_an_invitation_works_once_and_looking_uses_nothing_up(client: Client, tenant: Person):
    path = reverse("home-join", args=[operations.invite_person(tenant)])
    page = client.get(path)
    assert page.status_code == 200
    assert "许知夏" not in page.content.decode()
    assert client.post(path).url == reverse("home")
    second = Client()
    assert second.get(path).status_code == 404
    assert second.post(path).status_code == 404
    assert User.objects.filter(files=tenant).count() == 1


def test_a_new_paper_voids_the_older_one_and_both_end(client: Client, tenant: Person):
    old, new = operations.make_desk_code(tenant), operations.make_desk_code(tenant)
    assert operations.use_desk_code(old, HERE) is None
    SignInTicket.objects.update(expires_at=timezone.now())
    assert operations.use_desk_code(new, HERE) is None
    last = operations.make_desk_code(tenant)
    answer = client.post(reverse("home-paper"), {"code": last.lower().replace("-", " ")})
    assert answer.url == reverse("home")


def test_nothing_of_a_code_can_be_read_from_the_database(tenant: Person):
    code = operations.make_desk_code(tenant)
    token = operations.invite_person(tenant)
    kept = " ".join(SignInTicket.objects.values_list("digest", flat=True))
    assert code.replace("-", "") not in kept
    assert token not in kept


def test_old_tickets_are_forgotten(tenant: Person):
    operations.make_desk_code(tenant)
    SignInTicket.objects.update(expires_at=timezone.now() - timedelta(days=31))
    assert operations.forget_old() == 1
    assert not SignInTicket.objects.exists()
