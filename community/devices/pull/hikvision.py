"""Hikvision ``alertStream``: the same events as it would push, in one answer without end."""

from __future__ import annotations

from community.devices.pull.told import Event, Gatherer, Options
from community.devices.push.hikvision import read_parts
from community.devices.push.parts import Part
from community.devices.push.text import number, read_xml
from community.devices.push.told import Body, NotUnderstood, Told

PATH = "/ISAPI/Event/notification/alertStream"
#: Its heartbeat is a ``videoloss`` that is ``inactive``; how often differs by firmware.
SILENT_S = 60.0


def target(options: Options) -> str:
    return PATH


class Alerts(Gatherer):
    def pictures_of(self, part: Part) -> int:
        if part.kind != "xml" or b"ANPR" not in part.data:
            return 0
        try:
            said = number(read_xml(part.data).get("picNum"))
        except NotUnderstood:
            return 0
        return int(said) if said and said > 0 else 0


def read(event: Event, body: Body, options: Options) -> Told:
    """What an event says; ``other`` for one of another channel of a recorder.

    Raises NotUnderstood.
    """
    text = event.parts[0]
    if text.kind == "xml":
        values = read_xml(text.data)
        said = number(values.get("channelID") or values.get("dynChannelID"))
        if said is not None and said != options.channel and values.get("eventType") == "ANPR":
            return Told("other")
    return read_parts(event.parts, body)
