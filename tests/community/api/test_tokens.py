"""Personal tokens: bound to one compound, shown once, with an end, revocable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from community import operations
from community.account.operations import api_tokens as verbs
from community.account.operations import issue_api_token, revoke_api_token
from community.models import ApiToken, Event, Role
from parking.models import Vehicle
from residents.operations import add_person
from tests.community import factories
from tests.community.api.callers import forget_counts, program, signed_in, with_token
from tests.parking import cars

pytestmark = pytest.mark.django_db
CARS, ME = "/api/v1/vehicles/", "/api/v1/me/"


@pytest.fixture(autouse=True)
def _fresh():
    forget_counts()


@pytest.fixture
def compound():
    return factories.compound()


@pytest.fixture
def manager(compound):
    return factories.user("manager", at=compound)


def told(compound, kind: str) -> list[dict]:
    return list(
        Event.objects.filter(compound=compound, kind=kind).values_list("payload", flat=True)
    )


def test_the_text_is_kept_nowhere_and_the_hash_is_found(compound, manager):
    row, text = issue_api_token(manager, compound, name="Wall screen")
    assert text.startswith("linli_api_")
    kept = " ".join(map(str, ApiToken.objects.values_list().get()))
    assert text not in kept
    assert row.hint == text[-4:]
    assert with_token(text).get(ME).json()["roles"] == {compound.code: ["manager"]}
    assert told(compound, "user.token_issued") == [{"token": row.pk, "user": manager.pk}]


def test_a_read_token_reads_and_writes_nothing(compound, manager):
    caller = program(manager, compound, "read")
    assert caller.get(CARS).status_code == 200
    answer = caller.post(CARS, {"plate": cars.PLATE}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only_token")
    assert not Vehicle.objects.exists()


def test_a_write_token_needs_no_csrf_and_a_session_does(compound, manager):
    body = {"plate": cars.PLATE}
    assert program(manager, compound).post(CARS, body, format="json").status_code == 201
    strict = APIClient(enforce_csrf_checks=True)
    strict.force_login(manager)
    answer = strict.post(CARS, {"plate": cars.OTHER}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_a_token_counts_in_its_compound_only(compound, manager):
    there = factories.compound()
    Role.objects.create(user=manager, compound=there, role="manager")
    here, elsewhere = cars.car(compound), cars.car(there, cars.OTHER)
    caller = program(manager, compound)
    assert [row["plate"] for row in caller.get(CARS).json()["results"]] == [here.plate]
    assert caller.get(f"{CARS}{elsewhere.pk}/").status_code == 404
    assert caller.post(f"{CARS}{elsewhere.pk}/end/").status_code == 404
    body = {"plate": "皖A11111", "compound": there.code}
    assert caller.post(CARS, body, format="json").status_code == 400
    assert caller.get(ME).json()["roles"] == {compound.code: ["manager"]}


def test_ones_own_car_elsewhere_is_not_seen_with_a_token(compound):
    user = factories.user("resident", at=compound)
    there = factories.compound()
    cars.car(there, owner=add_person(compound=there, name="周闻达", user=user))
    assert len(signed_in(user).get(CARS).json()["results"]) == 1
    assert program(user, compound).get(CARS).json()["results"] == []


def test_a_token_of_the_operator_is_a_manager_of_one_compound(compound):
    operator = factories.user(is_superuser=True)
    cars.car(factories.compound())
    caller = program(operator, compound)
    assert caller.get(CARS).json()["results"] == []
    assert caller.get(ME).json()["roles"] == {compound.code: ["manager"]}
    assert caller.post(CARS, {"plate": cars.PLATE}, format="json").status_code == 201


@pytest.mark.parametrize("ending", ["expired", "revoked", "inactive", "roleless"])
def test_what_ends_a_token(compound, manager, ending):
    row, text = issue_api_token(manager, compound, name="x")
    caller = with_token(text)
    assert caller.get(ME).status_code == 200
    if ending == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif ending == "revoked":
        revoke_api_token(row, manager)
    elif ending == "inactive":
        type(manager).objects.update(is_active=False)
    else:
        operations.end_role(Role.objects.get(user=manager))
    answer = caller.get(ME)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert "Bearer" in answer["WWW-Authenticate"]


@pytest.mark.parametrize("text", ["", "x", "linli_api_", "linli_api_" + "x" * 300, "ü", "a b"])
def test_no_token_at_all(text):
    assert with_token(text).get(ME).status_code == 401


def test_the_last_use_is_noted_once_a_minute(compound, manager):
    row, text = issue_api_token(manager, compound, name="x")
    with_token(text).get(ME)
    row.refresh_from_db()
    first = row.last_used_at
    with_token(text).get(ME)
    row.refresh_from_db()
    assert first is not None
    assert row.last_used_at == first


def test_who_may_revoke(compound, manager):
    guard = factories.user("guard", at=compound)
    row, _text = issue_api_token(guard, compound, name="x")
    with pytest.raises(PermissionDenied):
        revoke_api_token(row, factories.user("guard", at=compound))
    with pytest.raises(PermissionDenied):
        revoke_api_token(row, factories.user("manager", at=factories.compound()))
    revoke_api_token(row, manager)
    revoke_api_token(row, manager)
    assert len(told(compound, "user.token_revoked")) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"scope": "all"}, "scope"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "expires_at"),
        ({"expires_at": timezone.now() + timedelta(days=9999)}, "expires_at"),
    ],
)
def test_bad_tokens_are_not_made(compound, manager, given, field):
    with pytest.raises(ValidationError) as refused:
        issue_api_token(manager, compound, **({"name": "x"} | given))
    assert field in refused.value.error_dict
    assert not ApiToken.objects.exists()


def test_there_is_an_end_to_tokens_and_none_without_a_role(compound, manager, monkeypatch):
    with pytest.raises(PermissionDenied):
        issue_api_token(manager, factories.compound(), name="x")
    monkeypatch.setattr(verbs, "MOST", 1)
    issue_api_token(manager, compound, name="x")
    with pytest.raises(ValidationError):
        issue_api_token(manager, compound, name="y")


@pytest.fixture
def page(manager):
    manager.set_password("korrekt-pferd-9")
    manager.save()
    client = Client(headers={"accept-language": "en"})
    client.force_login(manager)
    return client


def form_of(where, **changed):
    given = {"name": "Wall screen", "compound": where.pk, "scope": "read", "days": "30"}
    return given | {"password": "korrekt-pferd-9"} | changed


def test_it_is_made_shown_once_and_revoked_on_ones_own_page(page, compound):
    answer = page.post("/account/tokens/new/", form_of(compound))
    text = answer.content.decode().partition('id="new-token">')[2].partition("<")[0]
    assert with_token(text).get(ME).json()["scope"] == "read"
    shown = page.get("/account/").content.decode()
    assert "Wall screen" in shown
    assert text not in shown
    row = ApiToken.objects.get()
    assert timedelta(days=29) < row.expires_at - timezone.now() < timedelta(days=32)
    page.post(f"/account/tokens/{row.pk}/revoke/")
    assert with_token(text).get(ME).status_code == 401


@pytest.mark.parametrize(
    "bad", [{"password": "wrong"}, {"name": ""}, {"compound": 0}, {"days": "7"}]
)
def test_a_form_with_a_fault_makes_none(page, compound, bad):
    answer = page.post("/account/tokens/new/", form_of(compound, **bad))
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_nobody_revokes_on_somebody_elses_page(page, compound):
    row, _text = issue_api_token(factories.user("guard", at=compound), compound, name="x")
    assert page.post(f"/account/tokens/{row.pk}/revoke/").status_code == 404


def test_managers_see_and_revoke_tokens_in_the_office(page, compound):
    row, _text = issue_api_token(factories.user("guard", at=compound), compound, name="Screen 7")
    assert "Screen 7" in page.get("/admin/community/apitoken/").content.decode()
    detail = page.get(f"/admin/community/apitoken/{row.pk}/change/")
    assert detail.status_code == 200
    assert row.digest not in detail.content.decode()
