"""What is held on somebody's face, for "my data": the fact of it, never the numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from community.home_parts import Fact
from residents.models import FaceErasure, FacePicture, FaceTemplate, Person


def rows(person: Person) -> list[list[Fact]]:
    """The template's fact, date and engine version; kept pictures; erasures with their proof."""
    held = FaceTemplate.objects.filter(way__person=person).select_related("way")
    found = [
        [
            Fact(_("Template"), _("held, sealed")),
            Fact(_("Enrolled on"), row.made_at),
            Fact(_("Pictures it was made of"), row.pictures),
            Fact(_("Engine version"), row.engine),
            *([Fact(_("Asleep since"), row.way.paused_at)] if row.way.paused_at else []),
        ]
        for row in held
    ]
    kept = list(FacePicture.objects.filter(way__person=person))
    if kept:
        taken = Fact(_("Kept since"), kept[0].taken_at)
        found.append([Fact(_("Pictures that are kept"), len(kept)), taken])
    return found + [_gone(row) for row in FaceErasure.objects.filter(person=person)[:20]]


def _gone(row: FaceErasure) -> list[Fact]:
    facts = [Fact(_("Template"), _("gone for good")), Fact(_("Erased on"), row.erased_at)]
    proven = Fact(_("Confirmed everywhere on"), row.proven_at or _("not confirmed yet"))
    return [*facts, proven]
