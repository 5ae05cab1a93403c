"""Lists of people: bad rows are named, good ones become files, residencies, registrations."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import override

from residents import import_sheets, operations
from residents.import_sentences import tell
from residents.models import Household, Lease, Person, Registration, Residency, ResidentImport
from residents.operations import imports
from tests.community import factories
from tests.residents import homes
from tests.residents.lists import HOME, apply, check, csv_of, faults, sheet, soon, tenant, xlsx_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def compound():
    compound = factories.compound()
    factories.unit(compound, HOME)
    return compound


def count_all():
    return [model.objects.count() for model in (Person, Residency, Registration, Household)]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_row_becomes_file_residency_household_and_registration(compound, encoding):
    batch = check(compound, sheet(tenant(房号="3栋2单元1202室"), encoding=encoding))
    assert (batch.state, batch.fresh, batch.known) == ("checked", 1, 0)
    assert count_all() == [0, 0, 0, 0]
    done = operations.apply_list(batch.pk)
    assert (done.state, done.applied) == ("applied", 1)
    row = Registration.objects.get()
    held = Residency.objects.get(person=row.person)
    assert (held.kind, held.is_head, held.household.unit.code) == ("tenant", True, HOME)
    assert (row.state, row.origin, row.on_behalf) == ("accepted", "desk", True)
    assert (row.person.birth_date.year, row.reason, row.hukou_province) == (1994, "01", "41")
    assert Person.objects.by_number("phone", "13800000000", [compound.pk]).get() == row.person
    assert row.deadlines.get(kind="first_registration").state == "met"
    assert operations.to_report(compound).get() == row


def test_english_columns_in_a_workbook(compound):
    header = ("Home", "Full name", "Lives there as", "Moved in on", "Document number")
    row = (HOME, "周闻达", "Owner", homes.ago(900), tenant()["证件号码"])
    batch = check(compound, xlsx_of(header, row))
    operations.apply_list(batch.pk)
    held = Residency.objects.get()
    assert (held.person.name, held.kind, held.started_on) == ("周闻达", "owner", homes.ago(900))
    assert not Registration.objects.exists()


BAD = [
    ({"房号": "9-9-999"}, "home", "home_unknown"),
    ({"房号": ""}, "home", "home_missing"),
    ({"姓名": ""}, "name", "name_missing"),
    ({"姓名": "<b>许知夏</b>"}, "name", "name_invalid"),
    ({"姓名": "=cmd|' /C calc'!A0"}, "name", "formula"),
    ({"居住身份": "路人"}, "kind", "kind_unknown"),
    ({"入住日期": "2026-13-01"}, "from", "date_invalid"),
    ({"搬离日期": "2001-01-01"}, "until", "ends_before_start"),
    ({"证件号码": "410000199407122310"}, "document", "document_invalid"),
    ({"出生日期": "1990-01-01"}, "birth_date", "birth_date_contradicts"),
    ({"性别": "女"}, "sex", "sex_contradicts"),
    ({"手机号": "电话"}, "phone", "phone_invalid"),
    ({"民族": "火星"}, "ethnicity", "word_unknown"),
    ({"来本地事由": "旅居"}, "reason", "word_unknown"),
    ({"职业": ""}, "occupation", "missing"),
    ({"户籍地址": "@SUM(1)"}, "hukou_address", "formula"),
    ({"登记日期": soon(3)}, "registered_on", "date_ahead"),
    ({"搬离日期": homes.ago(1).isoformat()}, "registered_on", "registration_over"),
]


@pytest.mark.parametrize(("values", "column", "code"), BAD, ids=[code for *_, code in BAD])
def test_a_bad_cell_is_named_and_nothing_is_taken_in(compound, values, column, code):
    batch = check(compound, sheet(tenant(1), tenant(2, **values)))
    assert (3, column, code) in faults(batch)
    assert {row for row, *_ in faults(batch)} == {3}
    assert batch.state == "refused"
    with pytest.raises(ValidationError):
        operations.apply_list(batch.pk)
    assert count_all() == [0, 0, 0, 0]
    with override("en"):
        assert tell(batch.faults[0]).startswith("Row 3, ")


def test_a_document_of_another_file_is_offered_to_the_desk(compound):
    other = homes.person(compound, "江令仪", document_kind="resident_id",
                         document=tenant()["证件号码"])  # fmt: skip
    batch = check(compound, sheet(tenant()))
    (found,) = batch.faults
    assert (found["column"], found["code"], found["person"]) == (
        "document",
        "document_on_file",
        other.pk,
    )
    with override("en"):
        assert "江令仪" not in tell(found)


def test_rows_that_contradict_each_other(compound):
    same = tenant(证件号码=tenant(5)["证件号码"], 姓名="江令仪")
    again = tenant(1, 入住日期=homes.ago(5).isoformat())
    batch = check(compound, sheet(tenant(5), same, tenant(1), again, tenant(1)))
    assert faults(batch) == [
        (3, "document", "document_repeated"),
        (5, "from", "residency_overlaps"),
        (6, "name", "row_repeated"),
    ]


def test_days_that_overlap_what_is_on_file(compound):
    apply(compound, tenant())
    later = tenant(入住日期=homes.ago(3).isoformat())
    assert faults(check(compound, sheet(later))) == [(2, "from", "residency_overlaps")]
    other_kind = tenant(入住日期=homes.ago(3).isoformat(), 居住身份="业主")
    assert faults(check(compound, sheet(other_kind))) == []


def test_a_form_under_way_is_decided_on_first(compound):
    home = homes.letting(compound, compound.units.get())
    homes.draft(home, document=tenant()["证件号码"])
    assert faults(check(compound, sheet(tenant()))) == [(2, "name", "form_under_way")]


def test_the_same_list_again_changes_nothing(compound):
    for _ in range(2):
        apply(compound, tenant(), tenant(1, 姓名="许知秋", 居住身份="家属", 与户主关系="兄弟姐妹"))
    assert count_all() == [2, 2, 2, 1]
    kinds = list(compound.events.values_list("kind", flat=True))
    assert kinds.count("residents.person_added") == 2
    assert kinds.count("residents.import_applied") == 2
    assert not [kind for kind in kinds if kind.endswith("_changed")]


def test_people_without_a_document_are_found_again(compound):
    plain = {"房号": HOME, "姓名": "周闻达", "居住身份": "业主"}
    apply(compound, plain)
    apply(compound, plain | {"手机号": "13800000007"})
    (person,) = Person.objects.all()
    assert (person.phone, person.residencies.count()) == ("13800000007", 1)
    homes_of = factories.unit(compound, "3-2-1302")
    apply(compound, plain | {"房号": homes_of.code, "手机号": "13800000007"})
    assert (Person.objects.count(), Residency.objects.count()) == (1, 2)


def test_what_is_on_file_stays_unless_the_list_says_otherwise(compound):
    apply(compound, tenant())
    apply(compound, tenant(手机号="13900000001", 民族="回", 职业="学生"))
    row = Registration.objects.get()
    assert (row.person.phone, row.person.ethnicity, row.occupation) == ("13800000000", "03", "10")
    assert row.version == 2


def test_a_registration_that_the_police_know_is_not_reported_again(compound):
    day = homes.ago(15).isoformat()
    apply(compound, tenant(登记日期=day, 登记回执号="2026-0301-07"))
    row = Registration.objects.get()
    assert (row.state, row.police_number, str(row.counts_from)) == (
        "confirmed",
        "2026-0301-07",
        day,
    )
    assert not operations.to_report(compound).exists()


def test_a_stay_that_is_over_comes_in_as_one_that_is_over(compound):
    past = tenant(入住日期=homes.ago(90).isoformat(), 搬离日期=homes.ago(9).isoformat(),
                  登记日期=homes.ago(89).isoformat())  # fmt: skip
    for _ in range(2):
        apply(compound, past)
    row = Registration.objects.get()
    assert (row.state, row.ended_on, row.deadlines.open().count()) == ("ended", homes.ago(9), 0)


def test_the_lease_of_a_let_home_comes_about(compound):
    homes.letting(compound, compound.units.get())
    apply(compound, tenant(租期起=homes.ago(20).isoformat(), 租期止=soon(300)))
    lease = Lease.objects.get()
    assert (lease.tenant.name, lease.letting.landlord.name) == ("许知夏", "江令仪")
    assert Registration.objects.get().landlord_name == "江令仪"


def test_staged_rows_and_faults_are_sealed(compound):
    check(compound, sheet(tenant()))
    check(compound, sheet(tenant(证件号码="410000199407122310")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT values FROM residents_residentimportrow"
                       if connection.vendor == "postgresql"
                       else 'SELECT "values" FROM residents_residentimportrow')  # fmt: skip
        stored = str(cursor.fetchall())
        cursor.execute("SELECT faults FROM residents_residentimport")
        stored += str(cursor.fetchall())
    assert "许知夏" not in stored
    assert "19940712" not in stored


def test_a_list_that_lacks_a_needed_column_is_none(compound):
    with pytest.raises(ValidationError) as refused:
        check(compound, csv_of("姓名,电话", "许知夏,13800000000"))
    assert refused.value.code == "no_needed_column"
    assert not ResidentImport.objects.exists()


def test_the_empty_sheet_is_taken_as_it_is(compound):
    for kind in ("people", "homes"):
        with pytest.raises(ValidationError) as refused:
            check(compound, io.BytesIO(import_sheets.empty(kind)), kind=kind)
        assert refused.value.code == "no_rows"


def test_the_sample_can_be_taken_in():
    compound = factories.compound()
    for room in range(6):
        factories.unit(compound, f"3-2-{room + 1}01")
    for language in ("zh-hans", "en"):
        with override(language):
            batch = check(compound, io.BytesIO(import_sheets.sample(compound)))
        assert (batch.state, batch.rows) == ("checked", 6), batch.faults
    operations.apply_list(batch.pk)
    assert Registration.objects.of(compound).count() == 6
    assert Household.objects.of(compound).count() == 4


def test_a_batch_that_fails_half_way_leaves_nothing(compound, monkeypatch):
    batch = check(compound, sheet(*(tenant(number, 姓名=f"许知{number}") for number in range(3))))
    before = count_all()
    monkeypatch.setattr(imports, "write_registrations", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        operations.apply_list(batch.pk)
    assert count_all() == before
    assert batch.staged.filter(applied_at=None).count() == 3
    kinds = set(compound.events.values_list("kind", flat=True))
    assert kinds == {"residents.import_checked", "residents.import_started"}
