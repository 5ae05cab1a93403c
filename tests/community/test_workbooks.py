"""Workbooks that we write are read by others as they were meant, and hold no formula."""

import io
from datetime import UTC, date, datetime

import openpyxl

from community import sheets


def read_back(*rows):
    file = io.BytesIO(b"".join(sheets.write_xlsx(rows)))
    book = openpyxl.load_workbook(file)
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def test_texts_numbers_and_days_come_back_as_they_are():
    moment = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    row = ["许知夏 & <b>", " 前后 ", 12, 0.5, date(2024, 2, 29), moment, None]
    (found,) = read_back(row)
    assert found[:4] == row[:4]
    assert found[4].date() == row[4]
    assert (found[5], found[6]) == (moment.replace(tzinfo=None), None)


def test_long_numbers_keep_every_digit_and_formulas_are_texts():
    (found,) = read_back(["410000199407122319", "=1+1", "@SUM(1)", "-5"])
    assert found == ["410000199407122319", "'=1+1", "'@SUM(1)", "-5"]


def test_what_xml_cannot_hold_is_left_out():
    assert read_back(["a\x00\x0bb\ud800"]) == [["ab?"]]


def test_our_own_reader_takes_it():
    file = io.BytesIO(b"".join(sheets.write_xlsx([["姓名", "日期"], ["许知夏", date(2026, 3, 1)]])))
    found = [(number, cells[:2]) for number, cells in sheets.read(file)]
    assert found == [(1, ["姓名", "日期"]), (2, ["许知夏", date(2026, 3, 1)])]
