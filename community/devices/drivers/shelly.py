"""A Shelly relay, over the web or over an MQTT broker; its pulse is timed in the relay.

Settings: either ``url`` (``http://192.168.1.50``) or ``host``, ``port``, ``topic`` of a broker
(``shellyplus1-a8032ab1``, or ``shellies/shelly1-a8032a`` of the first generation), ``tls``,
``verify_tls``; ``generation`` (1, or 2 for all later ones; else 2); ``channel`` (0 to 15);
``input`` (0 to 15) told of the arm or leaf, with ``input_means`` (open or closed); ``auto_off``
(true): a first one over a broker ends its pulse by its own setting; ``timeout_s``. Credentials,
where the relay or the broker wants them: ``username`` and ``password``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community.devices.pulse_relay import PulseRelay, Switch
from community.devices.registry import register
from community.devices.shelly_relays import FirstOnBroker, FirstOnWeb, LaterOnBroker, LaterOnWeb
from community.devices.small_relays import RelayOptions
from community.devices.web_device import Access, WebDevice


@dataclass(frozen=True)
class Options(RelayOptions):
    """The settings, checked. See the module."""

    generation: int = 2
    auto_off: bool = False

    def _is_right(self) -> bool:
        if not super()._is_right() or self.generation not in (1, 2):
            return False
        # On without an end would hold the barrier for ever.
        return self.auto_off == (self.generation == 1 and bool(self.host))


@register("shelly")
class Shelly(PulseRelay):
    """See the module; the contract is in ``community.devices.base``."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        own = {**settings}
        device_id = int(own.pop("device_id", 0))
        before: datetime | None = own.pop("send_before", None)
        options = Options.read(own)
        super().__init__(_switch(options, credentials, device_id, before), options.meaning)


def _switch(
    options: Options, credentials: dict[str, Any], device_id: int, before: datetime | None
) -> Switch:
    is_first = options.generation == 1
    if options.host:
        broker = options.broker(credentials)
        kind = FirstOnBroker if is_first else LaterOnBroker
        return kind(options, broker, before)
    auth = ("basic" if is_first else "digest") if credentials.get("password") else "none"
    access = Access(auth, options.timeout_s, options.verify_tls)
    # Later ones know one user name only.
    known = credentials if is_first else {"username": "admin", **credentials}
    web = WebDevice(access, known, device_id=device_id, send_before=before)
    return FirstOnWeb(options, web) if is_first else LaterOnWeb(options, web)
