"""Whatever comes: a push, or a name for what is wrong with it. Never anything else."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.devices.heard import LONGEST, cleared
from community.devices.push import FORMATS, Body, NotUnderstood
from community.devices.push.parts import split
from tests.community.devices.push import bodies

pytestmark = pytest.mark.pure
ZONE = ZoneInfo("Asia/Shanghai")
SEEDS = {
    "vzenith": [bodies.vzenith(), bodies.vzenith_alive(), bodies.vzenith_input(1)],
    "hikvision": [bodies.hikvision(), bodies.anpr_xml(), bodies.terminal()],
    "dahua": [bodies.dahua(), bodies.dahua_alive()],
    "huaxia": [bodies.huaxia(), bodies.huaxia(encoding="gbk")],
    "platerecognizer": [bodies.platerecognizer()],
    "openalpr": [bodies.openalpr()],
}
TYPES = st.sampled_from([bodies.HIKVISION_TYPE, "", "multipart/form-data, boundary=x1", "a/b;;="])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
NAMES = st.text(max_size=8)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(kind: str, data: bytes, content_type: str) -> None:
    how = FORMATS[kind]
    try:
        told = how.read(Body(data, content_type, "comet", ZONE))
    except NotUnderstood:
        told = None
    if told is not None and told.plate is not None:
        confidence, at = told.plate.confidence, told.plate.captured_at
        assert confidence is None or 0 <= confidence <= 1
        assert at is None or at.tzinfo is not None
        assert len(told.plate.plate or "") <= 40
        assert "\0" not in (told.plate.plate or "") + told.serial + told.plate.vendor_id
    assert len(how.answer(told, None).body) < 1000
    assert b'"ok"' not in how.answer(told, None).body


@pytest.mark.parametrize("kind", SEEDS)
@given(data=st.data(), content_type=TYPES)
@QUICK
def test_bodies_with_bytes_changed_cut_and_added(kind, data, content_type):
    body = bytearray(data.draw(st.sampled_from(SEEDS[kind])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body)))
        length = data.draw(st.sampled_from([0, 1, 2, 40, 400]))
        body[at : at + length] = data.draw(st.binary(max_size=12))
    check(kind, bytes(body), content_type)


@pytest.mark.parametrize("kind", ["vzenith", "dahua", "openalpr", "platerecognizer", "hikvision"])
@given(data=st.data())
@QUICK
def test_json_with_any_value_in_any_place(kind, data):
    import json

    text = bodies.terminal().split(b"\r\n\r\n")[1].split(b"\r\n--")[0]
    seed = text if kind == "hikvision" else SEEDS[kind][0]
    if kind == "platerecognizer":
        seed = seed.split(b"\r\n\r\n")[1].split(b"\r\n--")[0]
    told = json.loads(seed)
    inner = told
    while data.draw(st.booleans()):
        names = [name for name, value in inner.items() if isinstance(value, dict)]
        if not names:
            break
        inner = inner[data.draw(st.sampled_from(names))]
    inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(VALUES)
    check(kind, json.dumps(told).encode(), "application/json")


@given(body=st.binary(max_size=300), content_type=st.text(max_size=60))
@QUICK
def test_the_splitter_and_the_notes_take_any_bytes(body, content_type):
    for part in split(b"--x\r\n" + body, content_type):
        assert part.data in b"--x\r\n" + body
    assert len(cleared(body, content_type)) <= LONGEST
