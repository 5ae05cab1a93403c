"""Processes start together, come back within a budget, and none outlives the parent."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from community import process_tree, warden
from community.process_tree import Budget, Ended, Tree
from tests.servers.process import ROOT, Process

pytestmark = pytest.mark.pure

#: Starts a child of its own, writes both ids, and sleeps; `--deaf` ignores SIGTERM, in both.
FAMILY = """
import os, signal, subprocess, sys, time
deaf = "--deaf" in sys.argv
if deaf:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
nap = "import signal, time; "
nap += "signal.signal(15, signal.SIG_IGN); " if deaf else ""
child = subprocess.Popen([sys.executable, "-c", nap + "time.sleep(100)"])
time.sleep(0.3)
open(sys.argv[1], "w").write(f"{os.getpid()} {child.pid}")
time.sleep(100)
"""
#: A parent that keeps one family, until it is killed.
PARENT = """
import sys, time
from pathlib import Path
from community.process_tree import Tree
command = [sys.executable, "-c", *sys.argv[1:]]
if "--fork" in sys.argv:
    code, sys.argv = sys.argv[1], sys.argv[1:]
    command = lambda: exec(code)
tree = Tree({"family": command}, Path(sys.argv[1]).parent if callable(command)
            else Path(sys.argv[2]).parent)
