"""How somebody wants to be delivered to: asked before anything is put into a locker."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parcels.querysets import ChoiceQuerySet


class Kind(models.TextChoices):
    """What comes, or goes."""

    PARCEL = "parcel", _("Parcel")
    LETTER = "letter", _("Letter")
    REGISTERED = "registered", _("Registered mail")
    OUTGOING = "outgoing", _("To be sent")


class Way(models.TextChoices):
    """Where it is to be left."""

    LOCKER = "locker", _("Locker")
    DESK = "desk", _("Leave it at the desk")
    DOOR = "door", _("At my door")
    NEIGHBOUR = "neighbour", _("With a neighbour")
    ASK = "ask", _("Ask me each time")


class DeliveryChoice(models.Model):
    """One person's choice, for one carrier or all, for one kind or all. The narrowest counts.

    Ended, never changed: what was chosen when a parcel came stays provable.
    """

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    person = models.ForeignKey(
        "residents.Person", models.CASCADE, related_name="delivery_choices",
        verbose_name=_("person"),
    )  # fmt: skip
    carrier = models.ForeignKey(
        "parcels.Carrier", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("carrier"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, blank=True)
    way = models.CharField(_("where"), max_length=9, choices=Way)
    neighbour = models.CharField(_("neighbour's home"), max_length=32, blank=True)
    on_behalf = models.BooleanField(_("at the desk, on behalf"), default=False)
    made_by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("made by"),
    )  # fmt: skip
    made_at = models.DateTimeField(_("chosen"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar[Any] = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery choice")
        verbose_name_plural = _("delivery choices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "carrier", "kind"],
                condition=Q(ended_at=None, carrier__isnull=False),
                name="choice_of_carrier_once",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(ended_at=None, carrier=None),
                name="choice_once",
            ),
            models.CheckConstraint(
                condition=~Q(way="neighbour") | ~Q(neighbour=""), name="choice_names_neighbour"
            ),
            models.CheckConstraint(
                condition=~Q(kind="registered", way="locker"), name="choice_registered_no_locker"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_way_display())
