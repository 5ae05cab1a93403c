"""Cards, PINs and visits of the demo compound: all invented."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from community import keyring
from community.demo import in_batches
from community.models import Compound, Lane, Unit
from residents.models import Person, Residency, Visit, VisitStay, WayIn
from residents.operations import give_personal_code, invite, revoke_visit, set_pin, visitor_arrived
from residents.operations.care import start_care

#: One in so many people has a card.
CARD_EVERY = 3
#: The demo resident's PIN, for trying the tablet at the gate out.
RESIDENT_HOME, RESIDENT_PIN = "3-2-1202", "407182"
#: Cars of visitors: 周闻达 comes by one.
CARS = {"周闻达": ["豫A5Q81Z"], "徐小满": ["豫AD30219"]}
#: (visitor, kind, hours from now, hours long, times, what became of it)
VISITS: tuple[tuple[str, str, float, float, int | None, str], ...] = (
    ("周闻达", "guest", 0.5, 4, 1, ""),
    ("徐小满", "guest", -2, 6, None, "inside"),
    ("贺一鸣", "guest", 2, 5, 1, ""),
    ("安装师傅", "trade", -1, 8, 4, ""),
    ("快递小哥", "courier", -0.5, 3, 2, "inside"),
    ("高远", "guest", -9, 5, 1, "stayed"),
    ("何清", "guest", 20, 6, 1, "revoked"),
)


def load(compound: Compound) -> None:
    """Nothing where somebody holds a way in already."""
    if WayIn.objects.of(compound).exists():
        return
    _cards(compound)
    home = Unit.objects.of(compound).filter(code=RESIDENT_HOME).first()
    host = Person.objects.of(compound).filter(user__username="resident").first()
    if home is not None and host is not None:
        give_personal_code(host)
        set_pin(host, home, RESIDENT_PIN)
        start_care(host, consent="person", consent_note="同意书 演示 7 号", days=3)
        for number, plan in enumerate(VISITS):
            _visit(compound, home, host, number, plan)


def _cards(compound: Compound) -> None:
    today, now = timezone.localdate(), timezone.now()
    living = Residency.objects.of(compound).current(today).values("person")
    people = Person.objects.of(compound).filter(pk__in=living).order_by("pk")
    rows: list[Any] = []
    for number, person in enumerate(people[::CARD_EVERY]):
        card = f"D{0x100000 + 7919 * number:07X}"
        index = keyring.blind_index(card, compound.pk, "card")
        rows.append(
            WayIn(
                compound=compound,
                person=person,
                kind=WayIn.Kind.CARD,
                secret=card,
                index=index,
                hint=card[-4:],
                issued_at=now,
            )
        )
    in_batches(WayIn, rows)


def _visit(compound: Compound, home: Unit, host: Person, number: int, plan: Any) -> None:
    name, kind, begins, lasts, times, became = plan
    now = timezone.now()
    start = now + timedelta(hours=begins)
    visit = invite(
        home,
        name=name,
        kind=kind,
        host=host,
        starts_at=start,
        # A time that is over is no invitation: it is set back once the pass is given.
        ends_at=max(start + timedelta(hours=lasts), now + timedelta(minutes=1)),
        most_entries=times,
        people=2 if name in CARS else 1,
        plates=CARS.get(name, ()),
    )
    if became == "revoked":
        revoke_visit(visit)
    elif became:
        Visit.objects.filter(pk=visit.pk).update(entries=1, ends_at=start + timedelta(hours=lasts))
        lane = Lane.objects.of(compound).filter(gate__kind="pedestrian").first()
        if lane is not None and not VisitStay.objects.filter(visit=visit).exists():
            # Passages of real gates count upward from one.
            came = start + timedelta(minutes=10)
            visitor_arrived(visit, passage_id=-1000 * compound.pk - number, at=came)
