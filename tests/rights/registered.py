"""Rows of a let home, of registrations in each state, and of their clock. All names invented."""

from __future__ import annotations

import io
from datetime import date, timedelta

from community.models import Compound
from residents import operations
from residents.models import Deadline, DeadlineRule, Letting, Registration
from tests.community import factories
from tests.residents import homes

ADDRESS = {
    "province": "河南省",
    "city": "芦城市",
    "district": "青禾区",
    "street": "文渊路",
    "building": "3 幢",
    "room": "1203",
}


def registered(at: Compound) -> dict[str, int]:
    """The keys of the rows; registrations are named by the state they are in."""
    home = homes.letting(at, factories.unit(at, "3-2-1203"))
    lease = operations.add_lease(home, starts_on=homes.ago(30), ends_on=homes.ago(-300))
    handed_in = [_handed_in(home, number) for number in range(5)]
    reported = operations.accept_registration(handed_in[0])
    receipt = operations.export_registrations(at)
    assert receipt is not None
    confirmed, permitted = (_confirmed(row) for row in handed_in[1:3])
    operations.issue_permit(permitted, number="4100001", on=homes.today())
    deadline = Deadline.objects.filter(compound=at, registration=reported).earliest("pk")
    listed = operations.check_list(
        io.BytesIO(f"房号,姓名,居住身份\n{home.unit.code},周闻达,家属".encode()),
        name="people.csv",
        compound=at,
    )
    return _law(at) | {
        "resident-lists": listed.pk,
        "lettings": home.pk,
        "leases": lease.pk,
        "addresses": operations.set_address(home.unit, **ADDRESS).pk,
        "receipts": receipt.pk,
        "deadlines": deadline.pk,
        "submitted": handed_in[4].pk,
        "accepted": operations.accept_registration(handed_in[3]).pk,
        "reported": reported.pk,
        "confirmed": confirmed.pk,
        "permitted": permitted.pk,
    }


def _handed_in(home: Letting, number: int) -> Registration:
    """The form of a person of its own: nobody has two registrations in one home."""
    document = homes.number(f"4100001994071{number + 10}31")
    return homes.submitted(home, document=document, phone=f"1380000613{number}")


def _confirmed(row: Registration) -> Registration:
    row = operations.report_registration(operations.accept_registration(row))
    return operations.confirm_registration(row, number="2026-1122-03")


def _law(at: Compound) -> dict[str, int]:
    rule = operations.add_rule(
        jurisdiction=at.code,
        kind=DeadlineRule.Kind.MOVE_OUT,
        valid_from=date(2024, 1, 1),
        amount=1,
        measure=DeadlineRule.Measure.DAYS,
        source="x",
        certainty=DeadlineRule.Certainty.MEMORY,
    )
    day = date(2000, 1, 1) + timedelta(days=at.pk)
    holiday = operations.add_holiday(day=day, name="x", source="x")
    return {"rules": rule.pk, "holidays": holiday.pk}
