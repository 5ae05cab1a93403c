"""Files and functions stay small enough to be read at once."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.sources import APPS, functions, place, python_files

FILE_LINES = 300
TEST_FILE_LINES = 400
FUNCTION_LINES = 30
# place of a longer function -> why it may be
LONGER_FUNCTIONS: dict[str, str] = {}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function; its docstring counts nothing, its signature one, however many names."""
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    return 1 + (function.end_lineno - body[0].lineno + 1 if body else 0)


@pytest.mark.parametrize(
    ("folders", "limit"),
    [((*APPS, "bench", "deploy"), FILE_LINES), (("tests",), TEST_FILE_LINES)],
    ids=["code", "tests"],
)
def test_files_are_short(folders: tuple[str, ...], limit: int):
    longer = {place(path): len(path.read_text().splitlines()) for path in python_files(*folders)}
    assert {name: lines for name, lines in longer.items() if lines > limit} == {}


def test_functions_are_short():
    longer = {
        f"{place(path)}:{function.name}": length(function)
        for path in python_files(*APPS, "bench", "deploy")
        for function in functions(path)
        if length(function) > FUNCTION_LINES
    }
    assert {name: lines for name, lines in longer.items() if name not in LONGER_FUNCTIONS} == {}
    assert set(LONGER_FUNCTIONS) <= set(longer), "a function got short: take it off the list"


def test_modules_have_names_that_say_something():
    vague = {"utils", "util", "helpers", "helper", "manager", "managers", "data", "misc", "common"}
    assert [place(path) for path in python_files(*APPS, "bench") if path.stem in vague] == []
