"""A compound whose people have registered for years, poured in for a benchmark. All invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from bench import town, traffic

PEOPLE = 20_000
#: Each person is registered once now, and was so often before.
BEFORE = 9
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡", "涵轩怡琪辰妍宁雯强军明慧峰洁"
FIRST = 10_000


@dataclass(frozen=True)
class Here:
    """The compound, its manager, and by what people are looked for."""

    compound: Any
    manager: Any
    names: list[str]
    phones: list[str]
    documents: list[str]


def build() -> Here:
    """Fill the database that Django is connected to."""
    from community.models import Compound, Role, User
    from residents.operations import load_rules

    load_rules()
    compound = Compound.objects.create(code="bench", name="测试小区", jurisdiction="henan")
    manager = User.objects.create_user("bench-manager", password=None, name="周经理")
    Role.objects.create(user=manager, compound=compound, role="manager")
    town._homes(compound)
    rng = Random("registered people")
    people = [(name(rng), phone(number), document(number)) for number in range(PEOPLE)]
    traffic.pour("residents", "Person", _people(compound.pk, people))
    keys = _keys(compound)
    traffic.pour("residents", "Residency", _residencies(compound.pk, keys))
    traffic.pour("residents", "Registration", _registrations(compound.pk, people, keys, rng))
    town._analyse()
    return Here(compound, manager, *(list(column) for column in zip(*people, strict=True)))


def name(rng: Random) -> str:
    return rng.choice(FAMILY) + rng.choice(GIVEN) + rng.choice(GIVEN)


def phone(number: int) -> str:
    return f"199{number:08d}"


def document(number: int) -> str:
    """A number with its check digit; the region belongs to nobody."""
    from stdnum.cn import ric

    born = date(1960, 1, 1) + timedelta(days=number % 16_000)
    body = f"410000{born:%Y%m%d}{number // 16_000:02d}1"
    return body + str(ric.calc_check_digit(f"{body}0"))


def _people(compound: int, people: list[tuple[str, str, str]]) -> Iterator[dict[str, Any]]:
    from community import keyring

    for called, mobile, number in people:
        yield {
            "compound": compound,
            "name": called,
            "phone": mobile,
            "phone_index": keyring.blind_index(mobile, compound, "phone"),
            "phone_tail_index": keyring.blind_index(mobile[-4:], compound, "phone_tail"),
            "document_kind": "resident_id",
            "document": number,
            "document_index": keyring.blind_index(number, compound, "document"),
            "birth_date": date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
            "sex": "1",
            "ethnicity": "01",
            "created_at": datetime.now(UTC),
        }


def _keys(compound: Any) -> list[tuple[int, int]]:
    """A person's key and that of their home, in the order in which people were poured."""
    from community.models import Unit
    from residents.models import Person

    homes = list(Unit.objects.of(compound).order_by("pk").values_list("pk", flat=True))
    people = Person.objects.of(compound).order_by("pk").values_list("pk", flat=True)
    return [(key, homes[number % len(homes)]) for number, key in enumerate(people)]


def _residencies(compound: int, keys: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    for person, home in keys:
        yield {
            "compound": compound,
            "person": person,
            "unit": home,
            "kind": "tenant",
            "started_on": date.today() - timedelta(days=800),  # noqa: DTZ011
        }


def _registrations(
    compound: int, people: list[tuple[str, str, str]], keys: list[tuple[int, int]], rng: Random
) -> Iterator[dict[str, Any]]:
    from community import keyring

    today = date.today()  # noqa: DTZ011
    for number, ((called, mobile, papers), (person, home)) in enumerate(
        zip(people, keys, strict=True)
    ):
        form = {
            "compound": compound, "unit": home, "person": person, "origin": "desk",
            "nonce": f"bench{number}", "name": called, "sex": "1", "ethnicity": "01",
            "birth_date": date(int(papers[6:10]), 1, 1), "document_kind": "resident_id",
            "document": papers,
            "document_index": keyring.blind_index(papers, compound, "document"),
            "phone": mobile, "phone_index": keyring.blind_index(mobile, compound, "phone"),
            "hukou_address": "河南省远山市河口镇 3 组", "hukou_province": "41", "relation": "01",
            "reason": "01", "occupation": "05", "workplace": "青禾食品厂",
        }  # fmt: skip
        for _ in range(BEFORE):
            yield form | _over(today, rng)
        yield form | _in_force(today, rng, number)


def _moments(day: date) -> dict[str, datetime]:
    noon = datetime.combine(day, time(4), UTC)
    names = ("created_at", "submitted_at", "accepted_at", "reported_at", "confirmed_at")
    return dict.fromkeys((*names, "changed_at"), noon)


def _over(today: date, rng: Random) -> dict[str, Any]:
    start = today - timedelta(days=rng.randint(900, 3000))
    end = start + timedelta(days=rng.randint(30, 800))
    return {"state": "ended", "moved_in_on": start, "ended_on": end, "end_reason": "moved_out",
            "counts_from": start, **_moments(start)}  # fmt: skip


def _in_force(today: date, rng: Random, number: int) -> dict[str, Any]:
    """Most are registered, half of them with a permit; some forms are still on their way."""
    start = today - timedelta(days=rng.randint(1, 800))
    values: dict[str, Any] = {"moved_in_on": start, "counts_from": start, **_moments(start)}
    values |= {
        "state": "confirmed",
        "expected_out_on": today + timedelta(days=rng.randint(0, 400)),
    }
    if number % 10 == 7:
        return values | dict.fromkeys(_moments(start), None) | {
            "state": "draft", "created_at": datetime.now(UTC), "counts_from": None,
        }  # fmt: skip
    if number % 2 and start < today - timedelta(days=200):
        years = (today - start).days // 365
        values |= {
            "permit_issued_on": start + timedelta(days=190),
            "permit_number": f"4100{number}",
        }
        values |= {"endorsed_until": start + timedelta(days=366 * years)} if years else {}
    return values


def rows_to_import(count: int) -> Iterator[str]:
    """A CSV of people who are new here, each in a home of the compound and registered."""
    from community.models import Unit

    homes = list(Unit.objects.order_by("pk").values_list("code", flat=True)[:count])
    yield (
        "房号,姓名,居住身份,入住日期,与户主关系,证件号码,手机号,民族,户籍地址,来本地事由,职业,"
        "工作单位"
    )
    rng, day = Random("a list"), date.today() - timedelta(days=1)  # noqa: DTZ011
    for number in range(PEOPLE + FIRST, PEOPLE + FIRST + count):
        cells = (
            homes[number % len(homes)], name(rng), "租户", day.isoformat(), "合住",
            document(number), phone(number), "汉", "河南省远山市河口镇 3 组", "务工", "05",
            "青禾食品厂",
        )  # fmt: skip
        yield ",".join(cells)
