"""The road of a registration, from the scanned code to its end."""

import pytest
from django.core.exceptions import ValidationError

from residents import operations
from residents.models import Person, Registration, RegistrationPhoto, Residency
from tests.community import factories
from tests.residents import homes

pytestmark = pytest.mark.django_db


@pytest.fixture
def letting():
    return homes.letting(factories.compound())


def refused(verb, *arguments, **values):
    with pytest.raises(ValidationError) as error:
        verb(*arguments, **values)
    if not hasattr(error.value, "error_dict"):
        return error.value.code
    return {name: errors[0].code for name, errors in error.value.error_dict.items()}


def test_the_whole_road(letting):
    desk = factories.user("desk", at=letting.compound)
    row = operations.invite_tenant(letting, name="许知夏", moved_in_on=homes.ago(2), actor=desk)
    assert (row.state, row.landlord_name) == ("invited", "江令仪")
    row = operations.fill_registration(row, **homes.form())
    assert row.state == "draft"
    assert (row.sex, str(row.birth_date), row.hukou_province) == ("1", "1994-07-12", "41")
    operations.add_photo(row, "document_front", homes.photo())
    row = operations.submit_registration(row)
    row = operations.return_registration(row, reason="租约照片不清", actor=desk)
    assert (row.state, row.return_reason) == ("returned", "租约照片不清")
    row = operations.fill_registration(row, workplace="青禾面包房")
    row = operations.accept_registration(operations.submit_registration(row), actor=desk)
    assert (row.state, row.accepted_by, row.person.name) == ("accepted", desk, "许知夏")
    assert Residency.objects.get(person=row.person).kind == "tenant"
    row = operations.confirm_registration(operations.report_registration(row), number="R-3")
    row = operations.renew_registration(row, expected_out_on=homes.ago(-700))
    row = operations.end_registration(row, on=homes.today())
    road = "invited draft submitted returned submitted accepted reported confirmed renewed ended"
    assert " ".join(step.state for step in row.steps.all()) == road


def test_a_home_code_opens_its_home_until_it_is_renewed(letting):
    token = operations.home_token(letting.unit)
    assert operations.home_token(letting.unit) != ""
    assert operations.home_of_token(token) == letting.unit
    assert operations.home_of_token(token[:-1] + ("B" if token[-1] == "A" else "A")) is None
    assert operations.home_of_token("") is None
    operations.renew_home_token(letting.unit)
    assert operations.home_of_token(token) is None


def test_a_form_is_taken_up_again_by_its_own_token_only(letting):
    row, other = homes.draft(letting), homes.draft(letting)
    assert operations.registration_of_token(operations.token_of(row)) == row
    assert operations.registration_of_token(operations.home_token(letting.unit)) is None
    operations.end_registration(other, on=homes.today(), reason="withdrawn")
    assert operations.registration_of_token(operations.token_of(other)) is None


def test_what_is_missing_is_named(letting):
    row = operations.start_registration(letting.unit, origin="tenant")
    missing = refused(operations.submit_registration, row)
    assert set(missing.values()) == {"missing"}
    assert {"name", "document", "moved_in_on", "reason", "photos.document_front"} <= set(missing)
    at_desk = operations.start_registration(letting.unit, origin="desk")
    assert "phone" not in refused(operations.submit_registration, at_desk)


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"document": "410000199407122310"}, {"document": "document_invalid"}),
        ({"birth_date": homes.date(1994, 7, 13)}, {"birth_date": "birth_date_contradicts"}),
        ({"sex": "2"}, {"sex": "sex_contradicts"}),
        ({"expected_out_on": homes.date(2020, 1, 1)}, {"expected_out_on": "ends_before_start"}),
        ({"reason": "77"}, {"reason": "reason_unknown"}),
        ({"phone": "12"}, {"phone": "phone_invalid"}),
        ({"workplace": "<script>"}, {"workplace": "workplace_invalid"}),
    ],
)
def test_bad_values_are_named_and_change_nothing(letting, values, faults):
    row = operations.start_registration(letting.unit, origin="tenant")
    assert refused(operations.fill_registration, row, **homes.form(**values)) == faults
    row.refresh_from_db()
    assert (row.name, row.version) == ("", 1)


