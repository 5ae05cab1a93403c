"""What every page knows."""

from typing import Any

from django.http import HttpRequest


def compound(request: HttpRequest) -> dict[str, Any]:
    return {"compound": getattr(request, "compound", None)}
