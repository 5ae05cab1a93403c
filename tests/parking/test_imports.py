"""Lists of vehicles: bad rows and bad files are named, good ones applied whole."""

import io
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from community import sheets
from parking import operations
from parking.models import Vehicle, VehicleImport
from parking.operations.staging import tell
from residents.operations import add_person, add_residency
from tests.community import factories
from tests.parking import cars
from tests.parking.cars import check, csv_of, faults, xlsx_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def compound():
    compound = factories.compound()
    home = factories.unit(compound, "3-2-1202")
    person = add_person(compound=compound, name="周闻达")
    add_residency(person=person, unit=home, kind="owner", started_on=date(2020, 1, 1))
    return compound


def apply(compound, file):
    batch = check(compound, file)
    assert batch.faults == []
    return operations.apply_import(batch.pk)


HEADER = "车牌,房号,车主,类型,颜色,起,止"
ROW = "皖A·52M78,3栋2单元1202室,周闻达,蓝牌,白色,2026年1月2日,2027/3/4"


def expect_row(compound):
    car = Vehicle.objects.of(compound).get()
    assert (car.plate, car.unit.code, car.owner.name) == (cars.PLATE, "3-2-1202", "周闻达")
    assert (car.kind, car.colour) == ("blue", "白色")
    assert (car.valid_from, car.valid_until) == (date(2026, 1, 2), date(2027, 3, 4))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_in_any_usual_encoding(compound, encoding):
    done = apply(compound, csv_of(HEADER, ROW, "", encoding=encoding))
    assert (done.state, done.rows, done.applied) == ("applied", 1, 1)
    expect_row(compound)


def test_xlsx_with_english_columns(compound):
    header = ("Plate", "Home", "Owner", "Kind", "Colour", "From", "Until")
    row = (cars.PLATE, "3-2-1202", "周闻达", "blue", "白色", date(2026, 1, 2), "2027-03-04")
    apply(compound, xlsx_of(header, row))
    expect_row(compound)


def test_semicolons_and_unknown_columns_are_read(compound):
    apply(compound, csv_of("备注;车牌", "常来;皖A52M78"))
    assert Vehicle.objects.of(compound).get().plate == cars.PLATE


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",3-2-1202,,,,,", "plate", "plate_missing"),
        ("皖A52M7,,,,,,", "plate", "plate_invalid"),
        ("<b>皖A52M78</b>,,,,,,", "plate", "plate_invalid"),
        ("皖" * 10_000 + ",,,,,,", "plate", "plate_invalid"),
        ("=cmd|' /C calc'!A0,,,,,,", "plate", "formula"),
        ("皖A52M78,9-9-9,,,,,", "home", "home_unknown"),
        ("皖A52M78,3-2-1202,某某,,,,", "owner", "owner_unknown"),
        ("皖A52M78,,,紫牌,,,", "kind", "kind_unknown"),
        ("皖A52M78,,,新能源,,,", "kind", "kind_contradicts"),
        ("皖A52M78,,,,=1+1,,", "colour", "formula"),
        ("皖A52M78,,,,<script>,,", "colour", "colour_invalid"),
        ("皖A52M78,,,,,2026-13-01,", "from", "date_invalid"),
        ("皖A52M78,,,,,明天,", "from", "date_invalid"),
        ("皖A52M78,,,,,2026-05-01,2026-04-01", "until", "ends_before_start"),
    ],
)
def test_a_bad_cell_is_named_and_refuses_the_list(compound, line, column, code):
    batch = check(compound, csv_of(HEADER, "皖A90C31,,,,,,", line))
    assert faults(batch) == [(3, column, code)]
    assert batch.state == "refused"
    with pytest.raises(ValidationError):
        operations.apply_import(batch.pk)
    assert not Vehicle.objects.exists()
    assert not batch.staged.exists()


def test_faults_are_told_in_the_readers_language(compound):
    batch = check(compound, csv_of(HEADER, "皖A52M7,,,,,,"))
    with override("en"):
        assert tell(batch.faults[0]).startswith("Row 2, Plate “皖A52M7”: This is no number plate.")


def test_a_plate_may_stand_once_in_a_list(compound):
    batch = check(compound, csv_of("车牌", "皖A52M78", "皖A90C31", "皖a-52m78"))
    assert faults(batch) == [(4, "plate", "plate_repeated")]


def test_an_owner_whose_name_two_people_bear_is_not_guessed(compound):
    other = add_person(compound=compound, name="周闻达")
    home = compound.units.get()
    add_residency(person=other, unit=home, kind="tenant", started_on=date(2020, 1, 1))
    assert faults(check(compound, csv_of(HEADER, ROW))) == [(2, "owner", "owner_ambiguous")]


def test_a_formula_in_a_sheet_is_refused(compound):
    file = xlsx_of(("车牌", "颜色"), (cars.PLATE, "=HYPERLINK(1)"))
    assert faults(check(compound, file)) == [(2, "colour", "formula")]


