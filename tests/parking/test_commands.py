"""`manage.py import_vehicles` and `export_vehicles`."""

import pytest
from django.core.management import CommandError, call_command

from parking.models import Vehicle
from tests.community import factories
from tests.parking import cars

pytestmark = pytest.mark.django_db


@pytest.fixture
def compound():
    return factories.compound()


def written(folder, *lines):
    path = folder / "cars.csv"
    path.write_bytes(cars.csv_of(*lines).getvalue())
    return path


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_a_list_goes_out_and_in(compound, tmp_path, name):
    cars.car(compound, unit=factories.unit(compound), colour="白色", kind="yellow")
    cars.car(compound, cars.OTHER, valid_until=None)
    call_command("export_vehicles", tmp_path / name, compound=compound.code)
    there = factories.compound()
    factories.unit(there)
    call_command("import_vehicles", tmp_path / name, compound=there.code)

    def rows(place):
        fields = ("plate", "kind", "colour", "unit__code", "valid_from", "valid_until")
        return list(Vehicle.objects.of(place).order_by("plate").values_list(*fields))

    assert rows(there) == rows(compound)


def test_to_check_applies_nothing(compound, tmp_path, capsys):
    path = written(tmp_path, "车牌", cars.PLATE)
    call_command("import_vehicles", path, compound=compound.code, check=True)
    assert "1" in capsys.readouterr().out
    assert not Vehicle.objects.exists()


def test_bad_rows_are_told_and_nothing_is_applied(compound, tmp_path):
    path = written(tmp_path, "车牌,房号", f"{cars.PLATE},9-9-9", "皖A52M7,")
    with pytest.raises(CommandError) as told:
        call_command("import_vehicles", path, compound=compound.code)
    lines = str(told.value).splitlines()
    assert ["9-9-9" in lines[0], "皖A52M7" in lines[1], len(lines)] == [True, True, 3]
    assert not Vehicle.objects.exists()


@pytest.mark.parametrize(
    "options",
    [
        {"compound": "nowhere"},
        {"compound": None},
        {"compound": None, "file": "no-such-file.csv"},
        {"compound": None, "file": "/dev/null"},
        {"compound": None, "file": "x.csv", "resume": True},
    ],
)
def test_wrong_calls_get_a_sentence(compound, options):
    file = [options["file"]] if "file" in options else []
    code = options["compound"] or compound.code
    with pytest.raises(CommandError, match=r".+"):
        call_command("import_vehicles", *file, compound=code, resume=options.get("resume", False))


def test_only_lists_go_out(compound, tmp_path):
    with pytest.raises(CommandError):
        call_command("export_vehicles", tmp_path / "cars.txt", compound=compound.code)
    assert not (tmp_path / "cars.txt").exists()
