"""Lists of homes: buildings, homes and standard addresses come about once."""

import pytest

from community.models import Building, Unit
from residents import operations
from residents.models import StandardAddress
from tests.community import factories
from tests.residents.lists import check, csv_of, faults

pytestmark = pytest.mark.django_db
HEADER = "楼栋,单元,楼层,室号,地址编码,省份,城市,区县,街道,核查日期"
ROW = "3号楼,2单元,12,1202,4101-000{code},河南省,芦城市,青禾区,文渊路,2026-03-01"


@pytest.fixture
def compound():
    return factories.compound()


def homes(compound, *rows):
    return check(compound, csv_of(HEADER, *rows), kind="homes")


def test_homes_come_about_with_their_buildings_and_addresses_once(compound):
    rows = (ROW.format(code=1), "3,2,,1302,,,,,,", "4,,5,501,,,,,,")
    for fresh in (3, 0):
        batch = homes(compound, *rows)
        assert (batch.faults or [], batch.fresh, batch.known) == ([], fresh, 3 - fresh)
        operations.apply_list(batch.pk)
    found = Unit.objects.of(compound).order_by("code")
    assert list(found.values_list("code", "floor", "building__code")) == [
        ("3-2-1202", 12, "3"),
        ("3-2-1302", 13, "3"),
        ("4-501", 5, "4"),
    ]
    address = StandardAddress.objects.get()
    assert (address.code, address.unit.code, address.room) == ("4101-0001", "3-2-1202", "1202")
    assert Building.objects.of(compound).count() == 2


def test_a_home_on_file_gets_its_address(compound):
    unit = factories.unit(compound, "3-2-1202")
    operations.apply_list(homes(compound, ROW.format(code=1)).pk)
    assert unit.address.street == "文渊路"
    assert Unit.objects.of(compound).count() == 1


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (",2,12,1202,,,,,,", "building", "missing"),
        ("3,2,12,,,,,,,", "room", "missing"),
        ("3,2,十二,1202,,,,,,", "floor", "floor_invalid"),
        ("3,2,999,1202,,,,,,", "floor", "floor_invalid"),
        ("3,2,12,1202,,河南省,,,,", "city", "missing"),
        ("3,2,12,=1+1,,,,,,", "room", "formula"),
        ("3,2,12,<1202>,,,,,,", "room", "text_invalid"),
        ("3,2,12,1302,4101-0001,河南省,芦城市,青禾区,文渊路,明天", "checked_on", "date_invalid"),
        ("3,2,12,1202,,,,,,", "room", "home_repeated"),
        (
            "3,2,13,1302,4101-0001,河南省,芦城市,青禾区,文渊路,",
            "address_code",
            "address_code_taken",
        ),
    ],
)
def test_a_bad_cell_refuses_the_list(compound, row, column, code):
    batch = homes(compound, ROW.format(code=1), row)
    assert (3, column, code) in faults(batch)
    assert not Unit.objects.of(compound).exists()
