"""Care watch: with consent only; the person first, then the family, then the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from community.models import Notification
from residents.models import CareWatch, WayIn
from residents.operations import give_card
from residents.operations.care import all_well, end_care, set_away, start_care, watch_over
from tests.community import factories
from tests.residents.doors import person, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return factories.unit(factories.compound())


@pytest.fixture
def who(home):
    user = factories.user("resident", at=home.compound)
    return resident(home, "秦桂兰", user=user)


def care(who, **fields) -> CareWatch:
    return start_care(who, **({"consent": "person", "consent_note": "同意书 7 号"} | fields))


def later(**span) -> object:
    return timezone.now() + timedelta(**span)


def asked() -> list[str]:
    return [row.kind.rpartition("_")[2] for row in Notification.objects.order_by("pk")]


def test_climbs_from_the_person_to_the_family_to_the_desk(home, who):
    relative = person(home.compound, "秦明")
    care(who, days=3, relative=relative)
    assert watch_over(later(days=2)) == 0
    assert watch_over(later(days=3, minutes=1)) == 1
    assert watch_over(later(days=3, hours=1)) == 0  # there is time to answer
    assert watch_over(later(days=3, hours=7)) == 1
    assert watch_over(later(days=3, hours=14)) == 1
    assert watch_over(later(days=9)) == 0  # the desk stays asked, nobody is asked twice
    assert asked() == ["person", "family", "desk"]
    texts = [row.facts["person"] for row in Notification.objects.all()]
    assert set(texts) == {who.pk}


def test_without_a_relative_the_desk_is_next(who):
    care(who)
    watch_over(later(days=4))
    watch_over(later(days=5))
    assert asked() == ["person", "desk"]


def test_a_card_used_or_a_word_ends_the_asking(who):
    watch = care(who)
    card = give_card(who, "00A1B2C3D4")
    watch_over(later(days=4))
    WayIn.objects.filter(pk=card.pk).update(last_used_at=later(days=4))
    assert watch_over(later(days=5)) == 0
    assert CareWatch.objects.get(pk=watch.pk).step == "quiet"
    watch_over(later(days=8))
    all_well(watch)
    assert CareWatch.objects.get(pk=watch.pk).step == "quiet"


def test_away_and_ended_nobody_is_asked(who):
    watch = care(who)
    set_away(watch, timezone.localdate() + timedelta(days=10))
    assert watch_over(later(days=9)) == 0
    assert watch_over(later(days=12)) == 1
    end_care(watch)
    end_care(watch)
    assert watch_over(later(days=30)) == 0
    with pytest.raises(ValidationError):
        set_away(watch, timezone.localdate() - timedelta(days=1))


@pytest.mark.parametrize(
    "wrong", [{"consent": ""}, {"consent_note": " "}, {"days": 0}, {"days": 31}]
)
def test_without_consent_there_is_none(who, wrong):
    with pytest.raises(ValidationError):
        care(who, **wrong)
    assert not CareWatch.objects.exists()


def test_seen_by_the_office_the_person_and_the_relative_only(home, who):
    kin = factories.user("resident", at=home.compound)
    relative = resident(home, "秦明", user=kin)
    watch = care(who, relative=relative)
    neighbour = factories.user("resident", at=home.compound)
    resident(factories.unit(home.compound, "3-2-1203"), "韩梅", user=neighbour)
    may = [factories.user("desk", at=home.compound), who.user, kin]
    for user in may:
        assert watch in CareWatch.objects.visible_to(user)
    for user in (neighbour, factories.user("guard", at=home.compound)):
        assert not CareWatch.objects.visible_to(user).exists()


def test_begun_put_aside_and_ended_on_ones_own_page(who):
    client = Client()
    client.force_login(who.user)
    assert client.post("/home/care/", {"days": "3"}).status_code == 422
    client.post("/home/care/", {"days": "3", "consent": "yes"})
    row = CareWatch.objects.get()
    assert (row.person, row.consent) == (who, "person")
    assert client.get("/home/care/").status_code == 200
    client.post(f"/home/care/{row.pk}/well/")
    assert client.post(f"/home/care/{row.pk}/away/", {"until": "1999-01-01"}).status_code == 422
    until = timezone.localdate() + timedelta(days=3)
    client.post(f"/home/care/{row.pk}/away/", {"until": until.isoformat()})
    assert CareWatch.objects.get().away_until == until
    client.post(f"/home/care/{row.pk}/end/")
    assert CareWatch.objects.get().ended_at
    stranger = Client()
    neighbour = factories.user("resident", at=who.compound)
    resident(factories.unit(who.compound, "3-2-1203"), "韩梅", user=neighbour)
    stranger.force_login(neighbour)
    assert stranger.post(f"/home/care/{row.pk}/end/").status_code == 404
