"""The office: who sees which lists, what they may change there, and what becomes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from community.models import Device, DeviceToken, Event, Lane, Role, User
from tests.community import factories
from tests.security.gates import OTHER, PLATE, drive_up, gate, jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OURS = ("community", "residents", "parcels", "parking", "security")


@pytest.fixture
def lane() -> Lane:
    return gate()


def office(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def manager(lane):
    return factories.user("manager", at=lane.compound, name="周经理")


@pytest.fixture
def client(manager) -> Client:
    return office(manager)


def url(model: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_{page}", args=args)


def form_of(answer: Any) -> dict[str, Any]:
    """What the page's form would send back unchanged."""
    form = answer.context["adminform"].form
    values = {form.add_prefix(name): form[name].value() for name in form.fields}
    kept = {name: json.dumps(v) if isinstance(v, dict) else v for name, v in values.items()}
    for inline in answer.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        kept |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return {name: value for name, value in kept.items() if value is not None and value is not False}


def every_model() -> list[Any]:
    return [model for model in admin.site._registry if model._meta.app_label in OURS]


@pytest.mark.parametrize("model", every_model(), ids=lambda model: model._meta.label)
def test_each_list_opens_for_a_manager_and_hides_other_compounds(model, lane, client):
    drive_up(lane, OTHER, picture=jpeg())
    elsewhere = gate()
    drive_up(elsewhere, OTHER, picture=jpeg())
    name = model._meta.label_lower
    answer = client.get(url(name))
    if name == "community.datakey":  # the operator's alone
        assert answer.status_code == 403
        return
    assert answer.status_code == 200
    rows = answer.context["cl"].queryset
    foreign = [row for row in rows if getattr(row, "compound_id", None) == elsewhere.compound_id]
    assert not foreign
    for row in rows[:1]:
        assert client.get(url(name, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("role", ["guard", "resident", "courier"])
def test_the_office_is_closed_to_those_who_do_not_work_there(role, lane):
    outsider = office(factories.user(role, at=lane.compound))
    assert outsider.get("/admin/").status_code == 302


def test_a_manager_of_another_compound_finds_nothing_by_guessing(lane):
    other = office(factories.user("manager", at=factories.compound()))
    assert other.get(url("community.lane", "change", lane.pk)).status_code == 302
    assert other.post(url("community.lane", "change", lane.pk), {"name": "x"}).status_code == 302
    lane.refresh_from_db()
    assert lane.name != "x"


def test_a_desk_clerk_reads_devices_and_changes_none(lane):
    clerk = office(factories.user("desk", at=lane.compound))
    page = clerk.get(url("community.device", "change", lane.camera_id))
    assert page.status_code == 200
    assert clerk.post(url("community.device", "change", lane.camera_id), {}).status_code == 403


# ── the first page ────────────────────────────────────────────────────────────────────────────


def test_the_first_page_counts_today_and_each_number_leads_to_its_list(client, lane):
    drive_up(lane, PLATE)
    drive_up(factories.lane(lane.compound), OTHER)
    drive_up(factories.lane(lane.compound), None)
    answer = client.get("/admin/")
    figures = {stat.name: stat for stat in answer.context["stats"]}
    assert [figures[name].number for name in ("Passages today", "Not read", "Waiting now")] == [
        3,
        1,
        2,
    ]
    for stat in figures.values():
        listed = client.get(stat.url)
        assert listed.status_code == 200, stat.url
        if "passage" in stat.url:
            assert listed.context["cl"].result_count == stat.number, stat.name


def test_the_first_page_of_an_installer_shows_devices_and_no_passages(lane):
    installer = office(factories.user("installer", at=lane.compound))
    answer = installer.get("/admin/")
    assert answer.context["stats"] == []
    assert "o-devices" in answer.content.decode()


def test_the_first_page_asks_few_questions(client, lane, django_assert_max_num_queries):
    for number in range(8):
        drive_up(factories.lane(lane.compound), f"皖A3{number:04}")
    with django_assert_max_num_queries(20):
        client.get("/admin/")


# ── places and devices ────────────────────────────────────────────────────────────────────────


def test_a_lane_is_changed_through_the_road_that_records(client, lane, manager):
    page = url("community.lane", "change", lane.pk)
    sent = form_of(client.get(page)) | {
        "name": "南门入口",
        "region_left": 10,
        "region_top": 40,
        "region_width": 80,
        "region_height": 60,
    }
    answer = client.post(page, sent)
    assert answer.status_code == 302, answer.context["errors"]
    lane.refresh_from_db()
    assert (lane.name, lane.roi) == ("南门入口", [0.1, 0.4, 0.8, 0.6])
    event = Event.objects.get(kind="place.changed")
    assert (event.actor, event.payload["row"]) == (manager, lane.pk)


def test_a_region_outside_the_picture_is_refused(client, lane):
    page = url("community.lane", "change", lane.pk)
    sent = form_of(client.get(page)) | {"region_left": 60, "region_width": 60}
    answer = client.post(page, sent)
    assert "inside the picture" in answer.content.decode()
    assert not Event.objects.filter(kind="place.changed").exists()


def test_a_lane_takes_devices_of_its_own_compound_only(client, lane):
    foreign = factories.lane(factories.compound())
    page = url("community.lane", "change", lane.pk)
    sent = form_of(client.get(page)) | {"barrier": foreign.barrier_id}
    assert client.post(page, sent).status_code == 200
    lane.refresh_from_db()
    assert lane.barrier_id != foreign.barrier_id


def test_a_devices_secrets_go_in_and_never_come_out(client, lane):
    page = url("community.device", "change", lane.camera_id)
    sent = form_of(client.get(page)) | {"new_username": "viewer", "new_password": "s3cret-lens"}
    answer = client.post(page, sent)
    assert answer.status_code == 302, answer.context["errors"]
    device = Device.objects.get(pk=lane.camera_id)
    assert device.credentials == {"username": "viewer", "password": "s3cret-lens"}
    html = client.get(page).content.decode()
    assert "s3cret-lens" not in html
    assert "password, username" in html
    assert client.post(page, form_of(client.get(page))).status_code == 302
    device.refresh_from_db()
    assert device.credentials["password"] == "s3cret-lens"


def test_settings_that_are_no_json_change_nothing(client, lane):
    page = url("community.device", "change", lane.camera_id)
    sent = form_of(client.get(page)) | {"settings": "{broken"}
    assert client.post(page, sent).status_code == 200
    assert not Event.objects.filter(kind="place.changed").exists()


def test_a_key_is_issued_by_a_post_and_shown_once(client, lane):
    page = reverse("admin:community_device_issue_token", args=[lane.camera_id])
    assert client.get(page).status_code == 200
    assert not DeviceToken.objects.exists()
    shown = client.post(page)
    token = DeviceToken.objects.get()
    assert shown.context["token"].endswith(token.hint)
    again = client.get(url("community.device", "change", lane.camera_id)).content.decode()
    assert shown.context["token"] not in again


def test_a_key_is_revoked_from_the_devices_page(client, lane):
    client.post(reverse("admin:community_device_issue_token", args=[lane.camera_id]))
    page = reverse("admin:community_device_revoke_token", args=[lane.camera_id])
    token = DeviceToken.objects.get()
    sent = {"object_id": lane.camera_id, "token": token.pk, "_form_submitted": "1"}
    client.post(page, sent)
    token.refresh_from_db()
    assert token.revoked_at


# ── people ────────────────────────────────────────────────────────────────────────────────────


def test_a_manager_adds_a_guard_and_ends_the_role(client, lane, manager):
    sent = {
        "username": "qin",
        "name": "秦",
        "language": "zh-hans",
        "is_active": "on",
        "new_password": "green-hill-48",
    }
    answer = client.post(url("community.user", "add"), sent)
    assert answer.status_code == 302, answer.context and answer.context["errors"]
    assert User.objects.get(username="qin").check_password("green-hill-48")
    sent = {"username": "qin", "role": "guard", "carrier": ""}
    assert client.post(url("community.role", "add"), sent).status_code == 302
    role = Role.objects.get(user__username="qin")
    assert (role.compound, role.role) == (lane.compound, "guard")
    sent = {"object_id": role.pk, "_form_submitted": "1"}
    client.post(reverse("admin:community_role_end", args=[role.pk]), sent)
    role.refresh_from_db()
    assert role.ended_at


def test_nobody_hands_out_more_than_they_may(client, lane):
    factories.user(at=lane.compound, name="someone")
    target = User.objects.get(name="someone")
    sent = {"username": target.username, "role": "manager", "carrier": ""}
    answer = client.post(url("community.role", "add"), sent)
    assert "may not hand out this role" in answer.content.decode()
    assert not target.held_roles.exists()


def test_a_weak_password_is_refused(client):
    sent = {"username": "qin", "name": "", "language": "en", "new_password": "12345678"}
    answer = client.post(url("community.user", "add"), sent)
    assert answer.status_code == 200
    assert not User.objects.filter(username="qin").exists()


def test_a_sign_in_that_counts_elsewhere_too_is_not_ours_to_change(client, lane):
    shared = factories.user("guard", at=lane.compound)
    Role.objects.create(user=shared, compound=factories.compound(), role="guard")
    sent = {"username": "stolen", "name": "", "language": "en", "new_password": "green-hill-48"}
    assert client.post(url("community.user", "change", shared.pk), sent).status_code == 403
    shared.refresh_from_db()
    assert shared.username != "stolen"


# ── records ───────────────────────────────────────────────────────────────────────────────────


def test_nothing_in_the_ledger_can_be_added_changed_or_deleted(client, lane):
    drive_up(lane, PLATE)
    event = Event.objects.first()
    assert client.get(url("community.event", "add")).status_code == 403
    assert client.post(url("community.event", "change", event.pk), {}).status_code == 403
    assert client.post(url("community.event", "delete", event.pk)).status_code == 403
    assert Event.objects.filter(pk=event.pk).exists()


def test_the_ledger_is_exported_as_filtered(client, lane):
    drive_up(lane, PLATE)
    page = reverse("admin:community_event_export", args=["csv"])
    answer = client.get(page, {"kind": "gate.passage_decided"})
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "gate.passage_decided" in rows[1]
    assert PLATE not in "".join(rows)
