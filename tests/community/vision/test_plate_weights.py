"""The shipped weights are those of their card."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from community.vision.engines.linli_nets import WEIGHTS

CARD = (WEIGHTS / "README.md").read_text()
FILES = sorted(WEIGHTS.glob("*.onnx"))
MOST = 6 * 1024 * 1024


def test_both_networks_are_here_and_small() -> None:
    assert [path.name for path in FILES] == ["finder.onnx", "reader.onnx"]
    assert sum(path.stat().st_size for path in FILES) <= MOST


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_card_tells_the_hash(path: Path) -> None:
    told = re.search(rf"`{path.name}`.*`([0-9a-f]{{64}})`", CARD)
    assert told, f"no hash of {path.name} in its card"
    assert told[1] == hashlib.sha256(path.read_bytes()).hexdigest()
