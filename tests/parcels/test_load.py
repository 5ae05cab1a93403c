"""What desk and manager see of the lockers: hours and sizes, carriers' totals, faults, drawings."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parcels import load, operations
from parcels.models import LockerBank, Parcel
from parcels.pages.drawing import drawn
from tests.community import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(place) -> Client:
    client = Client()
    client.force_login(place.clerk)
    return client


def test_what_was_put_in_is_counted_by_hour_and_size_and_each_carrier(place, desk):
    first, _second = place.put_in(), place.put_in(size="medium")
    operations.take(first)
    place.deliver(first)
    Parcel.objects.get(pk=first.pk)
    place.shut(first)
    found = load.of_month(place.compound, timezone.localdate().replace(day=1))
    assert found.put_in == 2
    hour = timezone.localtime().hour
    near = [found.hours[hour][size] + found.hours[hour - 1][size] for size in load.SIZES]
    assert near == [1, 1, 0]
    assert found.taken == {"small": 0, "medium": 1, "large": 0}
    (totals,) = found.carriers
    assert (totals.carrier, totals.came, totals.fetched, totals.here) == ("顺丰", 2, 1, 1)
    page = desk.get("/desk/parcels/load/")
    assert page.status_code == 200
    assert page.context["chart"]["bars"]
    text = b"".join(desk.get("/desk/parcels/load/csv/")).decode("utf-8-sig")
    assert text.splitlines()[1] == "顺丰,2,1,0,0,1"
    assert desk.get("/desk/parcels/load/exe/").status_code == 404
    other = Client()
    other.force_login(factories.user("manager", at=factories.compound("海棠里")))
    assert other.get("/desk/parcels/load/").context["load"].put_in == 0


def test_faults_are_listed_and_taken_back_into_use(place, desk):
    broken = place.bank.compartments.first()
    operations.mark_compartment(broken, out_of_order=True)
    assert desk.get("/desk/parcels/faults/").context["places"][0][:2] == (broken, False)
    assert desk.post("/desk/parcels/faults/", {"place": broken.pk, "deed": "in"}).status_code == 302
    broken.refresh_from_db()
    assert not broken.is_faulty
    assert desk.post("/desk/parcels/faults/", {"place": "0"}).status_code == 404


def test_a_bank_is_drawn_as_it_was_said_to_be_built(place):
    row = place.put_in(size="medium")
    assert drawn(row.compartment) is None
    operations.change_bank(place.bank, rows=2, medium_cm="35 × 45 × 20")
    found = drawn(Parcel.objects.get(pk=row.pk).compartment)
    # Two small ones in the first column; the medium one stands on top of the second.
    assert found["column"] == 2
    assert [box["class"] for box in found["boxes"]] == ["", "", "on", ""]
    with pytest.raises(ValidationError):
        operations.change_bank(place.bank, small_cm="klein")
    assert LockerBank.objects.get().small_cm == ""


def test_faults_are_searched_filtered_paged_and_taken_along(place, desk, monkeypatch):
    monkeypatch.setattr("parcels.pages.faults.PER_PAGE", 2)
    first, second, third, fourth = place.bank.compartments.order_by("number")
    for broken in (second, third, fourth):
        operations.mark_compartment(broken, out_of_order=True)
    type(first).objects.filter(pk=fourth.pk).update(alarm="forced")
    row = place.put_in("SF142809166631")
    Parcel.objects.filter(pk=row.pk).update(doubt="reported")
    url = "/desk/parcels/faults/"

    def shown(query: str = "") -> tuple[list[int], int]:
        found = desk.get(url + query).context
        return [one[0].number for one in found["places"]], len(found["doubts"])

    assert shown() == ([2, 3], 1)
    assert shown("?page=2") == ([4], 1)
    assert shown("?what=forced") == ([4], 0)
    assert shown("?what=parcel") == ([], 1)
    assert shown("?q=3")[0] == [3]
    assert shown("?q=6631") == ([], 1)
    assert shown(f"?bank={place.bank.pk}&q=nowhere") == ([], 0)
    assert shown("?bank=x&what=y&page=z") == ([2, 3], 1)
    text = b"".join(desk.get(f"{url}csv/?what=forced")).decode("utf-8-sig")
    assert [line.split(",")[1] for line in text.splitlines()[1:]] == ["4"]
    assert "SF142809166631" in b"".join(desk.get(f"{url}csv/")).decode("utf-8-sig")
    assert place.compound.events.filter(kind="list.exported").count() == 2
    answer = desk.post(f"{url}?what=broken", {"place": second.pk, "deed": "in"})
    assert answer["Location"] == f"{url}?what=broken"
    type(place.bank.device).objects.update(health="offline", health_code="unreachable")
    ((bank, _device, said),) = desk.get(url).context["silent"]
    assert (bank, bool(said)) == (place.bank, True)


def test_each_compartment_has_its_own_trail(place, desk):
    row = place.put_in()
    place.put_in()
    trail = desk.get(
        f"/admin/parcels/parcelstep/?compartment__id__exact={row.compartment_id}"
    ).context["cl"]
    assert {one.compartment_id for one in trail.queryset} == {row.compartment_id}
    assert trail.queryset.count() == 2
    found = desk.get("/admin/parcels/compartment/").context["cl"].queryset
    assert [one.taken for one in found.order_by("number")] == [True, True, False, False]


def test_the_desk_takes_in_one_after_the_other_for_whom_it_finds_or_by_the_label(place, desk):
    url = "/desk/parcels/in/"
    mail = operations.save_carrier(type(place.carrier)(compound=place.compound, name="中国邮政"))
    given = {
        "carrier": mail.pk, "kind": "registered", "shelf": place.shelf.pk,
        "waybill": "XA 1234 5678", "who": "6120",
    }  # fmt: skip
    assert desk.post(url, given | {"waybill": "1", "carrier": ""}).status_code == 422
    asked = desk.post(url, given)
    assert [one[0] for one in asked.context["people"]] == [place.person]
    assert not Parcel.objects.exists()
    # A number that was not among those found puts nothing on anybody's name.
    wrong = desk.post(url, given | {"person": "999999", "asked": "1"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["person"])
    assert desk.post(url, given | {"person": place.person.pk}).status_code == 302
    row = Parcel.objects.get()
    assert (row.kind, row.person, row.unit) == ("registered", place.person, place.unit)
    page = desk.get(url)
    assert page.context["form"]["kind"].value() == "registered"
    again = desk.post(url, given | {"person": place.person.pk})
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["waybill"])
    stranger = given | {"waybill": "XA87654321", "who": "王小明", "person": "nobody"}
    assert list(desk.post(url, stranger).context["form"].errors) == ["label"]
    assert desk.post(url, stranger | {"label": "王小明 139****2222"}).status_code == 302
    assert Parcel.objects.get(waybill="XA87654321").label == "王小明 139****2222"
    other = Client()
    other.force_login(factories.user("manager", at=factories.compound("海棠里")))
    assert other.get(url).context["rows"] == []
    assert other.post(url, given | {"waybill": "XA00000001"}).status_code == 422
