"""The residents' pages: one's own only, bad input named, nothing of others revealed."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community import looks
from residents import operations
from residents.models import DataRequest, HomeCode, Person, Registration, Residency
from tests.community import factories
from tests.residents import homes

pytestmark = pytest.mark.django_db
STEPS = ("you", "origin", "home", "reason", "photos", "check")


@pytest.fixture
def row() -> Registration:
    """A confirmed registration of somebody who has an account."""
    found = homes.confirmed()
    operations.account_of(found.person, how="desk")
    found.person.refresh_from_db()
    return found


@pytest.fixture
def tenant(client: Client, row: Registration) -> Client:
    client.force_login(row.person.user)
    return client


def own_pages(row: Registration) -> list[str]:
    return [
        reverse("home"),
        reverse("home-card-household"),
        reverse("home-card-registration"),
        reverse("home-card-lets"),
        reverse("home-card-vehicles"),
        reverse("home-messages"),
        reverse("home-registrations"),
        reverse("home-registration", args=[row.pk]),
        reverse("home-renew", args=[row.pk]),
        reverse("home-leave", args=[row.pk]),
        reverse("home-lets"),
        reverse("home-my-data"),
        reverse("home-looks"),
        reverse("home-data-print"),
        *(reverse(f"home-data-{how}", args=["residents"]) for how in ("held", "whole", "kept")),
        reverse("home-data-correct"),
        reverse("home-data-erase"),
    ]


def test_each_page_takes_few_questions(
    tenant: Client, row: Registration, django_assert_max_num_queries
):
    for number in range(12):
        other = homes.person(row.compound, f"家人{number:02d}")
        operations.add_residency(
            person=other, unit=row.unit, kind="family", started_on=homes.ago(9)
        )
    head = Residency.objects.get(person=row.person)
    members = [(one, "99") for one in Residency.objects.filter(kind="family")]
    operations.form_household(head, members)
    for path in own_pages(row):
        with django_assert_max_num_queries(15):
            answer = tenant.get(path, follow=path == reverse("home-registrations"))
        assert answer.status_code == 200, path
        assert "no-store" in answer.headers["Cache-Control"], path


def test_nobody_comes_in_without_signing_in(client: Client, row: Registration):
    for path in own_pages(row):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.url.startswith(reverse("home-sign-in")), path


def test_another_persons_rows_are_not_there(client: Client, row: Registration):
    stranger = homes.person(factories.compound(), "何安")
    client.force_login(operations.account_of(stranger, how="desk"))
    letting = row.letting
    for name, *key in (
        ("home-registration", row.pk),
        ("home-renew", row.pk),
        ("home-leave", row.pk),
        ("home-invite", letting.pk),
        ("home-code-of", letting.pk),
        ("home-tenant-left", letting.pk, row.pk),
    ):
        assert client.get(reverse(name, args=key)).status_code == 404, name
    assert client.post(reverse("home-registration-start", args=[row.unit_id])).status_code == 404
    assert row.person.name not in client.get(reverse("home")).content.decode()


def test_links_that_are_forged_replaced_or_old_open_nothing(client: Client):
    home = homes.letting(factories.compound())
    token = operations.home_token(home.unit)
    assert client.get(reverse("home-scan", args=[token])).status_code == 200
    assert client.get(reverse("home-scan", args=[token + "x"])).status_code == 404
    assert client.get(reverse("home-form", args=[token])).status_code == 404
    HomeCode.objects.update(issued_at=timezone.now() - timedelta(days=181))
    assert client.get(reverse("home-scan", args=[token])).status_code == 404
    fresh = operations.home_token(home.unit)
    assert fresh != token
    operations.renew_home_token(home.unit)
    assert client.get(reverse("home-scan", args=[fresh])).status_code == 404


def test_an_invitation_is_taken_up_once(client: Client):
    home = homes.letting(factories.compound())
    token = operations.token_of(operations.invite_tenant(home, name="许知夏"))
    path = reverse("home-form", args=[token])
    assert client.get(path).status_code == 200
    mine = client.post(path).url
    assert client.get(mine).status_code == 200
    second = Client()
    assert second.get(path).status_code == 404
    assert second.post(path).status_code == 404


def test_only_so_many_strangers_begin_in_one_home(client: Client):
    home = homes.letting(factories.compound())
    path = reverse("home-scan", args=[operations.home_token(home.unit)])
    answers = [client.post(path).status_code for _each in range(13)]
    assert answers == [302] * 12 + [409]


def fill(client: Client, row: Registration, step: str, **values: str):
    row.refresh_from_db()
    path = reverse("home-form-step", args=[operations.token_of(row), step])
    return client.post(path, {"version": str(row.version)} | values)


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(client: Client):
    row = operations.start_by_code(homes.letting(factories.compound()).unit)
    number = homes.form()["document"]
    given = {"name": "许知夏", "document_kind": "resident_id", "document": number[:-1] + "0"}
    answer = fill(client, row, "you", **given, phone="12")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="e-document"' in page
    assert 'id="e-phone"' in page
    assert 'value="许知夏"' in page
    row.refresh_from_db()
    assert row.name == ""
    good = fill(client, row, "you", **(given | {"document": number}), phone="13800006120")
    assert good.status_code == 302
    row.refresh_from_db()
    assert (row.birth_date.isoformat(), row.sex) == ("1994-07-12", "1")
    shown = client.get(reverse("home-form-step", args=[operations.token_of(row), "you"]))
    assert number not in shown.content.decode()
    fill(client, row, "you", name="许知夏", document_kind="resident_id", phone="13800006120")
    row.refresh_from_db()
    assert row.document == number


def test_a_document_on_another_file_reveals_nobody(client: Client):
    home = homes.letting(factories.compound())
    homes.person(home.compound, "周闻达", **homes.card())
    row = operations.start_by_code(home.unit)
    answer = fill(client, row, "you", name="许知夏", phone="13800006120", **homes.card())
    assert answer.status_code == 302
    for step in STEPS:
        path = reverse("home-form-step", args=[operations.token_of(row), step])
        assert "周闻达" not in client.get(path).content.decode()


def test_two_devices_on_one_draft(client: Client):
    row = homes.draft()
    token, version = operations.token_of(row), row.version
    path = reverse("home-form-step", args=[token, "reason"])
    first = {"version": str(version), "reason": "01", "occupation": "05", "workplace": "甲厂"}
    assert client.post(path, first).status_code == 302
    late = Client().post(path, first | {"workplace": "乙厂"})
    assert late.status_code == 409
    assert "乙厂" in late.content.decode()
    row.refresh_from_db()
    assert row.workplace == "甲厂"
    again = first | {"workplace": "乙厂", "version": str(row.version)}
    assert client.post(path, again).status_code == 302


def picture(kind: str) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    if kind == "bomb":
        Image.new("1", (9000, 9000)).save(file, "PNG")
        return file.getvalue()
    if kind == "heic":
        import pillow_heif

        pillow_heif.from_pillow(Image.new("RGB", (80, 60), "teal")).save(file)
        return file.getvalue()
    good = homes.photo(600)
    return {
        "cut": good[: len(good) // 2],
        "text": b"<svg onload=x>",
        "huge": good + b"\0" * (12 * 1024 * 1024),
        "good": good,
    }[kind]


@pytest.mark.parametrize(
    ("kind", "status"),
    [("good", 302), ("heic", 302), ("cut", 422), ("text", 422), ("huge", 422), ("bomb", 422)],
)
def test_photographs_are_bounded_and_kept_sealed(client, settings, tmp_path, kind, status):
    settings.MEDIA_ROOT = tmp_path
    row = homes.draft()
    token = operations.token_of(row)
    path = reverse("home-photo-add", args=[token, "document_front"])
    file = SimpleUploadedFile("card.jpg", picture(kind), "image/jpeg")
    answer = client.post(path, {"photo": file})
    assert answer.status_code == status
    assert row.photos.count() == (status == 302)
    shown = client.get(reverse("home-photo", args=[token, "document_front"]))
    assert shown.status_code == (200 if status == 302 else 404)
    kept = [each.read_bytes() for each in tmp_path.rglob("*.sealed")]
    assert len(kept) == (status == 302)
    assert not any(each.startswith(b"\xff\xd8") for each in kept)


def test_a_form_that_was_handed_in_shows_its_state_only(client: Client):
    row = homes.submitted()
    token = operations.token_of(row)
    page = client.get(reverse("home-form-step", args=[token, "you"]), follow=True)
    assert "13800006120" not in page.content.decode()
    assert client.get(reverse("home-photo", args=[token, "document_front"])).status_code == 404


def test_withdrawing_erases_the_photographs(
    client, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    row = homes.draft()
    operations.add_photo(row, "document_front", homes.photo())
    token = operations.token_of(row)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("home-form-give-up", args=[token]))
    row.refresh_from_db()
    assert (row.state, row.end_reason, row.photos.count()) == ("ended", "withdrawn", 0)
    assert list(tmp_path.rglob("*.sealed")) == []
    assert client.get(reverse("home-form", args=[token])).status_code == 404


def test_my_data_says_all_and_who_looked(tenant: Client, row: Registration):
    clerk = factories.user("desk", at=row.compound, name="李敏")
    looks.look(clerk, row.person, "document", "上报派出所")
    page = tenant.get(reverse("home-my-data")).content.decode()
    assert "李敏" in page
    assert "上报派出所" in page
    assert row.document not in page + tenant.get(reverse("home-data-held", args=["residents"])).text
    facts = tenant.get(reverse("home-data-download")).json()
    parts = {part["code"]: part for part in facts["parts"]}
    assert {"person", "residencies", "registrations", "vehicles", "messages"} <= set(parts)
    assert row.document in str(parts["person"]["rows"])
    assert parts["registrations"]["erasable"] is False
    assert facts["looks"][0]["why"] == "上报派出所"
    assert row.document in tenant.get(reverse("home-data-whole", args=["residents"])).text
    assert (
        reverse("home-data-whole", args=["residents"])
        in tenant.get(reverse("home-data-print")).text
    )
    assert tenant.get(reverse("home-data-held", args=["secrets"])).status_code == 404


def test_asking_for_correction_and_erasure(tenant: Client, row: Registration):
    assert tenant.post(reverse("home-data-correct"), {"text": " "}).status_code == 422
    assert tenant.post(reverse("home-data-correct"), {"text": "名字写错了"}).status_code == 302
    for _each in range(2):
        tenant.post(reverse("home-data-erase"))
    assert sorted(DataRequest.objects.values_list("kind", flat=True)) == ["correct", "erase"]
    wish = DataRequest.objects.get(kind="correct")
    operations.answer_about_data(wish, done=True, answer="已改")
    assert "已改" in tenant.get(reverse("home-my-data")).content.decode()


def test_who_has_a_password_but_no_file_is_told_so(client: Client):
    client.force_login(factories.user("manager", at=factories.compound()))
    answer = client.get(reverse("home"))
    assert answer.status_code == 404
    assert "前台" in answer.content.decode() or "物业" in answer.content.decode()


def test_the_worker_keeps_nothing_of_anybody(client: Client, tenant: Client):
    script = client.get(reverse("home-worker"))
    assert script.headers["Content-Type"].startswith("text/javascript")
    found = re.search(r"const SHELL = (\[.*?\]);", script.content.decode(), re.DOTALL)
    assert found
    kept = json.loads(found[1])
    assert kept
    assert [path for path in kept if not path.startswith("/static/")] == []
    offline = Client().get(reverse("home-offline")).content.decode()
    assert Person.objects.get(user__isnull=False).name not in offline
    facts = client.get(reverse("home-manifest")).json()
    assert (facts["start_url"], facts["scope"]) == ("/home/", "/home/")
