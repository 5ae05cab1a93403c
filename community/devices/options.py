"""What a driver reads of a device's settings: a dataclass that checks itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import Any, Self, TypeVar

from community.devices.base import DeviceFault
from community.devices.web_device import Access, WebDevice, checked

LONGEST_TEXT = 2000
#: By how a field is annotated.
TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "int | None": (int, type(None)),
}


class DriverOptions(ABC):
    """Base of a frozen dataclass whose fields are the settings that a driver knows."""

    @classmethod
    def read(cls, settings: dict[str, Any]) -> Self:
        """Raises ``DeviceFault``; a setting that we do not know is a mistake, not ignored."""
        try:
            options = cls(**settings)
            is_right = options._is_right()
        except TypeError as error:
            raise DeviceFault("settings_invalid") from error
        if not is_right:
            raise DeviceFault("settings_invalid")
        return options

    @abstractmethod
    def _is_right(self) -> bool:
        """Whether the values make sense. They came from outside, whatever the types say."""

    def _are_types_right(self) -> bool:
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            wanted = TYPES.get(str(field.type), (object,))
            if wanted != (object,) and type(value) not in wanted:
                return False
            if isinstance(value, str) and len(value) > LONGEST_TEXT:
                return False
        return True


@dataclass(frozen=True)
class WebOptions(DriverOptions):
    """A maker's device behind one web address.

    ``url`` is its address without a path, such as ``http://192.168.1.64``.
    """

    url: str
    timeout_s: float = 3.0
    verify_tls: bool = True

    def _is_right(self) -> bool:
        if not self._are_types_right() or not 0.3 <= self.timeout_s <= 5.0:
            return False
        url = checked(self.url)
        return url.raw_path == b"/" and not url.fragment

    def at(self, path: str) -> str:
        return self.url.rstrip("/") + path


Read = TypeVar("Read", bound=WebOptions)


def connect(
    options: type[Read],
    settings: dict[str, Any],
    credentials: dict[str, Any],
    *,
    auth: str = "digest",
    content_type: str = "",
) -> tuple[Read, WebDevice]:
    """What a driver of a maker's device is made of: its options, and who speaks to it.

    Raises ``DeviceFault``.
    """
    own = {**settings}
    device_id, send_before = int(own.pop("device_id", 0)), own.pop("send_before", None)
    read = options.read(own)
    access = Access(auth, read.timeout_s, read.verify_tls, content_type)
    return read, WebDevice(access, credentials, device_id=device_id, send_before=send_before)