def test_of_two_who_accept_one_wins_and_the_other_is_told(letting):
    first, second = (factories.user("desk", at=letting.compound, name=name) for name in "何李")
    seen = homes.submitted(letting)
    operations.accept_registration(seen, actor=first, version=seen.version)
    with pytest.raises(ValidationError) as told:
        operations.accept_registration(seen, actor=second, version=seen.version)
    assert told.value.code == "decided_already"
    assert "何" in told.value.messages[0]
    assert Registration.objects.get(pk=seen.pk).accepted_by == first
    assert Person.objects.filter(name="许知夏").count() == 1


def test_a_second_form_of_a_live_registration_is_told_so(letting):
    first = operations.accept_registration(homes.submitted(letting))
    again = homes.submitted(letting)
    code = refused(operations.accept_registration, again, person=first.person)
    assert code == {"person": "registered_already"}
    again.refresh_from_db()
    assert again.state == "submitted"


def test_a_page_drawn_before_a_change_decides_nothing(letting):
    seen = homes.submitted(letting)
    row = operations.return_registration(seen, reason="看不清")
    row = operations.submit_registration(operations.fill_registration(row, workplace="别处"))
    code = refused(operations.accept_registration, row, version=seen.version)
    assert code == "decided_already"


def test_a_document_on_another_file_waits_for_the_desk(letting):
    known = homes.person(letting.compound, "许夏", **homes.card())
    row = homes.submitted(letting)  # the tenant is told nothing of it
    assert operations.files_like(row) == [known]
    assert refused(operations.accept_registration, row) == {"document": "document_on_file"}
    row = operations.accept_registration(row, person=known)
    assert (row.person, row.person.name) == (known, "许知夏")


def test_a_form_never_changes_the_phone_on_file(letting):
    known = homes.person(letting.compound, "许知夏", phone="13900000001", **homes.card())
    row = operations.accept_registration(homes.submitted(letting))
    assert (row.person, row.person.phone) == (known, "13900000001")


def test_a_handed_in_form_is_closed(letting):
    row = homes.submitted(letting)
    assert refused(operations.fill_registration, row, name="别人") == "form_closed"
    assert operations.submit_registration(row).version == row.version


def test_photographs_are_sealed_bounded_and_replaced(letting, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = homes.draft(letting)
    photo = operations.add_photo(row, "document_front", homes.photo(3000))
    assert photo.width == 1600
    stored = next(tmp_path.rglob("*.sealed")).read_bytes()
    assert b"JFIF" not in stored
    desk = factories.user("desk", at=letting.compound)
    assert operations.read_photo(photo, desk, "核对证件")[:3] == b"\xff\xd8\xff"
    assert refused(operations.read_photo, photo, desk, " ") == "no_reason"
    assert refused(operations.add_photo, row, "lease", b"GIF89a") == "not_a_picture"
    assert refused(operations.add_photo, row, "lease", b"\xff\xd8\xff" + b"0" * 13_000_000) == (
        "too_large"
    )
    operations.add_photo(row, "document_front", homes.photo())
    assert RegistrationPhoto.objects.count() == 1


def test_who_may_see_registrations(letting):
    here, there = letting.compound, factories.compound()
    row = homes.confirmed(letting)
    tenant, landlord = (factories.user("resident", at=here) for _ in range(2))
    operations.change_person(row.person, user=tenant)
    operations.change_person(letting.landlord, user=landlord)
    seen = {
        name: Registration.objects.visible_to(user).count()
        for name, user in {
            "desk": factories.user("desk", at=here),
            "guard": factories.user("guard", at=here),
            "elsewhere": factories.user("manager", at=there),
            "tenant": tenant,
            "landlord": landlord,
        }.items()
    }
    assert seen == {"desk": 1, "guard": 0, "elsewhere": 0, "tenant": 1, "landlord": 0}
    assert list(Registration.objects.let_by(landlord)) == [row]
