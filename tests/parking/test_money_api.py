"""What programs ask of money and room: a price, a payment, a sign at the entrance."""

from __future__ import annotations

import pytest

from parking.models import Area, Charge, Payment
from tests.community import factories
from tests.community.api.callers import browser, forget_counts, program
from tests.parking import money

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def compound():
    forget_counts()
    found = factories.compound()
    money.tariff(found)
    money.account(found)
    return found


def test_a_price_is_told_and_its_payment_asked_for_once(compound):
    stay = money.inside(compound, 150)
    caller = program(factories.user("cashier", at=compound), compound)
    told = caller.get(f"{API}/parking-prices/{stay.pk}/").json()
    assert (told["total_fen"], told["due_fen"], told["grace_until"]) == (1500, 1500, None)
    assert sum(line["fen"] for line in told["lines"]) == 1500
    body = {"stay": stay.pk, "way": "code"}
    asked = [caller.post(f"{API}/parking-payments/", body, format="json") for _time in range(2)]
    first, second = (answer.json() for answer in asked)
    assert (asked[0].status_code, first["id"], first["amount_fen"]) == (201, second["id"], 1500)
    assert first["link"]
    money.told(Payment.objects.get())
    told = caller.get(f"{API}/parking-prices/{stay.pk}/").json()
    assert (told["paid_fen"], told["due_fen"], bool(told["grace_until"])) == (1500, 0, True)
    again = caller.post(f"{API}/parking-payments/", body, format="json")
    assert (again.status_code, list(again.json()["fields"])) == (400, ["stay"])


@pytest.mark.parametrize(
    "harm", [{"way": "cash"}, {"way": "x" * 10_000}, {"stay": -1}, {"stay": 2**70}, {"stay": "x"}]
)
def test_what_is_asked_wrongly_is_said_and_changes_nothing(compound, harm):
    body = {"stay": money.inside(compound).pk, "way": "code"} | harm
    answer = browser("desk", at=compound).post(f"{API}/parking-payments/", body, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(harm))
    assert not Payment.objects.exists()
    assert not Charge.objects.exists()


def test_another_compounds_stay_is_not_there_and_who_takes_no_money_learns_no_price(compound):
    stay = money.inside(compound)
    stranger = browser("manager", at=factories.compound())
    assert stranger.get(f"{API}/parking-prices/{stay.pk}/").status_code == 404
    body = {"stay": stay.pk, "way": "code"}
    answer = stranger.post(f"{API}/parking-payments/", body, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["stay"])
    assert browser("installer", at=compound).get(
        f"{API}/parking-prices/{stay.pk}/"
    ).status_code in (403, 404)
    assert not Payment.objects.exists()


def test_a_sign_is_told_how_many_places_are_free(compound):
    area = Area.objects.create(compound=compound, name="全部", whole=True, capacity=2, visitors=1)
    money.inside(compound)
    reading = program(factories.user("guard", at=compound), compound, "read")
    told = reading.get(f"{API}/parking-areas/{area.pk}/").json()
    seen = {name: told[name] for name in ("inside", "free", "free_for_visitors", "full")}
    assert seen == {"inside": 1, "free": 1, "free_for_visitors": 0, "full": True}
