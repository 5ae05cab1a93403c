"""A camera that pushes, in the guided set-up: its address shown once, what it said, its steps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from community.models import Device, DeviceToken, Lane
from security.models import Reading
from security.setup.steps import CheckList
from tests.community import factories
from tests.community.devices.push import bodies

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path):
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"


def test_a_push_camera_is_chosen_its_address_shown_once_and_its_words_listed():
    lane: Lane = factories.lane(factories.compound(), camera=None, barrier=None)
    installer = factories.user("installer", at=lane.compound)
    client = Client(headers={"accept-language": "en"})
    client.force_login(installer)
    values = {"driver": "push", "push-format": "vzenith", "name": "南门相机"}
    saved = client.post(reverse("setup-camera", args=[lane.pk]), values)
    page = reverse("setup-push", args=[lane.pk])
    assert saved["Location"] == page
    camera = Device.objects.get(name="南门相机")
    assert (camera.driver, camera.settings) == ("push", {"format": "vzenith"})

    shown = client.post(page).content.decode()
    path = re.findall(r'id="push-path">(/devices/\w{22}/vzenith)<', shown)[0]
    assert f"{path}/comet" in shown
    secret = path.split("/")[2]
    assert secret not in client.get(page).content.decode()
    assert secret not in DeviceToken.objects.get().digest

    body = bodies.vzenith("<b>皖A52M78")
    assert Client().generic("POST", path, body, "application/json").status_code == 200
    assert Reading.objects.get().device == camera
    listed = client.get(page).content.decode()
    assert "&lt;b&gt;" in listed
    assert "<b>" not in listed
    steps = {step.name: step.is_done for step in CheckList(installer, lane.compound).steps}
    assert steps[f"push-{lane.pk}"]
    assert f"region-{lane.pk}" not in steps
    for other in ("setup-region", "setup-plate"):
        assert client.get(reverse(other, args=[lane.pk]))["Location"] == page


def test_an_unknown_maker_is_refused():
    lane = factories.lane(factories.compound(), camera=None, barrier=None)
    client = Client()
    client.force_login(factories.user("installer", at=lane.compound))
    values = {"driver": "push", "push-format": "nokia", "name": "x"}
    assert client.post(reverse("setup-camera", args=[lane.pk]), values).status_code == 422
    assert not Device.objects.filter(driver="push").exists()
