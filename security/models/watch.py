"""The watch list: plates, cards and passes that a guard looks at before anything opens.

Never a face, and never a decision by itself.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.querysets import ManagerOnlyQuerySet


class WatchQuerySet(ManagerOnlyQuerySet[Any]):
    def in_force(self, at: Any) -> Any:
        return self.filter(ended_at=None, expires_at__gt=at)


class WatchEntry(models.Model):
    """One plate, card or pass, with the ground that allows it, and an end."""

    class Kind(models.TextChoices):
        PLATE = "plate", _("Plate")
        CARD = "card", _("Card")
        PASS = "pass", _("Visitor's pass")

    class Basis(models.TextChoices):
        POLICE = "police", _("Written request of the police")
        COURT = "court", _("Court order")
        PROTECTION = "protection", _("Order that protects a resident")
        OWNERS = "owners", _("Decision of the owners' assembly")

    #: Grounds that have a paper, whose number is kept.
    ON_PAPER: ClassVar[frozenset[str]] = frozenset({"police", "court", "protection"})

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    kind = models.CharField(_("what"), max_length=5, choices=Kind)
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    #: A card is known by the index of its number only; ``hint`` is its end.
    card_index = models.CharField(max_length=80, blank=True, editable=False)
    hint = models.CharField(_("ends in"), max_length=4, blank=True, editable=False)
    visit = models.ForeignKey(
        "residents.Visit",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("visit"),
    )
    basis = models.CharField(_("legal basis"), max_length=12, choices=Basis)
    reference = models.CharField(_("number of the paper"), max_length=60, blank=True)
    reason = models.CharField(_("what the guard must know"), max_length=200)
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(
        "community.User", models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    expires_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )

    objects: ClassVar[Any] = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("watch list entry")
        verbose_name_plural = _("watch list")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("entered_at")), name="watch_entry_ends"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="watch_entry_has_reason"),
            models.CheckConstraint(
                condition=Q(basis="owners") | ~Q(reference=""), name="watch_entry_has_paper"
            ),
            models.CheckConstraint(
                condition=Q(kind="plate", card_index="", visit=None) & ~Q(plate="")
                | Q(kind="card", plate="", visit=None) & ~Q(card_index="")
                | Q(kind="pass", plate="", card_index="", visit__isnull=False),
                name="watch_entry_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="watch_entry_ended_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["compound", "plate"], condition=Q(ended_at=None), name="watch_by_plate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.what}"

    @property
    def what(self) -> str:
        """The plate, the end of the card's number, or the visitor."""
        if self.kind == self.Kind.PLATE:
            return self.plate
        return f"…{self.hint}" if self.kind == self.Kind.CARD else str(self.visit)


class WatchHit(models.Model):
    """A passage at which an entry spoke, and what the guard said to it."""

    class Answer(models.TextChoices):
        NONE = "", _("Not said yet")
        YES = "yes", _("It is")
        NO = "no", _("It is not")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    entry = models.ForeignKey(
        WatchEntry, models.CASCADE, related_name="hits", verbose_name=_("entry")
    )
    passage = models.ForeignKey(
        "security.Passage", models.CASCADE, related_name="watch_hits", verbose_name=_("passage")
    )
    at = models.DateTimeField(_("when"))
    answer = models.CharField(_("is it what is meant?"), max_length=3, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("compared"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("compared by"),
    )

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("hit of the watch list")
        verbose_name_plural = _("hits of the watch list")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "passage"], name="watch_hit_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="watch_hit_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry)
