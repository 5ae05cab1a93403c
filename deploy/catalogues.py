"""The Chinese texts: gathered from the code, checked and compiled, without GNU gettext.

Source texts are English. Translations live in locale/zh_Hans/LC_MESSAGES/django.po; a part of the
house may keep its own in locale/parts/*.po for a while; what two files hold must agree. Packages
that bring no Chinese get theirs from locale/libraries.po, unless our files say it otherwise.

    python deploy/catalogues.py compile   # write django.mo where a .po is newer
    python deploy/catalogues.py check     # exit 1 unless every text in the code has its Chinese
    python deploy/catalogues.py update    # add what is new in the code to django.po, untranslated
    python deploy/catalogues.py merge     # take the parts into django.po and remove them
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
MAIN = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"
PACKAGES = ("community", "residents", "parking", "parcels", "security")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "N_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
QUOTED = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"(?<!\w)(?:_|n?p?gettext)\((?:\s*{QUOTED}\s*,?|\s*count\s*)+\)")
# Babel's own header holds the time of writing, which would make every update a change.
HEADER = """\
# Linli's Chinese texts.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
Key = tuple[str | None, str]


@dataclass(frozen=True)
class Text:
    """One text of the code: `singular`, with `plural` where it counts, and where it stands."""

    context: str | None
    singular: str
    plural: str | None
    place: tuple[str, int]

    @property
    def key(self) -> Key:
        return self.context, self.singular


def catalogue_files() -> list[Path]:
    """Our own: the main catalogue, then the parts."""
    return [path for path in [MAIN, *sorted((LOCALE / "parts").glob("*.po"))] if path.exists()]


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN", abort_invalid=True)


def key_of(message: Message) -> Key:
    singular = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
    return message.context, singular


def texts_in(message: Message) -> list[str]:
    """The translations: one, or one for each plural form."""
    if isinstance(message.string, (tuple, list)):
        return list(message.string)
    return [message.string or ""]


def is_translated(message: Message) -> bool:
    texts = texts_in(message)
    return bool(texts) and all(texts) and not message.fuzzy


def entries(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def empty_catalogue() -> Catalog:
    return Catalog(locale="zh_Hans_CN", domain="django", project="Linli", fuzzy=False)


def merged() -> tuple[Catalog, list[str]]:
    """Our files as one catalogue, and a line for each text that two files translate differently."""
    whole = empty_catalogue()
    conflicts = []
    for path in catalogue_files():
        for message in entries(read(path)):
            known = whole.get(key_of(message)[1], message.context)
            if known is None or not is_translated(known):
                whole[message.id] = message
            elif is_translated(message) and texts_in(known) != texts_in(message):
                place = path.relative_to(ROOT)
                conflicts.append(f"{place}: {key_of(message)[1]!r} is translated twice")
    return whole, conflicts


def with_libraries(ours: Catalog) -> Catalog:
    libraries = LOCALE / "libraries.po"
    if libraries.exists():
        for message in entries(read(libraries)):
            if ours.get(key_of(message)[1], message.context) is None:
                ours[message.id] = message
    return ours


def compile_catalogue() -> None:
    """Write django.mo beside the main catalogue if a .po is newer; fuzzy entries stay out."""
    target = MAIN.with_suffix(".mo")
    sources = [*catalogue_files(), *LOCALE.glob("libraries.po")]
    newest = max((path.stat().st_mtime for path in sources), default=0.0)
    if not sources or (target.exists() and target.stat().st_mtime >= newest):
        return
    catalog, _ = merged()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}")
    with fresh.open("wb") as file:
        write_mo(file, with_libraries(catalog))
    fresh.replace(target)


def code_files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    folders = [ROOT / "templates", *(ROOT / package / "templates" for package in PACKAGES)]
    for folder in folders:
        yield from sorted(
            path for suffix in ("html", "txt", "svg") for path in folder.rglob(f"*.{suffix}")
        )


def texts_of(path: Path) -> Iterator[Text]:
    """The texts of one file; a template is first turned into calls, as Django itself does."""
    source = path.read_text()
    if path.suffix != ".py":
        source = template_calls(source, str(path))
    place = str(path.relative_to(ROOT))
    found = extract(
        "python", io.BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
    )
    for line, message, _, context in found:
        singular, plural = (
            (message[0], message[1]) if isinstance(message, tuple) else (message, None)
        )
        if singular:
            yield Text(context, singular, plural, (place, line))


def template_calls(source: str, origin: str) -> str:
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    # Between the calls templatize leaves runs of X and stray quotes: only the calls are of use.
    return "\n".join(
        ";".join(CALL.findall(line)) for line in templatize(source, origin=origin).split("\n")
    )


def texts() -> list[Text]:
    return [text for path in code_files() for text in texts_of(path)]


def problems() -> list[str]:
    """A line for each text without a translation, each fuzzy or empty entry, each contradiction."""
    catalog, found = merged()
    known = {key_of(message): message for message in entries(catalog)}
    for text in texts():
        if text.key not in known:
            found.append(f"{text.place[0]}:{text.place[1]}: no Chinese for {text.singular!r}")
    for key, message in known.items():
        if fault := fault_of(message):
            found.append(f"{fault}: {key[1]!r}")
    return sorted(set(found))


def fault_of(message: Message) -> str | None:
    if message.fuzzy:
        return "fuzzy"
    if not is_translated(message):
        return "empty"
    return None if same_placeholders(message) else "placeholders differ"


def same_placeholders(message: Message) -> bool:
    """A translation may reorder the named places of its source, not invent or drop one."""
    sources = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    allowed = [placeholders([source]) for source in sources] + [placeholders(sources)]
    return all(placeholders([target]) in allowed for target in texts_in(message) if target)


def placeholders(parts: Iterable[str]) -> set[str]:
    named = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w*\}(?!\})")
    return {place for part in parts for place in named.findall(part)}


def update() -> None:
    """Add what is new in the code to the main catalogue; what is there stays as it is."""
    catalog = read(MAIN) if MAIN.exists() else empty_catalogue()
    whole, _ = merged()
    known = {key_of(message) for message in entries(whole)}
    for text in texts():
        if text.key not in known:
            identity = (text.singular, text.plural) if text.plural else text.singular
            catalog.add(identity, context=text.context)
    write(catalog)


def merge() -> list[str]:
    """Take the parts into the main catalogue, unless two files contradict each other."""
    catalog, conflicts = merged()
    if not conflicts:
        write(catalog)
        for part in catalogue_files()[1:]:
            part.unlink()
    return conflicts


def write(catalog: Catalog) -> None:
    MAIN.parent.mkdir(parents=True, exist_ok=True)
    with MAIN.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalog, width=100, sort_output=True, no_location=True, omit_header=True)


def report(problems: list[str], well: str) -> int:
    print("\n".join(problems) or well)
    return 1 if problems else 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["compile"]:
            compile_catalogue()
        case ["update"]:
            update()
        case ["check"]:
            return report(problems(), "The Chinese texts are complete.")
        case ["merge"]:
            return report(merge(), "The parts are in the main catalogue.")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
