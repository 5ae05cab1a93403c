"""A device's key to our door."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from community.devices import operations
from community.models import Device, DeviceToken, Event
from tests.community import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def camera(db: None) -> Device:
    return factories.device(factories.compound(), name="南门入口相机")


def test_a_token_opens_for_its_device_only(camera: Device) -> None:
    other = factories.device(factories.compound())
    token, second = operations.issue_token(camera, None), operations.issue_token(other, None)
    assert operations.authenticate(token) == camera
    assert operations.authenticate(second) == other


def test_only_the_hash_is_kept(camera: Device) -> None:
    token = operations.issue_token(camera, None)
    row = DeviceToken.objects.get()
    assert token not in str(vars(row))
    assert row.hint == token[-4:]
    assert len(row.digest) == 64


def test_a_token_is_told_with_who_issued_it(camera: Device) -> None:
    manager = factories.user("manager", at=camera.compound)
    token = operations.issue_token(camera, manager)
    event = Event.objects.get(kind="device.token_issued")
    assert event.actor == manager
    assert event.payload == {"device": camera.pk, "token": DeviceToken.objects.get().pk}
    assert token[-4:] not in str(event.payload)


def test_a_revoked_token_ends_at_once_and_is_told_once(camera: Device) -> None:
    token, kept = operations.issue_token(camera, None), operations.issue_token(camera, None)
    row = DeviceToken.objects.earliest("pk")
    operations.revoke_token(row, None)
    operations.revoke_token(row, None)
    assert operations.authenticate(token) is None
    assert operations.authenticate(kept) == camera
    assert Event.objects.filter(kind="device.token_revoked").count() == 1


def test_a_device_out_of_use_is_not_let_in(camera: Device) -> None:
    token = operations.issue_token(camera, None)
    Device.objects.filter(pk=camera.pk).update(is_active=False)
    assert operations.authenticate(token) is None


@pytest.mark.parametrize(
    "token", ["", "linli_", "linli_" + "x" * 43, "x" * 10_000, "linli_\x00邻里"]
)
def test_what_is_no_token_is_nobody(camera: Device, token: str) -> None:
    operations.issue_token(camera, None)
    assert operations.authenticate(token) is None


def test_a_token_is_not_found_by_its_hash(camera: Device) -> None:
    operations.issue_token(camera, None)
    assert operations.authenticate(DeviceToken.objects.get().digest) is None


def test_use_is_noted_once_a_minute(camera: Device) -> None:
    token = operations.issue_token(camera, None)
    operations.authenticate(token)
    first = DeviceToken.objects.get().last_used_at
    operations.authenticate(token)
    assert DeviceToken.objects.get().last_used_at == first
    DeviceToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    operations.authenticate(token)
    assert DeviceToken.objects.get().last_used_at >= first


def test_the_command_prints_a_token_that_works(camera: Device) -> None:
    out = StringIO()
    manager = factories.user("manager", at=camera.compound)
    call_command("issue_device_token", str(camera.pk), user=manager.username, stdout=out)
    assert operations.authenticate(out.getvalue().strip().splitlines()[-1]) == camera
    assert Event.objects.get(kind="device.token_issued").actor == manager


def test_the_command_finds_a_device_by_name(camera: Device) -> None:
    out = StringIO()
    code = camera.compound.code
    call_command("issue_device_token", "南门入口相机", compound=code, stdout=out)
    assert operations.authenticate(out.getvalue().strip().splitlines()[-1]) == camera


def test_the_command_can_end_the_older_tokens(camera: Device) -> None:
    old = operations.issue_token(camera, None)
    out = StringIO()
    call_command("issue_device_token", str(camera.pk), revoke_others=True, stdout=out)
    assert operations.authenticate(old) is None
    assert operations.authenticate(out.getvalue().strip().splitlines()[-1]) == camera


@pytest.mark.parametrize(
    ("device", "options"),
    [
        ("999999", {}),
        ("南门入口相机", {"compound": "nowhere"}),
        ("no such", {}),
        (None, {"user": "nobody"}),
    ],
)
def test_the_command_says_what_it_does_not_know(
    camera: Device, device: str | None, options: dict[str, str]
) -> None:
    with pytest.raises(CommandError):
        call_command("issue_device_token", device or str(camera.pk), **options)
    assert not DeviceToken.objects.exists()


def test_the_command_does_not_guess_between_two_compounds(camera: Device) -> None:
    factories.device(factories.compound(), name=camera.name)
    with pytest.raises(CommandError, match="compound"):
        call_command("issue_device_token", camera.name)
