"""What the API's description says beyond its code: examples, refusals, the way to sign."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from community.api_rules.schema import refusal
from security.api.bodies import VerdictSerializer

READING_SUMMARY = _("Hand over a reading and hear the verdict")

READING_ABOUT = _(
    "Send a plate as the device read it, or a picture in which to read one. The same id again "
    "gives the first answer and never opens twice. A reading that is older than 10 s, from the "
    "future, or marked as history is kept and opens nothing."
)

READING_EXAMPLES = [
    OpenApiExample(
        "plate",
        summary=_("A plate, read by the device"),
        value={
            "id": "cam7-000182",
            "plate": "皖A52M78",
            "kind": "blue",
            "confidence": 0.97,
            "captured_at": "2026-03-02T08:15:04+08:00",
        },
        request_only=True,
        media_type="application/json",
    ),
    OpenApiExample(
        "opened",
        summary=_("The barrier opens"),
        value={
            "passage": 4711,
            "outcome": "allow",
            "code": "vehicle_registered",
            "sentence": "Registered by 3-2-1202.",
            "opened": True,
            "duplicate": False,
        },
        response_only=True,
        status_codes=["201"],
    ),
    OpenApiExample(
        "duplicate",
        summary=_("The same id again"),
        value={
            "passage": 4711,
            "outcome": "allow",
            "code": "vehicle_registered",
            "sentence": "Registered by 3-2-1202.",
            "opened": True,
            "duplicate": True,
        },
        response_only=True,
        status_codes=["200"],
    ),
]


ANSWERS = {
    201: OpenApiResponse(VerdictSerializer, description=_("Taken and decided.")),
    200: OpenApiResponse(VerdictSerializer, description=_("Taken before; nothing was done again.")),
    400: refusal(_("Something in the reading is wrong; nothing was taken.")),
    401: refusal(_("The token is unknown or was revoked.")),
    409: refusal(_("The device belongs to no lane, or not to the one it names.")),
    413: refusal(_("Too large; nothing was read.")),
    429: refusal(_("Too many readings in a minute.")),
    503: refusal(_("Busy: send the same reading again.")),
}


class DeviceScheme(OpenApiAuthenticationExtension):
    target_class = "security.api.readings.DeviceAuthentication"
    name = "deviceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        text = _("Device <token>, as the property office gave it out for this device.")
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": str(text),
        }
