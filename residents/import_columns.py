"""The columns of the lists that the office brings: their names, what stands in them, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from residents import codes
from residents.models import Person, Residency

LANGUAGES = ("zh-hans", "en")
DAY = _("A day, such as 2026-05-01.")
CODE = _("One of the words at the right.")


@dataclass(frozen=True)
class Column:
    """``names`` are what else people call it, ``words`` what may stand in it (word -> code)."""

    key: str
    label: Any
    names: tuple[str, ...] = ()
    about: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    words: Mapping[str, str] | None = None
    needed: bool = False
    is_day: bool = False

    def labels(self) -> list[str]:
        """The name of the column in every language of the house."""
        return _in_each(self.label)

    @property
    def entries(self) -> list[str]:
        """The words that may stand here, in the active language."""
        return [str(label) for _code, label in self.choices]


def _in_each(text: Any) -> list[str]:
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(str(text))
    return found


def _coded(
    key: str, label: Any, choices: Any, *names: str, words: Mapping[str, str] | None = None
) -> Column:
    return Column(key, label, names, CODE, tuple(choices), words or {})


def _on(key: str, label: Any, *names: str, about: Any = DAY) -> Column:
    return Column(key, label, names, about, is_day=True)


HOME = Column(
    "home",
    _("Home"),
    ("房号", "房屋", "房屋编号", "住址", "房间号", "unit", "room"),
    _("Its code, such as 3-2-1202 or 3栋2单元1202室. The home must be in the list of homes."),
    needed=True,
)
KINDS = {
    "产权人": "owner", "房主": "owner", "租客": "tenant", "承租人": "tenant", "租户": "tenant",
    "租赁": "tenant", "家庭成员": "family", "亲属": "family", "家属": "family", "家人": "family",
    "保姆": "live_in_help", "雇员": "employee", "员工": "employee",
}  # fmt: skip
DOCUMENTS = {
    "身份证": "resident_id", "id card": "resident_id", "港澳居民居住证": "hong_kong",
    "台湾居民居住证": "taiwan", "外国人永久居留身份证": "foreigner",
}  # fmt: skip
PEOPLE: tuple[Column, ...] = (
    HOME,
    Column("name", _("Full name"), ("姓名", "住户姓名", "name"), needed=True),
    Column(
        "kind",
        _("Lives there as"),
        ("居住身份", "身份", "住户类型", "人员类型", "kind", "type"),
        CODE,
        tuple(Residency.Kind.choices),
        KINDS,
        needed=True,
    ),
    _on("from", _("Moved in on"), "入住日期", "起", "开始日期", "from", "start",
        about=_("A day, such as 2026-05-01. Empty: from today on.")),
    _on("until", _("Moved out on"), "搬离日期", "止", "结束日期", "until", "end",
        about=_("Only for who has left, or leaves on a known day.")),
    _coded("relation", _("Relation to the head"), codes.Relation.choices, "与户主关系", "关系",
           words={"本人": "01", "户主": "01", "妻": "10", "夫": "10", "儿子": "20", "女儿": "30"}),
    _coded("document_kind", _("Kind of document"), Person.Document.choices, "证件类型",
           "证件种类", words=DOCUMENTS),
    Column("document", _("Document number"), ("证件号码", "证件号", "身份证号", "身份证号码"),
           _("Write it as text, so that no digit is lost.")),
    Column("phone", _("Phone"), ("手机", "手机号", "电话", "联系电话", "mobile")),
    _coded("sex", _("Sex"), codes.Sex.choices, "性别", words={"m": "1", "f": "2"}),
    _on("birth_date", _("Birth date"), "出生日期", "生日",
        about=_("May stay empty where the number of the card says it.")),
    Column("ethnicity", _("Ethnicity"), ("民族",), _("Such as 汉.")),
    Column("nationality", _("Nationality"), ("国籍",), _("Three letters, such as CHN")),
    Column("name_latin", _("Name in Latin letters"), ("英文姓名", "外文姓名", "拉丁字母姓名")),
)  # fmt: skip
#: With one of these a row is also a registration; its own fields are asked for then.
REGISTRATION: tuple[Column, ...] = (
    Column("hukou_address", _("Hukou address"), ("户籍地址", "户口所在地", "户籍地")),
    _on("expected_out_on", _("Staying until"), "拟居住至", "预计离开日期", "拟离开日期"),
    _coded("reason", _("Reason for coming"), codes.Reason.choices, "来本地事由", "居住事由"),
    _coded("occupation", _("Occupation"), codes.Occupation.choices, "职业"),
    Column("workplace", _("Workplace"), ("工作单位", "服务处所")),
    _coded("education", _("Education"), codes.Education.choices, "文化程度", "学历"),
    _coded("marriage", _("Marital status"), codes.Marriage.choices, "婚姻状况"),
    _coded("political", _("Political status"), codes.Political.choices, "政治面貌"),
    Column("social_insurance", _("Social insurance here"), ("是否参加社保", "本地社保"),
           choices=(("1", _("yes")), ("0", _("no"))),
           words={"有": "1", "未参加": "0", "已参加": "1"}),
    Column("landlord_name", _("Landlord"), ("房东", "房东姓名", "出租人")),
    Column("landlord_phone", _("Landlord's phone"), ("房东电话", "出租人电话")),
    _on("lease_from", _("Lease from"), "租期起", "租赁开始日期"),
    _on("lease_to", _("Lease until"), "租期止", "租赁截止日期"),
    _on("registered_on", _("Registered on"), "登记日期",
        about=_("When the police station has registered it already. Empty: it is reported next.")),
    Column("police_number", _("Police receipt"), ("登记回执号", "回执号", "登记编号")),
)  # fmt: skip
HOMES: tuple[Column, ...] = (
    Column("building", _("Building"), ("楼栋", "楼号", "幢", "栋"), needed=True),
    Column("entrance", _("Entrance"), ("单元", "单元号")),
    Column("floor", _("Floor"), ("楼层", "层"), _("A number; basements are negative.")),
    Column("room", _("Room"), ("室号", "房间", "室"), needed=True),
    Column("code", _("Home"), ("房号", "房屋编号"),
           _("Empty: building-entrance-room, such as 3-2-1202.")),
    Column("address_code", _("Address code"), ("地址编码", "标准地址编码")),
    Column("province", _("Province"), ("省",)),
    Column("city", _("City"), ("市", "地市")),
    Column("district", _("District"), ("区县", "区", "县")),
    Column("street", _("Street"), ("街道", "街路巷", "道路")),
    Column("number", _("Street number"), ("门牌号", "门牌")),
    Column("place", _("Compound name"), ("小区", "小区名称")),
    _on("checked_on", _("Checked on the spot"), "核查日期"),
)  # fmt: skip
LISTS: dict[str, tuple[Column, ...]] = {"people": (*PEOPLE, *REGISTRATION), "homes": HOMES}
ONLY_REGISTERED = frozenset(column.key for column in REGISTRATION)


@cache
def names(kind: str) -> dict[str, tuple[str, ...]]:
    """For ``community.sheets.columns``: every name of each column, in all languages."""
    return {column.key: (*column.labels(), *column.names) for column in LISTS[kind]}


def labels() -> dict[str, Any]:
    return {column.key: column.label for columns in LISTS.values() for column in columns}


@cache
def words(kind: str, key: str) -> dict[str, str]:
    """What may stand in a column of codes -> its code: codes, words of both languages, others."""
    column = next(one for one in LISTS[kind] if one.key == key)
    found: dict[str, str] = {}
    for code, label in column.choices:
        for word in (code, *_in_each(label)):
            found[plain(word)] = code
    return found | {plain(word): code for word, code in (column.words or {}).items()}


@cache
def ethnicities() -> dict[str, str]:
    """汉, 汉族, 01 and Han are the same."""
    found: dict[str, str] = {}
    for code, name in codes.ETHNICITIES.items():
        chinese, _space, roman = name.partition(" ")
        for word in (code, chinese, f"{chinese}族", roman):
            found[plain(word)] = code
    return found


def plain(word: str) -> str:
    return "".join(word.split()).lower()


def needed(kind: str) -> list[Column]:
    return [column for column in LISTS[kind] if column.needed]


def sheet(kind: str) -> Iterable[list[str]]:
    """The explanations: a row for each column, in the active language."""
    from django.utils.translation import gettext as now

    yield [
        now("Column"),
        now("Has to be filled in"),
        now("What stands in it"),
        now("Words that may be used"),
    ]
    for column in LISTS[kind]:
        needed_word = now("yes") if column.needed else ""
        yield [str(column.label), needed_word, str(column.about), "、".join(column.entries)]
