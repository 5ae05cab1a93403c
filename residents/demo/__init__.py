"""The demo compound's people, homes and registrations: all invented."""

from community.models import Compound
from residents.demo import at_home, faces, homes, people, registrations, services, signals, ways


def load(compound: Compound) -> None:
    people.load(compound)
    homes.load(compound)
    registrations.load(compound)
    ways.load(compound)
    at_home.load(compound)
    services.load(compound)
    faces.load(compound)
    signals.load(compound)
