"""Whom a label means: four last digits of the phone, with the name or the home. Nothing more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community import keyring
from community.models import Unit
from community.prepared import Prepared
from parcels.models import Courier
from parcels.operations import couriers
from parcels.operations.moves import fault
from residents import masking
from residents.models import Person, Residency

#: More than this many people who fit are no answer.
MOST = 4


@dataclass(frozen=True)
class Recipient:
    """Somebody on file, as a courier may see them: 许*, 138****6120, building and entrance."""

    person: Person
    unit: Unit | None

    @property
    def name(self) -> str:
        name = self.person.name
        return f"{name[:1]}*" if name else "*"

    @property
    def phone(self) -> str:
        return masking.phone(self.person.phone)

    @property
    def entrance(self) -> str:
        """Building 3, entrance 2 for 3-2-1202: enough to tell two of one name apart."""
        code = self.unit.code.rpartition("-")[0] if self.unit else ""
        part = re.fullmatch(r"([^-]+)-([^-]+)", code)
        if part is None:
            return code
        text = gettext("Building %(building)s, entrance %(entrance)s")
        return text % {"building": part[1], "entrance": part[2]}


_account = Prepared(lambda courier: Courier.objects.filter(pk=courier), courier=int)
_people = Prepared(
    lambda compound, end: Person.objects.whole()
    .filter(compound=compound, phone_tail_index=end).order_by("pk")[:60],
    compound=int, end=str,
)  # fmt: skip
_homes = Prepared(
    lambda compound, end, today: Residency.objects.current(today).select_related("unit").order_by()
    .filter(person__compound=compound, person__phone_tail_index=end, person__merged_into=None),
    compound=int, end=str, today=date,
)  # fmt: skip


def find_recipients(courier: Courier, tail: str, hint: str) -> list[Recipient]:
    """Who may be meant; one as a rule, several where phone and home are shared.

    ``hint`` is a name, its first character at least, or a home or its building. Raises
    ValidationError; somebody not found counts against the account.
    """
    now = timezone.now()
    held = _account.first(courier=courier.pk)
    if held is None:
        raise Courier.DoesNotExist
    courier = held
    couriers.check_searching(courier, now)
    tail, hint = "".join(tail.split()), " ".join(hint.split())[:40]
    if not re.fullmatch(r"[0-9]{4}", tail):
        raise fault("tail", "tail_invalid", _("Type the last four digits of the phone."))
    if not hint:
        text = _("Type the name on the label, or the building, such as 3.")
        raise fault("hint", "hint_missing", text)
    found = [one for one in _with_tail(courier.compound_id, tail) if _fits(one, hint)]
    if not found:
        couriers.count_miss(courier, now)
        text = _("Nobody on file fits. Compare the label, or bring the parcel to the desk.")
        raise fault("hint", "nobody", text)
    if len(found) > MOST:
        text = _("Several people fit. Type the whole home, such as 3-2-1202.")
        raise fault("hint", "too_many", text)
    return found


def _with_tail(compound_id: int, tail: str) -> list[Recipient]:
    today, people = timezone.localdate(), []
    for end in keyring.blind_indexes(tail, compound_id, "phone_tail"):
        homes: dict[int, list[Any]] = {}
        for row in _homes(compound=compound_id, end=end, today=today):
            homes.setdefault(row.person_id, []).append(row)
        for one in _people(compound=compound_id, end=end):
            one.here = homes.get(one.pk, [])  # type: ignore[attr-defined]
            people.append(one)
    people.sort(key=lambda one: one.pk)
    return [Recipient(one, _home(one)) for one in people[:60]]


def _home(person: Any) -> Unit | None:
    homes = sorted((row.unit for row in person.here), key=lambda unit: unit.code)
    return homes[0] if homes else None


def _fits(one: Recipient, hint: str) -> bool:
    """By the beginning of the name, or by the home as far as it was typed."""
    plain = re.sub(r"(?:号楼|单元|[栋幢楼室号#/\s_-])+", "-", hint.upper()).strip("-")
    homes = [row.unit.code for row in one.person.here]  # type: ignore[attr-defined]
    if any(code == plain or code.startswith(f"{plain}-") for code in homes):
        return True
    known = (one.person.name, one.person.name_latin)
    return not hint[:1].isdigit() and any(
        name.lower().startswith(hint.rstrip("*").lower()) for name in known if name
    )


def chosen(courier: Courier, tail: str, hint: str, person_id: int) -> Recipient:
    """One of those found, asked for anew: an id alone is never taken on trust."""
    for one in find_recipients(courier, tail, hint):
        if one.person.pk == person_id:
            return one
    raise fault("hint", "nobody", _("Choose the recipient once more."))
