"""How a resident chooses to be told, proves an address, and sees what became of messages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community import notifications
from community.models import (
    AddressProof,
    Channel,
    ContactPoint,
    Delivery,
    Notification,
    Preference,
)  # fmt: skip
from community.notifications import ladder, proving
from tests.community import factories
from tests.residents.doors import resident

pytestmark = pytest.mark.django_db
PAGE, MAIL = "home-telling", "lin@example.org"


@pytest.fixture
def person():
    place = factories.compound()
    user = factories.user("resident", at=place)
    for medium in ("sms", "email", "web_push"):
        Channel.objects.create(compound=place, medium=medium, driver="simulated")
    return resident(factories.unit(place), "林晓", user=user)


@pytest.fixture
def page(person, client: Client) -> Client:
    client.force_login(person.user)
    return client


def code() -> str:
    row = Notification.objects.filter(kind="account.email_code").latest("pk")
    return row.private["code"]


def test_ways_are_chosen_for_each_kind_of_message(page, person):
    body = page.get(reverse(PAGE)).content.decode()
    assert re.search(r'name="notice" value="sms" checked', body)
    page.post(reverse(PAGE), {"save": "1", "notice": ["email", "wecom"], "parcel": []})
    chosen = {row.topic: row.media for row in Preference.objects.filter(user=person.user)}
    assert (chosen["notice"], chosen["parcel"]) == (["email"], [])
    assert "account" not in chosen
    told = notifications.tell(
        person.user, "residents.notice_important", compound=person.compound, key="n1"
    )
    assert ladder.rungs(told) == ["email", "paper"]


def test_an_address_counts_once_its_code_was_typed(page, person):
    page.post(reverse(PAGE), {"ask": "1", "address": MAIL})
    assert not ContactPoint.objects.exists()
    sent = Notification.objects.get(kind="account.email_code")
    assert (sent.address, sent.via) == (MAIL, "email")
    assert "l***@example.org" in page.get(reverse(PAGE)).content.decode()
    assert page.post(reverse(PAGE), {"prove": "1", "code": "x"}).status_code == 422
    page.post(reverse(PAGE), {"prove": "1", "code": code()})
    point = ContactPoint.objects.get(user=person.user, medium="email")
    assert point.address == MAIL
    assert page.post(reverse(PAGE), {"prove": "1", "code": code()}).status_code == 422
    page.post(reverse(PAGE), {"forget": "1"})
    assert not ContactPoint.objects.exists()


def test_codes_are_locked_after_five_guesses_and_grow_old(page, person):
    page.post(reverse(PAGE), {"ask": "1", "address": MAIL})
    right = code()
    for _ in range(5):
        page.post(reverse(PAGE), {"prove": "1", "code": "nonsense"})
    assert page.post(reverse(PAGE), {"prove": "1", "code": right}).status_code == 422
    page.post(reverse(PAGE), {"ask": "1", "address": MAIL})
    AddressProof.objects.update(made_at=timezone.now() - proving.LIFE - timedelta(seconds=1))
    assert page.post(reverse(PAGE), {"prove": "1", "code": code()}).status_code == 422
    assert not ContactPoint.objects.exists()


def test_no_address_and_too_many_codes_are_refused(page, person):
    assert page.post(reverse(PAGE), {"ask": "1", "address": "x@"}).status_code == 422
    answers = [page.post(reverse(PAGE), {"ask": "1", "address": MAIL}) for _ in range(6)]
    assert [one.status_code for one in answers] == [302] * 5 + [422]
    Channel.objects.filter(medium="email").delete()
    AddressProof.objects.all().delete()
    assert page.post(reverse(PAGE), {"ask": "1", "address": MAIL}).status_code == 422


def test_messages_say_what_became_of_them(page, person, django_assert_max_num_queries):
    now = timezone.now()
    for number, (medium, state) in enumerate(
        [("sms", "delivered"), ("paper", "sent"), ("email", "given_up"), ("sms", "pending")]
    ):
        row = notifications.tell(
            person.user, "residents.data_answered", compound=person.compound, key=f"m{number}"
        )
        Delivery.objects.create(
            compound=person.compound, notification=row, medium=medium, state=state,
            recipient="x", created_at=now, due_at=now,
            finished_at=None if state == "pending" else now,
        )  # fmt: skip
    with django_assert_max_num_queries(15):
        body = page.get(
            reverse("home-messages"), headers={"accept-language": "en"}
        ).content.decode()
    stamp = f"{timezone.localtime(now):%m-%d %H:%M}"
    assert body.count(stamp) >= 1
    assert len(re.findall(r'class="h-how', body)) == 4


def test_only_people_with_a_file_have_the_page(client: Client):
    client.force_login(factories.user("desk", at=factories.compound()))
    assert client.get(reverse(PAGE)).status_code == 404