def bomb(parts: int, size: int) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(parts):
            archive.writestr(f"xl/{number}.xml", b"0" * size)
    file.seek(0)
    return file


def lying_bomb() -> io.BytesIO:
    """A directory that says 10 bytes where 60 MB are packed."""
    body = bytearray(bomb(1, 60_000_000).getvalue())
    size = (60_000_000).to_bytes(4, "little")
    return io.BytesIO(bytes(body).replace(size, (10).to_bytes(4, "little")))


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (io.BytesIO(b""), "file_empty"),
        (io.BytesIO(b"x" * (sheets.MOST_BYTES + 1)), "file_too_large"),
        (bomb(1, 60_000_000), "file_bomb"),
        (bomb(600, 10), "file_bomb"),
        (lying_bomb(), "file_unreadable"),
        (io.BytesIO(b"PK\x03\x04 no archive"), "file_unreadable"),
        (io.BytesIO(b"\xd0\xcf\x11\xe0" + b"\0" * 600), "file_old_excel"),
        (io.BytesIO(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" * 9), "file_unreadable"),
        (csv_of("姓名,电话", "周闻达,1"), "no_plate_column"),
        (csv_of("车牌,房号"), "no_rows"),
        (csv_of("车牌", *["皖A52M78"] * 20_001), "file_too_long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_is_refused_whole(compound, file, code):
    with pytest.raises(ValidationError) as refused:
        check(compound, file)
    assert refused.value.code == code
    assert not VehicleImport.objects.exists()


def test_a_car_on_file_is_changed_only_where_the_list_speaks(compound):
    home = compound.units.get()
    car = cars.car(compound, unit=home, colour="白色", valid_until=date(2030, 1, 1))
    operations.bar_vehicle(car, reason="测试")
    apply(compound, csv_of(HEADER, "皖A52M78,,,,黑色,,"))
    car.refresh_from_db()
    assert (car.colour, car.unit, car.valid_until) == ("黑色", home, date(2030, 1, 1))
    assert car.barred_reason == "测试"


def test_the_same_list_again_writes_nothing_about_cars(compound):
    for _ in range(2):
        apply(compound, csv_of(HEADER, ROW))
    kinds = list(compound.events.values_list("kind", flat=True))
    assert kinds.count("parking.vehicle_registered") == 1
    assert "parking.vehicle_changed" not in kinds
    assert kinds.count("parking.import_applied") == 2


def test_a_home_of_another_compound_is_unknown(compound):
    factories.unit(factories.compound(), "8-8-808")
    assert faults(check(compound, csv_of(HEADER, "皖A52M78,8-8-808,,,,,"))) == [
        (2, "home", "home_unknown")
    ]


def test_an_owner_erased_after_the_check_is_left_out(compound):
    batch = check(compound, csv_of(HEADER, ROW))
    compound.people.all().delete()
    operations.apply_import(batch.pk)
    assert Vehicle.objects.of(compound).get().owner is None


def test_an_unreleased_list_is_not_swept_up(compound):
    batch = check(compound, csv_of(HEADER, ROW))
    assert operations.apply_waiting() == 0
    operations.start_import(batch.pk)
    assert operations.apply_waiting(seconds=5) == 0
    assert VehicleImport.objects.get(pk=batch.pk).state == "applied"


def test_staged_rows_are_let_go_when_they_have_served(compound):
    done = apply(compound, csv_of(HEADER, ROW))
    waiting = check(compound, csv_of(HEADER, ROW))
    cut_short = check(compound, csv_of(HEADER, ROW))
    VehicleImport.objects.filter(pk=cut_short.pk).update(state="checking")
    assert operations.tidy_imports() == 0
    assert operations.tidy_imports(timezone.now() + timedelta(hours=2)) == 1
    states = dict(VehicleImport.objects.values_list("pk", "state"))
    assert states == {done.pk: "applied", waiting.pk: "checked", cut_short.pk: "refused"}
    assert operations.tidy_imports(timezone.now() + timedelta(days=31)) == 2


@pytest.mark.parametrize("row", [99_999, 1_000_000])
def test_rows_far_down_a_sheet_are_read_or_refused_never_dropped(row):
    file = _with_cell(xlsx_of(("车牌",), (cars.PLATE,)), f"A{row}", cars.OTHER)
    if row < sheets.LAST_ROW:
        assert [number for number, _ in sheets.read(file)] == [1, 2, row]
        return
    with pytest.raises(ValidationError, match="20,000"), override("en"):
        list(sheets.read(file))


def _with_cell(file: io.BytesIO, place: str, value: str) -> io.BytesIO:
    book = openpyxl.load_workbook(file)
    book.active[place] = value
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_formulas_are_seen_and_neutralised(text):
    assert isinstance(sheets._from_text(text), sheets.Formula)
    assert sheets.neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12", "+86", "3-2-1202", "皖A52M78", "1,5", ""])
def test_plain_values_stay(text):
    assert sheets.neutral(text) == text
