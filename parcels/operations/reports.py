"""What recipients report of a parcel, the desk's answer, and pictures of parcels."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from parcels.models import Parcel, ParcelPicture, ParcelReport
from parcels.operations import telling
from parcels.operations.moves import fault, locked, trace
from residents import rules
from residents.operations import request_pictures


def report(
    parcel: Parcel, *, what: str, text: str = "", picture: bytes = b"", actor: User | None = None
) -> ParcelReport:
    """The recipient says what is wrong, once until it is answered. Raises ValidationError."""
    if what not in ParcelReport.What.values:
        raise fault("what", "what_unknown", _("Choose what is wrong."))
    text = rules.clean_line("text", text, 500)
    kept = request_pictures.keep(parcel.compound_id, [picture]) if picture else []
    with events.writing():
        row = locked(parcel)
        open_one: ParcelReport | None = row.reports.filter(answered_at=None).first()
        if open_one is not None:
            for one in kept:
                one.drop()
            return open_one
        made: ParcelReport = ParcelReport.objects.create(
            compound_id=row.compound_id, parcel=row, what=what, text=text, made_at=timezone.now()
        )
        _attach(row, kept, ParcelPicture.What.REPORT)
        if row.is_live and not row.doubt:
            row.doubt = Parcel.Doubt.REPORTED
            row.save(update_fields=["doubt"])
        trace(row, "reported", actor, row.compartment)
    return made


def answer_report(found: ParcelReport, *, answer: str, actor: User | None = None) -> ParcelReport:
    """The desk answers, once; the recipient reads it. Raises ValidationError without words."""
    answer = rules.clean_line("answer", answer, 200)
    if not answer:
        raise fault("answer", "answer_missing", _("Say what was done."))
    with events.writing():
        rows = ParcelReport.objects.select_for_update(of=("self",))
        row: ParcelReport = rows.get(pk=found.pk)
        if row.answered_at is not None:
            return row
        row.answer, row.answered_at, row.answered_by = answer, timezone.now(), actor
        row.save(update_fields=["answer", "answered_at", "answered_by"])
        parcel = locked(row.parcel_id)
        if parcel.doubt == Parcel.Doubt.REPORTED:
            parcel.doubt = Parcel.Doubt.NONE
            parcel.save(update_fields=["doubt"])
        trace(parcel, "answered", actor, parcel.compartment)
        telling.tell(parcel, "answered", again=str(row.pk))
    return row


def add_picture(parcel: Parcel, picture: bytes, *, actor: User | None = None) -> None:
    """A picture that the courier took; three at most. Raises ValidationError."""
    kept = request_pictures.keep(parcel.compound_id, [picture])
    with events.writing():
        row = locked(parcel)
        if row.pictures.filter(what=ParcelPicture.What.COURIER).count() >= 3:
            for one in kept:
                one.drop()
            raise fault("picture", "too_many", _("Three pictures are enough."))
        _attach(row, kept, ParcelPicture.What.COURIER)


def _attach(parcel: Parcel, kept: list[request_pictures.Kept], what: str) -> None:
    ParcelPicture.objects.bulk_create(
        ParcelPicture(
            compound_id=parcel.compound_id,
            parcel=parcel,
            what=what,
            file=one.file,
            seal=one.seal,
            taken_at=timezone.now(),
        )
        for one in kept
    )
