"""How the API describes itself: roles, examples and refusals beside what the code says.

A serializer carries one ``example``: all its fields, as they go out. What comes in is the same
without the fields that are only read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_examples_list, is_list_serializer, is_serializer
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS


class ProblemSerializer(serializers.Serializer[Any]):
    """Why nothing was done."""

    code = serializers.CharField()
    detail = serializers.CharField(help_text=_("In the language that the caller asked for."))
    fields_ = serializers.DictField(source="fields", required=False)

    def get_fields(self) -> dict[str, Any]:
        # `fields` is the serializer's own word; on the wire it names the faulty fields.
        held = super().get_fields()
        held["fields"] = held.pop("fields_")
        held["fields"].source = None
        return held


def refusal(text: Any, code: str = "", fields: Any = None) -> OpenApiResponse:
    """One kind of refusal for the description, with an example where ``code`` is given."""
    value = {"code": code, "detail": str(text), "fields": fields or {}}
    example = OpenApiExample(code, value=value) if code else None
    return OpenApiResponse(
        ProblemSerializer, description=text, examples=[example] if example else None
    )


REFUSALS: dict[str, tuple[Any, str]] = {
    "400": (_("Something in the call is not right; nothing was changed."), "invalid"),
    "401": (_("Nobody is signed in, or the token counts no more."), "not_authenticated"),
    "403": (_("The caller's role or token does not allow this."), "permission_denied"),
    "404": (_("There is no such row that the caller may see."), "not_found"),
    "429": (_("Too many calls; Retry-After says how long to wait."), "throttled"),
}


class Described(AutoSchema):
    """Adds to each operation an example, the roles that may call it, and the usual refusals."""

    def get_description(self) -> str:  # type: ignore[override]
        # What is not said to callers is said to readers of the code.
        return ""

    def get_extensions(self) -> dict[str, Any]:
        safe = self.method in SAFE_METHODS
        roles = getattr(self.view, "read_roles" if safe else "write_roles", None)
        if safe and roles is None:
            roles = getattr(getattr(self.view, "queryset", None), "roles", None)
        return {} if roles is None else {"x-roles": sorted(roles)}

    def _get_examples(
        self,
        serializer: Any,
        direction: Any,
        media_type: Any,
        status_code: Any = None,
        extras: Any = None,
    ) -> Any:
        known = super()._get_examples(serializer, direction, media_type, status_code, extras)
        value = None if known else self._example(serializer, direction)
        if value is None:
            return known
        if direction == "response" and self._is_list_view(serializer):
            value = {"next": None, "previous": None, "results": [value]}
            value |= getattr(self._get_paginator(), "example", {})
        return build_examples_list([OpenApiExample("example", value=value)])

    def _example(self, serializer: Any, direction: str) -> Any:
        inner: Any = serializer.child if is_list_serializer(serializer) else serializer
        inner = inner() if isinstance(inner, type) else inner
        whole = getattr(inner, "example", None)
        if not is_serializer(inner) or whole is None:
            return None
        fields: Any = inner.fields
        hidden = "read_only" if direction == "request" else "write_only"
        return {
            name: whole[name]
            for name, field in fields.items()
            if name in whole and not getattr(field, hidden)
        }

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        wanted = {"401", "403", "429"}
        if self.method not in SAFE_METHODS or self.get_filter_backends():
            wanted.add("400")
        if "{" in self.path or self._is_list_view():
            wanted.add("404")
        for number in sorted(wanted - set(bodies)):
            told = refusal(*REFUSALS[number])
            bodies[number] = self._get_response_for_code(told, number, ["application/json"])
        return bodies


def described(summary: Any, about: Any = "", **more: Any) -> Callable[..., Any]:
    """One line and, where needed, some more about an operation."""
    return extend_schema(summary=summary, description=about or None, **more)


def listed(many: Any, one: Any, about: Any = "", **more: Any) -> Callable[..., Any]:
    """What a list and one row of it are; ``more`` is said of further methods, as ``described``."""
    return extend_schema_view(list=described(many, about), retrieve=described(one), **more)


def deed(
    summary: Any,
    *,
    takes: Any = None,
    gives: Any,
    about: Any = "",
    name: str,
    status: int = 200,
    **more: Any,
) -> Callable[..., Any]:
    """``POST …/<id>/<name>/``: one verb of an app's operations, done to one row."""

    def wrap(view: Any) -> Any:
        told = extend_schema(
            summary=summary, description=about or None, request=takes, responses={status: gives}
        )
        return told(action(detail=True, methods=["post"], url_path=name, **more)(view))

    return wrap
