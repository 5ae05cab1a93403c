"""A locker's doors in the guard's feed: forced, left open, shut again; codes tried."""

import pytest
from django.utils import timezone, translation

from community import handling
from parcels import operations
from security import alerts
from security.models import Alert
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
        assert "compartment 3 was opened" in alerts.said(alert)
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
