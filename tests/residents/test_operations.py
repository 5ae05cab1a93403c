"""Files of people and their residencies."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from stdnum.cn import ric

from community import keyring
from residents import masking, operations, rules
from residents.models import Person, Residency
from tests.community import factories

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 1)


def number(body):
    """A number with the right check digit; 410000 is nobody's birthplace."""
    return body + ric.calc_check_digit(body + "0")


RESIDENT_ID = number("41000019900101123")


@pytest.fixture
def compound():
    return factories.compound()


def person(compound, **values):
    return operations.add_person(compound=compound, **({"name": "周闻达"} | values))


def refused(verb, *arguments, **values):
    with pytest.raises(ValidationError) as error:
        verb(*arguments, **values)
    return {name: errors[0].code for name, errors in error.value.error_dict.items()}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0000 0001", "13800000001"),
        ("+86-138-0000-0001", "13800000001"),
        ("0086 13800000001", "13800000001"),
        ("１３８００００" + "０００１", "13800000001"),
        ("(0371) 6000 0001", "037160000001"),
        ("+852 6000 0001", "+85260000001"),
        ("", ""),
    ],
)
def test_phones_are_kept_in_one_form_and_found_however_typed(compound, typed, kept):
    row = person(compound, phone=typed)
    assert Person.objects.get(pk=row.pk).phone == kept
    if kept:
        assert list(Person.objects.search(typed, [compound.pk])) == [row]


@pytest.mark.parametrize("phone", ["138", "138000000011380000000113800000001", "<b>", "phone"])
def test_what_is_no_phone_is_refused(compound, phone):
    assert refused(person, compound, phone=phone) == {"phone": "phone_invalid"}


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [
        ("resident_id", RESIDENT_ID, True),
        ("resident_id", RESIDENT_ID.lower(), True),
        ("resident_id", RESIDENT_ID[:6] + " " + RESIDENT_ID[6:], True),
        ("resident_id", RESIDENT_ID[:-1] + ("0" if RESIDENT_ID[-1] != "0" else "1"), False),
        ("resident_id", number("41000019901301123"), False),
        ("resident_id", number("41000020990101123"), False),
        ("resident_id", RESIDENT_ID[:15], False),
        ("resident_id", "4" * 17 + "Y", False),
        ("hong_kong", number("81000019900101123"), True),
        ("hong_kong", RESIDENT_ID, False),
        ("hong_kong", "H12345678", True),
        ("taiwan", number("83000019900101123"), True),
        ("foreigner", number("91100019900101123"), True),
        ("passport", "E12345678", True),
        ("passport", "E1<b>", False),
        ("", RESIDENT_ID, False),
    ],
)
def test_documents(compound, kind, value, fits):
    if fits:
        row = person(compound, document_kind=kind, document=value)
        assert (row.document_kind, row.document) == (kind, rules.plain(value))
    else:
        assert set(refused(person, compound, document_kind=kind, document=value)) <= {
            "document",
            "document_kind",
        }
        assert not Person.objects.exists()


def test_numbers_are_encrypted_and_indexed_per_compound(compound):
    there = factories.compound()
    rows = [person(c, phone="13800000001", document_kind="resident_id", document=RESIDENT_ID)
            for c in (compound, there)]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, document, phone_index, document_index FROM residents_person")
        stored = cursor.fetchall()
    assert not any("13800000001" in text or RESIDENT_ID in text for row in stored for text in row)
    assert stored[0][2] != stored[1][2]
    assert list(Person.objects.search(RESIDENT_ID, [there.pk])) == [rows[1]]
    assert not Person.objects.search("1380000000", [compound.pk]).exists()  # no part of a number


def test_a_document_has_one_file_in_a_compound_also_across_a_key_rotation(compound):
    given = {"document_kind": "resident_id", "document": RESIDENT_ID}
    row = person(compound, **given)
    assert refused(person, compound, **given) == {"document": "document_on_file"}
    keyring.add_key("index")
    assert refused(person, compound, **given) == {"document": "document_on_file"}
    assert operations.change_person(row, **given) == row


def test_a_change_tells_its_fields_and_none_tells_nothing(compound):
    row = person(compound, phone="13800000001")
    operations.change_person(row, phone="138 0000 0001")
    row = operations.change_person(row, phone="", name="周闻")
    assert (row.phone, row.phone_index) == ("", "")
    changes = compound.events.filter(kind="residents.person_changed")
    assert [event.payload["fields"] for event in changes] == [["name", "phone"]]


@pytest.mark.parametrize("name", ["", "   ", "<script>", "长" * 81])
def test_a_name_is_needed_and_plain(compound, name):
    assert set(refused(person, compound, name=name)) == {"name"}


def live(compound, started=DAY, ended=None, kind="tenant", **values):
    given = {"person": values.get("person") or person(compound)}
    given["unit"] = values.get("unit") or factories.unit(compound)
    return operations.add_residency(**given, kind=kind, started_on=started, ended_on=ended)


def test_a_residency_is_added_and_ended_once(compound):
    row = live(compound)
    for _ in range(2):
        row = operations.end_residency(row, on=date(2025, 1, 1))
    assert row.ended_on == date(2025, 1, 1)
    kinds = list(compound.events.order_by("sequence").values_list("kind", flat=True))
    assert kinds[1:] == ["residents.residency_added", "residents.residency_ended"]
    assert not Residency.objects.current(date(2025, 1, 2)).exists()


def test_bad_residencies_are_refused(compound):
    row = live(compound, ended=date(2024, 6, 1))
    same = {"person": row.person, "unit": row.unit}
    assert refused(live, compound, date(2024, 6, 1), **same) == {"unit": "residency_overlaps"}
    live(compound, date(2024, 6, 2), **same)
    there = factories.unit(factories.compound())
    assert refused(live, compound, unit=there) == {"unit": "other_compound"}
    assert refused(operations.end_residency, row, on=date(2023, 1, 1)) == {
        "ended_on": "ends_before_start"
    }


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masking.phone, "13800001234", "138****1234"),
        (masking.phone, "12345", "*****"),
        (masking.phone, "", ""),
        (masking.document, "410000199001011234", "41**************34"),
        (masking.document, "E12345", "******"),
    ],
)
def test_masks(mask, value, shown):
    assert mask(value) == shown
