"""One row of everything that has an address, in one compound."""

from __future__ import annotations

from django.utils import timezone

from community.events import kinds_for
from community.models import Channel, Delivery, Event, HandlerRun, RetentionRule, TellingRule
from parking.models import Area, Stay
from residents.models import RequestRule, Signal, SignalRule
from security.models import Reading
from tests.community import factories
from tests.community.api.house import House as ApiHouse
from tests.rights.faced import faced
from tests.rights.parked import parked
from tests.rights.registered import registered
from tests.rights.rule import EVERY_ROLE
from tests.rights.stored import stored
from tests.rights.watched import watched
from tests.rights.wished import wished


class House(ApiHouse):
    """A compound with one row behind each address, and one person in each role.

    ``keys`` are named as in the tables of rules.
    """

    def __init__(self, plate: str = "皖A52M78") -> None:
        super().__init__(plate)
        self.people = {role: self.somebody(role) for role in sorted(EVERY_ROLE)}
        self._records_of_the_office()
        self.keys |= registered(self.compound)
        self.keys |= stored(self.compound)
        self.keys |= wished(self.compound)
        car_park = Area.objects.get(pk=self.keys["parking-areas"])
        stay = Stay.objects.get(pk=self.keys["stays"])
        exit_lane = factories.lane(self.compound, "exit")
        self.keys |= parked(car_park, stay, exit_lane)
        self.keys |= watched(self.compound, self.keys, self.people["manager"])
        self.keys |= faced(self.compound, self.keys)

    def _records_of_the_office(self) -> None:
        # One that both who may read the ledger see.
        seen = kinds_for({"installer"})
        line = Event.objects.filter(compound=self.compound, kind__in=seen).latest("sequence")
        run = HandlerRun.objects.create(
            compound=self.compound, event=line, handler="x", due_at=timezone.now()
        )
        rule = RetentionRule.objects.create(
            compound=self.compound, subject="events", days=30, source="x"
        )
        self.keys |= {"lines": line.pk, "runs": run.pk, "retention": rule.pk}
        self._messages()
        self._services()
        self._visitors()
        reading = Reading.objects.filter(compound=self.compound).latest("pk")
        self.keys |= {"readings": reading.pk}

    def _messages(self) -> None:
        channel = Channel.objects.create(compound=self.compound, medium="email", driver="smtp")
        sent = Delivery.objects.create(
            compound=self.compound, notification_id=self.keys["notifications"], medium="paper",
            created_at=timezone.now(), due_at=timezone.now(),
        )  # fmt: skip
        quiet, _made = TellingRule.objects.get_or_create(compound=self.compound)
        self.keys |= {"channels": channel.pk, "deliveries": sent.pk, "quiet": quiet.pk}
        film = factories.device(self.compound, driver="browser")
        self.keys |= {"phones": film.pk, "cameras": self.lane.camera_id}

    def _services(self) -> None:
        """How long a request may take."""
        limit = RequestRule.objects.create(
            compound=self.compound, category="lift", hours=4, source="x"
        )
        signal = Signal.objects.create(
            compound=self.compound, kind="car_nights", subject="plate:皖A52M78", plate="皖A52M78",
            weight=30, found_on=timezone.localdate(),
        )  # fmt: skip
        rule = SignalRule.objects.create(compound=self.compound, kind="car_nights", times=3)
        self.keys |= {"limits": limit.pk, "signals": signal.pk, "signal_rules": rule.pk}

    def _visitors(self) -> None:
        """The call to the home that the API's rows have: a bell rings once."""
        self.keys |= {"calls": self.keys["home-calls"]}
