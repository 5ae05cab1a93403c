"""The people of the demo compound: names, documents and telephones are invented.

Documents carry the province's own code 410000 (or 410001), with which no card begins; telephones
stand in the block 199 0000, which no network has given out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from community import keyring
from community.demo import in_batches
from community.models import Compound, Unit, User
from residents import rules
from residents.models import Person, Residency

Kind = Residency.Kind
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
FIRST = "子雨思嘉一欣佳文志建国晓春秋海明永俊雅诗梦瑞宇浩天清静婉若书景世安启云"
SECOND = "涵轩怡琪辰妍宁雯强军华霞芳敏杰涛磊丽娜博阳瑶彤然峰玲兰梅英平凡超鹏飞洁琳"
FACTORS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: The home of the sign-in ``resident``.
RESIDENT_HOME = ("wutong", "3-2-1202", "resident", "林晓")


@dataclass(frozen=True)
class Draft:
    """A person to be, with what they hold in a home."""

    name: str
    document: str
    phone: str
    unit: Unit
    kind: str
    since: date
    until: date | None = None


def load(compound: Compound) -> None:
    """About 2.5 people per home: owners and tenants with their families, some homes empty."""
    drafts = list(_drafts(compound))
    known = set(Person.objects.of(compound).values_list("document_index", flat=True))
    people = [_person(compound, draft) for draft in drafts]
    in_batches(Person, [one for one in people if one.document_index not in known])
    rows = Person.objects.of(compound).exclude(document_index="").only("pk", "document_index")
    by_index = {row.document_index: row.pk for row in rows}
    residencies = [
        Residency(
            compound=compound,
            person_id=by_index[person.document_index],
            unit=draft.unit,
            kind=draft.kind,
            started_on=draft.since,
            ended_on=draft.until,
        )
        for person, draft in zip(people, drafts, strict=True)
    ]
    in_batches(Residency, list(_new(compound, residencies)))
    _give_sign_in(compound)


def _new(compound: Compound, residencies: list[Residency]) -> Iterator[Residency]:
    """Those not on file yet. A home keeps the owner it has: it may have changed hands."""
    held = set(Residency.objects.of(compound).values_list("person_id", "unit_id", "kind"))
    owned = {unit for _person, unit, kind in held if kind == Kind.OWNER}
    for row in residencies:
        known = (row.person_id, row.unit_id, row.kind) in held
        if not known and not (row.kind == Kind.OWNER and row.unit_id in owned):
            yield row


def _drafts(compound: Compound) -> Iterator[Draft]:
    rng = Random(f"people of {compound.code}")  # noqa: S311 - the same people at every load
    today = timezone.localdate()
    number = 0
    for unit in Unit.objects.of(compound).order_by("building__code", "entrance", "floor", "room"):
        surname = rng.choice(SURNAMES)
        for kind, age in _household(rng):
            number += 1
            same = kind == Kind.FAMILY and rng.random() < 0.6
            moved_in = today - timedelta(days=rng.randint(40, 700 if kind == Kind.TENANT else 3400))
            left = _left_on(rng, kind, moved_in, today)
            yield Draft(
                name=_name(rng, surname if same or kind == Kind.OWNER else rng.choice(SURNAMES)),
                document=_document(rng, today.year - age, number),
                phone=f"1990000{number:04d}" if age >= 12 else "",
                unit=unit,
                kind=kind,
                since=moved_in,
                until=left,
            )


def _household(rng: Random) -> list[tuple[str, int]]:
    """Kinds and ages of those who hold something in one home."""
    fate = rng.random()
    owner = (Kind.OWNER.value, rng.randint(30, 72))
    if fate < 0.09:  # empty: only the owner on file
        return [owner]
    if fate < 0.28:  # let
        tenants = [(Kind.TENANT.value, rng.randint(21, 48))]
        tenants += [
            (Kind.FAMILY.value, rng.randint(3, 50)) for _ in range(rng.choice((0, 1, 1, 2)))
        ]
        return [owner, *tenants]
    family = [
        (Kind.FAMILY.value, rng.randint(1, 78)) for _ in range(rng.choice((0, 1, 1, 2, 2, 3)))
    ]
    help_ = [(Kind.LIVE_IN_HELP.value, rng.randint(38, 58))] if rng.random() < 0.03 else []
    return [owner, *family, *help_]


def _family(rng: Random, sizes: tuple[int, ...], oldest: int) -> list[tuple[str, int]]:
    return [(Kind.FAMILY.value, rng.randint(1, oldest)) for _ in range(rng.choice(sizes))]


def _left_on(rng: Random, kind: str, moved_in: date, today: date) -> date | None:
    """Most live here still; some leases have an end, and some have ended."""
    if kind != Kind.TENANT or rng.random() < 0.5:
        return None
    ends = moved_in + timedelta(days=365 * rng.choice((1, 1, 2)))
    return ends if ends > today - timedelta(days=90) else None


def _name(rng: Random, surname: str) -> str:
    return surname + rng.choice(FIRST) + (rng.choice(SECOND) if rng.random() < 0.75 else "")


def _document(rng: Random, year: int, number: int) -> str:
    """A resident ID number (GB 11643) with a right check digit and a region nobody is born in."""
    born = date(year, 1, 1) + timedelta(days=rng.randint(0, 363))
    body = f"41000{number // 1000}{born:%Y%m%d}{number % 1000:03d}"
    total = sum(int(digit) * factor for digit, factor in zip(body, FACTORS, strict=True))
    return body + "10X98765432"[total % 11]


def _person(compound: Compound, draft: Draft) -> Person:
    rng = Random(draft.document)  # noqa: S311 - the same person at every load
    born, sex = rules.number_says(draft.document) or (None, "")
    age = (timezone.localdate() - born).days // 365 if born else 0
    phone_index = keyring.blind_index(draft.phone, compound.pk, "phone") if draft.phone else ""
    return Person(
        compound=compound,
        name=draft.name,
        sex=sex,
        birth_date=born,
        ethnicity="01" if rng.random() < 0.95 else rng.choice(("03", "11", "08", "02")),
        nationality="CHN",
        languages=["zh"],
        needs=[rng.choice(("alone", "often_alone"))] if age >= 70 and rng.random() < 0.5 else [],
        phone=draft.phone,
        phone_index=phone_index,
        document_kind=Person.Document.RESIDENT_ID,
        document=draft.document,
        document_index=keyring.blind_index(draft.document, compound.pk, "document"),
    )


def _give_sign_in(compound: Compound) -> None:
    code, home, username, name = RESIDENT_HOME
    user = User.objects.filter(username=username).first()
    if compound.code != code or user is None:
        return
    if Person.objects.filter(compound=compound, user=user).exists():
        return
    owner = Residency.objects.of(compound).filter(unit__code=home, kind=Kind.OWNER).first()
    if owner is not None:
        Person.objects.filter(pk=owner.person_id).update(user=user, name=name)
