"""Logs: one id along a passage, and nothing in them that names a person or opens a door."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest
import structlog

from community import logging as ours
from community.devices import operations as devices
from security import operations
from tests.community import factories
from tests.security.gates import PLATE, gate, reading


@pytest.fixture
def lines():
    """`lines()`: what was logged since, as production writes it."""
    written = io.StringIO()
    made = ours.settings("json", "INFO")
    made["handlers"]["stderr"]["stream"] = written
    before = logging.getLogger().handlers[:], logging.getLogger().level
    logging.config.dictConfig(made)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().handlers[:], level = before
    logging.getLogger().setLevel(level)


@pytest.mark.django_db(transaction=True)
def test_one_id_follows_a_passage_to_the_barrier(lines):
    lane = gate()
    passage = operations.handle_reading(reading(lane, PLATE, key="k1"))
    devices.drain()
    along = {line["event"]: line for line in lines() if line.get("trace")}
    assert {"passage", "device.command_ordered", "device.command_done"} <= set(along)
    assert len({line["trace"] for line in along.values()}) == 1
    assert along["passage"]["passage"] == passage.pk
    assert along["device.command_done"]["command"] == passage.command_id
    assert PLATE not in json.dumps(lines(), ensure_ascii=False)


@pytest.mark.django_db
def test_a_request_is_one_line_with_the_id_that_the_reader_gets(client, lines):
    user = factories.user("guard", at=factories.compound())
    client.force_login(user)
    answer = client.get("/account/", headers={"X-Request-ID": "proxy-0123456789"})
    assert answer["X-Request-ID"] == "proxy-0123456789"
    told = next(line for line in lines() if line["event"] == "request")
    assert (told["request"], told["route"], told["status"]) == (
        "proxy-0123456789",
        "account/",
        200,
    )
    assert told["user"] == user.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f g h", 'x"}\n{"level":"fatal']
)
def test_an_id_that_is_none_is_replaced(client, given):
    answer = client.get("/healthz", headers={"X-Request-ID": given.replace("\n", "")})
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    "text",
    [
        "豫A12345",
        "京AD12345",
        "410103199001011234",
        "13800001234",
        "Authorization: Device 3fQx9-KpL0_wz8",
        "postgres://linli:hunter2hunter2@db/linli",
        "duplicate key\nDETAIL:  Key (name)=(王小明) already exists.",
    ],
)
def test_personal_data_and_secrets_in_texts_are_hidden(lines, text):
    log = structlog.get_logger("x")
    log.warning("refused", why=text)
    logging.getLogger("y").error("refused: %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("broke")
    assert len(lines()) == 3
    told = json.dumps(lines(), ensure_ascii=False)
    for secret in ("12345", "199001011234", "00001234", "KpL0", "hunter2", "王小明"):
        assert secret not in told


@pytest.mark.parametrize(
    "name", ["token", "password", "plate", "session_key", "cookie", "csrftoken"]
)
def test_values_under_telling_names_are_hidden(lines, name):
    structlog.get_logger("x").warning("refused", **{name: "hunter2"})
    assert lines()[0][name] == "***"


def test_ids_and_figures_stay_readable(lines):
    structlog.get_logger("x").warning("passage", passage=7, ms=12.5, name="web", at="2026-01-31")
    assert (
        lines()[0].items() >= {"passage": 7, "ms": 12.5, "name": "web", "at": "2026-01-31"}.items()
    )
