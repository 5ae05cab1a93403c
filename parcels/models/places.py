"""Where parcels lie: compartments of locker banks, and shelves at the desk."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from community.querysets import CompoundQuerySet, PlacesQuerySet
from parcels.querysets import CompartmentQuerySet

INSIDE = RegexValidator(
    r"\A[1-9]\d{0,2} ?[×xX*] ?[1-9]\d{0,2} ?[×xX*] ?[1-9]\d{0,2}\Z",
    _("Type three numbers of centimetres, such as 35 × 45 × 10."),
)


class PhoneProof(models.TextChoices):
    """How a phone shows that it stands in front of a bank before it opens something there."""

    SHOWN = "shown", _("What the tablet shows, new every minute")
    LABEL = "label", _("The label on the locker")
    NONE = "none", _("Nothing: the button is enough")


class LockerBank(models.Model):
    compound = models.ForeignKey(
        "community.Compound",
        models.CASCADE,
        related_name="locker_banks",
        verbose_name=_("compound"),
    )
    name = models.CharField(_("name"), max_length=40)
    place = models.CharField(_("place"), max_length=80, blank=True)
    device = models.OneToOneField(
        "community.Device",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="locker_bank",
        verbose_name=_("device"),
    )
    #: How the cabinet looks: what the screen draws; left out while nobody has measured it.
    rows = models.PositiveSmallIntegerField(
        _("compartments above one another"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(40)],
        help_text=_("Numbered downwards, column by column from the left: the screen draws it."),
    )  # fmt: skip
    small_cm = models.CharField(
        _("small, inside"), max_length=16, blank=True, validators=[INSIDE],
        help_text=_("Width × depth × height in centimetres, such as 35 × 45 × 10."),
    )  # fmt: skip
    medium_cm = models.CharField(
        _("medium, inside"), max_length=16, blank=True, validators=[INSIDE]
    )
    large_cm = models.CharField(_("large, inside"), max_length=16, blank=True, validators=[INSIDE])
    #: The tablet beside the bank opens its page with this; found by its digest.
    tablet = EncryptedTextField(blank=True, editable=False)
    tablet_digest = models.CharField(max_length=64, blank=True, editable=False)
    phone_proof = models.CharField(
        _("a phone opens with"), max_length=5, choices=PhoneProof, default=PhoneProof.SHOWN,
        help_text=_(
            "How a resident's phone shows that it is at the locker. Without a tablet the label "
            "takes its place."
        ),
    )  # fmt: skip
    #: Counts the labels that were printed; a new one ends those before it.
    label_turn = models.PositiveSmallIntegerField(default=1, editable=False)
    #: Wrong codes at this bank, since when, and until when it takes none.
    wrong = models.PositiveSmallIntegerField(default=0, editable=False)
    wrong_since = models.DateTimeField(null=True, blank=True, editable=False)
    locked_until = models.DateTimeField(_("takes no codes until"), null=True, blank=True)
    #: Since when nearly all of its doors have read open, without an order.
    all_open_since = models.DateTimeField(
        _("all doors open since"), null=True, blank=True, editable=False
    )

    objects: ClassVar[Any] = PlacesQuerySet.as_manager()

    class Meta:
        verbose_name = _("locker bank")
        verbose_name_plural = _("locker banks")
        ordering = ["compound", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="locker_bank_name_once"),
            models.UniqueConstraint(
                fields=["tablet_digest"],
                condition=~Q(tablet_digest=""),
                name="locker_tablet_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Compartment(models.Model):
    class Size(models.TextChoices):
        SMALL = "small", _("Small")
        MEDIUM = "medium", _("Medium")
        LARGE = "large", _("Large")

    class Alarm(models.TextChoices):
        NONE = "", _("Nothing")
        FORCED = "forced", _("Open without an order")
        LEFT_OPEN = "left_open", _("Left open")

    bank = models.ForeignKey(
        LockerBank, models.CASCADE, related_name="compartments", verbose_name=_("locker bank")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    size = models.CharField(_("size"), max_length=6, choices=Size)
    is_faulty = models.BooleanField(_("out of order"), default=False)
    #: What the last look at its door said, and since when.
    alarm = models.CharField(
        _("alarm"), max_length=9, choices=Alarm, blank=True, default=Alarm.NONE, editable=False
    )
    open_since = models.DateTimeField(_("open since"), null=True, blank=True, editable=False)
    #: The last order to open it; who opens it without one is not from us.
    ordered_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = CompartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("compartment")
        verbose_name_plural = _("compartments")
        ordering = ["bank", "number"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "number"], name="compartment_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.number:02d}"


class Shelf(models.Model):
    """A place at the desk, for what does not fit into a locker and for registered mail."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=40)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("shelf")
        verbose_name_plural = _("shelves")
        ordering = ["compound", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="shelf_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Unanswered(models.TextChoices):
    """What a courier does where the recipient wants to be asked and does not answer in time."""

    DESK = "desk", _("To the desk")
    ANOTHER_DAY = "another_day", _("The courier comes on another day")


class KeepingRule(models.Model):
    """How long parcels are kept, and what happens then; every compound sets its own.

    Nothing costs anything inside or after these periods, and nothing is ever thrown away: at the
    end a parcel goes back to its carrier.
    """

    compound = models.OneToOneField(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    keep_hours = models.PositiveSmallIntegerField(_("hours in the locker"), default=48)
    remind_hours = models.PositiveSmallIntegerField(_("reminded after hours"), default=24)
    ask_hours = models.PositiveSmallIntegerField(
        _("hours to answer when the time is over"), default=24
    )
    desk_days = models.PositiveSmallIntegerField(_("days at the desk"), default=7)
    couriers_from = models.TimeField(_("couriers are let in from"), default=time(7))
    couriers_until = models.TimeField(_("couriers are let in until"), default=time(22))
    courier_entries = models.PositiveSmallIntegerField(
        _("times a courier may enter in a day"), default=12
    )
    answer_minutes = models.PositiveSmallIntegerField(
        _("minutes to answer a courier's question"), default=10
    )
    unanswered = models.CharField(
        _("without an answer"), max_length=11, choices=Unanswered, default=Unanswered.DESK
    )
    source = models.CharField(_("source of the rule"), max_length=200)

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for keeping parcels")
        verbose_name_plural = _("rules for keeping parcels")
        constraints = [
            models.CheckConstraint(
                condition=Q(keep_hours__gte=1, ask_hours__gte=1, desk_days__gte=1),
                name="keeping_positive",
            ),
            models.CheckConstraint(
                condition=Q(remind_hours__lt=models.F("keep_hours")), name="keeping_reminds_before"
            ),
            models.CheckConstraint(
                condition=Q(couriers_from__lt=models.F("couriers_until")), name="keeping_gate_hours"
            ),
            models.CheckConstraint(
                condition=Q(courier_entries__gte=1, courier_entries__lte=200)
                & Q(answer_minutes__gte=1, answer_minutes__lte=240),
                name="keeping_gate_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.keep_hours} h"
