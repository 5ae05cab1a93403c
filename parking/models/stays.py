"""A car's time inside the compound, or inside one of its areas."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.querysets import CompoundQuerySet
from parking.models.permits import Bicycle, Permit, Ticket
from parking.models.places import Area
from parking.models.vehicles import PlateKind, Vehicle
from parking.place_querysets import StayQuerySet

OPEN = Q(left_at=None)


class ParkedAs(models.TextChoices):
    """By what right a car stands here, settled when it drives in."""

    UNKNOWN = "", _("Not known")
    PERMIT = "permit", _("By its permit")
    POOL = "pool", _("On a place of its home")
    RESIDENT = "resident", _("Registered, without a permit")
    VISITOR = "visitor", _("Visitor")
    FREE = "free", _("Free of charge")


class Stay(models.Model):
    """A car's time inside: one open stay per car and area.

    Without an area it is the stay in the compound as a whole, of which each car has one at a
    time; the stays in areas lie within it. A car is its plate, or its ticket, or a bicycle's tag.
    """

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="stays", verbose_name=_("compound")
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="stays",
        verbose_name=_("parking area"),
    )  # fmt: skip
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    plate_kind = models.CharField(
        _("plate kind"), max_length=12, choices=PlateKind, default=PlateKind.UNKNOWN
    )
    colour = models.CharField(_("car colour"), max_length=20, blank=True)
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="stays",
        verbose_name=_("parking ticket"),
    )  # fmt: skip
    bicycle = models.ForeignKey(
        Bicycle, models.PROTECT, null=True, blank=True, related_name="stays",
        verbose_name=_("electric bicycle"),
    )  # fmt: skip
    vehicle = models.ForeignKey(
        Vehicle,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stays",
        verbose_name=_("vehicle"),
    )
    permit = models.ForeignKey(
        Permit, models.SET_NULL, null=True, blank=True, related_name="stays",
        verbose_name=_("parking permit"),
    )  # fmt: skip
    parked_as = models.CharField(
        _("parked as"), max_length=8, choices=ParkedAs, default=ParkedAs.UNKNOWN, blank=True
    )
    #: Parked by its permit only from then on: another car of the home had stood on its place.
    permit_from = models.DateTimeField(_("by its permit since"), null=True, blank=True)
    visit = models.ForeignKey(
        "residents.Visit", models.SET_NULL, null=True, blank=True, related_name="parking_stays",
        verbose_name=_("visit"),
    )  # fmt: skip
    entered_at = models.DateTimeField(pgettext_lazy("parking", "in"), null=True, blank=True)
    left_at = models.DateTimeField(pgettext_lazy("parking", "out"), null=True, blank=True)
    entry_passage = models.BigIntegerField(null=True, blank=True, verbose_name=_("entry passage"))
    exit_passage = models.BigIntegerField(null=True, blank=True, verbose_name=_("exit passage"))
    assumed = models.BooleanField(_("a crossing was assumed"), default=False)

    objects: ClassVar[Any] = StayQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("parking", "stay")
        verbose_name_plural = pgettext_lazy("parking", "stays")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "plate"],
                condition=OPEN & Q(area=None) & ~Q(plate=""),
                name="stay_open_once",
            ),
            models.UniqueConstraint(
                fields=["area", "plate"],
                condition=OPEN & Q(area__isnull=False) & ~Q(plate=""),
                name="stay_open_once_in_area",
            ),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=OPEN & Q(area=None, ticket__isnull=False),
                name="stay_open_once_by_ticket",
            ),
            models.UniqueConstraint(
                fields=["area", "ticket"],
                condition=OPEN & Q(area__isnull=False, ticket__isnull=False),
                name="stay_open_once_ticket_area",
            ),
            models.UniqueConstraint(
                fields=["bicycle"],
                condition=OPEN & Q(area=None, bicycle__isnull=False),
                name="stay_open_once_by_tag",
            ),
            models.UniqueConstraint(
                fields=["area", "bicycle"],
                condition=OPEN & Q(area__isnull=False, bicycle__isnull=False),
                name="stay_open_once_tag_area",
            ),
            models.UniqueConstraint(
                fields=["entry_passage"], condition=Q(area=None), name="stay_entry_once"
            ),
            models.UniqueConstraint(
                fields=["entry_passage", "area"],
                condition=Q(area__isnull=False),
                name="stay_entry_once_in_area",
            ),
            models.UniqueConstraint(
                fields=["exit_passage"], condition=Q(area=None), name="stay_exit_once"
            ),
            models.UniqueConstraint(
                fields=["exit_passage", "area"],
                condition=Q(area__isnull=False),
                name="stay_exit_once_in_area",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=False) | Q(left_at__isnull=False),
                name="stay_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(plate="") | Q(ticket__isnull=False) | Q(bicycle__isnull=False),
                name="stay_of_somebody",
            ),
            # Two clocks that differ make a stay of no time, never of less (ADR 83).
            models.CheckConstraint(
                condition=Q(entered_at=None) | Q(left_at=None) | Q(left_at__gte=F("entered_at")),
                name="stay_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "plate", "-entered_at"], name="stay_by_plate"),
            # Who is inside: the count of an area's cars reads nothing but this.
            models.Index(
                fields=["compound", "area", "parked_as"], condition=OPEN, name="stay_inside"
            ),
            # A month's stays: by the moment when they ended, and when they began.
            models.Index(fields=["compound", "left_at"], name="stay_by_end"),
            models.Index(fields=["compound", "entered_at"], name="stay_by_begin"),
            # Whether a crossing is booked already, in whatever area: asked at each crossing.
            models.Index(
                fields=["entry_passage"],
                condition=Q(entry_passage__isnull=False),
                name="stay_by_entry_passage",
            ),
            models.Index(
                fields=["exit_passage"],
                condition=Q(exit_passage__isnull=False),
                name="stay_by_exit_passage",
            ),
        ]

    def __str__(self) -> str:
        return self.plate or str(self.ticket or self.bicycle or "")


class StayChange(models.Model):
    """What was corrected in a stay, by whom and why: the stay itself holds only what counts now."""

    class What(models.TextChoices):
        TIMES = "times", _("Times put right")
        PLATE = "plate", _("Plate put right")
        RIGHT = "right", _("Parked by another right")
        MATCHED = "matched", _("Exit matched to this stay")
        TAKEN_BACK = "taken_back", _("Crossing taken back")
        REPAIRED = "repaired", _("Missed crossing put in by rule")
        MOVED_UP = "moved_up", _("A place of its home became free")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    stay = models.ForeignKey(
        Stay, models.CASCADE, related_name="changes", verbose_name=pgettext_lazy("parking", "stay")
    )
    what = models.CharField(_("what"), max_length=10, choices=What)
    #: ``{field: value}`` as it was, and as it is since: times in ISO form, rows by their keys.
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of a stay")
        verbose_name_plural = _("corrections of stays")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.get_what_display())
