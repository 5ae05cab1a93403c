"""The bodies of the readings API."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from community.vision.plates import PlateKind

#: What may stand in the text of a plate: no markup, no control characters.
PLATE_TEXT = re.compile(r"^[\w\s·•.\-—_]*$")
YEARS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


class ReadingSerializer(serializers.Serializer[Any]):
    """One car, seen once. Either `plate` as the device read it, or a `picture` to read it in."""

    id = serializers.CharField(
        max_length=120, help_text=_("The device's own name for this reading. Once used, for ever.")
    )
    plate = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text=_("As read; null where the device saw a car and no plate."),
    )
    kind = serializers.ChoiceField(
        choices=[kind.value for kind in PlateKind],
        required=False,
        help_text=_("By colour of the plate; taken from the text where it is missing."),
    )
    colour = serializers.CharField(max_length=20, required=False, allow_blank=True)
    confidence = serializers.FloatField(
        min_value=0, max_value=1, required=False, help_text=_("0 to 1; required with a plate.")
    )
    captured_at = serializers.DateTimeField(
        required=False,
        allow_null=True,
        help_text=_("When the car was seen, by the device's clock. Without a zone: China's time."),
    )
    realtime = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text=_("False for a record sent later. Must be true where captured_at is missing."),
    )
    lane = serializers.IntegerField(
        required=False, help_text=_("Needed only by a device that watches several lanes.")
    )
    picture = serializers.FileField(
        required=False, help_text=_("JPEG or PNG, 12 MB and 40 million pixels at most.")
    )

    def validate_plate(self, value: str | None) -> str | None:
        if value and not PLATE_TEXT.match(value):
            raise serializers.ValidationError(_("A plate has letters, figures and dots only."))
        return value

    def validate_confidence(self, value: float) -> float:
        if math.isnan(value):
            raise serializers.ValidationError(_("Give a number from 0 to 1."))
        return value

    def validate_captured_at(self, value: datetime | None) -> datetime | None:
        if value and not YEARS[0] < value < YEARS[1]:
            raise serializers.ValidationError(_("This is no time that a camera can have."))
        return value

    def validate_picture(self, value: Any) -> Any:
        if value.size > settings.PICTURE_MAX_BYTES:
            raise serializers.ValidationError(_("The picture is larger than 12 MB."))
        return value

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        faults: dict[str, Any] = {}
        if "plate" not in values and "picture" not in values:
            faults["plate"] = _("Send a plate, or a picture to read it in.")
        if values.get("plate") and "confidence" not in values:
            faults["confidence"] = _("Say how sure the plate is, from 0 to 1.")
        if values.get("captured_at") is None and values["realtime"] is None:
            faults["captured_at"] = _("Say when the car was seen, or mark the reading realtime.")
        if faults:
            raise serializers.ValidationError(faults)
        # With its own time a reading is live unless it says otherwise: its age is looked at.
        return values | {"realtime": values["realtime"] is not False}


class VerdictSerializer(serializers.Serializer[Any]):
    """What was decided, for a program (`outcome`, `code`) and for a person (`sentence`)."""

    passage = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=["allow", "deny", "ask", "fail"])
    code = serializers.CharField(help_text=_("The rule that decided; stable."))
    sentence = serializers.CharField(help_text=_("In the language that the caller asked for."))
    opened = serializers.BooleanField(help_text=_("Whether the barrier was told to open."))
    duplicate = serializers.BooleanField(
        help_text=_("This id came before: this is the first answer, and nothing was done again.")
    )
