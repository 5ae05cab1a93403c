"""Static files by WhiteNoise, fit for ASGI."""

from __future__ import annotations

from contextlib import closing
from functools import cache
from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseFileResponse, WhiteNoiseMiddleware

#: Larger files are streamed; css, scripts and icons are smaller.
WHOLE_BYTES = 4 * 1024 * 1024


class Storage(StaticFilesStorage):
    """Puts an address together once: a page names twenty files, and each icon is one of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url = cache(super().url)  # type: ignore[method-assign]


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Answers with the whole file at once.

    WhiteNoise streams with a synchronous iterator, which Django under ASGI reads to its end first,
    with a warning in the log for every file.
    """

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        found = static_file.get_response(request.method, request.META)
        response = _response(found)
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


def _response(found: Any) -> HttpResponseBase:
    """``found``: WhiteNoise's status, headers, and an open file or None."""
    status = int(found.status)
    if found.file is None:
        return HttpResponse(status=status)
    if int(dict(found.headers).get("Content-Length", 0)) > WHOLE_BYTES:
        streamed: HttpResponseBase = WhiteNoiseFileResponse(found.file, status=status)
        return streamed
    with closing(found.file) as file:
        return HttpResponse(file.read(), status=status)
