"""The office enters a platform, sees how it goes, and is told what is sent and what never is."""

from __future__ import annotations

import pytest

from security import my_data
from security.models import UpperPlatform, UpperRefusal
from security.upper import operations
from tests.community import factories
from tests.community.test_admin import office, url
from tests.residents.test_notices import resident
from tests.security.gates import OTHER, PLATE
from tests.security.upper.house import GATE_NUMBER, entered, fresh, passes, turn
from tests.security.upper.platform import NUMBER, PASSWORD, USER, hang_up

pytestmark = pytest.mark.django_db
LIST = "security.upperplatform"


@pytest.fixture
def client(lane):
    return office(factories.user("manager", at=lane.compound, name="周经理"))


def page(client, *where) -> str:
    answer = client.get(url(*where))
    assert answer.status_code == 200
    return answer.content.decode()


def form(lane, platform, **values):
    told = {
        "name": "Bureau", "url": platform.url, "number": NUMBER, "username": USER,
        "new_password": PASSWORD, "alert_after_h": "4", f"gate_{lane.gate_id}": GATE_NUMBER,
        f"inward_{lane.gate_id}": "3",
    }  # fmt: skip
    return told | values


def test_a_manager_enters_a_platform_and_it_is_off_until_switched_on(client, lane, platform):
    client.post(url(LIST, "add"), form(lane, platform))
    row = UpperPlatform.objects.get()
    assert (row.is_active, row.switched_at, row.password) == (False, None, PASSWORD)
    kept = row.gates.get()
    assert (kept.gate_id, kept.number, kept.inward) == (lane.gate_id, GATE_NUMBER, "3")
    # An empty password keeps what is there; an emptied gate is told of no more.
    answer = client.post(
        url(LIST, "change", row.pk), form(lane, platform, new_password="", is_active="on")
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.is_active, row.password, row.switched_by.name) == (True, PASSWORD, "周经理")
    shown = page(client, LIST, "change", row.pk)
    assert PASSWORD not in shown
    assert "周经理 · " in shown


def test_what_cannot_be_stands_under_its_field(client, lane, platform):
    wrong = form(lane, platform, number="123", **{f"gate_{lane.gate_id}": "456"})
    shown = client.post(url(LIST, "add"), wrong).context["adminform"].form.errors
    assert set(shown) == {"number"}
    wrong = form(lane, platform, **{f"gate_{lane.gate_id}": "456"})
    shown = client.post(url(LIST, "add"), wrong).context["adminform"].form.errors
    assert set(shown) == {f"gate_{lane.gate_id}"}
    wrong = form(lane, platform, is_active="on", **{f"gate_{lane.gate_id}": ""})
    assert set(client.post(url(LIST, "add"), wrong).context["adminform"].form.errors) == {
        "is_active"
    }
    assert not UpperPlatform.objects.exists()


def test_the_page_says_what_is_sent_and_how_it_goes(client, lane, platform):
    assert "faces" in page(client, LIST)
    row = entered(lane, platform, name="Bureau")
    passes(lane)
    turn(row)
    assert "Connected" in page(client, LIST)
    platform.manners["MotorVehicles"] = hang_up
    passes(lane, OTHER)
    turn(row)
    shown = page(client, LIST, "change", row.pk)
    assert "1 passage, the oldest for" in shown
    assert "did not answer in time" in shown
    assert "faces" in shown


def test_a_test_says_how_it_went(client, lane, platform):
    row = entered(lane, platform, is_active=False)
    sent = {"object_id": row.pk, "_form_submitted": "1"}
    answer = client.post(url(LIST, "test", row.pk), sent, follow=True)
    assert "sign of life" in answer.content.decode()
    assert platform.heard[-1] == "System/Keepalive"
    platform.password = "another"
    answer = client.post(url(LIST, "test", row.pk), sent, follow=True)
    assert "refused user name or password" in answer.content.decode()
    assert platform.count("System/Keepalive") == 1
    assert fresh(row).registered_at is None  # a test is a test


def test_refused_passages_are_found_by_plate_and_sent_again(client, lane, platform):
    row = entered(lane, platform)
    platform.judge = lambda car: (1, "缺少车辆类型")
    passes(lane)
    turn(row)
    assert "缺少车辆类型" in _searched(client, PLATE[1:5])
    assert "缺少车辆类型" not in _searched(client, OTHER)
    kept = UpperRefusal.objects.get()
    client.post(
        url("security.upperrefusal"),
        {"action": "again", "_selected_action": [kept.pk]},
    )
    kept.refresh_from_db()
    assert kept.state == "waiting"
    csv = client.get(url("security.upperrefusal", "export", "csv"))
    assert "缺少车辆类型" in csv.getvalue().decode()


def _searched(client, text: str) -> str:
    return client.get(url("security.upperrefusal"), {"q": text}).content.decode()


def test_an_installer_sees_how_many_were_refused_and_no_plates(lane, platform):
    row = entered(lane, platform)
    platform.judge = lambda car: (1, "no")
    passes(lane)
    turn(row)
    refused = url("security.upperrefusal")
    for role, sees in (("manager", True), ("installer", False)):
        client = office(factories.user(role, at=lane.compound))
        assert (refused in page(client, LIST).partition("result_list")[2]) == sees
        assert (client.get(refused).status_code == 200) == sees


def test_who_lives_here_reads_that_cars_are_told(lane, platform):
    """In the copy of one's own data, for as long as it is switched on."""
    person = resident(lane.compound, "3-2-1202", phone="13800001234").files.get()

    def told() -> list[str]:
        codes = [section.code for section in my_data.sections(None, person)]
        return [code for code in codes if code == "told_upward"]

    assert told() == []
    row = entered(lane, platform)
    assert told() == ["told_upward"]
    operations.change_platform(row, is_active=False)
    assert told() == []
