"""What Dahua's devices answer: ``OK``, ``Error``, or lines of ``name=value``."""

from __future__ import annotations

from community.devices.base import DeviceFault, DeviceSilent
from community.devices.exchange import Answer
from community.devices.web_device import judge

#: A harmless question that every model answers.
INFO = "/cgi-bin/magicBox.cgi?action=getSystemInfo"


def values_of(answer: Answer) -> dict[str, str]:
    lines = (line.partition("=") for line in answer.text.splitlines())
    return {name.strip(): value.strip() for name, sign, value in lines if sign}


def obeyed(answer: Answer) -> None:
    """Return when the device said OK. Raises DeviceFault, DeviceSilent."""
    text = answer.text.strip().lower()
    if answer.status == 400 or (answer.status == 200 and text.startswith("error")):
        raise DeviceFault("refused")
    judge(answer)
    if not text.startswith("ok"):
        raise DeviceSilent("answer_not_understood")
