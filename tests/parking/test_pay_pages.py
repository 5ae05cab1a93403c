"""From the exit: the guard's card, the driver's phone, the office. Through addresses only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.handling import run_due
from community.models import Compound, Event, Lane
from parking import operations
from parking.models import Debt, ListEntry, Payment, PaymentNotice, Tariff
from parking.pay.tickets import pay_path
from parking.payments import simulated
from residents import operations as residents
from security.models import Passage
from tests.community import factories
from tests.parking import money
from tests.parking.cars import car
from tests.residents.test_notices import resident
from tests.security.gates import drive_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def compound() -> Compound:
    caches["shared"].clear()
    made = factories.compound()
    money.tariff(made)
    money.account(made)
    return made


@pytest.fixture
def exit_lane(compound) -> Lane:
    return factories.lane(compound, direction="exit")


def signed_in(role: str, compound: Compound) -> Client:
    client = Client()
    client.force_login(factories.user(role, at=compound))
    return client


def test_an_unpaid_car_waits_with_its_price_and_the_guard_takes_cash(compound, exit_lane):
    stay = money.inside(compound, 90)
    passage = drive_up(exit_lane, money.PLATE)
    assert (passage.code, passage.state, passage.facts["due"]) == ("exit_unpaid", "waiting", 1000)
    guard = signed_in("guard", compound)
    page = guard.get("/guard/").content.decode()
    assert "¥10.00" in page
    assert f"/guard/passages/{passage.pk}/pay-code/" in page
    assert b"<svg" in guard.get(f"/guard/passages/{passage.pk}/pay-code/").content
    wrong = guard.post(
        f"/guard/passages/{passage.pk}/cash/", {"fen": "999"}, HTTP_HX_REQUEST="true"
    )
    assert wrong.status_code == 409
    for _press in range(2):
        guard.post(f"/guard/passages/{passage.pk}/cash/", {"fen": "1000"}, HTTP_HX_REQUEST="true")
    passage.refresh_from_db()
    assert (passage.state, passage.reason) == ("opened", "paid")
    assert Payment.objects.get(stay=stay).amount_fen == 1000


def test_who_cannot_pay_leaves_with_a_debt_and_pays_later_on_the_phone(compound, exit_lane):
    stay = money.inside(compound, 90)
    passage = drive_up(exit_lane, money.PLATE)
    guard = signed_in("guard", compound)
    guard.post(
        f"/guard/passages/{passage.pk}/debt/", {"reason": "no_money"}, HTTP_HX_REQUEST="true"
    )
    passage.refresh_from_db()
    assert (passage.state, passage.reason) == ("opened", "unpaid")
    money.leave(stay)
    debt = Debt.objects.get()
    assert (debt.reason, debt.amount_fen, debt.plate) == ("no_money", 1000, money.PLATE)
    phone = Client()
    found = phone.post(f"/park/{compound.code}/", {"plate": money.PLATE})
    assert found["Location"].startswith("/park/stay/")
    phone.post(found["Location"], {"deed": "pay"})
    page = phone.get(found["Location"]).content.decode()
    payment = Payment.objects.get()
    assert payment.link in page
    phone.post(payment.link)
    debt.refresh_from_db()
    assert debt.settled_at is not None


def test_a_host_pays_on_the_phone_for_the_car_that_was_invited(compound, exit_lane):
    user = resident(compound, "3-2-1202", phone="13800001234")
    host, now = user.files.get(), timezone.now()
    visit = residents.invite(
        host.residencies.get().unit, name="赵青", host=host, plates=[money.PLATE],
        starts_at=now, ends_at=now + timedelta(hours=8),
    )  # fmt: skip
    stay = money.inside(compound, 90, visit=visit)
    assert drive_up(exit_lane, money.PLATE).code == "exit_unpaid"
    phone, stranger = Client(), Client()
    phone.force_login(user)
    stranger.force_login(resident(compound, "3-2-1203", phone="13800001235"))
    address = reverse("home-stay", args=[stay.pk])
    assert stranger.get(address).status_code == 404
    assert address in phone.get(reverse("home-stays")).content.decode()
    page = phone.get(address).content.decode()
    assert "¥10.00" in page
    assert pay_path(stay) in page
    phone.post(pay_path(stay), {"deed": "pay"})
    phone.post(Payment.objects.get(stay=stay).link)
    run_due()
    passage = Passage.objects.get(lane=exit_lane)
    assert (passage.state, passage.code) == ("opened", "exit_paid")


def test_a_driver_who_pays_while_waiting_is_opened_for(compound, exit_lane):
    stay = money.inside(compound, 90)
    passage = drive_up(exit_lane, money.PLATE)
    payment = operations.ask_payment(stay, "phone")
    money.told(payment)
    run_due()
    passage.refresh_from_db()
    assert (passage.state, passage.code, passage.command is not None) == (
        "opened",
        "exit_paid",
        True,
    )


def test_a_guard_who_opens_for_another_reason_leaves_a_debt_too(compound, exit_lane):
    money.inside(compound, 90)
    passage = drive_up(exit_lane, money.PLATE)
    guard = signed_in("guard", compound)
    guard.post(f"/guard/passages/{passage.pk}/open/", {"reason": "emergency"})
    run_due()
    assert Debt.objects.get().reason == "emergency"


def test_nobody_who_lives_here_is_held_and_what_they_owe_is_only_recorded(compound, exit_lane):
    own = car(compound, money.PLATE)
    stay = money.inside(compound, 90, vehicle=own)
    assert drive_up(exit_lane, money.PLATE, kind="unknown").state == "opened"
    money.leave(stay)
    assert Debt.objects.get().reason == "lives_here"


def test_short_stays_and_cars_that_are_free_drive_out(compound, exit_lane):
    money.inside(compound, 20, "皖A11111")
    money.inside(compound, 900, "皖A22222", parked_as="free")
    for plate in ("皖A11111", "皖A22222"):
        assert drive_up(exit_lane, plate).state == "opened"
    assert not ListEntry.objects.exists()


def test_a_residents_car_and_a_wrong_plate_show_nothing_and_tries_are_counted(compound):
    money.inside(compound, 90, vehicle=car(compound, money.PLATE))
    phone, url = Client(), f"/park/{compound.code}/"
    for plate in (money.PLATE, "x" * 10_000, "", "<b>", "皖A99999"):
        assert phone.post(url, {"plate": plate}).status_code == 422
    codes = [phone.post(url, {"plate": "皖A99999"}).status_code for _try in range(10)]
    assert codes[-1] == 429


def test_a_ticket_that_we_did_not_sign_leads_nowhere(compound):
    path = pay_path(money.inside(compound))
    assert Client().get(path).status_code == 200
    assert Client().get(path[:-3] + "xx/").status_code == 404
    assert Client().get("/park/stay/1/").status_code == 404


def test_the_providers_door_books_what_it_signed_and_refuses_the_rest(compound):
    payment = operations.ask_payment(money.inside(compound, 90), "code")
    headers, body = money.paid(payment)
    sent = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()}
    url = f"/park/notices/{payment.account.secret}/"
    send = {"content_type": "application/json", "data": body}
    door = Client(enforce_csrf_checks=True)
    assert door.post(url, **send).status_code == 400
    assert door.post("/park/notices/none/", **send, **sent).status_code == 404
    assert [door.post(url, **send, **sent).status_code for _time in range(2)] == [200, 200]
    assert PaymentNotice.objects.count() == 1


def test_a_receipt_is_a_pdf_with_the_lines(compound):
    stay = money.inside(compound, 90)
    money.told(operations.ask_payment(stay, "phone"))
    answer = Client().post(f"{pay_path(stay)}receipt/", {"title": "合肥某某公司"})
    file = Client().get(answer["Location"])
    assert file.content.startswith(b"%PDF")
    assert len(file.content) > 5000


def test_a_manager_draws_up_a_tariff_sees_examples_and_switches_it_on(compound):
    manager = signed_in("manager", compound)
    day = timezone.localdate() + timedelta(days=1)
    given = {
        "name": "新标准", "starts_on": day.isoformat(), "grace_minutes": "15",
        "day_counts": "calendar", "residents_free": "on", "r-free_minutes": "30",
        "r-workdays-0-start": "07:00", "r-workdays-0-end": "22:00", "r-workdays-0-step": "2.5",
        "r-workdays-0-step_minutes": "30",
    }  # fmt: skip
    refused = manager.post("/desk/parking/tariffs/new/", given)
    assert refused.status_code == 422
    assert "22:00" in refused.content.decode()
    night = {"r-workdays-1-start": "22:00", "r-workdays-1-end": "07:00", "r-workdays-1-step": "8"}
    saved = manager.post("/desk/parking/tariffs/new/", given | night)
    money.leave(money.inside(compound, 90))
    page = manager.get(saved["Location"]).content.decode()
    assert "¥10.00" in page  # two hours at 2.5 for each half hour
    tariff = Tariff.objects.get(name="新标准")
    manager.post(f"/desk/parking/tariffs/{tariff.pk}/on/")
    tariff.refresh_from_db()
    assert tariff.switched_on_at is not None
    assert Event.objects.filter(kind="parking.tariff_on").exists()
    assert signed_in("cashier", compound).post(saved["Location"], given).status_code == 403


def test_the_till_and_the_comparison_have_pages(compound):
    cashier = signed_in("cashier", compound)
    cashier.post("/desk/parking/till/")
    bad = cashier.post("/desk/parking/till/", {"counted": "viel"})
    assert bad.status_code == 422
    assert cashier.post("/desk/parking/till/", {"counted": "12.5"}).status_code == 302
    payment = operations.ask_payment(money.inside(compound, 90), "code")
    simulated.pay(payment.account_id, payment.number)
    today = timezone.localdate().isoformat()
    cashier.post("/desk/parking/reconciliation/", {"day": today})
    page = cashier.get("/desk/parking/reconciliation/").content.decode()
    assert payment.number in page
    for day in ("", "2999-01-01", "x" * 10_000):
        assert cashier.post("/desk/parking/reconciliation/", {"day": day}).status_code == 422


def test_without_a_payment_account_the_page_of_days_leads_to_one(compound):
    compound.payment_accounts.update(is_active=False)
    url, way = "/desk/parking/reconciliation/", "/admin/parking/paymentaccount/"
    manager = signed_in("manager", compound)
    page = manager.get(url).content.decode()
    # The menu of the office leads there as well: the page itself is meant.
    assert f'class="l-btn l-btn--main" href="{way}"' in page
    assert 'name="day"' not in page
    assert manager.post(url, {"day": "2026-01-05"}).status_code == 422
    assert f'l-btn--main" href="{way}"' not in signed_in("desk", compound).get(url).content.decode()


def test_money_is_shown_in_the_office_and_given_back(compound):
    payment = operations.ask_payment(money.inside(compound, 90), "code")
    money.told(payment)
    office = signed_in("manager", compound)
    url = f"/admin/parking/payment/{payment.pk}/change/"
    assert "¥10.00" in office.get("/admin/parking/payment/").content.decode()
    assert office.get(url).status_code == 200
    assert Passage.objects.count() == 0


def test_a_phones_link_says_where_it_comes_from_and_is_asked_for_anew_when_it_is_old(compound):
    """The wallet's page refuses phones that do not say so; its link lives for five minutes."""
    stay = money.inside(compound, 90)
    phone = Client()
    phone.post(pay_path(stay), {"deed": "pay"})
    first = Payment.objects.get()
    page = phone.get(pay_path(stay)).content.decode()
    assert f'href="{first.link}" referrerpolicy="origin"' in page
    state = f"{pay_path(stay)}state/"
    assert phone.get(state).json() == {"due": 1000, "opens": True}
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=4, seconds=5))
    assert phone.get(state).json() == {"due": 1000, "opens": False}
    assert first.link not in phone.get(pay_path(stay)).content.decode()
    phone.post(pay_path(stay), {"deed": "pay"})
    first.refresh_from_db()
    second = Payment.objects.get(state="waiting")
    assert (first.state, second.pk != first.pk) == ("closed", True)


def test_the_wallet_names_the_ticket_of_a_car_without_a_plate(compound, monkeypatch):
    ticket = operations.make_ticket(compound=compound)
    stay = money.inside(compound, 90, plate="", plate_kind="unknown", ticket=ticket)
    placed: list[str] = []
    place = simulated.Simulated.place
    monkeypatch.setattr(
        simulated.Simulated, "place",
        lambda self, order: placed.append(order.about) or place(self, order),
    )  # fmt: skip
    operations.ask_payment(stay, "phone")
    assert ticket.number in placed[0]
