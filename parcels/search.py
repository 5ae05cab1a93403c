"""Lockers in the search, by name or place."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from community.pages import url_of
from community.querysets import STAFF
from community.search import SHOWN, Group, Hit, Question
from parcels.models import LockerBank


def find(question: Question) -> list[Group]:
    """Locker banks of the compound."""
    if not question.roles & STAFF:
        return []
    rows = LockerBank.objects.visible_to(question.user).of(question.compound)
    wanted = Q(name__icontains=question.text) | Q(place__icontains=question.text)
    hits = [
        Hit(
            bank.name,
            bank.place,
            url_of("admin:parcels_lockerbank_change", bank.pk) if question.user.is_staff else "",
        )
        for bank in rows.filter(wanted).order_by("name")[:SHOWN]
    ]
    return [Group(_("Lockers"), "package", hits)]
