"""The API's own page, drawn here from its OpenAPI description: no script, nothing from outside."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator

from community.api_rules.schema import REFUSALS
from community.models import Role

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Row:
    """One field of a body, or one parameter."""

    name: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True)
class Answer:
    code: str
    about: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Deed:
    """One method of one address."""

    method: str
    path: str
    summary: str
    about: str
    parameters: tuple[Row, ...]
    rows: tuple[Row, ...]
    media: tuple[str, ...]
    answers: tuple[Answer, ...]
    examples: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]

    @property
    def part(self) -> str:
        """What it is about: the first part of the address."""
        return self.path.removeprefix("/api/v1/").split("/")[0]

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path}".replace("/", "-").strip("-")


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """All addresses of the API with their fields, answers and examples."""
    shown = [deed for deed in deeds(get_language() or "") if deed.path.startswith("/api/v1/")]
    parts = [(part, list(group)) for part, group in groupby(shown, key=lambda deed: deed.part)]
    usual = [(code, text) for code, (text, _code) in sorted(REFUSALS.items())]
    return render(request, "security/api_docs.html", {"parts": parts, "usual": usual})


@lru_cache(maxsize=4)
def deeds(language: str) -> tuple[Deed, ...]:
    """Every operation of the API, described in the active language."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return tuple(
        _deed(method, path, told, schema)
        for path, methods in sorted(schema["paths"].items())
        for method, told in methods.items()
        if method in METHODS
    )


def _deed(method: str, path: str, told: dict[str, Any], schema: dict[str, Any]) -> Deed:
    content = told.get("requestBody", {}).get("content", {})
    body: dict[str, Any] = next(iter(content.values()), {})
    return Deed(
        method=method.upper(),
        path=path,
        summary=str(told.get("summary", "")),
        about=str(told.get("description", "")),
        parameters=tuple(_parameter(one) for one in told.get("parameters", ())),
        rows=_rows(body.get("schema", {}), schema),
        media=tuple(content),
        answers=tuple(_answer(code, one, schema) for code, one in _own(told).items()),
        examples=tuple(_examples(told)),
        roles=tuple(str(Role.Name(role).label) for role in told.get("x-roles", ())),
    )


def _own(told: dict[str, Any]) -> dict[str, Any]:
    """The answers of this operation; the usual refusals are told once for all."""
    return {
        code: one
        for code, one in told["responses"].items()
        if code not in REFUSALS or str(one.get("description")) != str(REFUSALS[code][0])
    }


def _parameter(told: dict[str, Any]) -> Row:
    return Row(
        told["name"], _kind(told.get("schema", {})), told.get("required", False), _about(told)
    )


def _answer(code: str, told: dict[str, Any], schema: dict[str, Any]) -> Answer:
    content: dict[str, Any] = next(iter(told.get("content", {}).values()), {})
    rows = [replace(row, required=False) for row in _rows(content.get("schema", {}), schema)]
    return Answer(
        code, str(told.get("description", "")), tuple(rows) if code.startswith("2") else ()
    )


def _rows(part: dict[str, Any], schema: dict[str, Any]) -> tuple[Row, ...]:
    whole = _resolved(part, schema)
    if whole.get("type") == "array":
        return _rows(whole.get("items", {}), schema)
    if "results" in whole.get("properties", {}):
        # A page: what matters is its rows.
        return _rows(whole["properties"]["results"], schema)
    needed = set(whole.get("required", ()))
    return tuple(
        Row(name, _kind(_resolved(one, schema)), name in needed, _about(one))
        for name, one in whole.get("properties", {}).items()
    )


def _about(part: dict[str, Any]) -> str:
    """What is said of a field, without the list of its values that stands beside it."""
    return str(part.get("description", "")).partition("* `")[0].strip()


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    chosen = next((part[key][0] for key in ("allOf", "oneOf") if part.get(key)), part)
    name = chosen.get("$ref", "").rpartition("/")[2]
    return schema["components"]["schemas"][name] if name else chosen


def _kind(told: dict[str, Any]) -> str:
    if "enum" in told:
        return " · ".join(str(value) for value in told["enum"])
    kind = str(told.get("type", ""))
    return f"{kind}, {told['format']}" if "format" in told else kind


def _examples(told: dict[str, Any]) -> list[tuple[str, str]]:
    """(name, JSON) of every example of the body and of the answers."""
    parts = [told.get("requestBody", {}), *_own(told).values()]
    return [
        (
            str(example.get("summary", name)),
            json.dumps(example["value"], ensure_ascii=False, indent=2),
        )
        for part in parts
        for content in part.get("content", {}).values()
        for name, example in content.get("examples", {}).items()
    ]
