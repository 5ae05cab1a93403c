"""A locker's doors in the guard's feed: forced, left open, shut again; codes tried."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from community import handling
from parcels import operations
from parcels.models import LockerBank
from security import alerts
from security.models import Alert
from tests.community import factories
from tests.parcels.lockers import stand

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def test_a_forced_compartment_is_an_alert_until_it_is_shut():
    place = stand()
    place.behave(forced=[3])
    operations.watch(place.bank, timezone.now())
    handling.run_due()
    alert = Alert.objects.get()
    assert (alert.kind, alert.severity, alert.state) == ("locker_forced", 1, "open")
    with translation.override("en"):
        assert "南门岗亭旁: compartment 3 was opened" in alerts.said(alert)
    guard = Client(headers={"accept-language": "en"})
    guard.force_login(factories.user("guard", at=place.compound))
    assert "compartment 3 was opened" in guard.get(reverse("guard-feed")).content.decode()
    place.behave()
    operations.watch(place.bank, timezone.now())
    handling.run_due()
    alert.refresh_from_db()
    assert alert.state == "closed"


def test_a_bank_that_does_not_answer_and_codes_tried_are_alerts():
    place = stand()
    for _ in range(5):
        with pytest.raises(operations.WrongCode):
            operations.take_by_code(place.bank, "1")
    place.behave(vanish=True)
    operations.watch(place.bank)
    handling.run_due()
    kinds = set(Alert.objects.values_list("kind", flat=True))
    assert kinds == {"locker_codes_guessed", "device_offline"}


def test_all_doors_at_once_are_one_loud_alert_however_the_bank_was_before():
    place = stand({"small": 6})
    place.behave(jam=[1])  # faulty already, and a guard has taken that alert
    operations.watch(place.bank)
    handling.run_due()
    guard = factories.user("guard", at=place.compound)
    alerts.acknowledge(Alert.objects.get(), guard)
    place.behave(jam=[1], forced=[1, 2, 3, 4, 5])
    for _round in range(2):
        operations.watch(LockerBank.objects.get())
        handling.run_due()
    alert = Alert.objects.get(kind="locker_all_open")
    assert (alert.severity, alert.state) == (1, "open")
    with translation.override("en"):
        assert "5 of 6 doors stand open" in alerts.said(alert)
    assert Alert.objects.count() == 2  # and none for each door
    place.bank.refresh_from_db()
    with pytest.raises(ValidationError):
        place.begin()
    place.behave(forced=[4])
    operations.watch(LockerBank.objects.get())
    handling.run_due()
    alert.refresh_from_db()
    assert alert.state == "closed"
    assert Alert.objects.get(kind="locker_forced").facts == {
        "number": 4,
        "name": "1 号快递柜 · 南门岗亭旁",
    }


def test_a_bank_that_falls_silent_with_its_doors_open_ends_no_alert():
    place = stand({"small": 5})
    place.behave(forced=[1, 2, 3, 4, 5])
    operations.watch(place.bank)
    place.behave(vanish=True)
    operations.watch(LockerBank.objects.get())
    handling.run_due()
    assert Alert.objects.get(kind="locker_all_open").state == "open"


def test_doors_that_couriers_had_opened_are_no_alarm():
    place = stand({"small": 4})
    for _one in range(4):
        place.begin()
    operations.watch(place.bank)
    handling.run_due()
    assert not Alert.objects.exists()
