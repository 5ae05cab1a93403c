"""Code tables of the forms: what is kept is the code, what is read is the word.

Sexes follow GB/T 2261.1, ethnicities GB/T 3304 (the two digits), marriage GB/T 2261.2, education
GB/T 4658; occupations and reasons for coming are the 13 and 14 groups of the police forms.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    MALE = "1", _("Male")
    FEMALE = "2", _("Female")


class Marriage(TextChoices):
    SINGLE = "10", _("Unmarried")
    MARRIED = "20", _("Married")
    WIDOWED = "30", _("Widowed")
    DIVORCED = "40", _("Divorced")


class Education(TextChoices):
    GRADUATE = "10", _("Master or doctor")
    BACHELOR = "20", _("Bachelor")
    COLLEGE = "30", _("College")
    VOCATIONAL = "40", _("Vocational school")
    SENIOR_HIGH = "60", _("Senior high school")
    JUNIOR_HIGH = "70", _("Junior high school")
    PRIMARY = "80", _("Primary school")
    OTHER = "90", _("Other schooling")


class Political(TextChoices):
    """GB/T 4762, the groups that people belong to."""

    MEMBER = "01", _("Party member")
    PROBATIONARY = "02", _("Probationary party member")
    LEAGUE = "03", _("Youth League member")
    DEMOCRATIC = "04", _("Member of another party")
    MASSES = "13", _("No party")


class Occupation(TextChoices):
    CIVIL_SERVANT = "01", _("Civil servant")
    PROFESSIONAL = "02", _("Professional")
    EXECUTIVE = "03", _("Executive")
    CLERK = "04", _("Office worker")
    WORKER = "05", _("Factory or building worker")
    FARMER = "06", _("Farmer")
    SERVICE = "07", _("Shop or service worker")
    SELF_EMPLOYED = "08", _("Self-employed")
    FREELANCER = "09", _("Freelancer")
    STUDENT = "10", _("Student")
    RETIRED = "11", _("Retired")
    JOBLESS = "12", _("Out of work")
    OTHER = "13", _("Other work")


class Reason(TextChoices):
    """Why somebody came to live here."""

    WORK = "01", _("Work")
    FARMING = "02", _("Farming")
    BUSINESS = "03", _("Business")
    SERVICE = "04", _("Service trade")
    DOMESTIC = "05", _("Domestic work")
    OFFICIAL = "06", _("Official duty")
    STUDY = "07", _("Study or training")
    MEDICAL = "08", _("Medical treatment")
    JOIN_RELATIVES = "09", _("Joining relatives")
    WITH_FAMILY = "10", _("Moved with family")
    MARRIAGE = "11", _("Marriage")
    VISIT = "12", _("Visiting relatives or friends")
    TOURISM = "13", _("Tourism")
    OTHER = "14", _("Other reason")


class Relation(TextChoices):
    """To the head of the household (GB/T 4761, its first digits)."""

    HEAD = "01", _("Head of the household")
    SPOUSE = "10", _("Spouse")
    SON = "20", _("Son")
    DAUGHTER = "30", _("Daughter")
    GRANDCHILD = "40", _("Grandchild")
    PARENT = "50", _("Parent")
    GRANDPARENT = "60", _("Grandparent")
    SIBLING = "70", _("Brother or sister")
    HELP = "97", _("Live-in help")
    SHARER = "98", _("Shares the home")
    OTHER = "99", _("Other relation")


class Need(TextChoices):
    """What the desk and the guards should keep in mind for somebody."""

    ALONE = "alone", _("Elderly, lives alone")
    OFTEN_ALONE = "often_alone", _("Elderly, often alone")
    DISABILITY = "disability", _("Disability")
    ILLNESS = "illness", _("Long illness")
    INFANT = "infant", _("Infant or pregnancy")
    LEFT_BEHIND = "left_behind", _("Child without parents at home")
    NO_PHONE = "no_phone", _("Has no mobile phone")
    NO_CHINESE = "no_chinese", _("Reads no Chinese")


class Language(TextChoices):
    ZH = "zh", _("Chinese")
    EN = "en", _("English")
    YUE = "yue", _("Cantonese")
    UG = "ug", _("Uyghur")
    BO = "bo", _("Tibetan")
    MN = "mn", _("Mongolian")
    KO = "ko", _("Korean")
    JA = "ja", _("Japanese")
    RU = "ru", _("Russian")
    FR = "fr", _("French")
    SIGN = "sgn", _("Chinese sign language")


#: GB/T 3304: the codes stand in the order of the standard, 01 to 56, then two for the rest.
PEOPLES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 "
    "拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 "
    "怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
ROMAN = (
    "Han Mongol Hui Tibetan Uyghur Miao Yi Zhuang Bouyei Korean Manchu Dong Yao Bai Tujia Hani "
    "Kazak Dai Li Lisu Va She Gaoshan Lahu Sui Dongxiang Naxi Jingpo Kirgiz Tu Daur Mulao Qiang "
    "Blang Salar Maonan Gelao Xibe Achang Pumi Tajik Nu Uzbek Russian Ewenki Deang Bonan Yugur "
    "Gin Tatar Derung Oroqen Hezhen Monba Lhoba Jino"
)
#: Code -> name in both languages, as 汉 Han: the names are the standard's own, so not translated.
ETHNICITIES: dict[str, str] = {
    f"{number:02d}": f"{name} {roman}"
    for number, (name, roman) in enumerate(
        zip(PEOPLES.split(), ROMAN.split(), strict=True), start=1
    )
} | {"97": "其他 Other", "98": "外国血统 Foreign descent"}

#: The first two digits of a resident ID: the province that gave the number out.
_PROVINCES = (
    "11北京 12天津 13河北 14山西 15内蒙古 21辽宁 22吉林 23黑龙江 31上海 32江苏 33浙江 34安徽 "
    "35福建 36江西 37山东 41河南 42湖北 43湖南 44广东 45广西 46海南 50重庆 51四川 52贵州 53云南 "
    "54西藏 61陕西 62甘肃 63青海 64宁夏 65新疆 71台湾 81香港 82澳门 83台湾"
)
PROVINCES: dict[str, str] = {entry[:2]: entry[2:] for entry in _PROVINCES.split()}


def ethnicity(code: str) -> str:
    """汉 for 01; empty for an unknown code."""
    return ETHNICITIES.get(code, "").partition(" ")[0]
