"""Pictures from outside: what is taken, what is refused and by which code."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from community.vision import pictures
from community.vision.pictures import PictureError


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 32), **options: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, (250, 10, 10))
    image.paste((10, 10, 250), (size[0] // 2, 0, *size))
    file = io.BytesIO()
    image.save(file, form, **options)  # type: ignore[arg-type]
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    data = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )
    data += struct.pack(">I", len(body)) + b"IDAT" + body
    data += struct.pack(">I", zlib.crc32(b"IDAT" + body))
    return data + struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))


def refused(data: bytes, **bounds: int) -> str:
    with pytest.raises(PictureError) as error:
        pictures.decode(data, **bounds)
    assert error.value.code in pictures.CODES
    assert str(error.value)
    return error.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "BMP"])
def test_usual_formats_are_taken(form: str) -> None:
    frame = pictures.decode(picture(form))
    assert frame.shape == (32, 64, 3)
    assert frame.dtype == np.uint8
    assert frame[16, 8, 2] > 200 > frame[16, 8, 0]  # red lies in the last channel


def test_heic_is_taken() -> None:
    pytest.importorskip("pillow_heif").register_heif_opener()
    frame = pictures.decode(picture("HEIF"))
    assert frame.shape == (32, 64, 3)
    assert frame[16, 8, 2] > 180


def test_a_bomb_is_refused_by_its_header() -> None:
    tracemalloc.start()
    code = refused(png_header(60_000, 60_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code == "too_many_pixels"
    assert peak < 5_000_000


def test_a_bomb_as_jpeg_webp_and_bmp() -> None:
    jpeg = bytearray(picture("JPEG"))
    frame_header = jpeg.index(b"\xff\xc0")
    jpeg[frame_header + 5 : frame_header + 9] = struct.pack(">HH", 60_000, 60_000)
    assert refused(bytes(jpeg)) == "too_many_pixels"
    bmp = bytearray(picture("BMP"))
    bmp[18:26] = struct.pack("<ii", 60_000, -60_000)
    assert refused(bytes(bmp)) == "too_many_pixels"
    assert refused(picture("WEBP"), max_pixels=1000) == "too_many_pixels"


def test_bytes_are_bounded_before_anything_else() -> None:
    assert refused(b"\xff\xd8\xff" + b"\0" * 2000, max_bytes=1000) == "too_large"


@pytest.mark.parametrize(
    "data", [b"", b"hello, I am a text", b"GIF89a......", b"%PDF-1.7", b"\xff\xd8"]
)
def test_what_is_no_picture(data: bytes) -> None:
    assert refused(data) == "not_a_picture"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7])
def test_cut_off_pictures_are_refused(form: str, part: float) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 300, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, form)
    data = file.getvalue()
    assert refused(data[: max(16, int(len(data) * part))]) == "truncated"


def test_a_jpeg_that_lacks_only_its_last_bytes_is_taken() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (400, 300, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "JPEG")
    assert pictures.decode(file.getvalue()[:-8]).shape == (400, 300, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_phones_orientation_is_applied(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = picture("JPEG", exif=exif.tobytes())
    frame = pictures.decode(data)
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    expected = np.asarray(upright)[..., ::-1]
    assert frame.shape == expected.shape
    assert np.abs(frame.astype(int) - expected).mean() < 12


def test_encode_and_shrink() -> None:
    frame = pictures.decode(picture(size=(400, 200)))
    assert pictures.shrink(frame, 100).shape == (50, 100, 3)
    assert pictures.shrink(frame, 1000) is frame
    again = pictures.decode(pictures.encode_jpeg(frame, 90))
    assert again.shape == frame.shape
    with pytest.raises(ValueError, match="frame"):
        pictures.encode_jpeg(np.zeros((0, 0, 3), np.uint8))
