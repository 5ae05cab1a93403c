"""Frames of the 8A family against published examples, and against whatever a bus may carry."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.devices import lock_frames
from community.devices.lock_frames import ORDER, QUESTION, Reply, replies, statuses

pytestmark = pytest.mark.pure
boards, locks = st.integers(1, 99), st.integers(1, 64)
answers = st.builds(
    Reply, st.sampled_from([ORDER, QUESTION]), boards, locks, st.sampled_from([0x00, 0x11])
)


def test_frames_are_those_of_the_boards_own_papers():
    assert lock_frames.open_frame(1, 1).hex() == "8a0101119b"
    assert lock_frames.open_frame(1, 2).hex() == "8a01021198"
    assert lock_frames.lock_frame(1, 1).hex() == "80010133b3"
    assert lock_frames.board_frame(1).hex() == "80010033b2"
    said = bytes.fromhex("8a0101008a8001011191")
    assert list(replies(said)) == [Reply(ORDER, 1, 1, 0), Reply(QUESTION, 1, 1, 0x11)]


@pytest.mark.parametrize(("board", "lock"), [(1, 0), (0, 1), (1, -1), (1, 65), (100, 1), (1, 256)])
def test_lock_zero_and_all_that_is_no_lock_is_refused(board, lock):
    for frame in (lock_frames.open_frame, lock_frames.lock_frame):
        with pytest.raises(ValueError, match="no such lock"):
            frame(board, lock)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_whatever_comes_is_read_without_harm(data):
    for reply in replies(data):
        assert reply.frame in data
        assert reply.status in (0x00, 0x11)
    for order in ("low_first", "high_first"):
        said = statuses(data, 1, 24, order)
        assert said is None or len(said) == 24


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=12), st.lists(answers, max_size=4), st.integers(0, 39), st.integers(0, 7))
def test_answers_are_found_behind_noise_and_a_spoilt_one_is_none(noise, said, where, bit):
    # Noise without a head: a head in it may swallow the start of an answer, as on a real bus.
    clean = bytes(one for one in noise if one not in (ORDER, QUESTION))
    whole = b"".join(reply.frame for reply in said)
    assert list(replies(clean + whole))[: len(said)] == said
    if said and where < len(said[0].frame):
        broken = bytearray(said[0].frame)
        broken[where] ^= 1 << bit
        assert list(replies(bytes(broken))) == []


@settings(max_examples=100, deadline=None)
@given(boards, st.integers(1, 24), st.integers(0, 5), st.booleans(), st.data())
def test_a_whole_board_is_read_in_either_order_and_with_bytes_to_spare(
    board, count, spare, is_high_first, data
):
    standing = data.draw(st.sets(st.integers(1, count)))
    rows = bytearray(-(-count // 8) + spare)
    for lock in standing:
        rows[(lock - 1) // 8] |= 1 << (lock - 1) % 8
    body = bytes((QUESTION, board, *(rows[::-1] if is_high_first else rows), 0x33))
    frame = body + bytes((lock_frames.checksum(body),))
    order = "high_first" if is_high_first else "low_first"
    found = statuses(frame, board, count, order)
    assert found is not None
    if spare == 0:
        assert {lock for lock, status in found.items() if status} == standing
