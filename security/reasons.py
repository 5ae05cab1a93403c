"""The fixed lists of reasons that a guard chooses from."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class OpenReason(models.TextChoices):
    """Why a car was let through by hand."""

    HOME_AGREED = "home_agreed", _("A home agreed")
    DELIVERY = "delivery", _("Delivery")
    REPAIR = "repair", _("Repair")
    EMERGENCY = "emergency", _("Emergency")
    POLICE = "police", _("Police on duty")
    OTHER = "other", _("Other")
    #: Never chosen alone: it comes with the car that a guard names (``open_as``).
    PLATE_MISREAD = "plate_misread", _("Plate misread")
    #: Neither are these: they come with the money, or with the debt, at an exit.
    PAID = "paid", _("Paid at the gate")
    UNPAID = "unpaid", _("Let go with a debt")
    #: With the ticket that a car without a plate is given.
    TICKET = "ticket", _("Ticket given")

    @classmethod
    def chosen(cls) -> list[tuple[str, Any]]:
        """What a guard may choose alone."""
        return [pair for pair in cls.choices if pair[0] not in UNCHOSEN]


UNCHOSEN = (OpenReason.PLATE_MISREAD, OpenReason.PAID, OpenReason.UNPAID, OpenReason.TICKET)


class RefuseReason(models.TextChoices):
    """Why a waiting car was sent away."""

    NOT_EXPECTED = "not_expected", _("Nobody expects it")
    HOME_DECLINED = "home_declined", _("The home declined")
    TURNED_BACK = "turned_back", _("It turned back")
    OTHER = "other", _("Other")


class KeepOpenReason(models.TextChoices):
    """Why a lane stands open for a while."""

    REMOVAL = "removal", _("Removal")
    WEDDING = "wedding", _("Wedding")
    FUNERAL = "funeral", _("Funeral")
    FIRE = "fire", _("Fire")
    WORKS = "works", _("Works")
    OTHER = "other", _("Other")
