"""Every change of state goes one road: a verb in `operations`, called by thin pages and workers."""

from __future__ import annotations

import ast
from pathlib import Path

from django.apps import apps

from tests.architecture.sources import APPS, ROOT, app_files, calls, place, tree

# The rooms in which rows are written. `demo` makes the demo compound, `events` is the ledger.
WRITING_ROOMS = {
    "operations",
    "models",
    "querysets",
    "events",
    "demo",
    "demo_foot",
    "demo_rows",
    "demo_stays",
    "notifications",
}
# place -> why it writes elsewhere
OTHER_WRITERS: dict[str, str] = {
    "community/handling.py": "books a handler's run in the transaction of its effect",
    "community/prepared_writes.py": "how a verb's row is written, no verb of its own (ADR 118)",
    "community/looks.py": "the register of looks at personal data",
    "community/retention.py": "erases what the rules no longer allow",
    "community/rotation.py": "the rows that say which key is in use",
}
# the floor's pages are composed of the upper apps' API
WITHOUT_ROOM = {"community": {"api"}}
# table -> why no person reads it
SEEN_BY_NO_PERSON: dict[str, str] = {
    "community.LedgerHead": "the ledger's counters, read by code only",
    "community.DataKey": "the operator's: which key is in use, read by commands",
    "community.Authenticator": "a secret for one-time codes, read through its own user",
    "community.BackupCode": "the same, on paper",
    "residents.SignInFailure": "counted by the limits, names nobody",
    "community.BrowserSession": "a person's own sign-ins, read through that person",
}
WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
MODEL_SIGNALS = {
    "pre_save",
    "post_save",
    "pre_delete",
    "post_delete",
    "m2m_changed",
    "pre_init",
    "post_init",
}


def room(path: Path) -> str:
    """`parking/operations/stays.py` and `parking/operations.py` are both the room `operations`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return next((part for part in parts if part in WRITING_ROOMS), parts[-1])


def chain(node: ast.expr) -> set[str]:
    """The names along `Car.objects.filter(…).update`."""
    names = set()
    while True:
        match node:
            case ast.Attribute():
                names.add(node.attr)
                node = node.value
            case ast.Call():
                node = node.func
            case _:
                return names


def writes_rows(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    name, along = call.func.attr, chain(call.func.value)
    on_rows = bool(along & {"objects", "filter", "exclude", "all", "visible_to"})
    if name == "save":
        # form.save(commit=False) only builds the object; workbooks and pictures save to a place
        draft = any(key.arg == "commit" for key in call.keywords)
        return not draft and not call.args
    return (name in WRITES or name in {"update", "delete", "raw_delete"}) and on_rows


def test_rows_are_written_by_operations_only():
    writers = {
        place(path, call)
        for path in app_files()
        if room(path) not in WRITING_ROOMS
        for call in calls(path)
        if writes_rows(call)
    }
    assert sorted(line for line in writers if line.split(":")[0] not in OTHER_WRITERS) == []
    unused = set(OTHER_WRITERS) - {line.split(":")[0] for line in writers}
    assert unused == set(), "it no longer writes: take it off the list"


def test_no_model_signals():
    found = []
    for path in app_files():
        # Called as it stands, `field.pre_save(row, add)`, it is a field's own step and no signal.
        steps = {id(call.func) for call in calls(path)}
        found += [
            place(path, node)
            for node in ast.walk(tree(path))
            if (isinstance(node, ast.alias) and node.name in MODEL_SIGNALS)
            or (
                isinstance(node, ast.Attribute)
                and node.attr in MODEL_SIGNALS
                and id(node) not in steps
            )
        ]
    assert found == []


def test_only_commands_print():
    found = [
        place(path, call)
        for path in app_files()
        if "commands" not in path.parts
        for call in calls(path)
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert found == []


def reads_environment(node: ast.AST) -> bool:
    """Whether it takes one variable; to hand all of them to a child process is no reading."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr="environ"), ctx=ast.Load()):
            return True
        case ast.Attribute(attr="get", value=ast.Attribute(attr="environ")):
            return True
    return isinstance(node, ast.Attribute) and node.attr == "getenv"


def test_only_the_settings_read_the_environment():
    found = [
        place(path, node)
        for path in app_files()
        if "settings" not in path.parts and path.stem not in {"asgi", "celery"}
        for node in ast.walk(tree(path))
        if reads_environment(node)
    ]
    assert found == []


def test_seeing_imports_no_django():
    """Import-linter looks at modules; this also sees imports inside functions."""
    banned = {"django", "rest_framework", "channels", "celery"}
    found = []
    for path in app_files():
        if path.relative_to(ROOT).parts[:2] != ("community", "vision"):
            continue
        for node in ast.walk(tree(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [place(path, node) for name in names if name.split(".")[0] in banned]
    assert found == []


def test_the_rooms_are_the_same_in_each_app():
    rooms = {"models", "operations", "handlers", "admin", "api", "urls", "apps", "demo"}
    lacking = {}
    for app in APPS:
        present = {path.stem for path in (ROOT / app).iterdir()}
        lacking[app] = rooms - present - WITHOUT_ROOM.get(app, set())
    assert {app: sorted(missing) for app, missing in lacking.items() if missing} == {}


def test_every_table_says_who_may_see_its_rows():
    bare = [
        model._meta.label
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model._default_manager.all(), "visible_to")
    ]
    assert sorted(set(bare) ^ set(SEEN_BY_NO_PERSON)) == []
