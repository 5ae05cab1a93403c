"""Rows of the watch list, of fires, of a visitor inside and of a care watch. All names invented."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from community.models import Compound, User
from residents.models import VisitStay
from security.models import (
    FaceRule,
    FireAlarm,
    UpperPlatform,
    UpperRefusal,
    WatchEntry,
    WatchHit,
)


def watched(at: Compound, keys: dict[str, Any], manager: User) -> dict[str, int]:
    """The keys of the rows, as the tables of rules name them."""
    now = timezone.now()
    entry = WatchEntry.objects.create(
        compound=at, kind="plate", plate="豫A88888", basis="owners", reason="请核对",
        entered_at=now, entered_by=manager, expires_at=now + timedelta(days=2),
    )  # fmt: skip
    hit = WatchHit.objects.create(compound=at, entry=entry, passage_id=keys["passages"], at=now)
    fire = FireAlarm.objects.create(compound=at, started_at=now)
    rule = FaceRule.objects.create(compound=at, gate_id=keys["gates"])
    upper = UpperPlatform.objects.create(
        compound=at, name="分局平台", url="http://10.8.0.5", number="41010000005030000009",
        username="linli",
    )  # fmt: skip
    refusal = UpperRefusal.objects.create(
        compound=at, platform=upper, passage_id=keys["passages"], code="refused_1", at=now
    )
    stay = VisitStay.objects.create(compound=at, visit_id=keys["visits"], entered_at=now)
    return {
        "watches": entry.pk,
        "hits": hit.pk,
        "fires": fire.pk,
        "face_rules": rule.pk,
        "uppers": upper.pk,
        "refusals": refusal.pk,
        "visit_stays": stay.pk,
        "cares": keys["care-watches"],
    }
