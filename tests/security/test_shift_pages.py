"""The pages of a change of shift: signing at another's screen, taking the screen over."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.account import operations as account
from community.account.operations import sign_ins
from community.models import Authenticator, BrowserSession, Compound, Event
from security.models import Handover
from security.operations import shifts
from tests.community import factories
from tests.security.duty import PASSWORD, guard
from tests.security.gates import gate, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Compound:
    cache.clear()
    return gate(name="南门入口").compound


@pytest.fixture
def leaves(here):
    return guard(here, "陈国栋")


@pytest.fixture
def comes(here):
    return guard(here, "马小军")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def desk(leaves) -> Client:
    return signed_in(leaves)


@pytest.fixture
def held(here, leaves) -> Handover:
    return shifts.sign_handover(shifts.prepare_handover(here, leaves, "keys in the drawer"), leaves)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def accept(client: Client, held: Handover, **values: Any):
    return client.post(reverse("guard-handover-accept", args=[held.pk]), values)


def change(client: Client, **values: Any):
    return client.post(reverse("guard-change"), values, headers={"HX-Request": "true"})


# ── handing over ──────────────────────────────────────────────────────────────────────────────


def test_notes_are_kept_and_signed_from_one_page(desk, here):
    assert "No alert is open" in text(desk.get("/guard/shift/"))
    desk.post("/guard/shift/", {"note": "a removal van at ten", "deed": "save"})
    held = Handover.objects.get()
    assert held.state == "prepared"
    assert "a removal van at ten" in text(desk.get("/guard/shift/"))
    answer = desk.post("/guard/shift/", {"note": held.note, "deed": "sign"})
    assert answer["Location"] == f"/guard/shift/{held.pk}/"
    assert desk.get("/guard/shift/")["Location"] == f"/guard/shift/{held.pk}/"


def test_the_next_guard_signs_with_the_own_password_at_the_same_screen(desk, held, comes):
    answer = accept(desk, held, guard=comes.pk, secret=PASSWORD, remark="radio is flat")
    assert answer.status_code == 302
    held.refresh_from_db()
    assert (held.incoming, held.remark) == (comes, "radio is flat")
    page = text(desk.get(answer["Location"]))
    assert "radio is flat" in page
    assert "Go on at this desk as 马小军" in page


def test_a_wrong_password_signs_nothing_and_is_told(desk, held, comes, here):
    answer = accept(desk, held, guard=comes.pk, secret="guessed")
    assert answer.status_code == 422
    assert "not the password" in text(answer)
    held.refresh_from_db()
    assert held.state == "signed"
    refused = Event.objects.get(kind="guard.change_refused")
    assert refused.payload == {"user": comes.pk, "code": "wrong"}


def test_a_code_of_the_app_signs_too(desk, held, comes, monkeypatch):
    secret = account.begin_codes(comes).secret
    from django_otp.oath import TOTP

    totp = TOTP(bytes.fromhex(secret), sign_ins.STEP_S, digits=sign_ins.DIGITS)
    account.confirm_codes(comes, f"{totp.token():06}")
    # The next half minute: each code counts once.
    later = TOTP(bytes.fromhex(secret), sign_ins.STEP_S, digits=sign_ins.DIGITS)
    later.time += sign_ins.STEP_S
    assert accept(desk, held, guard=comes.pk, secret="000000").status_code == 422
    Authenticator.objects.update(throttling_failure_count=0)
    accept(desk, held, guard=comes.pk, secret=f"{later.token():06}")
    held.refresh_from_db()
    assert held.incoming == comes


def test_who_signed_as_leaving_is_no_choice(desk, held, leaves, comes):
    answer = accept(desk, held, guard=leaves.pk, secret=PASSWORD)
    assert answer.status_code == 422
    stranger = guard(gate().compound, "外人")
    assert accept(desk, held, guard=stranger.pk, secret=PASSWORD).status_code == 422
    held.refresh_from_db()
    assert held.state == "signed"


def test_the_second_of_two_is_told_who_was_first(desk, held, comes, here):
    third = guard(here, "老秦")
    shifts.accept_handover(held, third)
    answer = accept(desk, held, guard=comes.pk, secret=PASSWORD)
    assert answer.status_code == 409
    assert "老秦 has already taken this shift over" in text(answer)


def test_another_compounds_handover_is_no_page(held):
    stranger = signed_in(guard(gate().compound, "外人"))
    for name in ("guard-handover", "guard-handover-accept", "guard-handover-withdraw"):
        method = stranger.get if name == "guard-handover" else stranger.post
        assert method(reverse(name, args=[held.pk])).status_code == 404
    assert "keys in the drawer" not in text(stranger.get("/guard/shift/history/"))


def test_handovers_are_found_by_name_words_state_and_day(desk, held, comes):
    shifts.accept_handover(held, comes)
    for query, found in (
        ("", True),
        ("?q=马", True),
        ("?q=drawer", True),
        ("?q=nobody", False),
        ("?state=accepted", True),
        ("?state=withdrawn", False),
        ("?until=2020-01-01", False),
        ("?since=nonsense", True),
        ("?page=99", True),
    ):
        page = text(desk.get(f"/guard/shift/history/{query}"))
        assert ("keys in the drawer" in page) is found, query


@pytest.mark.parametrize("form", ["csv", "xlsx", "exe"])
def test_the_list_is_taken_away(desk, held, form):
    answer = desk.get(f"/guard/shift/history/?format={form}")
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content[:2] == (b"PK" if form == "xlsx" else b"\xef\xbb")


# ── another guard at this screen ──────────────────────────────────────────────────────────────


def test_the_other_guard_takes_the_screen_and_the_old_session_ends(desk, leaves, comes, here):
    old = desk.session.session_key
    answer = change(desk, guard=comes.pk, password=PASSWORD)
    news = json.loads(answer["HX-Trigger"])["guard-changed"]
    assert news["name"] == "马小军"
    assert news["token"]
    assert not BrowserSession.objects.filter(session_key=old).exists()
    assert BrowserSession.objects.get().user == comes
    assert "马小军" in text(desk.get("/guard/"))
    told_event = Event.objects.get(kind="guard.changed")
    assert (told_event.actor, told_event.payload) == (comes, {"previous": leaves.pk})


def test_the_compound_in_use_stays(desk, leaves, here):
    other = gate().compound
    both = guard(other, "两处")
    factories.Role.objects.create(user=both, compound=here, role="guard")
    change(desk, guard=both.pk, password=PASSWORD)
    assert desk.session["compound"] == here.pk


def test_the_new_token_counts_and_the_old_one_no_more(leaves, comes):
    client = Client(enforce_csrf_checks=True)
    client.force_login(leaves)
    page = client.get("/guard/").content.decode()
    token = re.search(r'X-CSRFToken": "(\w+)"', page)[1]
    headers = {"HX-Request": "true", "X-CSRFToken": token}
    values = {"guard": comes.pk, "password": PASSWORD}
    assert client.post("/guard/change/", values).status_code == 403
    answer = client.post("/guard/change/", values, headers=headers)
    fresh = json.loads(answer["HX-Trigger"])["guard-changed"]["token"]
    back = {"guard": leaves.pk, "password": PASSWORD}
    assert client.post("/guard/change/", back, headers=headers).status_code == 403
    answer = client.post("/guard/change/", back, headers=headers | {"X-CSRFToken": fresh})
    assert answer.status_code == 200


def test_wrong_passwords_lock_out_as_at_sign_in(desk, comes, here, settings):
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT = True, 3
    for _ in range(3):
        answer = change(desk, guard=comes.pk, password="guessed")
    assert answer.status_code == 422
    assert "Too many wrong tries" in text(answer)
    answer = change(desk, guard=comes.pk, password=PASSWORD)
    assert "Too many wrong tries" in text(answer)
    # The same name is locked out at the sign-in page too, from this machine.
    at_door = Client().post("/sign-in/", {"username": comes.username, "password": PASSWORD})
    assert at_door.status_code == 429
    assert desk.get("/guard/").status_code == 200
    assert told(here, "guard.") == ["guard.change_refused"] * 2


def test_failures_at_sign_in_count_here(desk, comes, settings):
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT = True, 2
    for _ in range(2):
        Client().post("/sign-in/", {"username": comes.username, "password": "guessed"})
    assert "Too many wrong tries" in text(change(desk, guard=comes.pk, password=PASSWORD))


def test_who_uses_an_app_needs_its_code_too(desk, comes):
    from django_otp.oath import TOTP

    totp = TOTP(bytes.fromhex(account.begin_codes(comes).secret), sign_ins.STEP_S)
    account.confirm_codes(comes, f"{totp.token():06}")
    answer = change(desk, guard=comes.pk, password=PASSWORD)
    assert "Enter the code" in text(answer)
    assert change(desk, guard=comes.pk, password=PASSWORD, code="000000").status_code == 422
    Authenticator.objects.update(throttling_failure_count=0)
    totp.time += sign_ins.STEP_S
    answer = change(desk, guard=comes.pk, password=PASSWORD, code=f"{totp.token():06}")
    assert "HX-Trigger" in answer


@pytest.mark.parametrize("who", ["", "0", "999999999999999999999", "nobody"])
def test_a_name_that_is_not_on_the_list_is_refused_in_words(desk, who):
    answer = change(desk, guard=who, password=PASSWORD)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_without_scripts_the_page_does_the_same(desk, comes):
    assert desk.get("/guard/change/").status_code == 200
    answer = desk.post("/guard/change/", {"guard": comes.pk, "password": PASSWORD})
    assert answer["Location"] == "/guard/"
    assert desk.session["_auth_user_id"] == str(comes.pk)


def test_pages_ask_a_fixed_number_of_questions(desk, held, here, comes):
    for number in range(12):
        other = guard(here, f"g{number}")
        shifts.accept_handover(
            shifts.sign_handover(shifts.prepare_handover(here, other), other), comes
        )
    for url in ("/guard/shift/history/", f"/guard/shift/{held.pk}/", "/guard/change/"):
        desk.get(url)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            desk.get(url)
        assert len(asked) <= 20, url
