"""The project's own files and their syntax trees, for the rules that read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("community", "residents", "parking", "parcels", "security")


@cache
def tracked_files() -> tuple[Path, ...]:
    """All files of the project: those git knows, and new ones that it does not ignore."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def inside(path: Path, *folders: str) -> bool:
    return path.relative_to(ROOT).parts[0] in folders


def python_files(*folders: str) -> list[Path]:
    """Python files below these top folders, without migrations, which Django writes."""
    found = [path for path in tracked_files() if path.suffix == ".py" and inside(path, *folders)]
    return [path for path in found if "migrations" not in path.parts]


def app_files() -> list[Path]:
    return python_files(*APPS)


def templates() -> list[Path]:
    return [
        path for path in tracked_files() if "templates" in path.parts and path.suffix == ".html"
    ]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """`parking/access.py:12`, as an editor opens it."""
    line = f":{node.lineno}" if node is not None and hasattr(node, "lineno") else ""
    return f"{path.relative_to(ROOT)}{line}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
