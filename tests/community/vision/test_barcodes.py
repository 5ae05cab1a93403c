"""Code 128 from pictures: in any direction, blurred, dim and noisy; and never a wrong number."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from community.vision import code128
from community.vision.barcodes import read_bars
from tests.community.vision.bars import bars, parcel, seen, values_of

WAYBILLS = ("SF1428091666315", "JT3022718845107", "773012345678901", "XA20261103CN", "YT84a-9 7")


@pytest.mark.parametrize("text", WAYBILLS)
def test_what_a_label_printer_encodes_is_read_level_and_upside_down(text: str) -> None:
    frame = parcel(bars(text))
    assert read_bars(frame) == [text]
    assert read_bars(cv2.rotate(frame, cv2.ROTATE_180)) == [text]
    assert read_bars(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)) == [text]


@pytest.mark.parametrize("angle", [-18, 33, 45, 90, 128])
def test_it_is_read_in_any_direction(angle: int) -> None:
    frame = parcel(bars(WAYBILLS[0], 3, 130), angle=angle)
    assert read_bars(seen(frame, blur=1.0, noise=6)) == [WAYBILLS[0]]


@pytest.mark.parametrize(
    ("module", "blur", "noise", "contrast"),
    [(4, 2.2, 5, 1.0), (3, 1.4, 8, 0.6), (4, 1.0, 22, 1.0), (4, 0.8, 3, 0.12), (2, 0.9, 4, 0.8)],
    ids=["blurred", "a little of all", "noisy", "dim", "small"],
)
def test_it_is_read_through_a_cheap_lens(module, blur, noise, contrast) -> None:
    frame = parcel(bars(WAYBILLS[1], module), angle=4)
    assert read_bars(seen(frame, blur=blur, noise=noise, contrast=contrast)) == [WAYBILLS[1]]


def test_ink_that_ran_and_a_scratch_do_not_matter() -> None:
    label = bars(WAYBILLS[2], 4)
    label = cv2.erode(label, np.ones((1, 3), np.uint8))  # every bar two pixels wider
    label[60:90, 200:240] = 255
    label[140:150] = 40
    assert read_bars(seen(parcel(label), blur=1.0, noise=5)) == [WAYBILLS[2]]


def test_two_labels_are_two_texts_and_one_twice_is_one() -> None:
    first, second = (bars(text, 3, 120) for text in WAYBILLS[:2])
    assert set(read_bars(parcel(first, second))) == set(WAYBILLS[:2])
    assert read_bars(parcel(first, first)) == [WAYBILLS[0]]


def test_without_check_character_quiet_zone_or_stop_there_is_no_text() -> None:
    values = values_of(WAYBILLS[0])
    wrong = [*values[:-1], (values[-1] + 1) % 103]
    assert read_bars(parcel(bars(wrong))) == []
    crowded = bars(WAYBILLS[0], quiet=2)
    crowded[:, :3] = crowded[:, -3:] = 0
    assert read_bars(parcel(crowded)) == []
    cut = bars(WAYBILLS[0])[:, :-100]
    assert read_bars(parcel(cut)) == []
    assert read_bars(np.zeros((8, 8, 3), np.uint8)) == []
    assert read_bars(np.full((600, 800, 3), 255, np.uint8)) == []


def test_what_cannot_be_read_is_never_read_wrong() -> None:
    """Ever more blur and noise: the number itself, or nothing."""
    dice, read = np.random.default_rng(11), 0
    for trial in range(12):
        text = f"SF{dice.integers(10**12, 10**13)}"
        frame = parcel(bars(text, 3, 90), angle=float(dice.uniform(-25, 25)), size=(600, 900))
        frame = seen(
            frame, blur=float(dice.uniform(0.8, 3.2)), noise=float(dice.uniform(2, 45)),
            contrast=float(dice.uniform(0.15, 1.0)), seed=trial,
        )  # fmt: skip
        told = read_bars(frame)
        assert told in ([text], [])
        read += bool(told)
    assert 2 <= read < 12


def test_sets_and_shifts_are_followed_and_letters_beyond_ascii_are_not_read() -> None:
    def with_check(*data: int) -> list[int]:
        check = data[0] + sum(place * value for place, value in enumerate(data))
        return [*data, check % 103]

    # Start A, "A", shift to "a", function 1, to C, 12, to B, "b".
    mixed = with_check(103, 33, 98, 65, 102, 99, 12, 100, 66)
    assert code128.text_of(mixed) == "Aa12b"
    assert code128.text_of(with_check(104, 33, 100, 34)) is None  # function 4
    assert code128.text_of([*mixed[:-1], 0]) is None
    assert code128.text_of([104]) is None
    assert all(
        sum(map(int, one)) == 11 and sum(map(int, one[0::2])) % 2 == 0 for one in code128.PATTERNS
    )
    assert len(set(code128.PATTERNS)) == 107
