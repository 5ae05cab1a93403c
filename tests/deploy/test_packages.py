"""What set-up does about missing Debian packages, with a made-up dpkg and apt-get."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def machine(tmp_path: Path):
    """A machine on which only `libgl1` is installed; `become(uid)` runs the shell on it."""

    def program(name: str, body: str) -> None:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def run(uid: int, *packages: str, apt_status: int = 0) -> subprocess.CompletedProcess[str]:
        program("dpkg-query", '[ "$4" = libgl1 ] && echo "install ok installed"')
        program("id", f"echo {uid}")
        program(
            "apt-get", f'echo "apt-get $*" >>"{tmp_path}/calls"; echo broken; exit {apt_status}'
        )
        script = f". deploy/debian.sh; need_packages {' '.join(packages)}; echo went on"
        path = f"{tmp_path}:{os.environ['PATH']}"
        return subprocess.run(
            ["sh", "-ec", script],
            cwd=ROOT,
            env={"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    run.calls = tmp_path / "calls"
    return run


def test_nothing_missing_asks_for_nothing(machine):
    result = machine(1000, "libgl1")
    assert (result.stdout, result.stderr, result.returncode) == ("went on\n", "", 0)
    assert not machine.calls.exists()


def test_without_rights_it_names_what_is_missing_and_stops(machine):
    result = machine(1000, "libgl1", "libglib2.0-0")
    assert result.returncode == 1
    assert "sudo apt-get install libglib2.0-0" in result.stderr
    assert "libgl1" not in result.stderr
    assert not machine.calls.exists()


def test_root_installs_what_is_missing(machine):
    result = machine(0, "libgl1", "mosquitto")
    assert result.stdout == "went on\n"
    update, install = machine.calls.read_text().splitlines()
    assert update.startswith("apt-get update")
    assert install.split()[-1] == "mosquitto"


def test_a_failed_installation_shows_its_words_and_stops(machine):
    result = machine(0, "mosquitto", apt_status=100)
    assert result.returncode == 1
    assert "broken" in result.stderr
    assert "went on" not in result.stdout


def test_an_environment_that_is_current_is_left_alone():
    """`make run` goes through set-up each time, so it must not touch what is right."""
    # One that another checkout made and lends would be rewritten under its feet.
    stamps = {
        path: path.stat().st_mtime_ns
        for path in (ROOT / ".venv").glob("linli-*.stamp")
        if path.read_text().rstrip().endswith(f" {ROOT}")
    }
    if not stamps:
        pytest.skip("this environment was not made by deploy/setup.sh, or not here")
    result = subprocess.run(["deploy/setup.sh", "run"], cwd=ROOT, capture_output=True, check=True)
    assert b"installing" not in result.stderr
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
