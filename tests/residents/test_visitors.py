"""A household's visitors on its pages and at the desk: invited, seen, taken back, never others'."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Notification
from residents.models import Household, Letting, Person, Residency, Visit
from residents.operations import visitor_arrived, visitor_left
from tests.community import factories
from tests.residents.doors import resident, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def host(home) -> Person:
    return resident(home, user=factories.user("resident", at=home.compound))


@pytest.fixture
def phone(client: Client, host: Person) -> Client:
    client.force_login(host.user)
    return client


def given(home: Any, **more: Any) -> dict[str, Any]:
    now = timezone.localtime()
    day = now.date() + timedelta(days=1)
    return {
        "unit": home.pk,
        "kind": "guest",
        "name": "周闻达",
        "day": day.isoformat(),
        "starts": "15:00",
        "ends": "19:00",
        "often": "once",
        "people": "2",
        "plates": "皖a·52m78，皖A90C31",
    } | more


def test_an_invitation_becomes_a_pass_with_link_and_code(phone, home, host):
    answer = phone.post(reverse("home-visit-new"), given(home), follow=True)
    row = Visit.objects.get()
    assert (row.host, row.people, row.most_entries) == (host, 2, 1)
    assert row.plates == ["皖A52M78", "皖A90C31"]
    assert timezone.localtime(row.starts_at).hour == 15
    assert f"/pass/{row.secret}/" in answer.content.decode()
    assert "<svg" in answer.content.decode()
    assert phone.get(f"/pass/{row.secret}/").status_code == 200


@pytest.mark.parametrize(
    ("more", "times", "hours"),
    [
        ({"often": "several", "times": "3"}, 3, 4),
        ({"often": "any", "last_day": "+4"}, None, 4 + 4 * 24),
        ({"kind": "courier", "name": "", "plates": ""}, 1, 4),
        ({"starts": "20:00", "ends": "02:00"}, 1, 6),
    ],
)
def test_once_several_times_or_for_a_period(phone, home, more, times, hours):
    values = given(home)
    if "last_day" in more:
        first = date.fromisoformat(values["day"])
        more["last_day"] = (first + timedelta(days=int(more["last_day"]))).isoformat()
    assert phone.post(reverse("home-visit-new"), values | more).status_code == 302
    row = Visit.objects.get()
    assert row.most_entries == times
    assert row.ends_at - row.starts_at == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"name": ""}, "name"),
        ({"name": "<b>"}, "name"),
        ({"often": "several"}, "times"),
        ({"starts": "15:00", "ends": "14:00"}, "ends"),
        ({"plates": "no plate"}, "plates"),
        ({"people": "0"}, "people"),
        ({"day": "2020-01-01"}, "ends"),
        ({"kind": "thief"}, "kind"),
        ({"kind": "courier", "last_day": "2099-01-01"}, "ends"),
        ({"unit": "0"}, "unit"),
    ],
)
def test_what_makes_no_sense_is_named_and_gives_no_pass(phone, home, wrong, place):
    answer = phone.post(reverse("home-visit-new"), given(home, **wrong))
    assert answer.status_code == 422
    assert f'id="id_{place}-error"' in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_household_sees_its_own_visitors_only(phone, home, host):
    other = factories.unit(home.compound, "3-2-1203")
    stranger = resident(home, "合租人")
    neighbour = resident(other, "邻居")
    own = visit(home, host=host)
    others = [visit(home, host=stranger), visit(other, host=neighbour)]
    page = phone.get(reverse("home-visitors")).content.decode()
    assert reverse("home-visit", args=[own.pk]) in page
    for row in others:
        assert reverse("home-visit", args=[row.pk]) not in page
        assert phone.get(reverse("home-visit", args=[row.pk])).status_code == 404
        assert phone.post(reverse("home-visit-revoke", args=[row.pk])).status_code == 404
    assert not Visit.objects.exclude(revoked_at=None).exists()


def test_the_household_shares_its_visitors_and_who_lets_the_home_sees_none(client, home, host):
    spouse = resident(home, "许安宁", user=factories.user("resident", at=home.compound))
    together = Household.objects.create(
        compound=home.compound, unit=home, started_on=date(2024, 1, 1)
    )
    Residency.objects.filter(unit=home).update(household=together)
    row = visit(home, host=host)
    client.force_login(spouse.user)
    path = reverse("home-visit", args=[row.pk])
    assert client.get(path).status_code == 200
    Letting.objects.create(
        compound=home.compound, unit=home, landlord=spouse, started_on=date(2024, 1, 1)
    )
    assert client.get(path).status_code == 404


def test_a_pass_is_taken_back_at_once(phone, home, host):
    row = visit(home, host=host)
    phone.post(reverse("home-visit-revoke", args=[row.pk]))
    row.refresh_from_db()
    assert row.revoked_at
    assert row.revoked_by == host.user
    page = phone.get(reverse("home-visit", args=[row.pk])).content.decode()
    assert row.secret not in page


def test_arrival_is_told_to_the_host_once_and_leaving_is_seen(phone, home, host):
    row = visit(home, host=host)
    now = timezone.now()
    for _ in range(2):
        visitor_arrived(row, passage_id=7, at=now)
    told = Notification.objects.get(user=host.user, kind="residents.visitor_arrived")
    assert "许安" in phone.get(reverse("home-messages")).content.decode()
    assert told.expires_at - now < timedelta(hours=1)
    path = reverse("home-visit", args=[row.pk])
    before = phone.get(path).content.decode()
    visitor_left(row, at=now)
    assert phone.get(path).content.decode() != before
    assert Notification.objects.filter(kind="residents.visitor_arrived").count() == 1


def test_lists_take_few_questions(phone, home, host, django_assert_max_num_queries):
    now = timezone.now()
    for number in range(12):
        row = visit(home, host=host, plates=["皖A52M78"], name=f"访客{number}")
        if number % 2:
            visitor_arrived(row, passage_id=number, at=now)
    for path in (reverse("home-visitors"), reverse("home-card-visitors")):
        with django_assert_max_num_queries(15):
            assert phone.get(path).status_code == 200


class TestDesk:
    @pytest.fixture
    def clerk(self, client, home):
        client.force_login(factories.user("desk", at=home.compound))
        return client

    def test_invites_on_behalf_and_prints(self, clerk, home, host):
        do = reverse("desk-do", args=["home", home.pk, "invite-visitor"])
        answer = clerk.post(do, given(home, host=host.pk))
        assert answer.status_code == 302
        row = Visit.objects.get()
        assert row.on_behalf
        assert row.host == host
        paper = reverse("desk-paper", args=["home", home.pk, "visitor-pass"])
        page = clerk.post(paper, {"visit": row.pk}).content.decode()
        assert row.name in page
        assert "<svg" in page

    def test_takes_a_pass_back(self, clerk, home, host):
        row = visit(home, host=host)
        do = reverse("desk-do", args=["person", host.pk, "revoke-visit"])
        assert clerk.post(f"{do}?row={row.pk}").status_code == 302
        row.refresh_from_db()
        assert row.revoked_at

    def test_names_what_is_wrong(self, clerk, home, host):
        do = reverse("desk-do", args=["person", host.pk, "invite-visitor"])
        assert clerk.post(do, given(home, ends="14:00")).status_code == 422
        assert not Visit.objects.exists()


def test_a_host_who_moved_out_invites_nobody(phone, home, host):
    Residency.objects.update(ended_on=timezone.localdate() - timedelta(days=1))
    assert phone.post(reverse("home-visit-new"), given(home)).status_code == 422
    assert not Visit.objects.exists()
