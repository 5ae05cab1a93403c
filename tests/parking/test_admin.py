"""Cars in the office: own compounds, roles, and operations behind every button."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from community.models import Building
from parking import operations
from parking.models import Vehicle, VehicleImport
from residents.operations import add_person
from tests.community import factories
from tests.parking import cars

pytestmark = pytest.mark.django_db
LIST, ADD = "admin:parking_vehicle_changelist", "admin:parking_vehicle_add"
UPLOAD = "admin:parking_vehicleimport_add"


@pytest.fixture
def compound():
    return factories.compound()


def sign_in(client, *roles, at):
    user = factories.user(*roles, at=at)
    client.force_login(user)
    return user


def change_url(vehicle):
    return reverse("admin:parking_vehicle_change", args=[vehicle.pk])


def deed_url(row, deed):
    kind = row._meta.model_name
    return reverse(f"admin:parking_{kind}_{deed}", args=[row.pk])


def send(client, url, **values):
    return client.post(url, {"_form_submitted": "on", **values})


# Doors: list, add, one car, its deed "end" (POST), stays, lists, upload
OFFICE, READER, OUT = (
    (200, 200, 200, 302, 200, 200, 200),
    (200, 403, 200, 403, 200, 403, 403),
    (302,) * 7,
)
ROLES = {
    "manager": OFFICE,
    "desk": OFFICE,
    "cashier": READER,
    "installer": READER,
    "guard": OUT,
    "resident": OUT,
    "courier": OUT,
}


def doors(client, vehicle):
    return (
        client.get(reverse(LIST)).status_code,
        client.get(reverse(ADD)).status_code,
        client.get(change_url(vehicle)).status_code,
        send(client, deed_url(vehicle, "end")).status_code,
        client.get(reverse("admin:parking_stay_changelist")).status_code,
        client.get(reverse("admin:parking_vehicleimport_changelist")).status_code,
        client.get(reverse(UPLOAD)).status_code,
    )


@pytest.mark.parametrize(("role", "expected"), ROLES.items())
def test_roles(client, compound, role, expected):
    vehicle = cars.car(compound)
    sign_in(client, role, at=compound)
    assert doors(client, vehicle) == expected
    vehicle.refresh_from_db()
    assert (vehicle.ended_at is not None) == (expected is OFFICE)


def test_another_compounds_cars_are_not_there(client, compound):
    there = factories.compound()
    vehicle = cars.car(compound, unit=factories.unit(compound, "8-8-808"))
    cars.car(there, cars.OTHER, unit=factories.unit(there, "9-9-909"))
    compound.buildings.update(name="柏木楼")
    there.buildings.update(name="银杏楼")
    Building.objects.create(compound=there, code="10", name="桂花楼")
    sign_in(client, "manager", at=there)
    page = client.get(reverse(LIST)).content.decode()
    assert [cars.OTHER in page, "银杏楼" in page] == [True, True]
    assert [cars.PLATE in page, "柏木楼" in page] == [False, False]
    assert client.get(change_url(vehicle)).status_code == 302  # as for a row that does not exist
    assert send(client, deed_url(vehicle, "end")).status_code == 404
    vehicle.refresh_from_db()
    assert vehicle.ended_at is None


def form(**values):
    given = {"plate": cars.PLATE, "kind": "unknown", "colour": "", "valid_from": "2026-01-01"}
    return given | values


def test_a_car_is_registered_and_changed_through_operations(client, compound):
    user = sign_in(client, "desk", at=compound)
    home = factories.unit(compound)
    answer = client.post(reverse(ADD), form(plate="皖a·52m78", unit=home.pk))
    assert answer.status_code == 302
    vehicle = Vehicle.objects.get()
    assert (vehicle.plate, vehicle.unit, vehicle.compound) == (cars.PLATE, home, compound)
    client.post(change_url(vehicle), form(colour="白色"))
    rows = compound.events.order_by("sequence").values_list("kind", "actor")
    assert list(rows) == [
        ("parking.vehicle_registered", user.pk),
        ("parking.vehicle_changed", user.pk),
    ]


def test_what_an_operation_refuses_stands_on_the_form(client, compound):
    sign_in(client, "desk", at=compound)
    page = client.post(reverse(ADD), form(plate="皖A52M7"))
    assert page.status_code == 200
    assert "plate" in page.context["adminform"].form.errors
    assert not Vehicle.objects.exists()
    assert not compound.events.exists()


def test_homes_and_owners_of_other_compounds_cannot_be_chosen(client, compound):
    there = factories.compound()
    home, owner = factories.unit(there, "8-8-808"), add_person(compound=there, name="某某")
    user = sign_in(client, "desk", at=compound)
    factories.Role.objects.create(user=user, compound=there, role="desk")
    page = client.post(reverse(ADD), form(unit=home.pk, owner=owner.pk))
    assert set(page.context["adminform"].form.errors) == {"unit", "owner"}
    assert not Vehicle.objects.exists()


def test_a_car_is_barred_with_a_reason_only(client, compound):
    sign_in(client, "desk", at=compound)
    vehicle = cars.car(compound)
    assert send(client, deed_url(vehicle, "bar"), reason=" ").status_code == 200
    assert (
        send(client, deed_url(vehicle, "bar"), reason="挡道", until="2020-01-01").status_code == 200
    )
    vehicle.refresh_from_db()
    assert vehicle.barred_reason == ""
    assert client.get(deed_url(vehicle, "bar")).status_code == 200
    answer = client.post(
        deed_url(vehicle, "bar"),
        {"_form_submitted": "on", "reason": "挡道"},
        headers={"HX-Request": "true"},
    )
    assert answer["HX-Redirect"] == change_url(vehicle)
    vehicle.refresh_from_db()
    assert vehicle.barred_reason == "挡道"


def test_search_and_state(client, compound):
    cars.car(compound)
    operations.bar_vehicle(cars.car(compound, cars.OTHER), reason="挡道")
    sign_in(client, "cashier", at=compound)

    def found(**query):
        return set(
            client.get(reverse(LIST), query).context["cl"].queryset.values_list("plate", flat=True)
        )

    assert found(q="皖a·52") == {cars.PLATE}
    assert found(state="barred") == {cars.OTHER}
    assert found(q="nobody") == set()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_can_come_in_again(client, compound, form):
    cars.car(compound, unit=factories.unit(compound), colour="白色", kind="blue")
    cars.car(factories.compound(), cars.OTHER)
    sign_in(client, "desk", at=compound)
    answer = client.get(reverse("admin:parking_vehicle_export", args=[form]))
    body = b"".join(answer.streaming_content)
    batch = cars.check(compound, SimpleUploadedFile(f"x.{form}", body))
    assert (batch.state, batch.rows) == ("checked", 1)
    operations.apply_import(batch.pk)
    assert not compound.events.filter(kind="parking.vehicle_changed").exists()


def test_an_export_holds_no_formula(client, compound):
    person = add_person(compound=compound, name="=1+1")
    cars.car(compound, owner=person)
    sign_in(client, "desk", at=compound)
    answer = client.get(reverse("admin:parking_vehicle_export", args=["csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=1+1" in text
    assert ",=1+1" not in text


def upload(client, body, name="cars.csv"):
    return client.post(reverse(UPLOAD), {"file": SimpleUploadedFile(name, body)})


def test_a_list_is_uploaded_looked_at_and_released(client, compound):
    user = sign_in(client, "desk", at=compound)
    factories.unit(compound)
    answer = upload(client, "车牌,房号\n皖A52M78,3-2-1202".encode("gbk"))
    batch = VehicleImport.objects.get()
    assert batch.created_by == user
    page = client.get(answer.url)
    assert page.context["preview"].fresh == 1
    assert "3-2-1202" in page.content.decode()
    assert not Vehicle.objects.exists()
    assert send(client, deed_url(batch, "release")).status_code == 302
    operations.apply_waiting(seconds=5)
    assert Vehicle.objects.of(compound).get().plate == cars.PLATE
    progress = reverse("admin:parking_vehicleimport_progress", args=[batch.pk])
    assert 'value="1"' in client.get(progress).content.decode()


def test_bad_rows_are_shown_and_cannot_be_released(client, compound):
    sign_in(client, "desk", at=compound)
    answer = upload(client, "车牌,房号\n皖A52M78,9-9-9".encode())
    page = client.get(answer.url)
    assert "9-9-9" in page.content.decode()
    batch = VehicleImport.objects.get()
    assert send(client, deed_url(batch, "release")).status_code == 403
    assert VehicleImport.objects.get().state == "refused"


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xd8\xff\xe0 a picture", b"x" * (10 * 1024 * 1024 + 1)]
)
def test_a_file_that_is_no_list_gets_a_sentence(client, compound, body):
    sign_in(client, "desk", at=compound)
    page = upload(client, body)
    assert (page.status_code, "file" in page.context["form"].errors) == (200, True)
    assert not VehicleImport.objects.exists()


def test_lists_of_another_compound_are_not_there(client, compound):
    batch = cars.check(compound, cars.csv_of("车牌", cars.PLATE))
    sign_in(client, "manager", at=factories.compound())
    assert (
        client.get(reverse("admin:parking_vehicleimport_change", args=[batch.pk])).status_code
        == 302
    )
    assert (
        client.get(reverse("admin:parking_vehicleimport_progress", args=[batch.pk])).status_code
        == 403
    )
    assert send(client, deed_url(batch, "release")).status_code == 404
    assert VehicleImport.objects.get().state == "checked"


def test_a_resident_of_one_compound_who_works_in_another_sees_the_latter_only(client, compound):
    there = factories.compound()
    user = sign_in(client, "desk", at=there)
    factories.Role.objects.create(user=user, compound=compound, role="resident")
    owner = add_person(compound=compound, name="某某", user=user)
    cars.car(compound, owner=owner)
    assert list(client.get(reverse(LIST)).context["cl"].queryset) == []
