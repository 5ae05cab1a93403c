"""The first account: with the terminal's code, once, whoever else tries."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.test import Client

from community.first_start import operations
from community.first_start.operations import AlreadyStarted, CodeRefused, create_operator
from community.models import User
from tests.community import factories

WHO = {"username": "operator", "password": "plane-tree-7", "name": "", "language": "en"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_the_code_makes_one_operator(folder: Path) -> None:
    code = operations.issue_code()
    kept = (folder / "keys" / "first-start").read_text()
    assert code not in kept
    assert code.replace("-", "") not in kept
    user = create_operator(code.upper().replace("-", " "), **WHO)
    assert user.is_superuser
    assert user.check_password(WHO["password"])
    with pytest.raises(AlreadyStarted):
        create_operator(code, **{**WHO, "username": "second"})
    assert User.objects.count() == 1


def test_without_a_code_nobody_gets_in() -> None:
    with pytest.raises(CodeRefused, match="void"):
        create_operator("", **WHO)
    operations.issue_code()
    with pytest.raises(CodeRefused, match="wrong"):
        create_operator("", **WHO)
    assert not User.objects.exists()


def test_ten_wrong_codes_void_the_right_one() -> None:
    code = operations.issue_code()
    for _ in range(operations.TRIES):
        with pytest.raises(CodeRefused):
            create_operator("aaaaa-aaaaa", **WHO)
    with pytest.raises(CodeRefused, match="void"):
        create_operator(code, **WHO)
    assert create_operator(operations.issue_code(), **WHO).is_superuser


def test_a_newer_code_voids_the_older() -> None:
    old, new = operations.issue_code(), operations.issue_code()
    with pytest.raises(CodeRefused):
        create_operator(old, **WHO)
    assert create_operator(new, **WHO)


def test_an_empty_installation_leads_to_its_first_page(client: Client) -> None:
    code = operations.issue_code()
    assert client.get("/sign-in/").headers["Location"] == "/first-start/"
    weak = client.post("/first-start/", {"code": code, **WHO, "password": "short"})
    assert weak.status_code == 422
    assert "id_password_error" in weak.content.decode()
    wrong = client.post("/first-start/", {"code": "wrong", **WHO})
    assert "id_code_error" in wrong.content.decode()
    assert not User.objects.exists()
    answer = client.post("/first-start/", {"code": code, **WHO})
    assert answer.headers["Location"] == "/setup/"
    assert client.get("/setup/").headers["Location"] == "/setup/new/"


def test_with_users_the_door_is_gone(client: Client) -> None:
    code = operations.issue_code()
    factories.user()
    assert client.get("/first-start/").headers["Location"] == "/sign-in/"
    client.post("/first-start/", {"code": code, **WHO})
    assert User.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("first_code")


@pytest.mark.django_db(transaction=True)
def test_two_who_come_at_once_make_one_account() -> None:
    code = operations.issue_code()
    ends: list[str] = []

    def come(name: str) -> None:
        try:
            ends.append(create_operator(code, **{**WHO, "username": name}).username)
        except AlreadyStarted:
            ends.append("late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=(f"op{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert ends.count("late") == 3
    assert User.objects.count() == 1
