"""The office's pages of coupons, accounts and corrections: yuan and words, never fen or codes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Compound
from parking import operations
from parking.models import Coupon, PaymentAccount, Stay
from parking.provider_words import sentence
from tests.community import factories
from tests.parking import money

pytestmark = pytest.mark.django_db


@pytest.fixture
def compound() -> Compound:
    return factories.compound()


@pytest.fixture
def manager(compound) -> Client:
    client = Client()
    client.force_login(factories.user("manager", at=compound))
    return client


def typed(kind: str, value: str) -> dict[str, Any]:
    day = timezone.localdate()
    return {
        "kind": kind, "new_value": value, "giver": "鲜果店", "code": "", "most_uses": "1",
        "valid_from_0": str(day), "valid_from_1": "00:00",
        "valid_until_0": str(day + timedelta(days=1)), "valid_until_1": "00:00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "stored", "shown"),
    [("off", "5.50", 550, "¥5.50"), ("minutes", "90", 90, "90 分钟"), ("percent", "20", 20, "20%")],
)
def test_a_coupon_is_given_as_people_say_it(manager, kind, value, stored, shown):
    answer = manager.post(reverse("admin:parking_coupon_add"), typed(kind, value))
    assert answer.status_code == 302
    row = Coupon.objects.get()
    assert (row.kind, row.value) == (kind, stored)
    page = manager.get(reverse("admin:parking_coupon_change", args=[row.pk])).content.decode()
    assert shown in page


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("off", "20000", "最多 ¥10,000.00"),
        ("minutes", "1.5", "请填写整数"),
        ("percent", "", "1 到 100"),
    ],
)
def test_what_a_coupon_cannot_give_is_said_under_the_field(manager, kind, value, told):
    answer = manager.post(reverse("admin:parking_coupon_add"), typed(kind, value))
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not Coupon.objects.exists()


def test_the_office_reads_what_a_provider_refused_in_words(manager, compound):
    account = money.account(compound)
    PaymentAccount.objects.filter(pk=account.pk).update(trouble="no_auth")
    listed = manager.get(reverse("admin:parking_paymentaccount_changelist")).content.decode()
    compared = manager.get(reverse("parking-reconciliation")).content.decode()
    for page in (listed, compared):
        assert "请到商户平台申请开通" in page
        assert "no_auth" not in page
    operations.reconcile(account, timezone.localdate() - timedelta(days=1))
    account.refresh_from_db()
    assert (account.trouble, sentence("")) == ("", "")


def test_a_correction_of_a_stay_is_told_in_words(manager, compound):
    stay = money.inside(compound, 90)
    earlier = stay.entered_at - timedelta(minutes=30)
    operations.correct_stay(stay, entered_at=earlier, parked_as="free", reason="看错时间")
    page = manager.get(reverse("admin:parking_stay_change", args=[stay.pk])).content.decode()
    at = timezone.localtime(earlier).strftime("%Y-%m-%d %H:%M")
    assert f"→ {at}" in page
    assert "entered_at" not in page.split("看错时间")[0][-2000:]


def test_an_exit_alone_is_put_together_with_its_entry_in_the_office(manager, compound):
    came = money.inside(compound, 90, plate="皖A90C81")
    alone = Stay.objects.create(
        compound=compound, plate="皖A9DC81", left_at=timezone.now(), exit_passage=7, assumed=True
    )
    deed = reverse("admin:parking_stay_join", args=[alone.pk])
    page = manager.get(reverse("admin:parking_stay_change", args=[alone.pk])).content.decode()
    assert deed in page
    assert "皖A90C81" in manager.get(deed).content.decode()
    answer = manager.post(deed, {"_form_submitted": "on", "stay": str(came.pk)})
    assert answer["Location"] == reverse("admin:parking_stay_change", args=[came.pk])
    came.refresh_from_db()
    assert (came.exit_passage, came.left_at) == (7, alone.left_at)
    assert not Stay.objects.filter(pk=alone.pk).exists()
    whole = reverse("admin:parking_stay_join", args=[came.pk])
    assert "场内没有车牌相近的车" in manager.get(whole).content.decode()
    page = manager.get(reverse("admin:parking_stay_change", args=[came.pk])).content.decode()
    assert whole not in page