tree.start()
time.sleep(100)
"""
Make = Callable[..., Tree]


@pytest.fixture
def make_tree(tmp_path: Path) -> Iterator[Make]:
    made: list[Tree] = []

    def make(*arguments: str, budget: Budget | None = None, script: str = FAMILY) -> Tree:
        command = [sys.executable, "-c", script, str(tmp_path / "ids"), *arguments]
        made.append(Tree({"family": command}, tmp_path, budget=budget))
        return made[-1]

    yield make
    for tree in made:
        tree.stop(0.1)


def read_ids(folder: Path) -> list[int]:
    wait_until(lambda: (folder / "ids").exists() and (folder / "ids").read_text().count(" "))
    return [int(one) for one in (folder / "ids").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def wait_until(is_true: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "did not come true"
        time.sleep(0.02)


@pytest.mark.parametrize("manner", [[], ["--deaf"]], ids=["obedient", "deaf"])
def test_stop_ends_children_and_their_children(make_tree: Make, tmp_path: Path, manner):
    tree = make_tree(*manner)
    tree.start()
    ids = read_ids(tmp_path)
    tree.stop(seconds=0.5)
    wait_until(lambda: not any(is_alive(one) for one in ids))


@pytest.mark.parametrize(
    "manner",
    [[], ["--deaf"], ["--fork"], ["--fork", "--deaf"]],
    ids=["obedient", "deaf", "forked", "forked and deaf"],
)
def test_a_killed_parent_leaves_no_orphans(tmp_path: Path, manner):
    command = [sys.executable, "-c", PARENT, FAMILY, tmp_path / "ids", *manner]
    parent = Process(command, tmp_path / "log", {"PYTHONPATH": str(ROOT)})
    ids = read_ids(tmp_path)
    os.kill(parent.pid, signal.SIGKILL)
    parent.popen.wait(10)
    wait_until(lambda: not any(map(is_alive, ids)))


def test_the_warden_leaves_with_an_orderly_stop(make_tree: Make, tmp_path: Path):
    tree = make_tree()
    tree.start()
    read_ids(tmp_path)
    guard = tree._warden
    assert guard is not None
    assert guard.poll() is None
    tree.stop()
    assert guard.poll() == 0


def test_a_dead_child_is_told_once_and_starts_again(make_tree: Make, tmp_path: Path):
    tree = make_tree(budget=Budget(first_wait_s=0.1))
    tree.start()
    first, grandchild = read_ids(tmp_path)
    (tmp_path / "ids").unlink()
    os.kill(first, signal.SIGKILL)
    told: list[Ended] = []
    wait_until(lambda: told.extend(tree.poll()) or (tmp_path / "ids").exists())
    assert told == [Ended("family", -signal.SIGKILL, 0.1, budget_spent=False)]
    assert read_ids(tmp_path)[0] != first
    assert not is_alive(grandchild)


def test_the_budget_ends_and_recovers(make_tree: Make):
    budget = Budget(starts=3, window_s=60, rest_s=30, first_wait_s=0.01)
    tree = make_tree(budget=budget, script="raise SystemExit(4)")
    tree.start()
    told: list[Ended] = []
    wait_until(lambda: told.extend(tree.poll()) or len(told) == 3)
    assert [one.code for one in told] == [4, 4, 4]
    assert [one.budget_spent for one in told] == [False, False, True]
    assert told[-1].again_in_s == 30
    assert tree.poll() == []
    later = time.monotonic() + 31
    tree.poll(lambda: later)
    assert tree.children[0].process is not None


def test_children_start_in_the_order_that_is_asked(tmp_path: Path):
    nap = [sys.executable, "-c", "import time; time.sleep(60)"]
    tree = Tree({"web": nap, "jobs": nap}, tmp_path)
    tree.start("web")
    tree.poll()
    running = [child.name for child in tree.children if child.process]
    tree.start()
    later = [child.name for child in tree.children if child.process]
    tree.stop()
    assert (running, later) == (["web"], ["web", "jobs"])


def test_last_words_and_a_log_that_stays_small(make_tree: Make, tmp_path: Path, monkeypatch):
    tree = make_tree(script="print('one'); print(); raise SystemExit('no camera')")
    tree.start()
    wait_until(tree.poll)
    log = tree.children[0].log
    assert process_tree.last_words(log) == ["one", "no camera"]
    monkeypatch.setattr(process_tree, "LOG_BYTES", 4)
    tree.poll()
    assert log.read_text() == ""
    assert "no camera" in (tmp_path / "family.log.1").read_text()


def forked(work: Callable[[], object], folder: Path, **options) -> tuple[Tree, process_tree.Child]:
    tree = Tree({"fork": work}, folder, **options)
    tree.start()
    return tree, tree.children[0]


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda: None, 0),
        (lambda: sys.exit(3), 3),
        (lambda: sys.exit("no camera"), 1),
        (lambda: 1 / 0, 1),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), -9),
    ],
)
def test_a_fork_ends_as_a_program_does(tmp_path: Path, work, code):
    tree, _ = forked(work, tmp_path)
    told: list[Ended] = []
    wait_until(lambda: told.extend(tree.poll()) or told)
    tree.stop()
    assert told[0].code == code


def test_a_fork_says_why_it_ended(tmp_path: Path):
    tree, child = forked(lambda: sys.exit("no camera"), tmp_path)
    wait_until(tree.poll)
    tree.stop()
    assert process_tree.last_words(child.log) == ["no camera"]


def test_a_fork_is_ended_with_the_tree(tmp_path: Path):
    tree, child = forked(lambda: time.sleep(100), tmp_path)
    pid = child.process.pid
    tree.stop()
    assert not is_alive(pid)


def test_only_its_child_inherits_a_socket(tmp_path: Path):
    closed: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as held:
        commands = {
            "web": lambda: sys.stdout.write(f"web {os.fstat(held.fileno()).st_ino}\n"),
            "jobs": lambda: sys.stdout.write(f"jobs {os.fstat(held.fileno()).st_ino}\n"),
        }
        tree = Tree(
            commands,
            tmp_path,
            sockets={"web": [held.fileno()]},
            before_fork=lambda: closed.append("database"),
        )
        tree.start()
        web, jobs = (child.log for child in tree.children)
        wait_until(lambda: web.exists() and "web " in web.read_text())
        wait_until(lambda: jobs.exists() and "Bad file descriptor" in jobs.read_text())
        tree.stop()
    assert closed == ["database", "database"]


def test_an_empty_group_is_not_alive():
    assert not warden.is_alive(2**22 - 1)
    assert warden.is_alive(os.getpgrp())
