"""What a driver reads of a device's settings: a dataclass that checks itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Self

from community.devices.base import DeviceFault


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
