"""Which addresses a relay may have."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from community.devices import addresses
from community.devices.base import DeviceFault

pytestmark = pytest.mark.pure


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names and what the resolver says of them."""
    known: dict[str, list[str]] = {}

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror("unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


@pytest.mark.parametrize(
    "address", ["192.168.1.50", "10.0.0.7", "172.16.3.4", "100.64.0.9", "8.8.8.8", "fd12:3456::7"]
)
def test_addresses_of_a_building_are_allowed(address: str) -> None:
    assert addresses.resolve(address, 80) == [address]


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.1.1",
        "fe80::1",
        "fe80::1%eth0",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
        "240.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "127.0.0.1",
        "127.9.9.9",
        "::1",
    ],
)
def test_addresses_that_no_relay_has_are_refused(settings: Any, address: str) -> None:
    settings.DEVICE_LOOPBACK = False
    with pytest.raises(DeviceFault, match="address_refused"):
        addresses.resolve(address, 80)


def test_loopback_is_for_gateways_on_this_machine(settings: Any) -> None:
    settings.DEVICE_LOOPBACK = True
    assert addresses.is_allowed(ip_address("127.0.0.1"))
    assert addresses.is_allowed(ip_address("::ffff:127.0.0.1"))
    assert not addresses.is_allowed(ip_address("169.254.169.254"))


def test_a_name_is_known_by_its_addresses(answers: dict[str, list[str]]) -> None:
    answers["relay.lan"] = ["192.168.1.50", "192.168.1.50", "192.168.1.51"]
    assert addresses.resolve("relay.lan", 80) == ["192.168.1.50", "192.168.1.51"]


@pytest.mark.parametrize("host", ["metadata.internal", "2852039166", "0xa9fea9fe"])
def test_a_name_that_leads_to_metadata_is_refused(answers: dict[str, list[str]], host: str) -> None:
    answers[host] = ["192.168.1.50", "169.254.169.254"]
    with pytest.raises(DeviceFault, match="address_refused"):
        addresses.resolve(host, 80)


def test_an_unknown_name_is_unreachable(answers: dict[str, list[str]]) -> None:
    with pytest.raises(DeviceFault, match="unreachable"):
        addresses.resolve("nowhere.lan", 80)
