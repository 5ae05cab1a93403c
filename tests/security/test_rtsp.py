"""RTSP cameras, against one that really streams."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from community.models import Device
from security.sources import Source, SourceFault, open_source
from tests.security.rtsp_camera import HEIGHT, WIDTH, RtspCamera

SECRET = "s3:cr/et"


@pytest.fixture(autouse=True)
def _on_this_machine(settings) -> None:
    settings.DEVICE_LOOPBACK = True


@pytest.fixture
def camera() -> Iterator[RtspCamera]:
    streaming = RtspCamera(known=f"admin:{SECRET}")
    yield streaming
    streaming.close()


def source(camera: RtspCamera, password: str = SECRET) -> Source:
    url = f"rtsp://127.0.0.1:{camera.port}/Streaming/Channels/101"
    device = Device(pk=7, kind="camera", driver="rtsp", settings={"url": url, "fps": 10})
    device.credentials = {"username": "admin", "password": password}
    return open_source(device)


def test_a_stream_gives_frames_with_our_time(camera: RtspCamera) -> None:
    frames = source(camera).frames()
    first, second = next(frames), next(frames)
    frames.close()
    assert first.image.shape == (HEIGHT, WIDTH, 3)
    assert second.number > first.number
    assert second.at > first.at
    assert "SETUP" in camera.asked


def test_a_wrong_password_is_unreachable_and_never_said(camera: RtspCamera, capfd) -> None:
    with pytest.raises(SourceFault) as caught:
        next(source(camera, password="wr0ng-secret").frames())
    assert caught.value.code == "unreachable"
    said = capfd.readouterr()
    assert "wr0ng-secret" not in said.out + said.err


def test_a_stream_that_ends_is_a_fault_after_its_last_frame() -> None:
    camera = RtspCamera(known=f"admin:{SECRET}", frames=20)
    seen = 0
    with pytest.raises(SourceFault, match="no_frames"):
        for _ in source(camera).frames():
            seen += 1
    camera.close()
    assert seen > 0
