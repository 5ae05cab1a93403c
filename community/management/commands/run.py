"""`make run`: everything in one process tree, started and ended by one command."""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from community import demo, start, terminal
from community.first_start import operations as first_start
from community.forked import name_process
from community.process_tree import Ended, Tree, last_words

LOOK_S = 0.5
#: Children have this long; whoever waits at the terminal does not wait longer than 5 s.
STOP_S = 3.5
WEB = "web"


class Command(BaseCommand):
    help = "Start Linli with its demo compound: pages, jobs and cameras in one process tree."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="*", help="address to listen on; * for all")
        parser.add_argument("--lang", default=settings.LANGUAGE_CODE, help="zh-hans or en")

    def handle(self, **options: Any) -> None:
        self.stopping = threading.Event()
        translation.activate(options["lang"])
        try:
            start.check()
            with start.alone() as lock:
                self._run(options["host"], lock)
        except (start.CannotStart, demo.DemoRefused) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.say(_("Stopped."))
        if getattr(self, "_called_from_command_line", False):
            self._leave()

    def _leave(self) -> None:
        """End at once: what libraries do at the end of a process may abort a good stop."""
        logging.shutdown()
        for stream in (self.stdout, sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(0)

    def _run(self, host: str, lock: Any) -> None:
        self._prepare()
        ports = start.take_ports(host)
        start.note(lock, ports)
        # What our children tell others to come to, or go to themselves.
        settings.HTTP_PORT, settings.HTTPS_PORT = ports.http, ports.https
        for port in ports.moved:
            self.say(_("Port %(port)s is taken; the next free one is used.") % {"port": port})
        _preload()
        tree = _tree(ports)
        # From here on a signal ends the loop; it may not tear a half-started tree apart.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        passages = terminal.Passages()
        try:
            # The page comes first: the others would take the processor from it.
            tree.start(WEB)
            if self._wait_for_page(tree, host, ports):
                tree.start()
                self._greet(ports, outside=host == "*")
            self._watch(tree, passages)
        finally:
            tree.stop(STOP_S)
        self.say(_("Stopped. Everything is saved."))

    def _prepare(self) -> None:
        ran = start.migrate()
        if ran:
            self.say(_("Tables are up to date (%(count)s changes).") % {"count": ran})
        if demo.is_wanted():
            self.say(_("Loading the demo compound …"))
            began = time.monotonic()
            demo.load()
            self.say(_("Loaded in %(s).1f s.") % {"s": time.monotonic() - began})

    def _wait_for_page(self, tree: Tree, host: str, ports: start.Ports) -> bool:
        """Until the first page is served; False when asked to stop before."""
        while not self.stopping.wait(0.1):
            self._tell_ended(tree)
            if _answers("127.0.0.1" if host == "*" else host, ports.http):
                return True
        return False

    def _greet(self, ports: start.Ports, *, outside: bool) -> None:
        seconds = {"s": _seconds_since_start()}
        self.say("", _("Linli runs. The first page was served after %(s).1f s.") % seconds, "")
        self.say(*terminal.addresses(ports, outside=outside))
        url = terminal.trust_url(ports)
        if outside and url and self._is_terminal():
            segno.make(url, micro=False).terminal(compact=True)
        if demo.is_loaded():
            self.say("", *terminal.users())
        elif first_start.is_needed():
            self.say("", *terminal.first_code(ports, first_start.issue_code()))
        self.say("", _("Ctrl-C stops everything. The first passages:"), "")

    def _watch(self, tree: Tree, passages: terminal.Passages) -> None:
        while not self.stopping.wait(LOOK_S):
            self._tell_ended(tree)
            try:
                self.say(*passages.news())
            except DatabaseError:
                # Somebody writes for long, or repairs the file: the children have to cope too.
                continue

    def _tell_ended(self, tree: Tree) -> None:
        for ended in tree.poll():
            self.say(_words(ended))
            log = next(child.log for child in tree.children if child.name == ended.name)
            self.say(*(f"    {line}" for line in last_words(log)))

    def _stop(self, _number: int, _frame: Any) -> None:
        self.stopping.set()

    def say(self, *lines: str) -> None:
        """Print; a reader that went away (`make run | head`) does not stop the gates."""
        try:
            for line in lines:
                self.stdout.write(line)
            self.stdout.flush()
        except (BrokenPipeError, ValueError, OSError):
            return

    def _is_terminal(self) -> bool:
        return bool(getattr(self.stdout, "isatty", bool)())


def _preload() -> None:
    """Load the pages before the fork: a child that starts again takes no code changed since."""
    import_module(settings.ROOT_URLCONF)
    import_string(settings.ASGI_APPLICATION)


def _tree(ports: start.Ports) -> Tree:
    commands = {name: list(words) for name, words in settings.PROCESS_TREE.items()}
    commands[WEB] += ports.arguments()
    # They share the ports' sockets: whoever is free takes the next connection.
    webs = [WEB, *(f"{WEB}-{number}" for number in range(2, settings.WEB_PROCESSES + 1))]
    commands |= dict.fromkeys(webs, commands[WEB])
    return Tree(
        {name: partial(_work, name, words) for name, words in commands.items()},
        Path(settings.VAR_DIR) / "log",
        sockets=dict.fromkeys(webs, ports.files()),
        before_fork=connections.close_all,
    )


def _work(name: str, words: list[str]) -> None:
    """The life of a child: one management command, in a process that `ps` calls by its name."""
    name_process(f"linli-{name}")
    translation.activate(settings.LANGUAGE_CODE)
    try:
        call_command(*words)
    except CommandError as error:
        sys.exit(f"CommandError: {error}")


def _answers(host: str, port: int) -> bool:
    """Whether a whole page comes back: the port itself is open before the server runs."""
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/sign-in/")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _seconds_since_start() -> float:
    """Seconds since this process began, its own imports included."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    began = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return float(Path("/proc/uptime").read_text().split()[0]) - began


def _words(ended: Ended) -> str:
    name = terminal.PROCESSES.get(ended.name.partition("-")[0], ended.name)
    facts = {"name": name, "code": ended.code, "s": f"{ended.again_in_s:g}"}
    if ended.budget_spent:
        text = _(
            "%(name)s ended again and again (exit code %(code)s). Next try in %(s)s s; see var/log."
        )
    else:
        text = _("%(name)s ended unexpectedly (exit code %(code)s). It starts again in %(s)s s.")
    return text % facts
