"""The grammar of plates: what is one, what was meant, what lies near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.vision import grammar
from community.vision.grammar import DIGITS, ENERGY, LETTERS, PROVINCES, SERIAL
from community.vision.plates import PlateKind

ordinary = st.builds(
    lambda province, office, serial: province + office + "".join(serial),
    st.sampled_from(PROVINCES),
    st.sampled_from(LETTERS),
    st.lists(st.sampled_from(SERIAL), min_size=5, max_size=5),
)
small_energy = st.builds(
    lambda p, o, e, s, d: p + o + e + s + "".join(d),
    st.sampled_from(PROVINCES),
    st.sampled_from(LETTERS),
    st.sampled_from(ENERGY),
    st.sampled_from(SERIAL),
    st.lists(st.sampled_from(DIGITS), min_size=4, max_size=4),
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("苏A12345", PlateKind.BLUE),
        ("苏A1234学", PlateKind.YELLOW),
        ("苏A1234挂", PlateKind.YELLOW),
        ("苏AD12345", PlateKind.GREEN),
        ("苏AF1A234", PlateKind.UNKNOWN),
        ("苏A12345D", PlateKind.GREEN_LARGE),
        ("苏A1234警", PlateKind.WHITE),
        ("苏OA1234", PlateKind.BLUE),
        ("WJ苏1234X", PlateKind.WHITE),
        ("VA12345", PlateKind.WHITE),
        ("粤Z1234港", PlateKind.BLACK),
        ("粤Z1234澳", PlateKind.BLACK),
        ("苏A1234领", PlateKind.BLACK),
        ("224001使", PlateKind.BLACK),
        ("苏X1234应急", PlateKind.WHITE),
        ("民航A1234", PlateKind.GREEN),
    ],
)
def test_kinds_by_text(text: str, kind: PlateKind) -> None:
    assert grammar.kind_of(text) is kind
    assert grammar.is_plate(text) is (kind is not PlateKind.UNKNOWN)


@pytest.mark.parametrize(
    "text",
    ["", "苏", "A12345", "苏A1234", "苏A123456", "苏I12345", "苏AI2345", "苏AO2345", "粤Z123港"],
)
def test_what_is_no_plate(text: str) -> None:
    assert not grammar.is_plate(text)


def test_colour_settles_what_text_leaves_open() -> None:
    assert grammar.kind_of("苏A12345", "yellow") is PlateKind.YELLOW
    assert grammar.kind_of("苏A12345", "black") is PlateKind.BLACK
    assert grammar.kind_of("苏AD12345", "yellow") is PlateKind.GREEN


def test_a_kind_that_only_colour_tells_is_unknown_without_it() -> None:
    assert grammar.kind_seen("苏A12345", "unknown") is PlateKind.UNKNOWN
    assert grammar.kind_seen("苏A12345", "blue") is PlateKind.BLUE
    assert grammar.kind_seen("苏AD12345", "unknown") is PlateKind.GREEN


@pytest.mark.parametrize(
    "word", ["无牌车", "_无_", "null", "unknown", "UNKNOWN", "-", "", " ", None]
)
def test_words_of_devices_for_no_plate(word: str | None) -> None:
    assert grammar.parse(word) is None


def test_normalise_takes_marks_width_and_case() -> None:
    assert grammar.normalise(" 苏ａ·１２ 3-4_5。") == "苏A12345"
    assert grammar.normalise("粵A12345") == "粤A12345"


def test_markup_and_endless_text_are_no_plates() -> None:
    assert not grammar.is_plate("<script>苏A12345</script>")
    assert not grammar.is_plate("苏A12345" * 1500)
    assert grammar.correct("苏" * 10_000) is None


@given(st.text(max_size=400))
def test_anything_typed_is_taken_without_harm(text: str) -> None:
    plain = grammar.normalise(text)
    assert grammar.normalise(plain) == plain
    meant = grammar.correct(text)
    assert meant is None or grammar.is_plate(meant)
    grammar.distance(text, "苏A12345")


@given(st.one_of(ordinary, small_energy))
def test_plates_stay_as_they_are(text: str) -> None:
    assert grammar.is_plate(text)
    assert grammar.correct(text) == text
    assert grammar.distance(text, text) == 0


@given(ordinary, st.integers(2, 6), st.sampled_from([("0", "O"), ("1", "I")]))
def test_letters_that_no_serial_has_are_put_right(
    text: str, place: int, swap: tuple[str, str]
) -> None:
    digit, letter = swap
    right = text[:place] + digit + text[place + 1 :]
    wrong = text[:place] + letter + text[place + 1 :]
    assert grammar.correct(wrong) == right


def test_a_stranger_among_the_characters_is_not_guessed() -> None:
    assert grammar.correct("苏A12人45") is None
    assert grammar.correct("欢迎光临本小区") is None


@given(ordinary, ordinary)
def test_distance_is_symmetric_and_bounded(one: str, other: str) -> None:
    there, back = grammar.distance(one, other), grammar.distance(other, one)
    assert there == pytest.approx(back)
    assert 0 <= there <= 7


def test_lookalikes_are_nearer_than_strangers() -> None:
    alike = grammar.distance("苏A88888", "苏A8B888")
    unlike = grammar.distance("苏A88888", "苏A8K888")
    dropped = grammar.distance("苏A88888", "苏A8888")
    assert alike < dropped < unlike


def test_patterns_hold_only_known_characters() -> None:
    for pattern in grammar.PATTERNS:
        assert all(pattern.places)
        assert 7 <= len(pattern.places) <= grammar.MOST
