"""Every text that a person reads exists in Chinese, and the tool that says so can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy import catalogues

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def entry(source: str, target: str, flags: str = "") -> str:
    return f'{flags}msgid "{source}"\nmsgstr "{target}"\n\n'


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with one page and an empty catalogue."""
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path / "locale")
    main = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    monkeypatch.setattr(catalogues, "MAIN", main)
    main.parent.mkdir(parents=True)
    main.write_text(HEADER)
    (tmp_path / "locale" / "parts").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "gate.html").write_text(
        "<p class='x'>{% translate \"Open the gate\" %}</p> isn't\n"
        "{% blocktranslate count n=cars %}{{ n }} car{% plural %}"
        "{{ n }} cars{% endblocktranslate %}"
        '{% translate "May" context "month" %}{% include "x" with title=_("Lane") %}'
    )
    return tmp_path


def test_the_texts_are_complete():
    assert catalogues.problems() == []


def test_texts_of_templates_are_found(house: Path):
    found = [(text.context, text.singular, text.plural) for text in catalogues.texts()]
    assert found == [
        (None, "Open the gate", None),
        (None, "%(n)s car", "%(n)s cars"),
        ("month", "May", None),
        (None, "Lane", None),
    ]


def test_missing_fuzzy_and_empty_texts_are_named(house: Path):
    catalogues.MAIN.write_text(HEADER + entry("Lane", "车道", "#, fuzzy\n") + entry("May", ""))
    problems = "\n".join(catalogues.problems())
    assert "templates/gate.html:1: no Chinese for 'Open the gate'" in problems
    assert "fuzzy: 'Lane'" in problems
    assert "empty: 'May'" in problems


def test_a_lost_placeholder_is_named(house: Path):
    catalogues.MAIN.write_text(HEADER + entry("Car %(plate)s", "车辆"))
    assert "placeholders differ: 'Car %(plate)s'" in catalogues.problems()


def test_parts_are_merged_and_must_agree(house: Path):
    catalogues.MAIN.write_text(HEADER + entry("Lane", "车道"))
    part = house / "locale" / "parts" / "gate.po"
    part.write_text(HEADER + entry("Lane", "通道") + entry("Open the gate", "开门"))
    catalog, conflicts = catalogues.merged()
    assert catalog.get("Open the gate").string == "开门"
    assert len(conflicts) == 1


def test_the_compiled_texts_are_read_by_gettext(house: Path):
    import gettext

    catalogues.MAIN.write_text(HEADER + entry("Lane", "车道"))
    catalogues.compile_catalogue()
    with catalogues.MAIN.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Lane") == "车道"


def test_merged_parts_are_gone_and_their_texts_stay(house: Path):
    part = house / "locale" / "parts" / "gate.po"
    part.write_text(HEADER + entry("Lane", "车道") + entry("May", "五月"))
    assert catalogues.merge() == []
    assert not part.exists()
    assert catalogues.read(catalogues.MAIN).get("May").string == "五月"


def test_parts_that_contradict_stay_apart(house: Path):
    catalogues.MAIN.write_text(HEADER + entry("Lane", "车道"))
    part = house / "locale" / "parts" / "gate.po"
    part.write_text(HEADER + entry("Lane", "通道"))
    assert len(catalogues.merge()) == 1
    assert part.exists()


def test_our_own_text_wins_over_that_for_a_library(house: Path):
    catalogues.MAIN.write_text(HEADER + entry("Run", "启动"))
    (house / "locale" / "libraries.po").write_text(
        HEADER + entry("Run", "执行") + entry("Row", "行")
    )
    whole = catalogues.with_libraries(catalogues.merged()[0])
    assert (whole.get("Run").string, whole.get("Row").string) == ("启动", "行")


def test_new_texts_enter_the_catalogue_untranslated(house: Path):
    catalogues.update()
    assert "empty: 'Open the gate'" in catalogues.problems()
