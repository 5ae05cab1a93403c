"""Invented plate texts of every kind that the reader knows, all provinces alike."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from community.vision.grammar import DIGITS, ENERGY, FORCES, LETTERS, PROVINCES


@dataclass(frozen=True, slots=True)
class Text:
    """A plate's text, the form it is painted in (a key of `faces.PAINTS`) and its rows."""

    text: str
    form: str
    rows: int = 1


# How often each form is drawn. Not how often it drives by: rare ones have to be learnt too.
SHARES: dict[str, float] = {
    "blue": 0.36,
    "energy_small": 0.15,
    "energy_large": 0.07,
    "yellow": 0.07,
    "yellow_double": 0.07,
    "training": 0.035,
    "trailer": 0.035,
    "police": 0.035,
    "armed_police": 0.03,
    "armed_police_staff": 0.01,
    "military": 0.025,
    "emergency": 0.015,
    "hong_kong_macau": 0.03,
    "consulate": 0.02,
    "embassy": 0.02,
    "temporary": 0.02,
    "aviation": 0.01,
}
FORMS = tuple(SHARES)
_WEIGHTS = [share / sum(SHARES.values()) for share in SHARES.values()]


def pick(rng: Generator, letters: str, count: int = 1) -> str:
    """`count` characters out of `letters`."""
    return "".join(letters[i] for i in rng.integers(len(letters), size=count))


def _serial(rng: Generator, count: int, letters: float = 0.28) -> str:
    return "".join(pick(rng, LETTERS if rng.random() < letters else DIGITS) for _ in range(count))


def invent(rng: Generator, form: str | None = None, province: str | None = None) -> Text:
    """A text of that form and province (of any where None). Raises KeyError for an unknown form."""
    form = form or FORMS[int(rng.choice(len(FORMS), p=_WEIGHTS))]
    place = (province or pick(rng, PROVINCES)) + pick(rng, LETTERS)
    if form not in SHARES:
        raise KeyError(form)
    if form in ("blue", "yellow", "yellow_double"):
        # Evenly over letters and digits now and then, or the rarer letters are seldom seen.
        letters = 0.28 if rng.random() < 0.7 else 0.7
        return Text(place + _serial(rng, 5, letters), form, 2 if form == "yellow_double" else 1)
    return _BY_FORM[form](rng, place)


def _energy_small(rng: Generator, place: str) -> Text:
    first = pick(rng, "DF" if rng.random() < 0.6 else ENERGY)
    return Text(place + first + _serial(rng, 1, 0.5) + pick(rng, DIGITS, 4), "energy_small")


def _energy_large(rng: Generator, place: str) -> Text:
    last = pick(rng, "DF" if rng.random() < 0.6 else ENERGY)
    return Text(place + pick(rng, DIGITS, 5) + last, "energy_large")


def _trailer(rng: Generator, place: str) -> Text:
    return Text(place + _serial(rng, 4, 0.15) + "挂", "trailer", 2)


def _training(rng: Generator, place: str) -> Text:
    return Text(place + _serial(rng, 4, 0.15) + "学", "training")


def _police(rng: Generator, place: str) -> Text:
    return Text(place + _serial(rng, 4, 0.12) + "警", "police")


def _armed(rng: Generator, place: str) -> Text:
    last = pick(rng, DIGITS if rng.random() < 0.6 else "TDSHBXJ")
    return Text("WJ" + place[0] + pick(rng, DIGITS, 4) + last, "armed_police")


def _armed_staff(rng: Generator, _place: str) -> Text:
    last = pick(rng, DIGITS if rng.random() < 0.6 else "TDSHBXJ")
    return Text("WJ" + pick(rng, DIGITS, 4) + last, "armed_police_staff")


def _military(rng: Generator, _place: str) -> Text:
    rows = 2 if rng.random() < 0.3 else 1
    return Text(pick(rng, FORCES) + pick(rng, LETTERS) + pick(rng, DIGITS, 5), "military", rows)


def _emergency(rng: Generator, place: str) -> Text:
    return Text(place + pick(rng, DIGITS, 4) + "应急", "emergency")


def _hong_kong_macau(rng: Generator, _place: str) -> Text:
    return Text("粤Z" + _serial(rng, 4, 0.3) + pick(rng, "港澳"), "hong_kong_macau")


def _consulate(rng: Generator, place: str) -> Text:
    return Text(place + pick(rng, DIGITS, 4) + "领", "consulate")


def _embassy(rng: Generator, _place: str) -> Text:
    number = pick(rng, DIGITS, 6)
    return Text("使" + number if rng.random() < 0.3 else number + "使", "embassy")


def _temporary(rng: Generator, place: str) -> Text:
    count = 5 if rng.random() < 0.6 else 4
    return Text(place + _serial(rng, count, 0.2) + "临", "temporary")


def _aviation(rng: Generator, _place: str) -> Text:
    return Text("民航" + pick(rng, LETTERS) + pick(rng, DIGITS, 4), "aviation")


_BY_FORM = {
    "energy_small": _energy_small,
    "energy_large": _energy_large,
    "training": _training,
    "trailer": _trailer,
    "police": _police,
    "armed_police": _armed,
    "armed_police_staff": _armed_staff,
    "military": _military,
    "emergency": _emergency,
    "hong_kong_macau": _hong_kong_macau,
    "consulate": _consulate,
    "embassy": _embassy,
    "temporary": _temporary,
    "aviation": _aviation,
}
