"""People in the office and through the API: masked, by role, and every look on record."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from community.models import Look
from residents import operations
from residents.models import Person, Residency
from tests.community import factories

pytestmark = pytest.mark.django_db
PHONE = "13800001234"
API = "/api/v1/people/"
LIST = "admin:residents_person_changelist"


@pytest.fixture
def compound():
    return factories.compound()


@pytest.fixture
def person(compound):
    return operations.add_person(
        compound=compound,
        name="周闻达",
        phone=PHONE,
        document_kind="passport",
        document="E12345678",
    )


def sign_in(client, *roles, at):
    user = factories.user(*roles, at=at)
    client.force_login(user)
    return user


def change_url(person):
    return reverse("admin:residents_person_change", args=[person.pk])


def show_url(person, field="phone"):
    return reverse(f"admin:residents_person_show_{field}", args=[person.pk])


def form(**values):
    given = {"name": "周闻达", "new_phone": "", "new_document_kind": "", "new_document": ""}
    # Django's admin wants to know of the rows of the (read-only) inline.
    inline = {"residencies-TOTAL_FORMS": 0, "residencies-INITIAL_FORMS": 0}
    return given | inline | values


# list, file, show phone, add page, residencies; people through the API
OFFICE, NONE, OUT = (200, 200, 200, 200, 200, 1), (403, 403, 403, 403, 403, 0), (302,) * 5
ROLES = {
    "manager": OFFICE,
    "desk": OFFICE,
    "cashier": NONE,
    "installer": NONE,
    "guard": (*OUT, 1),
    "resident": (*OUT, 0),
    "courier": (*OUT, 0),
}


@pytest.mark.parametrize(("role", "expected"), ROLES.items())
def test_roles(client, compound, person, role, expected):
    sign_in(client, role, at=compound)
    seen = (
        client.get(reverse(LIST)).status_code,
        client.get(change_url(person)).status_code,
        client.post(show_url(person), {"_form_submitted": "on", "reason": "核对"}).status_code,
        client.get(reverse("admin:residents_person_add")).status_code,
        client.get(reverse("admin:residents_residency_changelist")).status_code,
        len(client.get(API).json()["results"]),
    )
    assert seen == expected
    assert Look.objects.count() == (expected is OFFICE)


def test_another_compounds_people_are_not_there(client, compound, person):
    sign_in(client, "manager", at=factories.compound())
    assert list(client.get(reverse(LIST), {"q": PHONE}).context["cl"].queryset) == []
    assert client.get(change_url(person)).status_code == 302
    answer = client.post(show_url(person), {"_form_submitted": "on", "reason": "核对"})
    assert answer.status_code == 404
    assert client.get(API).json()["results"] == []
    assert client.get(f"{API}{person.pk}/").status_code == 404
    assert not Look.objects.exists()


def test_whole_numbers_never_reach_a_page_by_themselves(client, compound, person):
    sign_in(client, "desk", at=compound)
    pages = [reverse(LIST), change_url(person), show_url(person), API]
    for text in (client.get(page).content.decode() for page in pages):
        assert PHONE not in text
        assert "E12345678" not in text
    assert "138****1234" in client.get(change_url(person)).content.decode()
    assert client.get(API).json()["results"][0]["phone"] == "138****1234"


@pytest.mark.parametrize(("field", "value"), [("phone", PHONE), ("document", "E12345678")])
def test_a_look_needs_a_reason_and_is_on_record(client, compound, person, field, value):
    user = sign_in(client, "desk", at=compound)
    url = show_url(person, field)
    assert value not in client.post(url, {"_form_submitted": "on", "reason": " "}).content.decode()
    assert not Look.objects.exists()
    answer = client.post(url, {"_form_submitted": "on", "reason": "电话核对快递"})
    assert value in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    look = Look.objects.get()
    assert (look.user, look.subject_id, look.field) == (user, person.pk, field)
    assert look.reason == "电话核对快递"


def test_people_are_found_by_number_and_name(client, compound, person):
    operations.add_person(compound=compound, name="何映明")
    sign_in(client, "desk", at=compound)
    for text in ("138 0000 1234", "e12345678", "闻达"):
        found = client.get(reverse(LIST), {"q": text}).context["cl"].queryset
        assert list(found) == [person]
        assert [row["id"] for row in client.get(API, {"search": text}).json()["results"]] == [
            person.pk
        ]


def test_a_file_is_opened_and_numbers_are_replaced(client, compound):
    user = sign_in(client, "desk", at=compound)
    answer = client.post(reverse("admin:residents_person_add"), form(new_phone=PHONE))
    assert answer.status_code == 302
    person = Person.objects.get()
    assert person.phone == PHONE
    client.post(change_url(person), form(name="周闻"))
    person.refresh_from_db()
    assert (person.name, person.phone) == ("周闻", PHONE)
    client.post(change_url(person), form(no_phone="on"))
    person.refresh_from_db()
    assert person.phone == ""
    assert set(compound.events.values_list("actor", flat=True)) == {user.pk}


def test_a_bad_number_is_refused_on_its_field(client, compound, person):
    sign_in(client, "desk", at=compound)
    bad = {"new_document_kind": "resident_id", "new_document": "410000199001011230"}
    page = client.post(change_url(person), form(**bad))
    assert set(page.context["adminform"].form.errors) == {"new_document"}
    person.refresh_from_db()
    assert person.document == "E12345678"


def test_a_residency_is_added_and_ended_in_the_office(client, compound, person):
    sign_in(client, "desk", at=compound)
    home = factories.unit(compound)
    given = {"person": person.pk, "unit": home.pk, "kind": "tenant", "started_on": "2024-01-01"}
    assert client.post(reverse("admin:residents_residency_add"), given).status_code == 302
    row = Residency.objects.get()
    url = reverse("admin:residents_residency_end", args=[row.pk])
    early = client.post(url, {"_form_submitted": "on", "ended_on": "2023-01-01"})
    assert early.status_code == 200
    assert client.post(url, {"_form_submitted": "on", "ended_on": "2025-01-01"}).status_code == 302
    row.refresh_from_db()
    assert str(row.ended_on) == "2025-01-01"


def test_a_resident_sees_their_own_file_only(compound):
    user = factories.user("resident", at=compound)
    own = operations.add_person(compound=compound, name="林晓", user=user)
    operations.add_person(compound=compound, name="何映明")
    caller = APIClient()
    caller.force_login(user)
    assert [row["id"] for row in caller.get(API).data["results"]] == [own.pk]
