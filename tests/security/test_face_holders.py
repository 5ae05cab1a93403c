"""Real processes that hold faces: each confirms; one that hangs is a fault, a dead one let go."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from community import living
from community.handling import run_due
from community.models import Event
from residents.models import Consent, FaceErasure, FaceGallery, GalleryHolder
from residents.operations import give_card
from residents.operations.faces.consents import withdraw_consent
from residents.operations.faces.proof import behind, prove_erasures
from security.models import Alert
from tests.community import factories
from tests.residents.doors import resident
from tests.residents.faces import enrolled
from tests.servers.process import Process, python_command

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def who():
    home = factories.unit(factories.compound())
    row = resident(home, "邵晴", birth_date="1980-05-01")
    give_card(row, "0412345678")
    enrolled(row)
    return row


@pytest.fixture
def hold(
    shared_environment: dict[str, str], settings: Any, tmp_path: Path, who
) -> Iterator[Callable[[str], Process]]:
    """`hold("a")`: a process that holds the gallery under this name."""
    environment = {
        **shared_environment,
        "DJANGO_SETTINGS_MODULE": "community.settings.embedded",
        "LINLI_VAR": str(tmp_path),
        "LINLI_KEYRING": str(settings.KEYRING_PATH),
        "LINLI_SECRET_KEY": settings.SECRET_KEY,
    }
    started: list[Process] = []

    def start(name: str) -> Process:
        told = (who.compound_id, name, tmp_path)
        command = python_command("-m", "tests.security.face_child", *map(str, told))
        started.append(Process(command, tmp_path / f"{name}.log", environment))
        return started[-1]

    yield start
    for process in started:
        process.kill() if process.is_running else None


def wait_for(is_so: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_erased_only_when_every_living_process_says_so(who, hold, tmp_path: Path):
    first, second = hold("a"), hold("b")
    version = FaceGallery.objects.get().version
    wait_for((tmp_path / f"a.{version}.1").exists)
    wait_for((tmp_path / f"b.{version}.1").exists)
    assert GalleryHolder.objects.filter(version=version, retired_at=None).count() == 2
    (tmp_path / "b.deaf").touch()
    withdraw_consent(Consent.objects.get())
    erasure = FaceErasure.objects.get()
    assert erasure.proven_at is None
    # The one that hears has dropped it; the other still holds it, and is named as a fault.
    wait_for((tmp_path / f"a.{erasure.version}.0").exists)
    wait_for(lambda: [one.name for one in behind(erasure)] == ["b"])
    assert prove_erasures(timezone.now() + timedelta(minutes=3)) == 1
    run_due()
    alert = Alert.objects.get(kind="face_kept")
    assert "b" in str(alert)
    assert FaceErasure.objects.get().proven_at is None
    second.kill()
    wait_for(lambda: living.is_gone(GalleryHolder.objects.get(name="b").process))
    prove_erasures()
    assert FaceErasure.objects.get().proven_at is not None
    told = Event.objects.get(kind="residents.gallery_holder_retired").payload
    assert told["why"] == "died"
    run_due()
    alert.refresh_from_db()
    assert alert.state == "closed"
    # The living one is still a holder.
    assert list(GalleryHolder.objects.filter(retired_at=None).values_list("name", flat=True)) == [
        "a"
    ]
    first.kill()


def test_who_cannot_be_seen_from_here_is_never_taken_for_dead():
    here = living.identity()
    machine, boot, space, pid, start = here.split(":")
    assert not living.is_gone(here)
    assert living.is_gone(f"{machine}:{boot}:{space}:{pid}:{int(start) + 1}")
    assert living.is_gone(f"{machine}:another-boot:{space}:{pid}:{start}")
    for unseen in ("", "x", f"other:{boot}:{space}:{pid}:1", f"{machine}:{boot}:1:{pid}:1"):
        assert not living.is_gone(unseen)
    assert living.identity(os.getpid()) == here
