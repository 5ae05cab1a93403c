"""Who may park, and by what right: permits, pools of homes, lists, tickets, bicycles' tags."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.fields import EncryptedTextField
from community.querysets import CompoundQuerySet
from parking.models.places import Area, Place
from parking.models.vehicles import Vehicle
from parking.place_querysets import PeriodQuerySet


class Pool(models.Model):
    """A home's places for its cars: the first ``places`` of them stand by right, the next by rule.

    A car is in one pool at most (``Vehicle.pool``).
    """

    class Next(models.TextChoices):
        VISITOR = "visitor", _("Parks at the visitors' rate")
        WAIT = "wait", _("Waits until another car of the home has left")
        REFUSE = "refuse", _("Is not let in")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="pools", verbose_name=_("compound")
    )
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, related_name="parking_pools", verbose_name=_("home")
    )
    places = models.PositiveSmallIntegerField(_("places"), default=1)
    most_cars = models.PositiveSmallIntegerField(_("cars at most"), default=2)
    when_taken = models.CharField(
        _("the next car"), max_length=7, choices=Next, default=Next.VISITOR
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("home's places")
        verbose_name_plural = _("homes' places")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ended_at=None), name="pool_of_home_once"
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1, most_cars__gte=F("places")), name="pool_has_places"
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Permit(models.Model):
    """A right to park for a time, of one car or of a home's pool, in some areas or in all."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("Owner")
        MONTHLY = "monthly", _("Monthly")
        STAFF = "staff", _("Staff")
        CONTRACTOR = "contractor", _("Contractor")
        FREE = "free", _("Free of charge")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="permits", verbose_name=_("compound")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="permits",
        verbose_name=_("vehicle"),
    )  # fmt: skip
    pool = models.ForeignKey(
        Pool, models.PROTECT, null=True, blank=True, related_name="permits",
        verbose_name=_("home's places"),
    )  # fmt: skip
    areas = models.ManyToManyField(
        Area, blank=True, related_name="permits", verbose_name=_("parking areas"),
        help_text=_("Leave empty for all."),
    )  # fmt: skip
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="permits",
        verbose_name=_("parking place"),
    )  # fmt: skip
    valid_from = models.DateField(_("first day"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)
    renewed_at = models.DateTimeField(_("renewed"), null=True, blank=True)
    #: The last day for which its holder was reminded: a renewed permit is reminded of again.
    reminded_for = models.DateField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("parking permit")
        verbose_name_plural = _("parking permits")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(vehicle__isnull=False, pool=None) | Q(vehicle=None, pool__isnull=False),
                name="permit_of_car_or_pool",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="permit_valid_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["compound", "valid_until"], condition=Q(ended_at=None),
                name="permit_by_last_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.vehicle or self.pool}"


class ListEntry(models.Model):
    """A plate on the allow list or the deny list, with the reason and an end."""

    class Kind(models.TextChoices):
        ALLOW = "allow", _("Let this car in")
        FREE = "free", _("Let this car in, free of charge")
        DENY = "deny", _("Keep this car out")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="plate_lists",
        verbose_name=_("compound"),
    )  # fmt: skip
    plate = models.CharField(_("plate"), max_length=10)
    kind = models.CharField(_("list"), max_length=5, choices=Kind)
    reason = models.CharField(_("reason"), max_length=120)
    valid_from = models.DateField(_("first day"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed plate")
        verbose_name_plural = _("listed plates")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "plate"], condition=Q(ended_at=None), name="plate_listed_once"
            ),
            models.CheckConstraint(condition=~Q(plate="") & ~Q(reason=""), name="listed_why"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="listed_valid_range",
            ),
        ]

    def __str__(self) -> str:
        return self.plate


class Ticket(models.Model):
    """Stands for the plate of a car that has none, or a temporary one: a QR of 192 random bits."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="parking_tickets",
        verbose_name=_("compound"),
    )  # fmt: skip
    number = models.CharField(_("number"), max_length=12)
    secret = EncryptedTextField(editable=False)
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    note = models.CharField(_("what the car looks like"), max_length=60, blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("made by"),
    )  # fmt: skip
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    #: Digest of a random key on the phone that holds it; kept while it is inside or owes (ADR 84).
    phone = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("parking ticket")
        verbose_name_plural = _("parking tickets")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "number"], name="ticket_number_once"),
        ]
        indexes = [
            models.Index(fields=["phone"], condition=~Q(phone=""), name="parking_ticket_by_phone"),
        ]

    def __str__(self) -> str:
        return self.number


class Bicycle(models.Model):
    """An electric bicycle, known by the tag that a reader at the shed or gate reads."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="bicycles", verbose_name=_("compound")
    )
    tag = models.CharField(_("tag"), max_length=32)
    plate = models.CharField(_("bicycle's plate"), max_length=12, blank=True)
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, related_name="bicycles", verbose_name=_("home")
    )
    owner = models.ForeignKey(
        "residents.Person", models.SET_NULL, null=True, blank=True, related_name="bicycles",
        verbose_name=_("owner"),
    )  # fmt: skip
    valid_from = models.DateField(_("first day"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("electric bicycle")
        verbose_name_plural = _("electric bicycles")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "tag"], condition=Q(ended_at=None), name="bicycle_tag_once"
            ),
            models.CheckConstraint(condition=~Q(tag=""), name="bicycle_has_tag"),
        ]

    def __str__(self) -> str:
        return self.tag


class Hold(models.Model):
    """A place kept for some minutes for a car that was let in and has not driven in yet.

    Two cars at two gates can so not both be given the last place.
    """

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    area = models.ForeignKey(
        Area, models.CASCADE, null=True, blank=True, related_name="holds",
        verbose_name=_("parking area"),
    )  # fmt: skip
    pool = models.ForeignKey(
        Pool, models.CASCADE, null=True, blank=True, related_name="holds",
        verbose_name=_("home's places"),
    )  # fmt: skip
    plate = models.CharField(_("plate"), max_length=10)
    until = models.DateTimeField(pgettext_lazy("parking", "kept until"))

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("place kept for a car")
        verbose_name_plural = _("places kept for cars")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "plate"], condition=Q(pool=None), name="hold_in_area_once"
            ),
            models.UniqueConstraint(
                fields=["pool", "plate"], condition=Q(area=None), name="hold_in_pool_once"
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=False, pool=None) | Q(area=None, pool__isnull=False),
                name="hold_of_area_or_pool",
            ),
        ]

    def __str__(self) -> str:
        return self.plate
