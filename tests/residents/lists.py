"""Lists of residents for tests. All names and numbers are invented."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from community.models import Compound
from residents import operations
from residents.models import ResidentImport
from tests.parking.cars import csv_of, faults, xlsx_of
from tests.residents import homes

__all__ = ["apply", "check", "csv_of", "faults", "line", "sheet", "tenant", "xlsx_of"]

_COLUMNS = (
    "房号 姓名 居住身份 入住日期 搬离日期 与户主关系 证件号码 手机号 民族 户籍地址 来本地事由 职业 "
    "登记日期 登记回执号 出生日期 性别 租期起 租期止"
)
COLUMNS = _COLUMNS.split()
HOME = "3-2-1202"


def line(**values: Any) -> str:
    """A row of a CSV by the names of its columns."""
    return ",".join(str(values.get(name, "")) for name in COLUMNS)


def tenant(number: int = 0, **values: Any) -> dict[str, Any]:
    """Somebody who registers with this list."""
    born = f"410000199407{number % 28 + 1:02d}{number // 28 % 100:02d}1"
    return {
        "房号": HOME,
        "姓名": "许知夏",
        "居住身份": "租户",
        "入住日期": homes.ago(20).isoformat(),
        "与户主关系": "户主",
        "证件号码": homes.number(born),
        "手机号": f"138{number:08d}",
        "民族": "汉族",
        "户籍地址": "河南省远山市河口镇 3 组",
        "来本地事由": "务工",
        "职业": "05",
    } | values


def sheet(*rows: dict[str, Any], encoding: str = "utf-8") -> io.BytesIO:
    return csv_of(",".join(COLUMNS), *(line(**row) for row in rows), encoding=encoding)


def check(compound: Compound, file: Any, **values: Any) -> ResidentImport:
    batch: ResidentImport = operations.check_list(
        file, name="people.csv", compound=compound, **values
    )
    return batch


def apply(compound: Compound, *rows: dict[str, Any], **values: Any) -> ResidentImport:
    batch = check(compound, sheet(*rows), **values)
    assert batch.faults in ([], {}), batch.faults
    done: ResidentImport = operations.apply_list(batch.pk)
    return done


def soon(days: int) -> str:
    return (homes.today() + timedelta(days=days)).isoformat()
