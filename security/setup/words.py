"""What a look through a camera came to, in words: what is, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community import verdicts
from community.devices import sentences as devices

FAULTS = {
    "refused_address": gettext_lazy(
        "A camera cannot have this address. Type its own, such as rtsp://192.168.1.64/stream1."
    ),
    "unreachable": gettext_lazy(
        "No camera answers there with this name and password. Check cable, address and password."
    ),
    "no_frames": gettext_lazy("It answers, but no picture comes. Look at the camera itself."),
    "not_found": gettext_lazy("Nothing is there. Check the name of the file or folder."),
    "not_a_picture": gettext_lazy(
        "What comes from there is no picture, or one too large. Choose another source."
    ),
    "driver_unknown": gettext_lazy("This kind of camera is not known here. Choose another."),
    "engine_unavailable": gettext_lazy(
        "No plate reader runs on this machine. Tell whoever installed Linli."
    ),
    "no_answer": gettext_lazy(
        "No picture came in time, and the attempt was ended. Check the camera, then try again."
    ),
    "busy": gettext_lazy("Other cameras are being looked through now. Try again in a moment."),
    "gone": gettext_lazy("This picture is no longer kept. Look again."),
    "no_plate": gettext_lazy(
        "No plate was seen in the region. Let a car stop before the arm, or draw the region anew."
    ),
    "no_phone": gettext_lazy(
        "The phone sends no picture yet. Open the phone's page on it and start its camera."
    ),
}


@dataclass(frozen=True)
class PushKind:
    """A maker's cameras: what they are called, and further addresses to type in."""

    label: Promise | str
    more: tuple[tuple[Promise | str, str], ...] = ()


PUSHES: dict[str, PushKind] = {
    "vzenith": PushKind(
        gettext_lazy("Vzenith, Qianyi, ALPHADIGI"),
        ((gettext_lazy("Heartbeat"), "/heartbeat"), (gettext_lazy("Comet polling"), "/comet")),
    ),
    "hikvision": PushKind(gettext_lazy("Hikvision (ISAPI)")),
    "dahua": PushKind(gettext_lazy("Dahua (ITSAPI)")),
    "huaxia": PushKind(gettext_lazy("Huaxia Zhixin")),
    "platerecognizer": PushKind(gettext_lazy("Plate Recognizer Stream")),
    "openalpr": PushKind(gettext_lazy("OpenALPR, Rekor Scout")),
}
#: What came of a push that is no passage.
CAME = {
    "heartbeat": gettext_lazy("It says that it is there."),
    "poll": gettext_lazy("It asks whether there is something to do."),
    "order_handed_out": gettext_lazy("It was told to open."),
    "order_not_ready": gettext_lazy("The order was not ready in time. Look at the barrier."),
    "input": gettext_lazy("A contact changed."),
    "other": gettext_lazy("Nothing that Linli needs."),
    "repeated": gettext_lazy("It sent the same again. Nothing more happened."),
    "push_broke": gettext_lazy("Linli could not take it. Tell whoever installed Linli."),
}
NOT_UNDERSTOOD = gettext_lazy(
    "This is not what such a camera sends. Check the kind and the upload format."
)


def push_word(code: str) -> str:
    """One sentence for what came of a push."""
    if code in CAME:
        return str(CAME[code])
    if code in devices.SENTENCES:
        return devices.sentence(code)
    return verdicts.sentence(code) if code in verdicts.explained() else str(NOT_UNDERSTOOD)


def fault(code: str) -> str:
    """One sentence or two for a look's code; none for no code."""
    if not code:
        return ""
    if code == "refused_path":
        text = _("Only films and pictures below %(folder)s are shown. Put them there first.")
        return text % {"folder": settings.CAMERA_FOLDER}
    return str(FAULTS.get(code) or FAULTS["no_frames"])
