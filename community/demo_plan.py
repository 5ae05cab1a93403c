"""What the demo compounds are made of: places, sign-ins, and how long records are kept."""

from __future__ import annotations

from dataclasses import dataclass

from community.models import Gate, RetentionRule


@dataclass(frozen=True)
class Block:
    """One building: ``homes`` on every floor of every entrance."""

    code: str
    entrances: int
    floors: int
    homes: int


@dataclass(frozen=True)
class GatePlan:
    """A gate with its lanes: (name, direction, clip of the demo camera or empty)."""

    name: str
    kind: str
    lanes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Plan:
    """One demo compound, and how many cars its homes have."""

    code: str
    name: str
    address: str
    blocks: tuple[Block, ...]
    gates: tuple[GatePlan, ...]
    locker_banks: tuple[tuple[str, str], ...]
    cars: int
    passages: int


@dataclass(frozen=True)
class DemoUser:
    """A sign-in that everybody knows: for the demo only."""

    username: str
    password: str
    name: str
    roles: tuple[tuple[str, str], ...]


PLANS = (
    Plan(
        code="wutong",
        name="梧桐苑",
        address="河南省芦城市青禾区文渊路 18 号",
        blocks=(
            Block("1", 2, 11, 2),
            Block("2", 2, 11, 2),
            Block("3", 2, 14, 2),
            Block("4", 2, 14, 2),
            Block("5", 3, 6, 2),
            Block("6", 3, 6, 2),
            Block("7", 2, 16, 2),
            Block("8", 2, 16, 2),
        ),
        gates=(
            GatePlan(
                "南门",
                Gate.Kind.VEHICLE,
                (("南门入口", "entry", "south_in"), ("南门出口", "exit", "south_out")),
            ),
            GatePlan(
                "北门",
                Gate.Kind.VEHICLE,
                (("北门入口", "entry", "north_in"), ("北门出口", "exit", "north_out")),
            ),
            GatePlan(
                "东小门",
                Gate.Kind.PEDESTRIAN,
                (("东小门", "entry", ""), ("东小门出", "exit", "")),
            ),
            GatePlan("西小门", Gate.Kind.PEDESTRIAN, (("西小门", "entry", ""),)),
        ),
        locker_banks=(
            ("1 号快递柜", "南门岗亭旁"),
            ("2 号快递柜", "北门岗亭旁"),
            ("3 号快递柜", "7 号楼架空层"),
        ),
        cars=300,
        passages=400,
    ),
    Plan(
        code="haitang",
        name="海棠里",
        address="河南省芦城市青禾区知春路 6 号",
        blocks=(Block("1", 1, 6, 2), Block("2", 1, 6, 2)),
        gates=(GatePlan("大门", Gate.Kind.VEHICLE, (("入口", "entry", ""), ("出口", "exit", ""))),),
        locker_banks=(("快递柜", "大门旁"),),
        cars=16,
        passages=24,
    ),
)
USERS = (
    DemoUser("manager", "wutong-office-1", "周经理", (("wutong", "manager"),)),
    DemoUser("desk", "wutong-office-2", "前台小何", (("wutong", "desk"), ("wutong", "cashier"))),
    DemoUser("guard", "wutong-gate-1", "保安老秦", (("wutong", "guard"),)),
    DemoUser("guard2", "wutong-gate-2", "保安小马", (("wutong", "guard"),)),
    DemoUser(
        "installer",
        "wutong-cable-1",
        "安装师傅老孟",
        (("wutong", "installer"), ("haitang", "installer")),
    ),
    DemoUser("resident", "wutong-home-1", "住户林晓", (("wutong", "resident"),)),
    DemoUser("landlord", "wutong-lets-1", "房东许怀谷", (("wutong", "landlord"),)),
    DemoUser("haitang", "begonia-lane-1", "海棠里吴经理", (("haitang", "manager"),)),
)
LAW_VIDEO = "《公共安全视频图像信息系统管理条例》(2025-04-01 起施行): 视频图像信息留存不少于 30 日"
OWN_RULE = "演示小区自定，请按本地规定修改"
RETENTION = (
    (RetentionRule.Subject.PICTURES, 30, LAW_VIDEO),
    (RetentionRule.Subject.READINGS, 180, OWN_RULE),
    (RetentionRule.Subject.EVENTS, 1095, OWN_RULE),
    (RetentionRule.Subject.LOOKS, 1095, OWN_RULE),
    (RetentionRule.Subject.NOTIFICATIONS, 180, OWN_RULE),
)
