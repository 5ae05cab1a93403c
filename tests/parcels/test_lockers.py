"""Locker banks: made and marked through operations, by those who may."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from parcels import operations
from parcels.models import Compartment, LockerBank
from tests.community import factories

pytestmark = pytest.mark.django_db
SIZES = {"small": 2, "medium": 1, "large": 1}
API = "/api/v1/lockers/"
LIST = "admin:parcels_lockerbank_changelist"


@pytest.fixture
def compound():
    return factories.compound()


def bank(compound, name="南门柜", **values):
    return operations.add_bank(compound=compound, name=name, sizes=SIZES, **values)


def sign_in(client, *roles, at):
    user = factories.user(*roles, at=at)
    client.force_login(user)
    return user


def test_a_bank_comes_with_its_compartments(compound):
    row = bank(compound)
    made = list(row.compartments.values_list("number", "size"))
    assert made == [(1, "small"), (2, "small"), (3, "medium"), (4, "large")]
    assert compound.events.get().payload == {"bank": row.pk, "compartments": 4}


@pytest.mark.parametrize("sizes", [{}, {"small": 201}, {"small": 100, "large": 101}])
def test_no_bank_without_compartments_or_with_too_many(compound, sizes):
    with pytest.raises(ValidationError):
        operations.add_bank(compound=compound, name="柜", sizes=sizes)
    assert not LockerBank.objects.exists()


def test_a_name_stands_once_and_a_device_must_be_a_locker_bank_here(compound):
    bank(compound)
    there = factories.device(factories.compound(), "locker_bank")
    for values in (
        {},
        {"name": "二", "device": factories.device(compound)},
        {"name": "三", "device": there},
    ):
        with pytest.raises(ValidationError):
            bank(compound, **values)
    assert LockerBank.objects.count() == 1


def test_marking_twice_is_told_once(compound):
    compartment = bank(compound).compartments.first()
    for _ in range(2):
        compartment = operations.mark_compartment(compartment, out_of_order=True)
    assert compartment.is_faulty
    operations.mark_compartment(compartment, out_of_order=False)
    kinds = list(compound.events.order_by("sequence").values_list("kind", flat=True))
    assert kinds[1:] == ["parcels.compartment_out_of_order", "parcels.compartment_in_order"]


# list, add page, compartments marked by the action; banks through the API
ROLES = {
    "manager": (200, 200, 1, 1),
    "installer": (200, 200, 1, 1),
    "desk": (200, 403, 1, 1),
    "cashier": (200, 403, 0, 1),
    "guard": (302, 302, 0, 1),
    "courier": (302, 302, 0, 1),
    "resident": (302, 302, 0, 1),
}


def mark(client, compartment):
    url = reverse("admin:parcels_compartment_changelist")
    client.post(url, {"action": "take_out", "_selected_action": [compartment.pk]})


@pytest.mark.parametrize(("role", "expected"), ROLES.items())
def test_roles(client, compound, role, expected):
    row = bank(compound)
    sign_in(client, role, at=compound)
    mark(client, row.compartments.first())
    assert (
        client.get(reverse(LIST)).status_code,
        client.get(reverse("admin:parcels_lockerbank_add")).status_code,
        row.compartments.filter(is_faulty=True).count(),
        len(client.get(API).json()["results"]),
    ) == expected


def test_another_compounds_lockers_are_not_there(client, compound):
    row = bank(compound)
    sign_in(client, "manager", at=factories.compound())
    mark(client, row.compartments.first())
    assert not Compartment.objects.filter(is_faulty=True).exists()
    assert list(client.get(reverse(LIST)).context["cl"].queryset) == []
    assert client.get(API).json()["results"] == []


def test_a_bank_is_made_and_changed_in_the_office(client, compound):
    sign_in(client, "manager", at=compound)
    device = factories.device(compound, "locker_bank")
    camera = factories.device(compound)
    url = reverse("admin:parcels_lockerbank_add")
    given = {"name": "南门柜", "place": "", "small": 2, "medium": 0, "large": 0}
    given |= {"phone_proof": "shown"}
    assert client.post(url, given | {"device": camera.pk}).status_code == 200
    assert client.post(url, given | {"device": device.pk}).status_code == 302
    row = LockerBank.objects.get()
    change = reverse("admin:parcels_lockerbank_change", args=[row.pk])
    client.post(change, given | {"name": "北门柜", "place": "北门", "device": device.pk})
    row.refresh_from_db()
    assert (row.name, row.compartments.count()) == ("北门柜", 2)
