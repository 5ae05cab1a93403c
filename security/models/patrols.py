"""Rounds on foot: which points a guard passes, when, and what was found walked."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.fields import EncryptedTextField
from security.models.scope import GuardedQuerySet


class PatrolPoint(models.Model):
    """A place that a guard must pass; its sheet shows a QR code with a secret."""

    compound = models.ForeignKey(
        "community.Compound",
        models.CASCADE,
        related_name="patrol_points",
        verbose_name=_("compound"),
    )
    name = models.CharField(_("name"), max_length=40)
    place = models.CharField(_("where the sheet hangs"), max_length=120, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    secret = EncryptedTextField(editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    secret_since = models.DateTimeField(_("code valid since"), editable=False)

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("patrol point")
        verbose_name_plural = _("patrol points")
        ordering = ["compound", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="patrol_point_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PatrolRoute(models.Model):
    """Points to pass, at which times of which days, and how exactly."""

    compound = models.ForeignKey(
        "community.Compound",
        models.CASCADE,
        related_name="patrol_routes",
        verbose_name=_("compound"),
    )
    name = models.CharField(_("name"), max_length=40)
    in_order = models.BooleanField(_("points in this order"), default=False)
    #: Minutes after midnight in the compound's time zone, rising.
    starts = models.JSONField(_("starts"), default=list)
    #: 0 is Monday.
    weekdays = models.JSONField(pgettext_lazy("weekdays", "days"), default=list)
    tolerance_min = models.PositiveSmallIntegerField(
        _("minutes it may begin earlier or later"),
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    duration_min = models.PositiveSmallIntegerField(
        _("minutes it takes at most"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    is_active = models.BooleanField(_("in use"), default=True)
    points = models.ManyToManyField(
        PatrolPoint, through="security.PatrolStop", related_name="routes", verbose_name=_("points")
    )

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("patrol route")
        verbose_name_plural = _("patrol routes")
        ordering = ["compound", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="patrol_route_name_once"),
            models.CheckConstraint(
                condition=Q(tolerance_min__range=(5, 240), duration_min__range=(5, 240)),
                name="patrol_route_minutes_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StopQuerySet(GuardedQuerySet):
    path = "route__compound_id"


class PatrolStop(models.Model):
    """One point of a route, and its place in it."""

    route = models.ForeignKey(PatrolRoute, models.CASCADE, related_name="stops")
    point = models.ForeignKey(PatrolPoint, models.PROTECT, related_name="stops")
    order = models.PositiveSmallIntegerField(_("order"))

    objects: ClassVar[Any] = StopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop of a route")
        verbose_name_plural = _("stops of a route")
        ordering = ["route", "order"]
        constraints = [
            models.UniqueConstraint(fields=["route", "point"], name="patrol_stop_once"),
            models.UniqueConstraint(fields=["route", "order"], name="patrol_stop_order_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.point}"


class PatrolRound(models.Model):
    """One walk of a route: planned by the clock, or begun by a guard's own accord."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("patrol round", "Planned")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Complete")
        INCOMPLETE = "incomplete", _("Points missed")
        MISSED = "missed", _("Not walked")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    route = models.ForeignKey(
        PatrolRoute, models.PROTECT, related_name="rounds", verbose_name=_("route")
    )
    #: The route's points when the round was planned, in order: ids, for routes change.
    stops = models.JSONField(default=list)
    planned_at = models.DateTimeField(_("planned"))
    opens_at = models.DateTimeField(_("may begin from"))
    late_at = models.DateTimeField(_("late from"))
    due_at = models.DateTimeField(_("to be complete by"))
    is_extra = models.BooleanField(_("of own accord"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    started_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("walked by"),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    missed = models.PositiveSmallIntegerField(_("points missed"), default=0)

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("patrol round")
        verbose_name_plural = _("patrol rounds")
        ordering = ["-planned_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["route", "planned_at"], name="patrol_round_once"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "missed"], started_at=None, started_by=None)
                | Q(
                    state__in=["running", "done", "incomplete"],
                    started_at__isnull=False,
                    started_by__isnull=False,
                ),
                name="patrol_round_walked_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "running"], ended_at=None)
                | Q(state__in=["done", "incomplete", "missed"], ended_at__isnull=False),
                name="patrol_round_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lte=F("planned_at"), due_at__gt=F("planned_at"))
                & Q(late_at__gte=F("planned_at"), late_at__lte=F("due_at")),
                name="patrol_round_times_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "-planned_at"], name="patrol_round_by_time"),
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["planned", "running"]),
                name="patrol_round_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.route)


class PatrolScan(models.Model):
    """A guard was at a point: said by its code, or by hand with a reason; once per round."""

    class How(models.TextChoices):
        CODE = "code", _("Code scanned")
        HAND = "hand", _("By hand")

    class Reason(models.TextChoices):
        SHEET_DAMAGED = "sheet_damaged", _("The sheet is gone or damaged")
        NO_CAMERA = "no_camera", _("The phone cannot read it")
        DARK = "dark", _("Too dark to read it")
        OTHER = "other", _("Other")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    round = models.ForeignKey(PatrolRound, models.CASCADE, related_name="scans")
    point = models.ForeignKey(PatrolPoint, models.PROTECT, related_name="scans")
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey("community.User", models.PROTECT, related_name="+", verbose_name=_("by"))
    how = models.CharField(_("how"), max_length=4, choices=How)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    out_of_order = models.BooleanField(_("out of order"), default=False)

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("point confirmed")
        verbose_name_plural = _("points confirmed")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "point"], name="patrol_scan_once"),
            models.CheckConstraint(
                condition=Q(how="code", reason="") | Q(Q(how="hand"), ~Q(reason="")),
                name="patrol_scan_by_hand_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point} · {self.get_how_display()}"
