"""Cameras that push: how many a second, how soon they are answered, and what opened wrongly.

SQLite as it runs (synchronous=FULL, one writer), the real web process over HTTP. Speed: bodies of
the Vzenith family with two pictures of 200 KB, over four connections that stay open: first as fast
as they are answered, then 20 a second. Wrong openings: 10,000 mixed pushes over two web processes,
see ``bench.pushes``; an opening is an answer that lifts a camera's arm, or an order to a barrier.
"""

from __future__ import annotations

import http.client
import os
import threading
import time
from argparse import Namespace
from typing import Any

from bench import pushes, stage
from bench.gate import invented, register

VEHICLES = 9_000
AS_FAST = 200
STEADY = 400
A_SECOND = 20
CONNECTIONS = 4
PICTURE_BYTES = 200_000


def run(options: Namespace) -> dict[str, Any]:
    """``pushes_s``, ``answer_ms_*`` in milliseconds, ``wrong_open`` in openings.

    ``--people`` makes the replay shorter, to try something.
    """
    with stage.fresh_database():
        from community.models import Compound

        plates = invented(VEHICLES)
        compound = Compound.objects.create(code=stage.new_name("ingest"), name="bench")
        register(compound, plates)
        webs = [stage.Web(), stage.Web()]
        try:
            figures = _speed(pushes.lanes(compound, CONNECTIONS, "simulated"), webs[0], plates)
            count = getattr(options, "people", None) or pushes.COUNT
            replay = pushes.Replay(compound, [web.port for web in webs], plates[2_000:], count)
            return figures | replay.run()
        finally:
            for web in webs:
                web.close()


def _speed(lanes: list[Any], web: stage.Web, plates: list[str]) -> dict[str, Any]:
    fast, steady, unused = plates[:AS_FAST], plates[AS_FAST : AS_FAST + STEADY], plates[-20:]
    _push_all(web.port, lanes, unused, 10_000)  # connections, code and caches are warm then
    began = time.perf_counter()
    _push_all(web.port, lanes, fast, 20_000)
    took = time.perf_counter() - began
    answers = _push_all(web.port, lanes, steady, 30_000, 1 / A_SECOND)
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {
        "pushes_s": round(len(fast) / took, 1),
        **{
            f"answer_ms_{name}": round(stage.percentile(answers, share), 1)
            for name, share in shares.items()
        },
    }


def _push_all(
    port: int, lanes: list[Any], plates: list[str], first: int, every_s: float = 0.0
) -> list[float]:
    """Push each plate once, one each ``every_s``, and give the milliseconds of the answers.

    ``first``: the camera's number of the first event; the same number in the same second would be
    the same car. A push that is due while its connection still waits counts from when it was due.
    """
    found: list[float] = []
    start = time.perf_counter() + 0.1
    pictures = (_picture(), _picture())

    def one(number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for index in range(number, len(plates), CONNECTIONS):
            lane = lanes[number]
            body = pushes.sample(lane, plates[index], first + index, pictures=pictures).data
            due = start + index * every_s
            time.sleep(max(0.0, due - time.perf_counter()))
            began = due if every_s else time.perf_counter()
            line.request("POST", lane.path, body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            found.append((time.perf_counter() - began) * 1000)
        line.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    from security.models import Reading

    assert Reading.objects.filter(plate__in=plates).count() == len(plates)
    return found


def _picture() -> bytes:
    """A JPEG of 200 KB, 1280 x 720; what fills it up stands after its end."""
    from bench.gate import photograph

    data = photograph()
    return data + os.urandom(max(0, PICTURE_BYTES - len(data)))
