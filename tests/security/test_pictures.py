"""Pictures are kept beside their rows, bounded, and go when their time is over."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from community.models import RetentionRule
from security import pictures
from security.models import Alert, Passage, Picture
from security.tasks import retire_pictures
from tests.community import factories
from tests.security.gates import PLATE, drive_up, gate, jpeg, reading, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_passage_keeps_its_picture(media):
    data = jpeg()
    passage = drive_up(gate(), picture=data)
    assert pictures.read(passage.picture) == data
    assert (passage.picture.width, passage.picture.height) == (64, 48)
    assert passage.readings.get().picture == passage.picture
    assert len(files(media)) == 1


def test_a_repeated_reading_leaves_one_file(media):
    push = reading(gate(), picture=jpeg())
    for _ in range(2):
        from security.operations import handle_reading

        handle_reading(push)
    assert len(files(media)) == Picture.objects.count() == 1


@pytest.mark.parametrize(
    "data", [b"", b"not a picture", b"\xff\xd8\xff\xe0 broken", jpeg()[:40], jpeg() * 9000]
)
def test_what_is_no_picture_does_not_stop_the_car(media, data: bytes, settings):
    settings.PICTURE_MAX_BYTES = 100_000
    passage = drive_up(gate(), picture=data)
    assert (passage.state, passage.picture) == ("opened", None)
    assert files(media) == []


def test_a_picture_of_too_many_pixels_is_not_decoded(settings):
    settings.PICTURE_MAX_PIXELS = 1000
    with pytest.raises(pictures.PictureRefused):
        pictures.measured(jpeg())


def test_a_full_disk_is_one_alert_and_the_gate_goes_on(monkeypatch, media):
    lane = gate()
    monkeypatch.setattr(Path, "write_bytes", full)
    assert drive_up(lane, picture=jpeg()).state == "opened"
    drive_up(lane, None, picture=jpeg())
    assert pictures.store(jpeg(), lane, timezone.now()) is None
    assert Alert.objects.get().kind == "disk_full"
    assert told(lane.compound).count("alert.raised") == 1
    assert files(media) == []


def test_a_lanes_still_is_kept_with_its_row():
    lane = gate()
    picture = pictures.store(jpeg(), lane, timezone.now())
    assert picture is not None
    assert Picture.objects.get() == picture
    assert pictures.store(b"text", lane, timezone.now()) is None


@pytest.mark.parametrize("name", ["../outside.jpg", "/etc/hostname", "1/../../x"])
def test_no_name_leads_out_of_the_folder(name: str):
    with pytest.raises(ValueError, match=r"x|hostname|outside"):
        pictures.path_of(name)


def test_old_pictures_are_erased_by_the_compounds_rule_and_say_so(media):
    lane, other = gate(), gate()
    RetentionRule.objects.create(compound=lane.compound, subject="pictures", days=30, source="test")
    now = timezone.now()
    old = pictures.store(jpeg(), lane, now - timedelta(days=31))
    fresh = pictures.store(jpeg(), lane, now - timedelta(days=29))
    elsewhere = pictures.store(jpeg(), other, now - timedelta(days=31))
    assert retire_pictures() == 1
    assert retire_pictures() == 0
    for picture in (old, fresh, elsewhere):
        picture.refresh_from_db()
    assert [bool(p.erased_at) for p in (old, fresh, elsewhere)] == [True, False, False]
    assert pictures.read(old) is None
    assert len(files(media)) == 2


def test_old_passages_go_with_their_readings_and_the_ledger_stays():
    lane = gate()
    RetentionRule.objects.create(compound=lane.compound, subject="readings", days=180, source="x")
    old, fresh = drive_up(lane), drive_up(lane, None)
    then = timezone.now() - timedelta(days=181)
    Passage.objects.filter(pk=old.pk).update(seen_at=then)
    old.readings.update(received_at=then)
    assert retire_pictures() == 2
    assert list(Passage.objects.all()) == [fresh]
    assert told(lane.compound).count("gate.passage_decided") == 2
    assert told(lane.compound)[-1] == "retention.applied"


def test_pictures_are_for_those_who_watch_the_gates():
    passage = drive_up(gate(), PLATE, picture=jpeg())
    compound = passage.compound
    seen = {
        role: Picture.objects.visible_to(factories.user(role, at=compound)).count()
        for role in ("guard", "manager", "desk", "resident", "installer")
    }
    assert seen == {"guard": 1, "manager": 1, "desk": 0, "resident": 0, "installer": 0}
