"""How a message reaches its person: bundled, at a decent hour, climbing until it arrives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community import events
from community.models import Channel, Delivery, Notification, TellingRule
from community.notifications import operations, paper, readers, rounds, settling, simulated, tell
from tests.community import factories
from tests.community.notifications.conftest import NOON

pytestmark = pytest.mark.django_db


def say(who, compound, kind="test.news", n=1, at=NOON, **how):
    row = tell(who, kind, compound=compound, key=f"{kind}:{n}:{who}", facts={"n": n}, **how)
    Notification.objects.filter(pk=row.pk).update(look_at=at)
    return row


def states(row):
    return {each.medium: (each.state, each.code) for each in row.deliveries.order_by("pk")}


def run(*minutes, start=NOON):
    for minute in minutes or (0, 3):
        rounds.go(start + timedelta(minutes=minute))


def texts(channel):
    return [each["text"] for each in simulated.arrived(channel.pk)]


def test_a_message_goes_out_once_and_says_so(compound, sms, reader):
    row = say(reader, compound)
    run(0, 3, 4, 5)
    assert texts(sms) == ["News 1"]
    assert states(row) == {"sms": ("delivered", "")}
    row.refresh_from_db()
    assert row.delivered_at


def test_telling_writes_one_row_and_talks_to_nobody(
    compound, sms, reader, django_assert_num_queries
):
    simulated.behave(sms.pk, delay_ms=60_000)
    with events.writing(), django_assert_num_queries(4):
        tell(reader, "test.news", compound=compound, key="k", facts={"n": 1})
    assert not Delivery.objects.exists()
    assert texts(sms) == []


def test_five_things_are_one_message_and_the_same_thing_is_said_once(compound, sms, reader):
    for n in (1, 2, 3):
        say(reader, compound, n=n)
    tell(reader, "test.news", compound=compound, key="again", facts={"n": 3})
    Notification.objects.filter(key="again").update(look_at=NOON)
    run()
    assert texts(sms) == ["· News 1\n· News 2\n· News 3"]
    assert Delivery.objects.filter(state="delivered").count() == 4


def test_two_readers_are_never_told_together(compound, sms, reader):
    other = factories.user("resident", at=compound)
    readers.set_address(other, compound, "sms", "13900005678")
    say(reader, compound)
    say(other, compound)
    run()
    assert len(texts(sms)) == 2


def test_nothing_rings_at_night_but_what_is_urgent(compound, sms, reader):
    TellingRule.objects.create(compound=compound)
    midnight = NOON + timedelta(hours=12)
    news = say(reader, compound, at=midnight)
    say(reader, compound, "test.alarm", at=midnight)
    run(0, 3, start=midnight)
    assert texts(sms) == ["Alarm 1"]
    assert states(news)["sms"][0] == "pending"
    run(0, start=midnight + timedelta(hours=7, minutes=31))
    assert texts(sms) == ["Alarm 1", "News 1"]


def test_what_fails_is_tried_again_then_climbs_to_paper(compound, sms, reader):
    simulated.behave(sms.pk, fail=True)
    row = say(reader, compound)
    run(0, 3)
    assert states(row) == {"sms": ("pending", "unreachable")}
    run(5, 10, 30, 70, 71)
    assert states(row) == {"sms": ("failed", "unreachable"), "paper": ("pending", "")}
    sms.refresh_from_db()
    assert texts(sms) == []


def test_a_number_that_is_refused_climbs_at_once(compound, sms, reader):
    simulated.behave(sms.pk, refuse=True)
    row = say(reader, compound)
    run(0, 3, 4)
    assert states(row) == {"sms": ("failed", "number_refused"), "paper": ("pending", "")}


def test_a_lost_answer_is_not_sent_twice(compound, sms, reader):
    simulated.behave(sms.pk, lose_answer=True)
    row = say(reader, compound)
    run(0, 3, 4, 60)
    assert texts(sms) == ["News 1"]
    assert states(row) == {"sms": ("failed", "no_answer"), "paper": ("pending", "")}


def test_a_provider_that_asks_for_patience_gets_it(compound, sms, reader):
    simulated.behave(sms.pk, per_minute=1, retry_after_s=600)
    other = factories.user("resident", at=compound)
    readers.set_address(other, compound, "sms", "13900005678")
    say(reader, compound)
    second = say(other, compound)
    run(0, 3)
    channel = Channel.objects.get(pk=sms.pk)
    assert channel.paused_until == NOON + timedelta(minutes=13)
    run(5, 12)
    assert len(texts(sms)) == 1
    simulated.behave(sms.pk)
    run(14)
    assert len(texts(sms)) == 2
    assert states(second)["sms"][0] == "delivered"


def test_who_died_while_sending_has_not_said_it_twice(compound, sms, reader):
    row = say(reader, compound)
    run(0)
    operations.claim(sms, NOON + timedelta(minutes=3))
    run(6, 7)
    assert texts(sms) == []
    assert states(row) == {"sms": ("failed", "interrupted"), "paper": ("pending", "")}


def test_two_processes_share_the_work(compound, sms, reader):
    say(reader, compound)
    run(0)
    now = NOON + timedelta(minutes=3)
    assert len(operations.claim(sms, now)) == 1
    assert operations.claim(sms, now) == []


def test_a_new_phone_gets_what_waits_and_the_old_one_nothing(compound, sms, reader):
    row = say(reader, compound)
    run(0)
    readers.set_address(reader, compound, "sms", "13911112222")
    run(3)
    assert row.deliveries.get().address == "13911112222"


def test_what_was_read_on_our_pages_is_not_sent(compound, sms, reader):
    row = say(reader, compound)
    run(0)
    readers.read(reader, [row.pk])
    run(3, 4)
    assert texts(sms) == []
    assert states(row) == {"sms": ("delivered", "read")}


def test_a_code_goes_alone_is_wiped_and_never_printed(compound, sms):
    row = tell("13800001234", "test.code", compound=compound, key="c", private={"code": "493201"},
               expires_at=timezone.now() + timedelta(minutes=5))  # fmt: skip
    rounds.go()
    assert texts(sms) == ["Code 493201"]
    row.refresh_from_db()
    assert row.private == {}
    simulated.behave(sms.pk, refuse=True)
    row = tell("13800001234", "test.code", compound=compound, key="d", private={"code": "1"})
    rounds.go()
    rounds.go()
    assert states(row) == {"sms": ("given_up", "number_refused")}


def test_what_comes_too_late_is_not_sent(compound, sms):
    row = tell("13800001234", "test.code", compound=compound, key="c", private={"code": "1"},
               expires_at=timezone.now() - timedelta(seconds=1))  # fmt: skip
    rounds.go()
    assert texts(sms) == []
    row.refresh_from_db()
    assert (row.private, row.look_at) == ({}, None)


def test_preferences_choose_the_way_or_our_pages_only(compound, sms, reader):
    readers.prefer(reader, compound, "notice", [])
    quiet = say(reader, compound)
    alarm = say(reader, compound, "test.alarm")
    run()
    assert states(quiet) == {}
    assert states(alarm)["sms"][0] == "delivered"
    readers.prefer(reader, compound, "notice", ["paper"])
    printed = say(reader, compound, n=2)
    run()
    assert states(printed) == {"paper": ("pending", "")}


def test_without_any_channel_it_waits_at_the_desk(compound, reader):
    row = say(reader, compound)
    run(0)
    assert states(row) == {"paper": ("pending", "")}
    code = tell("13800001234", "test.code", compound=compound, key="c", private={"code": "1"})
    rounds.go()
    assert states(code) == {"sms": ("given_up", "channel_off")}


def test_the_desk_prints_one_sheet_per_person_and_hands_it_over(compound, reader):
    clerk = factories.user("desk", at=compound)
    rows = [say(reader, compound, n=n) for n in (1, 2)]
    run(0)
    sheets = paper.letters_of(paper.waiting(compound))
    assert [(sheet.to, sheet.lines) for sheet in sheets] == [("林晓", ["News 1", "News 2"])]
    assert paper.printed(sheets[0].deliveries, compound=compound, actor=clerk) == 2
    assert paper.printed(sheets[0].deliveries, compound=compound, actor=clerk) == 0
    assert paper.handed_over(sheets[0].deliveries, compound=compound, actor=clerk) == 2
    assert states(rows[0]) == {"paper": ("delivered", "")}


def test_a_browser_message_that_nobody_read_climbs(compound, sms, reader):
    Channel.objects.create(compound=compound, medium="web_push", driver="simulated")
    readers.subscribe(reader, compound, SUBSCRIPTION)
    row = say(reader, compound, "test.push")
    run(0, 3, 10)
    assert set(states(row)) == {"web_push"}
    run(6 * 60 + 4, 6 * 60 + 10)
    assert set(states(row)) == {"web_push", "sms"}


def test_a_report_that_it_did_not_arrive_climbs(compound, sms, reader):
    row = say(reader, compound)
    run()
    Delivery.objects.update(state="sent", reference="g-1")
    now = NOON + timedelta(minutes=5)
    assert settling.report(sms, "g-1", arrived=False, now=now) == 1
    assert settling.report(sms, "g-1", arrived=False, now=now) == 0
    run(6)
    assert states(row) == {"sms": ("failed", "undelivered"), "paper": ("pending", "")}


SUBSCRIPTION = {
    "endpoint": "https://push.example/1",
    "keys": {"p256dh": "B" * 87, "auth": "a" * 22},
}


def test_a_browser_belongs_to_who_signed_in_last(compound, reader):
    other = factories.user("resident", at=compound)
    readers.subscribe(reader, compound, SUBSCRIPTION)
    readers.subscribe(other, compound, SUBSCRIPTION)
    assert not reader.browsers.exists()
    assert readers.unsubscribe(reader, SUBSCRIPTION["endpoint"]) == 0
    assert readers.unsubscribe(other, SUBSCRIPTION["endpoint"]) == 1
