"""What every messenger keeps to, the simulated one included.

A new driver adds a subject: something that makes the driver and makes its provider misbehave.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from community.events import CODE
from community.notifications import sending, simulated
from community.notifications.base import Message, Messenger, NotSent, Receipt, Unsure
from community.notifications.drivers import official_account, smtp
from community.notifications.drivers.aliyun_sms import AliyunSms
from community.notifications.drivers.http_gateway import HttpGateway
from community.notifications.drivers.official_account import OfficialAccount
from community.notifications.drivers.smtp import Smtp
from community.notifications.drivers.web_push import WebPush
from community.notifications.drivers.wecom_robot import WecomRobot
from community.notifications.sentences import SENTENCES
from community.notifications.simulated import Simulated
from tests.community.notifications import providers
from tests.community.notifications.post_office import PostOffice
from tests.community.notifications.providers import KEY_ID, SECRET, Provider

pytestmark = pytest.mark.pure
MESSAGE = Message(
    key="k" * 32,
    to="13800001234",
    kind="test",
    title="梧桐苑 · 通知",
    text="水管检修, 今天 14:00 到 16:00 停水。",
    facts={"home": "3-2-1202"},
    sent_at="2026-11-22 20:00",
)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def subscription(endpoint: str) -> str:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return json.dumps(
        {"endpoint": endpoint, "keys": {"p256dh": b64(point), "auth": b64(os.urandom(16))}}
    )


@dataclass
class Web:
    """A driver that speaks HTTP to a provider of ours."""

    provider: Provider
    make_driver: Callable[[str, str], Messenger]
    #: The address that a provider refuses for good; none where it knows of none.
    bad: str = "00012345678"

    def driver(self, secret: str = SECRET) -> Messenger:
        return self.make_driver(self.provider.url, secret)

    def message(self) -> Message:
        return MESSAGE

    def refused(self) -> Message:
        return replace(self.message(), to=self.bad)

    def arrived(self) -> int:
        return len(self.provider.taken)

    def make(self, mode: str) -> None:
        self.provider.vanish() if mode == "vanish" else setattr(self.provider, "mode", mode)


class Browser(Web):
    def message(self) -> Message:
        return replace(MESSAGE, to=subscription(f"{self.provider.url}/send/1"))

    def refused(self) -> Message:
        return replace(MESSAGE, to=subscription(f"{self.provider.url}/gone/1"))


@dataclass
class Mail:
    office: PostOffice

    def driver(self, secret: str = SECRET) -> Messenger:
        settings = {
            "host": "127.0.0.1", "port": self.office.port, "tls": "none",
            "sender": "梧桐苑 <office@wutong.example>",
        }  # fmt: skip
        wrong = {"username": "office", "password": secret} if secret != SECRET else {}
        return Smtp(settings, wrong)

    def message(self) -> Message:
        return replace(MESSAGE, to="lin@example.com")

    def refused(self) -> Message:
        self.office.mode = "refuse"
        return self.message()

    def arrived(self) -> int:
        return len(self.office.mails)

    def make(self, mode: str) -> None:
        self.office.vanish() if mode == "vanish" else setattr(self.office, "mode", mode)


@dataclass
class Nowhere:
    channel_id: int = 7

    def driver(self, secret: str = SECRET) -> Messenger:
        return Simulated({"channel_id": self.channel_id, "deny": secret != SECRET}, {})

    def message(self) -> Message:
        return MESSAGE

    def refused(self) -> Message:
        simulated.behave(self.channel_id, refuse=True)
        return MESSAGE

    def arrived(self) -> int:
        return len(simulated.arrived(self.channel_id))

    def make(self, mode: str) -> None:
        told: dict[str, dict[str, Any]] = {
            "vanish": {"fail": True},
            "garbage": {"garbage": True},
            "silent": {"lose_answer": True},
            "limit": {"per_minute": 1, "retry_after_s": 90},
        }
        if mode == "limit":
            self.driver().send(MESSAGE)
        simulated.behave(self.channel_id, **told[mode])


WEBS: dict[str, tuple[Any, Any, Callable[[str, str], Messenger]]] = {
    "aliyun_sms": (Web, providers.aliyun, lambda url, secret: AliyunSms(
        {"url": url, "sign_name": "梧桐苑", "template_code": "SMS_1"},
        {"access_key_id": KEY_ID, "access_key_secret": secret})),
    "http_gateway": (Web, providers.gateway, lambda url, secret: HttpGateway(
        {"url": f"{url}/send"}, {"secret": secret})),
    "wecom_robot": (Web, providers.robot, lambda url, secret: WecomRobot(
        {"url": f"{url}/cgi-bin/webhook/send"}, {"key": secret})),
    "official_account": (Web, providers.account, lambda url, secret: OfficialAccount(
        {"url": url, "app_id": "wx1", "template_id": "T1"}, {"app_secret": secret})),
    "web_push": (Browser, providers.push_service, lambda url, secret: WebPush({}, {})),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR = tmp_path
    settings.DEVICE_LOOPBACK = True
    official_account._tokens.clear()
    monkeypatch.setattr(sending, "TIMEOUT_S", 2.0)
    monkeypatch.setattr(smtp, "TIMEOUT_S", 2.0)


@pytest.fixture(params=[*WEBS, "smtp", "simulated"])
def subject(request: pytest.FixtureRequest) -> Iterator[Any]:
    with ExitStack() as stack:
        if request.param in WEBS:
            kind, answers, make = WEBS[request.param]
            yield kind(stack.enter_context(Provider(answers)), make)
        elif request.param == "smtp":
            yield Mail(stack.enter_context(PostOffice()))
        else:
            yield Nowhere()


def outcome(subject: Any, message: Message | None = None, **how: Any) -> Any:
    try:
        return subject.driver(**how).send(message or subject.message())
    except (NotSent, Unsure) as trouble:
        said = trouble
    assert CODE.match(said.code)
    assert said.code in SENTENCES or said.code.startswith("answered_")
    return said


def test_it_is_a_messenger(subject):
    assert isinstance(subject.driver(), Messenger)


def test_a_message_is_handed_over_once(subject):
    assert isinstance(outcome(subject), Receipt)
    assert subject.arrived() == 1


def test_an_address_that_is_refused_is_refused_for_good(subject):
    if isinstance(subject.driver(), WecomRobot):
        pytest.skip("a group has no addresses")
    said = outcome(subject, subject.refused())
    assert isinstance(said, NotSent)
    assert said.lasting
    assert subject.arrived() == 0


def test_a_provider_out_of_reach_has_sent_nothing(subject):
    message = subject.message()
    subject.make("vanish")
    said = outcome(subject, message)
    assert (type(said), said.lasting, said.ours) == (NotSent, False, False)
    assert subject.arrived() == 0


def test_who_is_asked_to_wait_says_for_how_long(subject):
    subject.make("limit")
    said = outcome(subject)
    assert isinstance(said, NotSent)
    assert not said.lasting
    if not isinstance(subject, Mail):
        assert said.retry_after_s == 90


def test_a_lost_answer_is_no_failure_and_no_success(subject):
    subject.make("silent")
    assert isinstance(outcome(subject), Unsure)
    assert subject.arrived() == 1


def test_garbage_is_not_taken_for_a_yes(subject):
    if isinstance(subject, Mail) or isinstance(subject.driver(), HttpGateway | WebPush):
        pytest.skip("its yes is the status itself")
    subject.make("garbage")
    assert isinstance(outcome(subject), Unsure)


def test_a_wrong_key_is_the_channels_fault(subject):
    if isinstance(subject.driver(), WebPush):
        pytest.skip("our key is made, not entered")
    if isinstance(subject, Mail):
        subject.make("deny")
    said = outcome(subject, secret="wrong")
    assert (said.code, said.ours) == ("not_authorised", True)
    assert subject.arrived() == 0


@pytest.mark.parametrize("mode", ["redirect", "broken", "endless"])
def test_http_is_not_led_elsewhere_and_not_flooded(subject, mode):
    if not isinstance(subject, Web):
        pytest.skip("speaks no HTTP")
    subject.make(mode)
    said = outcome(subject)
    if mode == "redirect":
        assert (said.code, said.ours) == ("redirected", True)
        assert [one.path for one in subject.provider.asked if one.path == "/elsewhere"] == []
    elif mode == "broken":
        assert isinstance(said, Unsure)
    else:
        assert isinstance(said, Unsure | Receipt)


@pytest.mark.parametrize("name", [name for name in WEBS if name != "web_push"])
@pytest.mark.parametrize("host", ["169.254.169.254", "100.100.100.200", "127.0.0.1", "[::1]"])
def test_no_message_goes_to_this_machine_or_a_clouds_secrets(settings, name, host):
    settings.DEVICE_LOOPBACK = False
    driver = WEBS[name][2](f"http://{host}:9", SECRET)
    with pytest.raises(NotSent) as caught:
        driver.send(MESSAGE)
    assert caught.value.code == "address_refused"


@pytest.mark.parametrize("host", ["10.1.2.3", "192.168.1.9", "127.0.0.1", "[::ffff:10.0.0.1]"])
def test_a_browser_cannot_point_us_into_our_own_network(settings, host):
    settings.DEVICE_LOOPBACK = False
    with pytest.raises(NotSent) as caught:
        WebPush({}, {}).send(replace(MESSAGE, to=subscription(f"https://{host}/push")))
    assert caught.value.code in ("address_refused", "browser_gone")
