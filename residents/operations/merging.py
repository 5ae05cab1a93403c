"""Two files of one person become one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from residents import rules
from residents.models import (
    DataRequest,
    Deadline,
    Ending,
    Lease,
    Letting,
    OtherPhone,
    Person,
    Registration,
    Residency,
    ServiceRequest,
    Sign,
    Signal,
    SignInTicket,
)
from residents.operations import ways_in
from residents.querysets import LIVE

#: What the kept file takes over where it has nothing itself.
TAKEN = ("name_latin", "sex", "birth_date", "ethnicity", "nationality")


def files_like(person_or_row: Any) -> list[Person]:
    """Other files here with the same document: for the desk, which may merge, never for the person.

    Takes anything with ``compound_id`` and ``document``: a person or a registration.
    """
    if not person_or_row.document:
        return []
    same = Person.objects.by_number(
        "document", person_or_row.document, [person_or_row.compound_id]
    ).whole()
    own = person_or_row.pk if isinstance(person_or_row, Person) else person_or_row.person_id
    return list(same.exclude(pk=own))


def merge_people(keep: Person, gone: Person, *, actor: User | None = None) -> Person:
    """All that hangs on ``gone`` hangs on ``keep`` from now on; ``gone`` stays as an empty stub.

    What ``keep`` has itself stands. Merging again changes nothing. The apps above follow the event
    ``residents.people_merged``. Raises ValidationError for two compounds, two different documents
    of one kind, two sign-ins, or two live registrations in one home.
    """
    with events.writing():
        # In the order of their keys: two desks that merge crosswise cannot dead-lock.
        rows = Person.objects.select_for_update(of=("self",)).order_by("pk")
        by_pk = {row.pk: row for row in rows.filter(pk__in=[keep.pk, gone.pk])}
        keep, gone = by_pk[keep.pk], by_pk[gone.pk]
        if gone.merged_into_id == keep.pk:
            return keep
        _check(keep, gone)
        values = _taken(keep, gone)
        _empty(gone, keep)
        for name, value in values.items():
            setattr(keep, name, value)
        keep.save()
        _move(keep, gone)
        events.record(
            "residents.people_merged",
            compound=keep.compound_id,
            actor=actor,
            person=keep.pk,
            gone=gone.pk,
        )
    return keep


def _check(keep: Person, gone: Person) -> None:
    faults = {
        "other_compound": (
            keep.compound_id != gone.compound_id,
            _("These two files are in different compounds."),
        ),
        "same_file": (
            keep.pk == gone.pk or gone.merged_into_id or keep.merged_into_id,
            _("One of these files was merged already."),
        ),
        "documents_differ": (
            keep.document
            and gone.document
            and keep.document_kind == gone.document_kind
            and keep.document != gone.document,
            _("The two files have different numbers of the same document: two people."),
        ),
        "two_sign_ins": (
            keep.user_id and gone.user_id and keep.user_id != gone.user_id,
            _("Both files have a sign-in. End one of them first."),
        ),
        "two_registrations": (
            _both_live(keep, gone),
            _("Both have a registration in the same home. End one of them first."),
        ),
    }
    for code, (wrong, text) in faults.items():
        if wrong:
            raise rules.fault("person", code, text)


def _both_live(keep: Person, gone: Person) -> bool:
    live = Registration.objects.filter(state__in=LIVE)
    homes = live.filter(person=gone).values("unit")
    return bool(live.filter(person=keep, unit__in=homes).exists())


def _taken(keep: Person, gone: Person) -> dict[str, Any]:
    values = {name: getattr(gone, name) for name in TAKEN if not getattr(keep, name)}
    for name in ("languages", "needs"):
        values[name] = sorted({*getattr(keep, name), *getattr(gone, name)})
    if not keep.document:
        values |= {
            name: getattr(gone, name) for name in ("document_kind", "document", "document_index")
        }
    if not keep.phone:
        values |= {
            name: getattr(gone, name) for name in ("phone", "phone_index", "phone_confirmed_at")
        }
    if gone.user_id and not keep.user_id:
        values["user_id"] = gone.user_id
    return values


def _empty(gone: Person, keep: Person) -> None:
    """Nothing personal stays on the stub: its numbers must not be found twice."""
    if gone.phone and keep.phone and gone.phone != keep.phone:
        OtherPhone.objects.get_or_create(
            person=keep,
            phone_index=gone.phone_index,
            defaults={"compound_id": keep.compound_id, "phone": gone.phone},
        )
    gone.document_kind = gone.document = gone.document_index = ""
    gone.phone = gone.phone_index = ""
    gone.phone_confirmed_at, gone.user = None, None
    gone.merged_into = keep
    gone.save()


def _move(keep: Person, gone: Person) -> None:
    ways_in.follow_merge(keep, gone)
    for model in (ServiceRequest, Ending, DataRequest, Sign, Signal):
        model.objects.filter(person=gone).update(person=keep)
    # A code that was handed out for the empty file signs nobody in.
    SignInTicket.objects.filter(person=gone).delete()
    for residency in Residency.objects.filter(person=gone).order_by("started_on", "pk"):
        _move_residency(keep, residency)
    held = OtherPhone.objects.filter(person=keep).values("phone_index")
    OtherPhone.objects.filter(person=gone).exclude(phone_index__in=held).update(person=keep)
    OtherPhone.objects.filter(person=gone).delete()
    for letting in Letting.objects.filter(landlord=gone):
        _move_letting(keep, letting)
    Letting.objects.filter(sublet_by=gone).update(sublet_by=keep)
    Lease.objects.filter(tenant=gone).update(tenant=keep)
    Registration.objects.filter(person=gone).update(person=keep)
    Deadline.objects.filter(person=gone).update(person=keep)


def _move_letting(keep: Person, letting: Letting) -> None:
    """A home that both files let is let once: its leases and registrations go to the kept one."""
    same = Letting.objects.filter(landlord=keep, unit=letting.unit_id, ended_on=None)
    twin = same.first() if letting.ended_on is None else None
    if twin is None:
        Letting.objects.filter(pk=letting.pk).update(landlord=keep)
        return
    Lease.objects.filter(letting=letting).update(letting=twin)
    Registration.objects.filter(letting=letting).update(letting=twin)
    Deadline.objects.filter(letting=letting, lease__isnull=False).update(letting=twin)
    Letting.objects.filter(pk=letting.pk).delete()


def _move_residency(keep: Person, row: Residency) -> None:
    """Residencies of one kind in one home that meet become one, from the first day to the last."""
    same = Residency.objects.filter(person=keep, unit=row.unit_id, kind=row.kind)
    meets = same.filter(Q(ended_on=None) | Q(ended_on__gte=row.started_on))
    if row.ended_on is not None:
        meets = meets.filter(started_on__lte=row.ended_on)
    found = meets.first()
    if found is None:
        Residency.objects.filter(pk=row.pk).update(person=keep)
        return
    found.started_on = min(found.started_on, row.started_on)
    if found.ended_on is not None:
        found.ended_on = max(found.ended_on, row.ended_on) if row.ended_on else None
    if found.household_id is None:
        found.household, found.is_head, found.relation = row.household, row.is_head, row.relation
    Residency.objects.filter(pk=row.pk).delete()
    found.save()
