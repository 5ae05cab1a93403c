"""Erasure on request, and what goes by the clock: what is kept is said, what is not is gone."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import RetentionRule
from parking import operations as parking
from residents import erasure_words, operations
from residents.models import (
    DataRequest,
    Notice,
    Person,
    Registration,
    RegistrationPhoto,
    RequestPicture,
    ServiceRequest,
    Sign,
    SignInTicket,
    WayIn,
)
from residents.operations import plan_erasure
from tests.community import factories
from tests.residents import homes
from tests.residents.doors import visit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def place():
    return factories.compound()


@pytest.fixture
def tenant(place) -> Person:
    """Somebody registered who lives here, with a sign-in, a card and a need on file."""
    row = homes.confirmed(homes.letting(place), moved_in_on=homes.ago(60))
    operations.change_person(row.person, needs=["alone"])
    operations.give_card(row.person, "00A1B2C3D4")
    user = factories.user("resident", at=place, name="许知夏")
    operations.change_person(row.person, user=user)
    return Person.objects.get(pk=row.person_id)


def ask(person: Person) -> DataRequest:
    return operations.ask_about_data(person, "erase")


def test_who_lives_here_keeps_a_file_and_is_told_why(tenant):
    request = ask(tenant)
    plan = operations.erase_person(tenant, request=request)
    tenant.refresh_from_db()
    request.refresh_from_db()
    assert (plan.whole, tenant.name, tenant.needs) == (False, "许知夏", [])
    assert {kept.code for kept in plan.kept} >= {"lives_here", "registered"}
    assert request.state == "done"
    assert "居住" in request.answer or "live here" in request.answer
    assert not RegistrationPhoto.objects.filter(registration__person=tenant).exists()
    assert WayIn.objects.active().filter(person=tenant).exists()  # the way home stays


def left(tenant: Person, days: int) -> Registration:
    """The tenant moved out some days ago."""
    row = tenant.registrations.get()
    operations.move_out(row.unit, [tenant], on=homes.ago(0))
    row.refresh_from_db()
    Registration.objects.filter(pk=row.pk).update(
        ended_on=homes.ago(days), moved_in_on=homes.ago(days + 200), expected_out_on=None
    )
    tenant.residencies.update(started_on=homes.ago(days + 200), ended_on=homes.ago(days))
    return row


def test_who_has_left_is_anonymised_and_the_register_stays_its_time(tenant):
    row, user = left(tenant, 10), tenant.user
    operations.make_desk_code(tenant)
    plan = operations.erase_person(tenant, request=ask(tenant))
    tenant.refresh_from_db()
    user.refresh_from_db()
    assert (plan.whole, [kept.code for kept in plan.kept]) == (True, ["register"])
    assert plan.kept[0].until == homes.ago(10) + timedelta(days=1095)
    assert (tenant.name, tenant.phone, tenant.document, tenant.birth_date) == ("—", "", "", None)
    assert (tenant.user, user.is_active, user.name) == (None, False, "")
    assert not WayIn.objects.filter(person=tenant).exists()
    assert not SignInTicket.objects.filter(person=tenant).exists()
    row.refresh_from_db()
    assert row.name == "许知夏"
    operations.erase_person(tenant)  # the same again finds nothing more


def test_a_register_past_its_time_goes_by_the_clock_and_keeps_the_counts(tenant):
    row = left(tenant, 10)
    RetentionRule.objects.create(
        compound=tenant.compound, subject="registrations", days=30, source="所在地规定"
    )
    assert operations.retire_forms() == 0
    assert operations.retire_forms(timezone.now() + 25 * DAY) == 1
    row.refresh_from_db()
    assert (row.name, row.document, row.phone, row.hukou_address) == ("—", "", "", "")
    assert (row.reason, row.hukou_province, row.unit) == ("01", "41", row.unit)
    assert operations.retire_forms(timezone.now() + 25 * DAY) == 0


def test_each_class_of_records_goes_after_its_days_and_its_files_too(
    tenant, django_capture_on_commit_callbacks
):
    place, now = tenant.compound, timezone.now()
    request = operations.report_request(
        person=tenant, kind="repair", category="lift", description="坏了", place="大堂", key="k1",
        pictures=[homes.photo()],
    )  # fmt: skip
    ServiceRequest.objects.filter(pk=request.pk).update(state="done", done_at=now)
    notice = Notice(compound=place)
    operations.save_notice(notice, actor=None, title="停水", text="今天。", publish_at=now)
    operations.record_sign("entry", compound=place, source="card", key="x", on=homes.today(),
                           person=tenant)  # fmt: skip
    files = [RegistrationPhoto.objects.get().file, RequestPicture.objects.get().file]
    for days, gone in ((89, set()), (91, {"signs"}), (181, {"documents"}), (731, {"requests"}),
                       (1096, {"notices"})):  # fmt: skip
        with django_capture_on_commit_callbacks(execute=True):
            erased = operations.retire_files(now + days * DAY)
        assert {name for name, count in erased.items() if count} == gone, days
    assert [(Path(settings.MEDIA_ROOT) / name).exists() for name in files] == [False, False]
    assert not Sign.objects.exists()


def test_a_photograph_stays_while_the_form_lies_with_the_police(place):
    row = operations.report_registration(
        operations.accept_registration(homes.submitted(homes.letting(place)))
    )
    operations.retire_files(timezone.now() + 400 * DAY)
    assert row.photos.exists()
    operations.confirm_registration(row, number="1")
    operations.retire_files(timezone.now() + 400 * DAY)
    assert not row.photos.exists()


def test_past_visitors_of_the_host_lose_their_names(tenant):
    unit = tenant.residencies.get().unit
    over, comes = (visit(unit, name=name, host=tenant) for name in ("许安", "周宁"))
    operations.revoke_visit(over)
    operations.erase_person(tenant)
    over.refresh_from_db()
    comes.refresh_from_db()
    assert (over.name, comes.name) == ("—", "周宁")


def test_the_desk_reads_what_stays_before_it_erases(tenant, client: Client):
    request = ask(tenant)
    client.force_login(factories.user("desk", at=tenant.compound))
    url = reverse("desk-do", args=["person", tenant.pk, "erase-data"]) + f"?row={request.pk}"
    page = client.get(url).content.decode()
    assert all(sentence in page for sentence in erasure_words.kept(plan_erasure(tenant)))
    client.post(url, {})
    request.refresh_from_db()
    assert request.state == "open"  # nothing goes without the tick
    client.post(url, {"sure": "on"})
    request.refresh_from_db()
    assert request.state == "done"
    assert client.post(url, {"sure": "on"}).status_code == 404


def test_a_person_is_invited_from_the_file_and_by_paper(tenant, client: Client):
    client.force_login(factories.user("desk", at=tenant.compound))
    deed = reverse("admin:residents_person_invite", args=[tenant.pk])
    given = {"object_id": tenant.pk, "_form_submitted": "1"}
    shown = client.post(deed, given).content.decode()
    link = re.search(r"http://testserver(/home/join/[^<\s]+/)", shown)[1]
    phone = Client()
    assert phone.get(link).status_code == 200
    paper = client.get(reverse("desk-paper", args=["person", tenant.pk, "invitation"]))
    assert "<svg" in paper.content.decode()
    assert phone.get(link).status_code == 404  # the newer one counts


def test_the_file_shows_ways_in_and_what_the_apps_know(tenant, client: Client):
    car = parking.register_vehicle(
        compound=tenant.compound, plate="豫Y20K17", owner=tenant, valid_from=homes.today()
    )
    client.force_login(factories.user("desk", at=tenant.compound))
    page = client.get(reverse("admin:residents_person_change", args=[tenant.pk])).content.decode()
    assert "20K17" in page
    assert "…C3D4" in page
    parking.end_vehicle(car)
    car.refresh_from_db()
    assert parking.forget_owner(tenant.pk) == 1
