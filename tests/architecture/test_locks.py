"""What is installed is what was locked, from wherever the machine's own index is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, place, tracked_files

REQUIREMENTS = ROOT / "deploy" / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.lock"))


def wanted(name: str) -> list[str]:
    """The requirements of an input file, without comments and references."""
    lines = (line.split("#")[0].strip() for line in (REQUIREMENTS / name).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("-")]


def locked(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", path.read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_each_locked_package_has_hashes(path: Path):
    entries = re.split(r"^(?=[a-z0-9.-]+==)", path.read_text(), flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_lock_names_no_index(path: Path):
    text = path.read_text()
    assert "://" not in text
    assert not re.search(r"^--?(?:i|index|extra-index|find-links|trusted)", text, re.MULTILINE)


def test_the_locks_agree():
    run, dev = locked(REQUIREMENTS / "run.lock"), locked(REQUIREMENTS / "dev.lock")
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize(("name", "lock"), [("run.in", "run.lock"), ("dev.in", "dev.lock")])
def test_all_that_is_wanted_is_locked(name: str, lock: str):
    names = {re.split(r"[\[<>=]", line)[0].strip() for line in wanted(name)}
    assert names - set(locked(REQUIREMENTS / lock)) == set()


def test_pyproject_and_the_inputs_say_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["dependencies"] == wanted("run.in")
    assert project["dependency-groups"]["dev"] == wanted("dev.in")
    assert project["dependency-groups"]["train"] == wanted("train.in")


def test_no_file_names_a_place_on_one_machine():
    # Written in two halves, so that this file does not name them either.
    places = re.compile("|".join(("/wo" + r"rk/\w", "/ro" + r"ot/\w", "/ho" + r"me/\w+/\w")))
    text = {
        ".py",
        ".sh",
        ".md",
        ".toml",
        ".yaml",
        ".yml",
        ".html",
        ".js",
        ".css",
        ".txt",
        ".in",
        ".lock",
        ".po",
        "",
    }
    files = [path for path in tracked_files() if path.suffix in text]
    assert [place(path) for path in files if places.search(path.read_text(errors="replace"))] == []
