"""The rows of the office's lists, drawn in plain Python.

Unfold draws each cell through templates and asks for all headers again in each row: two thirds of
the time of a list of fifty rows. What a cell shows still comes from Django's own functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from types import SimpleNamespace
from typing import Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import lookup_field, quote
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from unfold.utils import display_for_field, display_for_value

from community.templatetags.linli import icon, tag_html

#: What unfold's ``label`` calls a state, as the pages' own marks.
STATES = {"success": "allow", "danger": "deny", "warning": "ask", "info": "info"}
CHECKBOX = "action_checkbox"
#: Stands for a row's key while an address is made once for all rows.
PLACE = 10**15 + 7
Moment = dt.date | dt.time


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    links: bool
    heads: bool

    @cached_property
    def around(self) -> dict[bool, tuple[str, str]]:
        """What stands before and after a cell's value, wide and narrow: the same in each row."""
        return {narrow: self._around(f"field-{self.name}{tail}")
                for narrow, tail in ((False, ""), (True, " l-num"))}  # fmt: skip

    def _around(self, style: str) -> tuple[str, str]:
        if self.heads:
            return str(format_html('<th scope="row" class="{}">', style)), "</th>"
        return str(format_html('<td class="{}" data-label="{}">', style, self.label)), "</td>"


@dataclass(frozen=True)
class Deed:
    """One action of each row: where it leads, for which row to be filled in."""

    name: str
    title: str
    url: str
    dialog: bool

    def link(self, pk: int) -> SafeString:
        url = self.url.replace(str(PLACE), str(pk))
        if not self.dialog:
            return format_html('<a href="{}">{}</a>', url, self.title)
        return format_html(
            '<a href="{}" hx-get="{}" hx-target="#modal-content" hx-select="#dialog"'
            ' x-on:htmx:after-on-load="openModal = true">{}</a>',
            url,
            url,
            self.title,
        )


def columns(cl: Any, headers: Sequence[dict[str, Any]]) -> list[Column]:
    """The columns of a change list; the one that heads a row leads to the row's page."""
    found: list[Column] = []
    for name, header in zip(cl.list_display, headers, strict=True):
        links = name in (cl.list_display_links or ())
        heads = links and not any(column.heads for column in found)
        found.append(Column(name, str(header["text"]), links, heads))
    return found


def deeds(cl: Any, actions: Sequence[dict[str, Any]] | None) -> list[Deed]:
    """What unfold says of ``actions_row``; addresses are made once."""
    before = f"{cl.opts.app_label}_{cl.opts.model_name}_"
    return [
        Deed(
            one["raw_path"].partition(before)[2],
            str(one["title"]),
            reverse(one["raw_path"], args=[PLACE]),
            bool(one.get("dialog")),
        )
        for one in actions or ()
    ]


def rows(cl: Any, headers: Sequence[dict[str, Any]], actions: Any) -> Iterator[SafeString]:
    """Each row of a change list as HTML."""
    shown, acts, address = columns(cl, headers), deeds(cl, actions), _address(cl)
    fits = getattr(cl.model_admin, "fits", None)
    for row in cl.result_list:
        cells = [_cell(cl, column, row, address) for column in shown]
        if acts:
            cells.append(_menu([one for one in acts if fits is None or fits(one.name, row)], row))
        # Each cell is HTML already.
        yield SafeString(f"<tr>{''.join(cells)}</tr>")


def _cell(cl: Any, column: Column, row: models.Model, address: str) -> str:
    if column.name == CHECKBOX:
        return _box(row)
    value, narrow = shown(cl, column.name, row)
    if column.links:
        url = address.replace(str(PLACE), str(quote(row.pk)))
        value = format_html('<a href="{}">{}</a>', url, value)
    before, after = column.around[narrow]
    return f"{before}{conditional_escape(value)}{after}"


def _address(cl: Any) -> str:
    """Where a row leads, with PLACE for its key: made once for all rows."""
    kept = {"preserved_filters": cl.preserved_filters, "opts": cl.opts}
    anyone = SimpleNamespace(**{cl.pk_attname: PLACE})
    return str(add_preserved_filters(kept, cl.url_for_result(anyone)))


def _box(row: models.Model) -> SafeString:
    return format_html(
        '<td class="o-rows__box"><input type="checkbox" name="_selected_action" value="{}"'
        ' class="action-select" aria-label="{}"></td>',
        row.pk,
        _("Choose %(row)s") % {"row": row},
    )


def shown(cl: Any, name: str, row: models.Model) -> tuple[Any, bool]:
    """What stands in a cell, and whether it is a date or time, which never breaks."""
    empty = cl.model_admin.get_empty_value_display()
    try:
        field, attribute, value = lookup_field(name, row, cl.model_admin)
    except ObjectDoesNotExist:
        return empty, False
    empty = getattr(attribute, "empty_value_display", empty)
    if field is None or field.auto_created:
        if label := getattr(attribute, "label", None):
            return _tag(value, label, empty), False
        boolean = getattr(attribute, "boolean", False)
        return display_for_value(value, empty, boolean), isinstance(value, Moment)
    if isinstance(field.remote_field, models.ManyToOneRel):
        related = getattr(row, field.name)
        return (empty if related is None else related), False
    moment = isinstance(field, models.DateField | models.TimeField)
    return display_for_field(value, field, empty), moment


def plain(cl: Any, name: str, row: models.Model) -> Any:
    """What a cell says, for a file: numbers stay numbers, times are the compound's own."""
    try:
        value = lookup_field(name, row, cl.model_admin)[2]
    except ObjectDoesNotExist:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or value == "":
        return ""
    cell, _narrow = shown(cl, name, row)
    text = unescape(strip_tags(cell)).strip() if isinstance(cell, SafeString) else str(cell)
    return value if isinstance(value, int | float) and str(value) == text else text


def _tag(value: Any, label: Any, empty: str) -> Any:
    """A state as the pages draw it: ``value`` is its word, or its code and word."""
    if not value:
        return empty
    code, word = value if isinstance(value, tuple) else (value, value)
    state = STATES.get(label.get(code, ""), "off") if isinstance(label, dict) else "info"
    return tag_html(state, str(word))


def _menu(acts: list[Deed], row: models.Model) -> SafeString:
    if not acts:
        return SafeString('<td class="o-rows__acts"></td>')
    links = format_html_join("", "<li>{}</li>", ((deed.link(row.pk),) for deed in acts))
    return format_html(
        '<td class="o-rows__acts" data-label="{}"><details class="o-acts"><summary>{}'
        '<span class="l-sr">{}</span></summary><ul>{}</ul></details></td>',
        _("Act"),
        icon("dots"),
        _("What to do with %(row)s") % {"row": row},
        links,
    )
