"""What the API says of itself is whole: generated for each operation, so that a new one counts."""

from __future__ import annotations

import jsonschema
import pytest
from django.utils import translation
from django.utils.html import escape

from community.models import Role
from security.api.page import deeds
from tests.community.api.house import Operation, operations, schema

ALL = operations()
#: The only address whose caller is a device.
FOR_DEVICES = {"POST /readings/"}
#: What there is once for each caller, and no list of.
OF_THE_CALLER = {"/api/v1/me/", "/api/v1/message-ways/"}
PAGING = {"cursor", "page_size"}
REFUSALS = {"401", "403", "429"}


def each(chosen=ALL):
    return pytest.mark.parametrize("operation", chosen, ids=lambda one: one.name)


def strict(part):
    """A part of the description as JSON Schema: OpenAPI 3.0 writes null in its own way."""
    if isinstance(part, list):
        return [strict(one) for one in part]
    if not isinstance(part, dict):
        return str(part) if hasattr(part, "_proxy____args") else part
    plain = {name: strict(value) for name, value in part.items() if name != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if part.get("nullable") else plain


@pytest.fixture(scope="module")
def components():
    return {"components": strict(schema()["components"])}


def fits(value, part, components) -> None:
    jsonschema.validate(value, {**strict(part), **components})


def bodies(operation: Operation):
    """(where, media type, what is said) of the request and of each answer."""
    request = operation.told.get("requestBody", {}).get("content", {})
    yield from (("request", media, told) for media, told in request.items())
    for code, answer in operation.told["responses"].items():
        yield from ((code, media, told) for media, told in answer.get("content", {}).items())


def test_there_are_operations():
    assert len(ALL) > 90


@each()
def test_it_has_a_name_a_rule_and_refusals(operation):
    told = operation.told
    assert told.get("summary")
    assert told.get("security")
    assert {} not in told["security"], "nobody calls without saying who"
    if operation.name not in FOR_DEVICES:
        assert set(told["security"][0]) == {"personalToken"}
        assert set(told["security"][1]) == {"session"}
        assert set(told["x-roles"]) <= set(Role.Name.values)
        assert told["x-roles"]
        assert set(told["responses"]) >= REFUSALS
    if operation.has_row:
        assert "404" in told["responses"]


@each()
def test_each_body_has_an_example_that_fits(operation, components):
    answered = [code for code in operation.told["responses"] if code.startswith("2")]
    assert answered
    for where, media, told in bodies(operation):
        if media == "image/jpeg":
            continue
        examples = told.get("examples", {})
        assert examples or media.startswith("multipart/") or where[0] in "45", f"{where} {media}"
        if media != "application/json":
            continue
        for example in examples.values():
            fits(strict(example["value"]), told["schema"], components)


@each()
def test_what_answers_with_rows_answers_in_pages(operation):
    is_collection = operation.method == "get" and not operation.has_row
    if not is_collection or operation.path in OF_THE_CALLER:
        return
    assert operation.is_list
    names = {one["name"] for one in operation.told.get("parameters", ())}
    assert names >= PAGING


@each([one for one in ALL if one.is_list])
def test_every_filter_says_what_it_does(operation):
    dumb = [one["name"] for one in operation.told["parameters"] if not one.get("description")]
    assert dumb == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_shows_all_of_it_in_both_languages(client, language):
    client.cookies["django_language"] = language
    page = client.get("/api/docs/").content.decode()
    with translation.override(language):
        shown = [deed for deed in deeds(language) if deed.path.startswith("/api/v1/")]
    assert len(shown) == len(ALL)
    for deed in shown:
        assert f'id="{deed.anchor}"' in page
        assert escape(deed.summary) in page
