"""What a look through a camera came to, in words: what is, and what to do next."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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


def fault(code: str) -> str:
    """One sentence or two for a look's code; none for no code."""
    if not code:
        return ""
    if code == "refused_path":
        text = _("Only films and pictures below %(folder)s are shown. Put them there first.")
        return text % {"folder": settings.CAMERA_FOLDER}
    return str(FAULTS.get(code) or FAULTS["no_frames"])
