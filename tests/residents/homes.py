"""A let home with its landlord, and forms that somebody filled in. All names are invented."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image
from stdnum.cn import ric

from community.models import Compound, Unit
from residents import operations
from residents.models import Letting, Person, Registration
from tests.community import factories


def number(body: str) -> str:
    """A number of 18 characters with its check digit; the region belongs to nobody."""
    return body + str(ric.calc_check_digit(f"{body}0"))


def today() -> date:
    return timezone.localdate()


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def person(at: Compound, name: str = "周闻达", **values: Any) -> Person:
    return operations.add_person(compound=at, name=name, **values)


def letting(at: Compound, unit: Unit | None = None, since: date | None = None) -> Letting:
    landlord = person(at, "江令仪", phone="13800000099")
    home = unit or factories.unit(at)
    return operations.let_home(home, landlord, started_on=since or ago(400))


def photo(width: int = 64) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, 40), "teal").save(file, "JPEG")
    return file.getvalue()


def form(**values: Any) -> dict[str, Any]:
    """All that a form needs."""
    return {
        "name": "许知夏",
        "document_kind": "resident_id",
        "document": number("41000019940712231"),
        "ethnicity": "01",
        "phone": "13800006120",
        "hukou_address": "河南省远山市河口镇 3 组",
        "moved_in_on": ago(2),
        "expected_out_on": today() + timedelta(days=300),
        "relation": "01",
        "reason": "01",
        "occupation": "05",
        "workplace": "青禾食品厂",
    } | values


def card() -> dict[str, Any]:
    """The document of :func:`form`, as a person's file takes it."""
    return {name: form()[name] for name in ("document_kind", "document")}


def draft(home: Letting | None = None, at: Compound | None = None, **values: Any) -> Registration:
    home = home or letting(at or factories.compound())
    row = operations.start_registration(home.unit, origin="tenant", letting=home)
    return operations.fill_registration(row, **form(**values))


def submitted(home: Letting | None = None, **values: Any) -> Registration:
    row = draft(home, **values)
    operations.add_photo(row, "document_front", photo())
    return operations.submit_registration(row)


def confirmed(home: Letting | None = None, **values: Any) -> Registration:
    row = operations.accept_registration(submitted(home, **values))
    row = operations.report_registration(row)
    return operations.confirm_registration(row, number="2026-1122-03")
