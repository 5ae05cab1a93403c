"""What people ask for and report of their cars: a registration, a longer permit, a dispute."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.fields import EncryptedTextField
from parking.models.permits import Permit
from parking.models.stays import Stay
from parking.models.vehicles import PlateKind, Vehicle
from parking.wish_querysets import BlockedQuerySet, ReportQuerySet, WishQuerySet


class Sealed(models.Model):
    """A row with one picture at most: the file is sealed, its key stands here."""

    file = models.CharField(max_length=120, blank=True, editable=False)
    seal = EncryptedTextField(blank=True, editable=False)
    picture_removed_at = models.DateTimeField(_("picture removed"), null=True, blank=True)

    class Meta:
        abstract = True


class Answered(models.Model):
    """A row that waits until somebody answers it, once."""

    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("answered by"),
    )  # fmt: skip

    class Meta:
        abstract = True


class CarWish(Sealed, Answered):
    """Somebody asks to have a car registered to their home; the picture shows its licence."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for the desk")
        APPROVED = "approved", pgettext_lazy("parking", "Registered")
        REFUSED = "refused", _("Not registered")
        WITHDRAWN = "withdrawn", _("Taken back")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    person = models.ForeignKey(
        "residents.Person", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, related_name="+", verbose_name=_("home")
    )
    plate = models.CharField(_("plate"), max_length=10)
    kind = models.CharField(
        _("plate kind"), max_length=12, choices=PlateKind, default=PlateKind.UNKNOWN
    )
    colour = models.CharField(_("car colour"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    vehicle = models.ForeignKey(
        Vehicle, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("vehicle"),
    )  # fmt: skip

    objects: ClassVar[Any] = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("car to be approved")
        verbose_name_plural = _("cars to be approved")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "plate"], condition=Q(state="waiting"), name="car_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at=None)
                | ~Q(state="waiting") & Q(answered_at__isnull=False),
                name="car_wish_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="car_refused_why"
            ),
        ]

    def __str__(self) -> str:
        return self.plate


class RenewalWish(Answered):
    """Somebody asks to have a permit prolonged."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for the desk")
        GRANTED = "granted", _("Prolonged")
        REFUSED = "refused", _("Not prolonged")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    permit = models.ForeignKey(
        Permit, models.CASCADE, related_name="wishes", verbose_name=_("parking permit")
    )
    person = models.ForeignKey(
        "residents.Person", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    until = models.DateField(_("asked until"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    objects: ClassVar[Any] = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("permit to be prolonged")
        verbose_name_plural = _("permits to be prolonged")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["permit"], condition=Q(state="waiting"), name="renewal_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at=None)
                | ~Q(state="waiting") & Q(answered_at__isnull=False),
                name="renewal_answered",
            ),
        ]

    def __str__(self) -> str:
        return str(self.permit)


class Dispute(Sealed, Answered):
    """Somebody says that a stay on their account is not as it was; the desk or a guard answers."""

    class What(models.TextChoices):
        NOT_MINE = "not_mine", _("This was not my car")
        TIMES = "times", _("The times are wrong")
        PRICE = "price", _("The price is wrong")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        WAITING = "waiting", _("Is being looked at")
        CORRECTED = "corrected", pgettext_lazy("parking", "Put right")
        STANDS = "stands", _("Stands as it is")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    stay = models.ForeignKey(
        Stay, models.CASCADE, related_name="disputes", verbose_name=pgettext_lazy("parking", "stay")
    )
    person = models.ForeignKey(
        "residents.Person", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    what = models.CharField(pgettext_lazy("parking", "what is wrong"), max_length=8, choices=What)
    text = EncryptedTextField(_("in words"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    objects: ClassVar[Any] = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("disputed stay")
        verbose_name_plural = _("disputed stays")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stay"], condition=Q(state="waiting"), name="stay_disputed_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at=None)
                | ~Q(state="waiting") & Q(answered_at__isnull=False) & ~Q(answer=""),
                name="dispute_answered",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_what_display())


class BlockedCar(Sealed):
    """A car stands in somebody's way. Its owner is told; neither learns the other's name.

    ``person`` is who reported it, ``vehicle`` the car in the way where it is registered here.
    """

    class State(models.TextChoices):
        TOLD = "told", _("Passed on")
        COMING = "coming", _("Is being driven away")
        GUARD = "guard", _("A guard looks after it")
        OVER = "over", _("Settled")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    person = models.ForeignKey(
        "residents.Person", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    plate = models.CharField(_("plate"), max_length=10)
    vehicle = models.ForeignKey(
        Vehicle, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("vehicle"),
    )  # fmt: skip
    place = models.CharField(_("where it stands"), max_length=60)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.TOLD)
    reported_at = models.DateTimeField(_("reported"))
    minutes = models.PositiveSmallIntegerField(_("minutes until it is gone"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    guard_at = models.DateTimeField(_("given to the guard"), null=True, blank=True)
    ended_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects: ClassVar[Any] = BlockedQuerySet.as_manager()

    class Meta:
        verbose_name = _("car in the way")
        verbose_name_plural = _("cars in the way")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "plate"], condition=Q(ended_at=None), name="blocked_told_once"
            ),
            models.CheckConstraint(
                condition=Q(state="over", ended_at__isnull=False)
                | ~Q(state="over") & Q(ended_at=None),
                name="blocked_over_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["reported_at"], condition=Q(ended_at=None), name="blocked_open"),
        ]

    def __str__(self) -> str:
        return self.plate
