"""A compound with a simulated channel, and a kind of message that climbs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from community import verdicts
from community.models import Channel, Compound, User
from community.notifications import kinds, readers
from tests.community import factories

#: Midday in Shanghai.
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.DEVICE_LOOPBACK = True


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    known, said = dict(kinds._kinds), dict(verdicts._sentences)
    kinds.declare("test.news", "News", topic="notice", ladder=("sms", "paper"))
    kinds.declare("test.alarm", "Alarm", ladder=("sms", "paper"), urgent=True, patience_s=60)
    kinds.declare("test.code", "Code", ladder=("sms", "paper"), secret=True, urgent=True)
    kinds.declare("test.push", "Pushed", ladder=("web_push", "sms", "paper"), topic="notice")
    verdicts.explain("test.news", "News %(n)s")
    verdicts.explain("test.alarm", "Alarm %(n)s")
    verdicts.explain("test.code", "Code %(code)s")
    yield
    for table, before in ((kinds._kinds, known), (verdicts._sentences, said)):
        table.clear()
        table.update(before)


@pytest.fixture
def compound(db: None) -> Compound:
    return factories.compound()


@pytest.fixture
def sms(compound: Compound) -> Channel:
    return Channel.objects.create(compound=compound, medium="sms", driver="simulated")


@pytest.fixture
def reader(compound: Compound) -> User:
    user = factories.user("resident", at=compound, name="林晓")
    readers.set_address(user, compound, "sms", "13800001234")
    return user
