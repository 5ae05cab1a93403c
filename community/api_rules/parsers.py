"""Bodies of calls: bounded before they are read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

JSON_MAX_BYTES = 64 * 1024


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("This is larger than a call may be. Nothing was read.")
    default_code = "too_large"


class BoundedJSONParser(JSONParser):
    """JSON of a call's size; what is nested beyond sense is no JSON of ours."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except (RecursionError, UnicodeError) as error:
            raise exceptions.ParseError from error


def has_broken_text(value: Any) -> bool:
    """NUL, and halves of characters, which no database takes; fields of text look themselves."""
    if isinstance(value, str):
        return "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return any(has_broken_text(item) for pair in value.items() for item in pair)
    return isinstance(value, list) and any(has_broken_text(item) for item in value)


def check_length(request: Request, most: int = JSON_MAX_BYTES) -> None:
    """Refuse a body by its length before anything of it is parsed. Raises TooLarge.

    A body without its length is empty to the parsers.
    """
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or len(length) > 12 or int(length) > most:
        raise TooLarge
