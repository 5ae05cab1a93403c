"""Somebody stands at a gate without an invitation, and their host's home is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from residents.models import Visit
from security.models.scope import GuardedQuerySet


class HomeCallQuerySet(GuardedQuerySet):
    """Guards see the calls of their gates; whoever lives in a home asks for its own."""

    def ringing(self, at: datetime) -> HomeCallQuerySet:
        found: HomeCallQuerySet = self.filter(state="ringing", expires_at__gt=at)
        return found


class HomeCall(models.Model):
    """One call to a home: who stands where, and what the home said."""

    class State(models.TextChoices):
        RINGING = "ringing", _("Ringing")
        LET_IN = "let_in", _("Let in by the home")
        REFUSED = "refused", _("Refused by the home")
        NOT_AT_HOME = "not_at_home", _("Nobody at home")
        TIMED_OUT = "timed_out", _("No answer")
        WITHDRAWN = "withdrawn", _("Hung up")

    #: What a home may say.
    ANSWERS = (State.LET_IN, State.REFUSED, State.NOT_AT_HOME)

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    lane = models.ForeignKey(
        "community.Lane", models.PROTECT, related_name="+", verbose_name=_("lane")
    )
    unit = models.ForeignKey(
        "community.Unit", models.CASCADE, related_name="+", verbose_name=_("home")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Visit.Kind, default=Visit.Kind.GUEST)
    #: Empty where nobody asked for it: at a tablet the visitor says it to the home.
    name = models.CharField(_("visitor"), max_length=80, blank=True)
    people = models.PositiveSmallIntegerField(_("how many people"), default=1)
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    passage = models.ForeignKey(
        "security.Passage", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: The tablet that rang; empty where a guard did.
    device = models.ForeignKey(
        "community.Device", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("called by"),
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RINGING)
    asked_at = models.DateTimeField(_("called"))
    expires_at = models.DateTimeField(_("rings until"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "residents.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    visit = models.ForeignKey(
        "residents.Visit",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("visit"),
    )

    objects: ClassVar[Any] = HomeCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to a home")
        verbose_name_plural = _("calls to homes")
        ordering = ["-id"]
        constraints = [
            # One bell rings once, however often it is pressed.
            models.UniqueConstraint(
                fields=["lane", "unit"], condition=Q(state="ringing"), name="home_call_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("asked_at")), name="home_call_ends"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["let_in", "refused", "not_at_home"])
                | Q(answered_at__isnull=False),
                name="home_call_answered_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "expires_at"],
                condition=Q(state="ringing"),
                name="home_call_ringing",
            ),
            models.Index(fields=["compound", "-asked_at"], name="home_call_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.get_kind_display()} → {self.unit}"
