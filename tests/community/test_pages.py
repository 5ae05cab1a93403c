"""Signing in and out, landing by role, language and compound."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from community.models import User
from tests.community import factories

pytestmark = pytest.mark.django_db
PASSWORD = "wide-gate-7-lime"


@pytest.fixture
def compound():
    return factories.compound("梧桐苑")


def person(*roles: str, at: Any, **fields: Any) -> User:
    user = factories.user(*roles, at=at, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, user: User, **values: str):
    sent = {"username": user.username, "password": PASSWORD, **values}
    return client.post(reverse("sign-in"), sent)


@pytest.mark.parametrize(
    ("roles", "door"),
    [(("guard",), "/guard/"), (("desk",), "/admin/"), (("installer", "cashier"), "/admin/")],
)
def test_each_role_comes_to_its_own_door(client, compound, roles, door):
    sign_in(client, person(*roles, at=compound))
    assert client.get("/")["Location"] == door


def test_who_has_several_doors_chooses(client, compound):
    other = factories.compound("海棠里")
    manager = person("manager", at=compound)
    factories.Role.objects.create(user=manager, compound=other, role="guard")
    sign_in(client, manager)
    page = client.get("/").content.decode()
    assert page.count('class="s-place"') == 3
    assert "梧桐苑" in page
    assert "海棠里" in page


def test_somebody_without_a_role_is_told_what_to_do(client, compound):
    sign_in(client, person(at=compound))
    client.cookies["django_language"] = "en"
    page = client.get("/").content.decode()
    assert "holds no role" in page


def test_a_wrong_password_says_so_and_keeps_the_name(client, compound):
    user = person("guard", at=compound)
    client.cookies["django_language"] = "en"
    page = sign_in(client, user, password="wrong").content.decode()
    assert "do not belong together" in page
    assert f'value="{user.username}"' in page
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "javascript:x"])
def test_signing_in_leads_to_our_own_pages_only(client, compound, target):
    answer = sign_in(client, person("guard", at=compound), next=target)
    assert answer["Location"] == "/"
    answer = client.post(reverse("language"), {"language": "en", "next": target})
    assert answer["Location"] == "/"


def test_too_many_wrong_passwords_pause_the_name(client, compound, settings):
    settings.AXES_ENABLED = True
    user = person("guard", at=compound)
    client.cookies["django_language"] = "en"
    answers = [
        sign_in(client, user, password=f"wrong {number}")
        for number in range(django_settings.AXES_FAILURE_LIMIT)
    ]
    assert answers[-1].status_code == 429
    assert "15 minutes" in answers[-1].content.decode()
    assert sign_in(client, user).status_code == 429


def test_the_admins_own_sign_in_page_is_ours(client):
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/sign-in/?next=/admin/"


def test_signing_out_ends_the_session_and_takes_a_post(client, compound):
    sign_in(client, person("guard", at=compound))
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out"))["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_the_chosen_language_stays_with_the_person(client, compound):
    user = person("guard", at=compound)
    sign_in(client, user)
    client.post(reverse("language"), {"language": "en"})
    user.refresh_from_db()
    assert user.language == "en"
    client.post(reverse("sign-out"))
    client.cookies["django_language"] = "zh-hans"
    assert sign_in(client, user).cookies["django_language"].value == "en"


def test_an_unknown_language_changes_nothing(client, compound):
    user = person("guard", at=compound)
    sign_in(client, user)
    client.post(reverse("language"), {"language": "x" * 500})
    user.refresh_from_db()
    assert user.language == "zh-hans"


def test_the_compound_is_chosen_among_ones_own(client, compound):
    mine, foreign = factories.compound(), factories.compound()
    user = person("guard", at=compound)
    factories.Role.objects.create(user=user, compound=mine, role="guard")
    sign_in(client, user)
    client.post(reverse("compound"), {"compound": mine.pk})
    assert client.session["compound"] == mine.pk
    for wrong in (foreign.pk, "", "x", "9" * 40):
        assert client.post(reverse("compound"), {"compound": wrong}).status_code == 404
    assert client.session["compound"] == mine.pk


@pytest.mark.parametrize("path", ["/nothing/here/", "/guard/pictures/1/x"])
def test_an_address_that_leads_nowhere_says_so_in_our_words(client, path):
    client.cookies["django_language"] = "en"
    answer = client.get(path)
    assert answer.status_code == 404
    assert "leads nowhere" in answer.content.decode()


def test_the_page_for_faults_needs_nothing_that_may_be_broken():
    from django.template.loader import render_to_string

    assert "l-card" in render_to_string("500.html")
