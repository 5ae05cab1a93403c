"""What goes to the police station: only what is new or changed, once, and safe to open."""

import csv
import io

import pytest

from residents import operations
from residents.models import ExportLine, ExportReceipt, Registration
from tests.community import factories
from tests.residents import homes

pytestmark = pytest.mark.django_db


@pytest.fixture
def letting():
    return homes.letting(factories.compound(jurisdiction="zhejiang-strict"))


def accepted(letting, **values):
    return operations.accept_registration(homes.submitted(letting, **values))


def rows_of(receipt):
    text = b"".join(operations.file_of(receipt, "csv")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_an_export_takes_what_is_new_and_counts_as_reported(letting):
    row = accepted(letting)
    homes.draft(letting)
    receipt = operations.export_registrations(letting.compound)
    (line,) = rows_of(receipt)
    assert (line["变动"], line["姓名"], line["证件号码"]) == ("新增", "许知夏", row.document)
    assert (line["来本地事由代码"], line["来本地事由"]) == ("01", "务工")
    row.refresh_from_db()
    assert (row.state, row.steps.last().note) == ("reported", receipt.number)
    assert not row.deadlines.open().filter(kind="property_report").exists()
    assert operations.export_registrations(letting.compound) is None


def test_changes_and_ends_follow_on_the_next_receipt(letting):
    row = accepted(letting)
    first = operations.export_registrations(letting.compound)
    operations.change_registration(row, workplace="远山机械厂")
    second = operations.export_registrations(letting.compound)
    operations.end_registration(row, on=homes.today())
    third = operations.export_registrations(letting.compound)
    told = [(line["变动"], line["工作单位"], line["搬离日期"]) for one in (first, second, third)
            for line in rows_of(one)]  # fmt: skip
    assert told == [
        ("新增", "青禾食品厂", ""),
        ("变更", "远山机械厂", ""),
        ("已结束", "远山机械厂", str(homes.today())),
    ]


def test_a_receipt_says_the_same_later(letting):
    row = accepted(letting)
    receipt = operations.export_registrations(letting.compound)
    before = rows_of(receipt)
    operations.change_registration(row, workplace="远山机械厂")
    assert rows_of(receipt) == before


def test_what_looks_like_a_formula_is_none(letting):
    accepted(letting, workplace="=cmd|' /C calc'!A0", hukou_address="@SUM(1+1)")
    (line,) = rows_of(operations.export_registrations(letting.compound))
    assert line["工作单位"].startswith("'=")
    assert line["户籍地址"].startswith("'@")


def test_an_export_that_was_cut_off_goes_on(letting, monkeypatch):
    from residents.operations import exports

    for name in ("FEWEST", "FIRST", "MOST"):
        monkeypatch.setattr(exports, name, 1)
    for number in range(3):
        card = homes.number(f"41000019940712{number:02d}1")
        accepted(letting, document=card, name=f"许知{number}", relation="98")

    def cut(_receipt):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        operations.export_registrations(letting.compound, progress=cut)
    receipt = operations.export_registrations(letting.compound)
    assert ExportReceipt.objects.count() == 1
    assert ExportLine.objects.filter(receipt=receipt).count() == 3
    receipt.refresh_from_db()
    assert (receipt.rows, receipt.is_complete) == (3, True)


def test_what_changes_while_a_receipt_is_filled_goes_on_the_next(letting):
    rows = [accepted(letting, document=homes.number(f"41000019940712{number:02d}1"),
                     name=f"许知{number}", relation="98") for number in (1, 2)]  # fmt: skip
    first = operations.start_export(letting.compound)
    assert (first.expected, first.rows, first.is_complete) == (2, 0, False)
    assert operations.start_export(letting.compound) == first
    operations.change_registration(rows[1], workplace="远山机械厂")
    assert operations.export_waiting(seconds=5) == 0
    second = operations.export_registrations(letting.compound)
    assert [[line["姓名"] for line in rows_of(one)] for one in (first, second)] == [
        ["许知1"],
        ["许知2"],
    ]
    assert operations.start_export(letting.compound) is None


def test_a_row_that_changes_before_the_lock_goes_out_as_it_then_is(letting, monkeypatch):
    from residents.operations import exports

    row, make = accepted(letting), exports._made_ready
    began = []

    def changed_meanwhile(receipt, count):
        ready = make(receipt, count)
        if not began:
            began.append(receipt)
            kept = {"workplace": "远山机械厂", "version": row.version + 1}
            Registration.objects.filter(pk=row.pk).update(**kept)
        return ready

    monkeypatch.setattr(exports, "_made_ready", changed_meanwhile)
    (line,) = rows_of(operations.export_registrations(letting.compound))
    assert line["工作单位"] == "远山机械厂"
