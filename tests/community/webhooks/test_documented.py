"""The example in docs/api.md, executed on what is really sent."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from community.models import WebhookDelivery
from community.webhooks import letters, operations
from tests.community import factories

PAGE = Path(__file__).resolve().parents[3] / "docs" / "api.md"


@pytest.fixture(scope="module")
def is_genuine():
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict = {}
    exec(compile(code.group(1), str(PAGE), "exec"), names)  # noqa: S102 - our own page
    return names["is_genuine"]


@pytest.fixture
def sent(db):
    """Headers and body of a delivery, and the secret that was shown."""
    hook, secret = operations.add_webhook(
        compound=factories.compound(), name="Hall", url="https://hall.example/x"
    )
    row = operations.send_test(hook)
    row = WebhookDelivery.objects.select_related("webhook__compound").get(pk=row.pk)
    body = letters.body_of(row)
    return row, letters.headers_of(row, body), body, secret


def test_what_we_send_is_genuine(is_genuine, sent):
    _row, headers, body, secret = sent
    assert is_genuine(headers, body, ["another", secret], time.time())


def test_either_secret_will_do_while_both_count(is_genuine, sent):
    row, _headers, body, old = sent
    fresh = operations.issue_secret(row.webhook)
    row.webhook.refresh_from_db()
    headers = letters.headers_of(row, body)
    assert is_genuine(headers, body, [old], time.time())
    assert is_genuine(headers, body, [fresh], time.time())


def test_what_was_changed_is_old_or_is_not_ours_is_not(is_genuine, sent):
    _row, headers, body, secret = sent
    now = time.time()
    assert not is_genuine(headers, body + b" ", [secret], now)
    assert not is_genuine(headers, body, ["guess"], now)
    assert not is_genuine(headers, body, [secret], now + 3600)
    assert not is_genuine(headers | {"Linli-Timestamp": str(int(now) + 1)}, body, [secret], now)
    assert not is_genuine({}, body, [secret], now)
