"""Signs of life at a home, and signals: where the files and life disagree."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from residents.querysets import OfficeQuerySet, SignalQuerySet


class SignalKind(models.TextChoices):
    LEASE_OVER = "lease_over", _("Lease ended, entries go on")
    NO_LIFE = "no_life", _("Registered, no sign of life")
    PASS_NIGHTS = "pass_nights", _("Visitors' passes on many nights")
    CAR_NIGHTS = "car_nights", _("Unregistered car overnight")


class SignalRule(models.Model):
    """From what on one kind of signal is given here, and how much it weighs."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    kind = models.CharField(_("signal"), max_length=12, choices=SignalKind)
    times = models.PositiveSmallIntegerField(
        _("days or nights at least"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("Without meaning for “no sign of life”."),
    )
    days = models.PositiveSmallIntegerField(
        _("within days"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("For “no sign of life”: for how many days nothing was seen."),
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("1 to 100; the heaviest stand first."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for signals")
        verbose_name_plural = _("rules for signals")
        ordering = ["compound", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "kind"], name="signal_rule_once"),
            models.CheckConstraint(
                condition=Q(times__gte=1, days__gte=1, weight__gte=1, weight__lte=100),
                name="signal_rule_range",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Sign(models.Model):
    """Somebody or some car was here on a day: one row per source, home, person and day.

    Written by the apps above through ``operations.record_sign``; kept short, read by the nightly
    weighing only.
    """

    class Kind(models.TextChoices):
        ENTRY = "entry", _("Entry")
        PASS_NIGHT = "pass_night", _("Visitor's pass overnight")
        CAR_NIGHT = "car_night", _("Unregistered car overnight")

    class Source(models.TextChoices):
        CARD = "card", _("Card")
        QR = "qr", _("Personal QR code")
        PIN = "pin", _("Home number and PIN")
        PASS = "pass", _("Visitor's pass")
        CAR = "car", _("Car")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    source = models.CharField(_("known by"), max_length=8, choices=Source)
    key = models.CharField(max_length=60, editable=False)
    on = models.DateField(_("day"))
    unit = models.ForeignKey(
        "community.Unit",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("home"),
    )
    person = models.ForeignKey(
        "residents.Person",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="signs",
        verbose_name=_("person"),
    )
    plate = models.CharField(_("plate"), max_length=10, blank=True)

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "source", "key"], name="sign_once"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(person__isnull=False) | ~Q(plate=""),
                name="sign_of_something",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "kind", "on"], name="sign_by_day"),
            models.Index(fields=["unit", "on"], name="sign_of_home"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%Y-%m-%d}"


class Signal(models.Model):
    """One disagreement of files and life, with its evidence; what leads on is a visit.

    ``subject`` names what it is about (such as ``lease:7``): it is open once at a time.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To look at")
        VISIT = "visit", _("Visit planned")
        MUTED = "muted", _("Muted")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        REGISTERED = "registered", _("Registered now")
        GUEST = "guest", _("Guest")
        MISTAKEN = "mistaken", _("Mistaken")
        MOVED_OUT = "moved_out", _("Moved out")
        SETTLED = "settled", _("Settled by itself")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    kind = models.CharField(_("signal"), max_length=12, choices=SignalKind)
    subject = models.CharField(max_length=40, editable=False)
    unit = models.ForeignKey(
        "community.Unit",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("home"),
    )
    person = models.ForeignKey(
        "residents.Person",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="signals",
        verbose_name=_("person"),
    )
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    weight = models.PositiveSmallIntegerField(_("weight"))
    evidence = models.JSONField(_("evidence"), default=dict)
    found_on = models.DateField(_("found"))
    assigned_to = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who calls there"),
    )
    visit_on = models.DateField(_("visit on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    #: Why it was muted, or what was found.
    note = models.CharField(_("note"), max_length=200, blank=True)
    muted_until = models.DateField(_("muted until"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )

    objects: ClassVar[Any] = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        ordering = ["-weight", "found_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "subject"],
                condition=~Q(state="closed"),
                name="signal_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="muted") | (Q(muted_until__isnull=False) & ~Q(note="")),
                name="signal_muted_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="signal_closed_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="visit") | Q(visit_on__isnull=False), name="signal_visit_when"
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "state", "-weight"], name="signal_by_weight"),
            models.Index(fields=["compound", "subject"], name="signal_of_subject"),
        ]

    def __str__(self) -> str:
        where = self.plate if self.unit_id is None else self.unit
        return f"{self.get_kind_display()} · {where}"
