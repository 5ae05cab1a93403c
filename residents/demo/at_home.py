"""Who tries the residents' pages of the demo: an owner, a landlord of several homes, two tenants.

The tenants sign in by a code to their telephone, which the demo's SMS channel writes into the log.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from community import events, looks, notifications
from community.models import Compound, Look, User
from residents import codes, operations
from residents.demo import telling
from residents.demo.people import RESIDENT_HOME
from residents.models import Letting, Person, Registration, Residency

#: Telephones in a block that no network has given out.
RETURNED_PHONE, DRAFT_PHONE = "19900009002", "19900009003"
LETS = 3


def load(compound: Compound) -> None:
    if compound.code != RESIDENT_HOME[0]:
        return
    telling.channels(compound)
    person = Person.objects.filter(compound=compound, user__username=RESIDENT_HOME[2]).first()
    if person is not None:
        _family(person)
        _registration(person)
        _told(person)
    _landlord(compound)
    for username in telling.MAIL:
        telling.reachable(compound, username)
    _tenant(compound, "returned", RETURNED_PHONE)
    _tenant(compound, "draft", DRAFT_PHONE)


def _family(person: Person) -> None:
    """A spouse and a daughter, in one household."""
    mine = Residency.objects.filter(person=person, kind="owner").select_related("unit").first()
    if mine is None or Residency.objects.filter(unit=mine.unit_id, person__name="许知夏").exists():
        return
    members = []
    for name, relation, years in (
        ("许知夏", codes.Relation.SPOUSE, 38),
        ("林小满", codes.Relation.DAUGHTER, 9),
    ):
        born = timezone.localdate() - timedelta(days=round(365.25 * years) + 40)
        other = operations.add_person(compound=person.compound, name=name, birth_date=born)
        row = operations.add_residency(
            person=other, unit=mine.unit, kind="family", started_on=mine.started_on
        )
        members.append((row, relation))
    operations.form_household(mine, members)


def _registration(person: Person) -> None:
    """The owner's hukou is elsewhere: registered, with a permit to endorse in 26 days."""
    mine = Residency.objects.filter(person=person, kind="owner").select_related("unit").first()
    if mine is None or person.registrations.exists():
        return
    today = timezone.localdate()
    values: dict[str, Any] = {
        "moved_in_on": max(mine.started_on, today - timedelta(days=700)),
        "relation": codes.Relation.HEAD,
        "reason": codes.Reason.WORK,
        "occupation": codes.Occupation.CLERK,
        "ethnicity": "01",
        "hukou_address": "河南省远山市河口镇 3 组",
        "workplace": "青禾食品厂",
    }
    row = operations.start_registration(mine.unit, origin="desk", person=person, on_behalf=True)
    row = operations.fill_registration(row, **values)
    row = operations.accept_registration(operations.submit_registration(row))
    row = operations.report_registration(row)
    row = operations.confirm_registration(row, number="演示-1201-07")
    counts = today + timedelta(days=26) - timedelta(days=365)
    Registration.objects.filter(pk=row.pk).update(counts_from=counts)
    row.refresh_from_db()
    operations.issue_permit(row, number="演示41000126", on=counts + timedelta(days=190))


def _told(person: Person) -> None:
    """A message, and a look of the office with its reason."""
    manager = User.objects.filter(username="manager").first()
    seen = Look.objects.filter(user=manager, subject_id=person.pk, field="document")
    if manager is not None and person.document and not seen.exists():
        looks.look(manager, person, "document", "核对居住登记")
    if person.user is not None:
        notifications.tell(
            person.user,
            "residents.deadline_permit",
            compound=person.compound,
            key=f"demo-home-{person.pk}",
            facts={"due": timezone.localdate().isoformat(), "home": RESIDENT_HOME[1]},
        )


def _landlord(compound: Compound) -> None:
    """One person lets several homes, whose tenants are in different states."""
    user = User.objects.filter(username="landlord").first()
    if user is None or Person.objects.filter(compound=compound, user=user).exists():
        return
    wanted = ("returned", "draft", "confirmed", "submitted")
    with events.writing():
        person = operations.add_person(compound=compound, name="许怀谷", user=user)
        for state in wanted[: LETS + 1]:
            letting = _let_in(compound, state, person)
            if letting is not None:
                _hand_over(letting, person)


def _let_in(compound: Compound, state: str, person: Person) -> Letting | None:
    rows = Letting.objects.filter(compound=compound, registrations__state=state, ended_on=None)
    found: Letting | None = rows.exclude(landlord=person).order_by("pk").first()
    return found


def _hand_over(letting: Letting, person: Person) -> None:
    owned = Residency.objects.filter(unit=letting.unit_id, kind="owner", ended_on=None)
    owned.update(person=person)
    Letting.objects.filter(pk=letting.pk).update(landlord=person)
    Registration.objects.filter(letting=letting).update(landlord_name=person.name)


def _tenant(compound: Compound, state: str, phone: str) -> None:
    """A tenant whose form is in this state, known to answer this telephone."""
    same = Person.objects.filter(compound=compound)
    if same.by_number("phone", phone, [compound.pk]).exists():
        return
    rows = Registration.objects.filter(compound=compound, state=state).exclude(document_index="")
    row = rows.order_by("-letting__landlord__user", "pk").first()
    if row is None:
        return
    person = row.person or same.filter(document_index=row.document_index).first()
    if person is not None:
        Registration.objects.filter(pk=row.pk).update(person=person)
        operations.replace_phone(person, phone)
