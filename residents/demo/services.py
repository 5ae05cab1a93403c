"""Notices and requests of the demo compound, in every state; telephones go to a simulated SMS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from community import events
from community.models import Building, Compound, Role, TellingRule, Unit, User
from community.notifications import rounds
from residents import operations
from residents.demo import telling
from residents.models import (
    Category,
    Notice,
    Person,
    RequestRule,
    Residency,
    ServiceRequest,
)

MAIN = "wutong"
OWN_RULE = "演示小区自定，请按物业服务合同修改"
RULES = {
    Category.LIFT: 4, Category.WATER: 12, Category.POWER: 12, Category.DOOR: 24,
    Category.COMMON: 72, Category.NOISE: 48, Category.CLEANING: 48, Category.PARKING: 48,
    Category.STAFF: 72, Category.OTHER: 72,
}  # fmt: skip
NOTICES = (
    (
        "12 月 2 日停水检修",
        "12 月 2 日 14:00 至 16:00 检修 2、3 号楼水泵，期间停水。请提前储水。",
        2,
        True,
    ),
    ("冬季消防演练", "本周六 10:00 在中心花园举行消防演练，请带上孩子一起参加。", 5, False),
    ("快递柜扩容完成", "7 号楼架空层的快递柜已投入使用，免费存放 48 小时。", 9, False),
)


@dataclass(frozen=True)
class Draft:
    """A request: what, where, what was said, how far it came, hours ago."""

    category: str
    place: str
    text: str
    upto: str
    hours: int
    kind: str = "repair"


DRAFTS = (
    Draft("water", "厨房", "厨房水槽下面漏水，柜子已经泡湿了。", "assigned", 3),
    Draft("power", "客厅", "客厅的灯一直闪，换了灯泡也没用。", "reported", 1),
    Draft("lift", "2 单元电梯", "电梯在 6 层会抖一下，老人不敢坐。", "in_work", 9),
    Draft("door", "单元门", "单元门关不上，晚上一直开着。", "done", 30),
    Draft("common", "中心花园", "儿童滑梯的扶手松了。", "rated", 120),
    Draft("noise", "楼上", "楼上每晚十一点以后还在装修。", "in_work", 60, "complaint"),
    Draft("cleaning", "地下车库", "B1 电梯厅的垃圾三天没有清。", "done", 40, "complaint"),
    Draft("parking", "北门", "消防通道经常停着同一辆车。", "assigned", 20, "complaint"),
    Draft("other", "家里", "想请物业帮忙换一个新冰箱。", "refused", 50),
    Draft("water", "卫生间", "卫生间下水很慢。", "reopened", 90),
    Draft("power", "楼道", "3 层楼道的声控灯坏了。", "rated", 200),
    Draft("staff", "前台", "上周六前台中午没有人。", "withdrawn", 70, "complaint"),
)


def load(compound: Compound) -> None:
    if compound.code != MAIN or Notice.objects.of(compound).exists():
        return
    office = _staff(compound, "manager")
    _set_up(compound)
    for title, text, days, important in NOTICES:
        notice = Notice(compound=compound)
        near: list[Building] = []
        if important:
            near = list(Building.objects.of(compound).filter(code__in=["2", "3"]))
        operations.save_notice(
            notice, buildings=near, actor=office, title=title, text=text, is_important=important,
            publish_at=timezone.now() - timedelta(days=days),
        )  # fmt: skip
    _read_some(compound)
    for number, draft in enumerate(DRAFTS):
        _request(compound, office, number, draft)
    rounds.go()


def _staff(compound: Compound, role: str) -> User:
    held = Role.objects.of(compound).filter(role=role, ended_at=None).select_related("user")
    return held.order_by("pk")[0].user


def _set_up(compound: Compound) -> None:
    """Simulated providers, quiet hours, and the rules for requests."""
    telling.channels(compound)
    with events.writing():
        TellingRule.objects.get_or_create(compound=compound)
        RequestRule.objects.bulk_create(
            RequestRule(compound=compound, category=category, hours=hours, source=OWN_RULE)
            for category, hours in RULES.items()
        )


def _read_some(compound: Compound) -> None:
    """Staff and the resident of the demo have read the older notices."""
    held = Role.objects.of(compound).filter(ended_at=None).select_related("user")
    readers = {role.user for role in held}
    for notice in Notice.objects.of(compound).order_by("publish_at")[:2]:
        for user in readers:
            operations.read_notice(notice, user)


def _request(compound: Compound, office: User, number: int, draft: Draft) -> None:
    person, home = _reporter(compound, number)
    desk = _staff(compound, "desk")
    row = operations.report_request(
        person=person,
        kind=draft.kind,
        category=draft.category,
        description=draft.text,
        place=draft.place,
        unit=home,
        key=f"demo:{compound.code}:{number}",
        on_behalf_by=desk if number % 3 == 0 else None,
    )
    since = timezone.now() - timedelta(hours=draft.hours)
    hours = RULES[Category(draft.category)]
    ServiceRequest.objects.filter(pk=row.pk).update(
        created_at=since, due_at=since + timedelta(hours=hours)
    )
    _bring(row, draft.upto, office)


def _reporter(compound: Compound, number: int) -> tuple[Person, Unit]:
    """The resident who signs in reported the first ones; others the rest."""
    own = Residency.objects.of(compound).filter(person__user__isnull=False, ended_on=None)
    others = Residency.objects.of(compound).filter(person__user=None, kind="owner", ended_on=None)
    chosen = own.order_by("pk").first() if number in (0, 3, 4, 9) else None
    row = chosen or others.order_by("pk").select_related("person", "unit")[number * 7]
    return row.person, row.unit


def _bring(row: ServiceRequest, upto: str, office: User) -> None:
    """Each state by the verbs that lead there."""
    if upto == "reported":
        return
    if upto == "withdrawn":
        operations.withdraw_request(row, actor=None)
        return
    if upto == "refused":
        operations.refuse_request(row, "家用电器不属于物业维修范围", actor=office)
        return
    comes = timezone.now().replace(minute=0, second=0) + timedelta(hours=14)
    operations.assign_request(row, actor=office, craftsman="王师傅", comes_at=comes)
    if upto == "assigned":
        operations.answer_request(row, "师傅会带新的水管，请家里留人。", actor=office)
        return
    operations.start_request(row, actor=office)
    if upto == "in_work":
        note = "零件已订，周三到货。"
        operations.answer_request(row, note, actor=office, is_internal=True)
        return
    operations.finish_request(row, actor=office, answer="已经修好，请看看。")
    if upto == "rated":
        operations.rate_request(row, 5 if row.pk % 2 else 4, "很快。", actor=None)
    if upto == "reopened":
        row.refresh_from_db()
        operations.reopen_request(row, "过了一天又堵了。", actor=None)
