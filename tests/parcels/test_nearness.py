"""A phone opens in front of the locker alone: by the tablet's digits or code, or by a label."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Event
from parcels import operations
from parcels.models import LockerBank, Parcel
from parcels.operations import nearness
from tests.community import factories
from tests.parcels.lockers import Stand, stand
from tests.parcels.test_parcels import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db) -> Stand:
    found = stand(phone_proof="shown")
    operations.tablet_of(found.bank)
    found.bank.refresh_from_db()
    return found


@pytest.fixture
def resident(place) -> Client:
    place.person.user = factories.user("resident", at=place.compound)
    place.person.save()
    client = Client()
    client.force_login(place.person.user)
    return client


def wrong_for(*codes: str) -> str:
    return next(f"{number:04}" for number in range(10) if f"{number:04}" not in codes)


def fresh(row: Parcel) -> Parcel:
    return Parcel.objects.select_related("compartment__bank").get(pk=row.pk)


def test_the_button_alone_opens_nothing_and_the_digits_on_the_screen_do(place, resident):
    row = place.put_in()
    url = f"/home/parcels/{row.pk}/"
    assert resident.get(url).context["asks_for"] == "shown"
    bare = resident.post(f"{url}open/")
    assert bare.status_code == 422
    assert "屏幕" in bare.context["errors"]["shown"]
    sight = operations.shown_by(place.bank)
    assert resident.post(f"{url}open/", {"shown": wrong_for(sight.code)}).status_code == 422
    assert Parcel.objects.get(pk=row.pk).state == "stored"
    assert resident.post(f"{url}open/", {"shown": f" {sight.code} "}).status_code == 200
    assert Parcel.objects.get(pk=row.pk).state == "taking"
    # The same visit: the next one opens by the button, until the visit is over.
    other = place.put_in()
    assert resident.get(f"/home/parcels/{other.pk}/").context["asks_for"] == ""
    session = resident.session
    session["parcel_near"] = {str(place.bank.pk): timezone.now().timestamp() - 301}
    session.save()
    assert resident.post(f"/home/parcels/{other.pk}/open/").status_code == 422


def test_what_is_shown_counts_for_one_to_two_minutes_at_its_own_bank(place, monkeypatch):
    row, now = fresh(place.put_in()), timezone.now()
    codes = [
        operations.shown_by(place.bank, now - timedelta(seconds=ago)).code for ago in (60, 120)
    ]
    if codes[0] != codes[1]:
        assert refused(operations.open_by_phone, row, typed=codes[1]) == "shown_wrong"
    assert operations.open_by_phone(row, typed=codes[0]).state == "taking"
    elsewhere = stand(phone_proof="shown")
    operations.tablet_of(elsewhere.bank)
    elsewhere.bank.refresh_from_db()
    tokens = [operations.shown_by(bank).token for bank in (place.bank, elsewhere.bank)]
    assert [operations.bank_shown_by(one) for one in tokens] == [place.bank, elsewhere.bank]
    forged = f"{place.bank.pk}-{tokens[1].partition('-')[2]}"
    for bad in (forged, "", "x", "9" * 30, f"{place.bank.pk}", f"{place.bank.pk}-²"):
        assert operations.bank_shown_by(bad) is None
    later = now + timedelta(seconds=121)
    monkeypatch.setattr(nearness.timezone, "now", lambda: later)
    assert operations.bank_shown_by(tokens[0]) is None
    # A new address for the tablet ends what the old one still shows.
    shown = operations.shown_by(place.bank).token
    operations.tablet_of(place.bank, renew=True)
    assert operations.bank_shown_by(shown) is None


def test_who_guesses_waits_and_still_fetches_with_the_pick_up_code(place, resident):
    row = place.put_in()
    url = f"/home/parcels/{row.pk}/open/"
    bad = wrong_for(operations.shown_by(place.bank).code)
    for _number in range(5):
        resident.post(url, {"shown": bad})
    told = resident.post(url, {"shown": operations.shown_by(place.bank).code})
    assert told.status_code == 422
    assert "取件码" in told.context["errors"]["shown"]
    tablet = Client().post(f"/locker/{place.bank.tablet}/", {"code": row.code})
    assert tablet.status_code == 200
    assert Parcel.objects.get(pk=row.pk).state == "taking"


def test_a_scanned_code_leads_to_what_waits_in_this_locker(place, resident):
    link = reverse("home-parcel-near", args=[operations.shown_by(place.bank).token])
    assert "没有" in resident.get(link).content.decode()
    first = place.put_in()
    assert resident.get(link)["Location"] == f"/home/parcels/{first.pk}/"
    second = place.put_in()
    page = resident.get(link)
    assert [one.row.pk for one in page.context["waiting"]] == [first.pk, second.pk]
    assert Parcel.objects.filter(state="stored").count() == 2  # looking opens nothing
    assert resident.post(f"/home/parcels/{second.pk}/open/").status_code == 200
    over = resident.get(reverse("home-parcel-near", args=[f"{place.bank.pk}-0000000000000000"]))
    assert over.status_code == 410
    assert reverse("home-sign-in") in Client().get(link)["Location"]


def test_the_tablet_shows_it_and_asks_for_the_next(place):
    url = f"/locker/{place.bank.tablet}/"
    page = Client().get(url)
    sight = operations.shown_by(place.bank)
    assert page.context["shown"]["code"] == sight.code
    told = Client().get(f"{url}shown/").json()
    assert told["code"] == sight.code
    assert 1 <= told["left_s"] <= 60
    assert told["qr"]["path"].startswith("M")
    # Typed into the field for six digits they are no guess.
    for _number in range(6):
        typed = Client().post(url, {"code": sight.code})
        assert "六位" in typed.context["error"]
    place.bank.refresh_from_db()
    assert place.bank.locked_until is None
    operations.change_bank(place.bank, phone_proof="label")
    assert Client().get(f"{url}shown/").json() == {}
    assert "shown" not in Client().get(url).context


def test_a_bank_without_a_tablet_has_a_label_and_a_new_one_ends_the_old(resident, place):
    LockerBank.objects.filter(pk=place.bank.pk).update(tablet="", tablet_digest="")
    place.bank.refresh_from_db()
    assert (operations.proof_of(place.bank), operations.shown_by(place.bank)) == ("label", None)
    row, old = place.put_in(), operations.label_of(place.bank)
    installer = Client()
    installer.force_login(factories.user("installer", at=place.compound))
    url = f"/lockers/{place.bank.pk}/label/"
    assert old.code in installer.get(url).content.decode()
    assert installer.post(url)["Location"] == url
    place.bank.refresh_from_db()
    assert Event.objects.filter(kind="parcels.label_made").count() == 1
    new = operations.label_of(place.bank)
    assert operations.bank_shown_by(old.token) is None
    assert operations.bank_shown_by(new.token) == place.bank
    page = f"/home/parcels/{row.pk}/"
    assert resident.get(page).context["asks_for"] == "label"
    assert resident.post(f"{page}open/", {"shown": new.code}).status_code == 200


def test_banks_of_before_without_a_tablet_stay_as_they_were(place):
    bare = stand(phone_proof="shown").bank
    migration = import_module("parcels.migrations.0008_near_the_bank")
    migration.keep_as_it_was(apps, SimpleNamespace(connection=connection))
    bare.refresh_from_db()
    place.bank.refresh_from_db()
    assert (bare.phone_proof, place.bank.phone_proof) == ("none", "shown")
    assert operations.open_by_phone(fresh(place.put_in()), is_near=True).state == "taking"
