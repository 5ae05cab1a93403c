"""Where cars stand: areas, the lanes that lead into them, numbered places, held places."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.querysets import CompoundQuerySet
from parking.place_querysets import AreaQuerySet, PeriodQuerySet


class Area(models.Model):
    """A car park, level or corner with a number of places; it may lie inside another.

    How many cars stand in it is counted from the open stays, never kept: see
    ``parking.occupancy``. The ``whole`` area stands for all that lies behind the outer gates: its
    stays are those without an area.
    """

    class WhenFull(models.TextChoices):
        WAIT = "wait", _("Visitors wait until a place is free")
        REFUSE = "refuse", _("Visitors are sent away")
        OPEN = "open", _("Visitors may still come in")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="areas", verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=40)
    level = models.CharField(_("level"), max_length=10, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="inner",
        verbose_name=_("lies inside"),
    )  # fmt: skip
    whole = models.BooleanField(
        _("the whole compound"), default=False,
        help_text=_("Counts every car behind the outer gates."),
    )  # fmt: skip
    capacity = models.PositiveIntegerField(_("places"))
    visitors = models.PositiveIntegerField(
        _("of these for visitors"), null=True, blank=True,
        help_text=_("Leave empty if visitors may take any free place."),
    )  # fmt: skip
    when_full = models.CharField(
        _("when full"), max_length=6, choices=WhenFull, default=WhenFull.WAIT
    )
    self_tickets = models.BooleanField(
        _("tickets without a guard"), default=False,
        help_text=_(
            "A car without a plate takes its ticket by phone at the entry, and the barrier opens."
        ),
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("parking area")
        verbose_name_plural = _("parking areas")
        ordering = ["compound", "order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="area_name_once"),
            models.UniqueConstraint(
                fields=["compound"], condition=Q(whole=True), name="area_whole_once"
            ),
            models.CheckConstraint(
                condition=Q(visitors=None) | Q(visitors__lte=F("capacity")),
                name="area_visitors_fit",
            ),
            models.CheckConstraint(
                condition=Q(whole=False) | Q(parent=None), name="area_whole_is_outermost"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.level}".strip()


class AreaLane(models.Model):
    """A lane leads from one area into another; an exit lane is driven the other way.

    A lane without such a row leads from the street into the compound, as most do.
    """

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    lane = models.OneToOneField(
        "community.Lane", models.CASCADE, related_name="area_lane", verbose_name=_("lane")
    )
    inner = models.ForeignKey(
        Area, models.PROTECT, related_name="lanes", verbose_name=_("leads into")
    )
    outer = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="lanes_inward",
        verbose_name=_("comes from"),
        help_text=_("Leave empty for the roads of the compound, or the street."),
    )  # fmt: skip
    from_street = models.BooleanField(
        _("from the street"), default=False,
        help_text=_("A garage whose ramp lies outside the outer gates."),
    )  # fmt: skip

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("lane of a parking area")
        verbose_name_plural = _("lanes of parking areas")
        ordering = ["compound", "lane"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outer=None) | ~Q(outer=F("inner")), name="area_lane_leads_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(from_street=False) | Q(outer=None), name="area_lane_from_one_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lane} → {self.inner}"


class Place(models.Model):
    """A numbered place (车位). Who held it before is kept: a holder's time ends, the row stays."""

    class Kind(models.TextChoices):
        OWNED = "owned", _("Owned")
        RENTED = "rented", _("Rented out")
        COMMON = "common", _("Common")
        DISABLED = "disabled", _("For disabled people")
        CHARGING = "charging", _("Charging")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="places", verbose_name=_("compound")
    )
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="places", verbose_name=_("parking area")
    )
    number = models.CharField(_("number"), max_length=12)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.COMMON)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("parking place")
        verbose_name_plural = _("parking places")
        ordering = ["compound", "area", "number"]
        constraints = [
            models.UniqueConstraint(fields=["area", "number"], name="place_number_once"),
        ]

    def __str__(self) -> str:
        return self.number


class Holding(models.Model):
    """A home, and perhaps one person of it, holds a place for a time: as owner or as tenant."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    place = models.ForeignKey(
        Place, models.CASCADE, related_name="holdings", verbose_name=_("parking place")
    )
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, related_name="parking_holdings", verbose_name=_("home")
    )
    holder = models.ForeignKey(
        "residents.Person", models.SET_NULL, null=True, blank=True,
        related_name="parking_holdings", verbose_name=_("holder"),
    )  # fmt: skip
    valid_from = models.DateField(_("first day"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("holder of a parking place")
        verbose_name_plural = _("holders of parking places")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(ended_at=None), name="place_held_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="holding_valid_range",
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)
