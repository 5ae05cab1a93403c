from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from community import looks, operations, retention
from community.models import Event, LedgerHead, Look, Role
from community.notifications import deliver_waiting, tell, unread
from residents.models import Person
from tests.community import factories

pytestmark = pytest.mark.django_db


def kinds(compound):
    return list(Event.objects.of(compound).order_by("sequence").values_list("kind", flat=True))


def test_a_role_given_twice_is_one_role():
    compound = factories.compound()
    user = factories.user()
    one = operations.give_role(user, compound, "guard")
    assert operations.give_role(user, compound, "guard") == one
    assert kinds(compound) == ["role.given"]


@pytest.mark.parametrize(
    ("giver", "role", "may"),
    [
        ("manager", "guard", True),
        ("manager", "manager", False),
        ("desk", "resident", True),
        ("desk", "guard", False),
        ("guard", "resident", False),
        ("resident", "resident", False),
    ],
)
def test_who_hands_out_which_role(giver, role, may):
    compound = factories.compound()
    actor = factories.user(giver, at=compound)
    user = factories.user()
    if may:
        operations.give_role(user, compound, role, actor=actor)
    else:
        with pytest.raises(PermissionDenied):
            operations.give_role(user, compound, role, actor=actor)
    assert Role.objects.filter(user=user).exists() == may


def test_a_manager_has_no_say_in_another_compound():
    actor = factories.user("manager", at=factories.compound())
    with pytest.raises(PermissionDenied):
        operations.give_role(factories.user(), factories.compound(), "guard", actor=actor)


def test_an_ended_role_is_gone_at_once():
    compound = factories.compound()
    user = factories.user("guard", at=compound)
    operations.end_role(user.held_roles.get())
    fresh = type(user).objects.get(pk=user.pk)
    assert fresh.roles_in(compound) == set()
    assert kinds(compound) == ["role.ended"]


def test_a_look_needs_a_reason_and_is_on_record():
    compound = factories.compound()
    clerk = factories.user("desk", at=compound)
    person = Person.objects.create(compound=compound, name="许知夏", phone="13800001234")
    with pytest.raises(ValidationError):
        looks.look(clerk, person, "phone", "   ")
    assert not Look.objects.exists()
    assert looks.look(clerk, person, "phone", "water leak above") == "13800001234"
    entry = Look.objects.get()
    assert (entry.user, entry.subject_id, entry.field) == (clerk, person.pk, "phone")
    assert kinds(compound) == ["personal.looked_at"]


def test_a_message_is_left_once_and_read_by_its_reader_only():
    compound = factories.compound()
    reader, other = factories.user(), factories.user()
    for _ in range(2):
        row = tell(reader, "test.message", compound=compound, key="k")
    assert list(unread(reader)) == [row]
    assert deliver_waiting() == 1
    assert operations.mark_read(other, [row.pk]) == 0
    assert operations.mark_read(reader, [row.pk]) == 1
    assert not list(unread(reader))


def test_retention_erases_what_is_older_than_its_rule_and_says_so():
    compound, other = factories.compound(), factories.compound()
    compound.retention.create(subject="events", days=30, source="rule")
    user = factories.user()
    for where in (compound, compound, other):
        operations.give_role(user, where, "guard" if where is other else "resident")
        operations.end_role(Role.objects.get(user=user, compound=where, ended_at=None))
    later = timezone.now() + timedelta(days=31)
    assert retention.retire(now=later)["events"] == 4
    assert kinds(compound) == ["retention.applied"]
    assert LedgerHead.objects.get(pk=compound.pk).low_water == 4
    assert len(kinds(other)) == 2
