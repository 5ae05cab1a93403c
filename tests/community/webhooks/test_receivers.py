"""Receivers that misbehave, and addresses inside the network."""

from __future__ import annotations

import threading
import time
from ipaddress import ip_address

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community.devices import addresses
from community.models import Webhook, WebhookDelivery
from community.webhooks import operations, post, receivers, rounds
from tests.community import factories
from tests.community.webhooks import receiver as manners
from tests.community.webhooks.receiver import listening

INSIDE = [
    "127.0.0.1", "127.9.9.9", "10.0.3.7", "172.16.0.1", "192.168.1.10", "100.64.0.1",
    "169.254.169.254", "100.100.100.200", "192.0.0.192", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "198.51.100.1",
]  # fmt: skip
NEVER = ["169.254.169.254", "100.100.100.200", "fe80::1", "fd00:ec2::254", "224.0.0.1", "0.0.0.0"]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_refused(address, settings):
    settings.WEBHOOK_INTERNAL_HOSTS = []
    assert not receivers.is_allowed(ip_address(address), address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "8.8.8.8"])
def test_public_addresses_are_not(address, settings):
    settings.WEBHOOK_INTERNAL_HOSTS = []
    assert receivers.is_allowed(ip_address(address), address)


@pytest.mark.parametrize("address", NEVER)
def test_a_list_never_opens_metadata_or_the_link(address, settings):
    settings.WEBHOOK_INTERNAL_HOSTS = ["0.0.0.0/0", "::/0", "name.test", address]
    assert not receivers.is_allowed(ip_address(address), "name.test")


@pytest.mark.parametrize(
    ("entry", "host", "address", "is_open"),
    [
        ("hall.lan", "HALL.lan", "10.0.3.7", True),
        ("hall.lan", "evil.lan", "10.0.3.7", False),
        ("10.0.3.0/24", "any.lan", "10.0.3.7", True),
        ("10.0.3.0/24", "any.lan", "10.0.4.7", False),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1", True),
    ],
)
def test_listed_hosts_may_lie_inside(settings, entry, host, address, is_open):
    settings.WEBHOOK_INTERNAL_HOSTS = [entry]
    assert receivers.is_allowed(ip_address(address), host) is is_open


@pytest.mark.parametrize(
    "url",
    [
        "", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//example.com/x",
        "https://", "https://user:secret@example.com/", "https://example.com/#x", "http://[::1]/",
        "https://example.com:99999/", "https://example.com:0/", "https://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/", "https://exa mple.com/", "https://例え.test/",
        "https://example.com/\r\nX: y", "https://[::1", "https://example.com/" + "x" * 400,
    ],
)  # fmt: skip
def test_addresses_that_are_none_are_refused_at_once(url, settings):
    settings.WEBHOOK_INTERNAL_HOSTS = []
    with pytest.raises(ValidationError) as refused:
        receivers.check_url(url)
    assert "url" in refused.value.error_dict


@pytest.fixture
def compound(db):
    return factories.compound()


def hook(compound, url, name="Hall"):
    return operations.add_webhook(compound=compound, name=name, url=url)[0]


def attempt(webhook):
    delivery = operations.send_test(webhook)
    return post.send(
        WebhookDelivery.objects.select_related("webhook__compound").get(pk=delivery.pk)
    )


@pytest.mark.django_db
def test_a_name_that_points_inside_is_refused_when_it_is_told(compound, monkeypatch, settings):
    settings.WEBHOOK_INTERNAL_HOSTS = []
    with listening() as receiver:
        found = iter([["127.0.0.1"], ["1.1.1.1", "127.0.0.1"]])
        monkeypatch.setattr(addresses, "look_up", lambda host, port: next(found))
        webhook = hook(compound, f"http://hall.test:{receiver.port}/hear")
        assert attempt(webhook).code == "address_refused"
        assert attempt(webhook).code == "address_refused"  # one good address does not excuse
        assert receiver.heard == []


@pytest.mark.django_db
def test_the_connection_goes_to_the_address_that_was_looked_at(compound, monkeypatch, settings):
    """A name that answers differently the second time gains nothing: there is no second time."""
    settings.WEBHOOK_INTERNAL_HOSTS = ["hall.test"]
    asked = []
    monkeypatch.setattr(
        addresses, "look_up", lambda host, port: asked.append(host) or ["127.0.0.1"]
    )
    with listening() as receiver:
        assert attempt(hook(compound, f"http://hall.test:{receiver.port}/hear")).code == ""
        assert asked == ["hall.test"]
        assert receiver.heard[0].headers["host"] == f"hall.test:{receiver.port}"


@pytest.mark.django_db
def test_a_redirect_into_the_network_is_not_followed(compound, settings):
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]
    with listening() as inner, listening() as outer:
        outer.manner = manners.status(307, Location=inner.url)
        outcome = attempt(hook(compound, outer.url))
        assert (outcome.code, outcome.status) == ("redirected", 307)
        assert inner.heard == []


@pytest.mark.django_db
def test_proxies_of_the_environment_are_ignored(compound, settings, monkeypatch):
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with listening() as receiver:
        assert attempt(hook(compound, receiver.url)).code == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("manner", "code"),
    [
        (manners.status(404), "answered_404"),
        (manners.status(500), "answered_500"),
        (manners.close_early, "answer_not_understood"),
        (manners.hang, "no_answer"),
        (manners.dribble, ""),
        (manners.flood, ""),
    ],
    ids=["missing", "broken", "closes", "hangs", "dribbles", "floods"],
)
def test_receivers_that_misbehave_cost_a_bounded_time(
    compound, settings, monkeypatch, manner, code
):
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(post, "ATTEMPT_S", 1.5)
    monkeypatch.setattr(post, "BODY_S", 0.5)
    with listening(manner) as receiver:
        started = time.monotonic()
        assert attempt(hook(compound, receiver.url)).code == code
        assert time.monotonic() - started < 10  # it would hang for 20 s


@pytest.mark.django_db
def test_nobody_listens(compound, settings):
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]
    with listening() as receiver:
        url = receiver.url
    assert attempt(hook(compound, url)).code == "unreachable"


@pytest.mark.django_db(transaction=True)
def test_a_slow_receiver_holds_up_nobody_else(settings, monkeypatch):
    """In threads, as the job process does it: the good one is told while the slow one hangs."""
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]
    settings.DEVICE_DELIVERY = "thread"
    monkeypatch.setattr(post, "ATTEMPT_S", 4.0)
    compound = factories.compound()
    freed = threading.Event()
    with listening(lambda handler: freed.wait(30)) as slow, listening() as good:
        first = hook(compound, slow.url, "Slow")
        second = hook(compound, good.url, "Good")
        operations.send_test(first)
        assert rounds.go() == 1
        until(lambda: slow.heard)
        operations.send_test(second)
        assert rounds.go() == 1  # the slow one is not taken twice
        until(lambda: good.heard)
        assert Webhook.objects.get(pk=first.pk).leased_until > timezone.now()
        freed.set()
        until(rounds.is_idle)


def until(true, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.django_db
def test_so_many_at_once_and_no_more(compound, settings, monkeypatch):
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(rounds._partners, "threads", 2)
    with listening() as receiver:
        for number in range(5):
            operations.send_test(hook(compound, receiver.url, f"Hall {number}"))
        assert [rounds.go(), rounds.go(), rounds.go(), rounds.go()] == [2, 2, 1, 0]
        assert len(receiver.heard) == 5
