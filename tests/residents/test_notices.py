"""Notices reach whom they are for, once, and nobody else."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from community.models import Building, Notification
from residents import operations
from residents.models import Notice, Person, Residency
from tests.community import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def compound():
    return factories.compound()


def resident(compound, code="3-2-1202", **fields):
    """Somebody who signs in and lives in this home."""
    user = factories.user("resident", at=compound)
    person = Person.objects.create(compound=compound, user=user, name="林晓", **fields)
    lives(person, factories.unit(compound, code))
    return user


def lives(person, home, **fields):
    given = {"kind": "owner", "started_on": timezone.localdate() - timedelta(days=9)} | fields
    return Residency.objects.create(compound_id=home.compound_id, person=person, unit=home, **given)


def write(compound, buildings=(), **values):
    given = {"title": "停水", "text": "今天 14:00 停水。", "publish_at": timezone.now()} | values
    return operations.save_notice(
        Notice(compound=compound), buildings=buildings, actor=None, **given
    )


def told(notice):
    return set(Notification.objects.filter(facts__notice=notice.pk).values_list("user", flat=True))


def test_a_notice_is_told_once_to_those_it_is_for(compound):
    near, far = resident(compound, "3-2-1202"), resident(compound, "5-1-101")
    stranger = resident(factories.compound())
    notice = write(compound, [Building.objects.get(compound=compound, code="3")])
    for _ in range(2):
        operations.publish_due()
    assert told(notice) == {near.pk}
    assert list(Notice.objects.visible_to(near)) == [notice]
    assert not Notice.objects.visible_to(far).exists()
    assert not Notice.objects.visible_to(stranger).exists()
    notice.refresh_from_db()
    assert (notice.told_count, notice.told_at is not None) == (1, True)


def test_what_was_cut_off_goes_on_where_it_stopped(compound, monkeypatch):
    from residents.operations import notices

    users = [resident(compound, f"1-1-{n}") for n in range(5)]
    monkeypatch.setattr(notices, "HOMES_AT_ONCE", 2)
    notice = write(compound)
    notices._tell_some(notice.pk, timezone.now())
    assert len(told(notice)) == 2
    operations.publish_due()
    assert told(notice) == {user.pk for user in users}
    notice.refresh_from_db()
    assert notice.told_count == 5


def test_an_important_notice_reaches_the_home_without_a_phone(compound):
    person = Person.objects.create(compound=compound, name="王奶奶")
    lives(person, factories.unit(compound))
    quiet, loud = write(compound), write(compound, title="火警演练", is_important=True)
    operations.publish_due()
    rows = Notification.objects.filter(user=None)
    assert [(row.address, row.facts["notice"]) for row in rows] == [
        (f"person:{person.pk}", loud.pk)
    ]
    assert not told(quiet)


@pytest.mark.parametrize("when", ["later", "over", "withdrawn"])
def test_what_does_not_stand_is_not_told_and_not_shown(compound, when):
    user, now = resident(compound), timezone.now()
    times = {
        "later": {"publish_at": now + timedelta(hours=1)},
        "over": {"publish_at": now - timedelta(days=2), "ends_at": now - timedelta(days=1)},
        "withdrawn": {},
    }
    notice = write(compound, **times[when])
    if when == "withdrawn":
        operations.withdraw_notice(notice, actor=None)
    assert operations.publish_due() == 0
    assert not Notice.objects.visible_to(user).exists()


def test_what_is_out_is_not_rewritten(compound):
    notice = write(compound)
    operations.publish_due()
    with pytest.raises(ValidationError):
        operations.save_notice(notice, actor=None, title="别的")
    with pytest.raises(ValidationError) as caught:
        write(compound, ends_at=timezone.now() - timedelta(days=1))
    assert "ends_at" in caught.value.message_dict


def test_to_open_it_is_to_read_it_and_the_office_sees_that(client, compound):
    user, notice = resident(compound), write(compound)
    client.force_login(user)
    assert notice.title in client.get(reverse("home-notices")).content.decode()
    for _ in range(2):
        assert client.get(reverse("home-notice", args=[notice.pk])).status_code == 200
    assert notice.reads.count() == 1
    client.force_login(factories.user("desk", at=compound))
    page = client.get(reverse("admin:residents_notice_changelist")).content.decode()
    assert notice.title in page


@pytest.mark.parametrize("role", ["resident", "guard", "manager"])
def test_another_compounds_notice_is_not_there(client, role, compound):
    notice = write(compound)
    client.force_login(factories.user(role, at=factories.compound()))
    assert client.get(reverse("home-notice", args=[notice.pk])).status_code == 404
    assert client.get(reverse("notice-board", args=[notice.pk])).status_code == 404
