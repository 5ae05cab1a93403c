"""Pages of money: what the editor keeps, what a driver is told, the demo's books."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from community.models import Compound
from parking import operations
from parking.demo import books
from parking.demo import money as demo_money
from parking.models import CashShift, Charge, Debt, Reconciliation, Refund, Tariff
from parking.pay.tickets import pay_path
from tests.community import factories
from tests.parking import money

pytestmark = pytest.mark.django_db
URL = "/desk/parking/tariffs/"


@pytest.fixture
def compound() -> Compound:
    caches["shared"].clear()
    return factories.compound()


@pytest.fixture
def manager(compound) -> Client:
    client = Client()
    client.force_login(factories.user("manager", at=compound))
    return client


def given(hours: list[str], prefix: str = "r", **more: str) -> dict[str, str]:
    """A form whose windows lie between these hours, the last one ending where the first began."""
    found = {
        "name": "六个时段", "starts_on": (timezone.localdate() + timedelta(days=1)).isoformat(),
        "grace_minutes": "15", "day_counts": "calendar",
    }  # fmt: skip
    for number, (start, end) in enumerate(zip(hours, [*hours[1:], hours[0]], strict=True)):
        row = f"{prefix}-workdays-{number}-"
        found |= {f"{row}start": start, f"{row}end": end, f"{row}step": str(number + 1)}
    return found | more


def test_all_windows_of_a_day_survive_an_edit(manager):
    hours = ["00:00", "06:00", "09:00", "12:00", "18:00", "22:00"]
    saved = manager.post(f"{URL}new/", given(hours))["Location"]
    page = manager.get(saved).content.decode()
    assert 'name="r-workdays-5-start" value="22:00"' in page
    manager.post(saved, given(hours, source="业主大会"))
    kept = Tariff.objects.get(source="业主大会").rules["rates"][0]["workdays"]
    assert [(each["from"], each["step_fen"]) for each in kept][-1] == ("22:00", 600)


def test_a_price_without_its_hours_is_not_lost_without_a_word(manager):
    answer = manager.post(f"{URL}new/", given(["00:00"]) | {"r-workdays-1-step": "3"})
    assert answer.status_code == 422
    assert "请填写这个时段的起止时间。" in answer.content.decode()
    assert not Tariff.objects.exists()


def test_a_hole_in_the_rate_of_new_energy_cars_says_so(manager):
    green = {"g-workdays-0-start": "07:00", "g-workdays-0-end": "22:00", "new_energy": "on"}
    page = manager.post(f"{URL}new/", given(["00:00"]) | green).content.decode()
    assert "平日（新能源车）的 00:00 至 07:00 没有规定" in page


def test_a_version_in_force_is_read_in_words_and_begins_the_next_one(manager, compound):
    row = money.tariff(compound, demo_money.RULES)
    page = manager.get(f"{URL}{row.pk}/").content.decode()
    for text in ("22:00–07:00", "前 60 分钟 ¥5.00", "每 60 分钟 ¥3.00", "每日封顶 ¥30.00"):
        assert text in page
    fresh = manager.get(f"{URL}new/?from={row.pk}").content.decode()
    assert 'name="g-workdays-1-start" value="22:00"' in fresh
    other = money.tariff(factories.compound(), demo_money.RULES)
    # Whole amounts are written out, not as powers of ten.
    assert 'name="g-cap_day" value="20"' in fresh
    for start in (other.pk, "x", "9" * 30):
        empty = manager.get(f"{URL}new/?from={start}").content.decode()
        assert 'value="22:00"' not in empty


def test_a_driver_is_told_why_something_is_due_and_keeps_what_was_typed(compound):
    money.tariff(compound)
    money.account(compound)
    stay = money.inside(compound, 90)
    wrong = Client().post(pay_path(stay), {"deed": "coupon", "code": "NONE77"})
    assert 'value="NONE77"' in wrong.content.decode()
    money.told(operations.ask_payment(stay, "phone"))
    stay.entered_at -= timedelta(hours=3)
    stay.save(update_fields=["entered_at"])
    Charge.objects.filter(stay=stay).update(paid_until=timezone.now() - timedelta(hours=1))
    assert "付款后的离场时间已过" in Client().get(pay_path(stay)).content.decode()
    gone = money.leave(money.inside(compound, 90, "皖A55555"))
    assert "离场时还没有付费" in Client().get(pay_path(gone)).content.decode()


def test_the_demos_books_tell_a_story(monkeypatch: Any, compound):
    monkeypatch.setattr(books, "MAIN", compound.code)
    for name in ("guard", "guard2", "manager"):
        row = factories.user("manager", at=compound)
        row.username = name
        row.save()
    demo_money.load(compound)
    plates = [row[0] for row in books.DEBTS]
    assert Debt.objects.of(compound).open().filter(plate__in=plates).count() == len(plates) - 1
    assert CashShift.objects.of(compound).filter(closed_at=None).count() == 1
    assert Refund.objects.get().state == "done"
    found = [row.differences for row in Reconciliation.objects.of(compound) if row.differences]
    assert [[each["why"] for each in row] for row in found] == [["notice_missing"]]
