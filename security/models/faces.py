"""What a gate does with faces; off until the office says otherwise."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.querysets import CompoundQuerySet


class FaceRuleQuerySet(CompoundQuerySet[Any]):
    roles = frozenset({"manager", "installer"})


class FaceRule(models.Model):
    """Faces at one gate. Without a row a gate takes none."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    gate = models.OneToOneField(
        "community.Gate", models.CASCADE, related_name="face_rule", verbose_name=_("gate")
    )
    is_on = models.BooleanField(
        _("faces count here"),
        default=False,
        help_text=_("For residents who enrolled a face. Card, code and PIN stay as they are."),
    )
    attended = models.BooleanField(
        _("a guard stands here"),
        default=False,
        help_text=_("A gate where nobody watches asks for a second way beside the face."),
    )
    asks_task = models.BooleanField(
        _("asks to blink or to turn the head"),
        default=False,
        help_text=_("A hurdle for photographs, no proof of life: a film on a screen passes it."),
    )
    asks_second = models.BooleanField(
        _("asks for a second way beside the face"),
        default=True,
        help_text=_("A card, a code or a PIN of the same person, or the guard."),
    )
    buildings = models.ManyToManyField(
        "community.Building",
        blank=True,
        related_name="+",
        verbose_name=_("for residents of these buildings only"),
        help_text=_(
            "For the door of a building: faces of others are not even compared there. Leave empty "
            "for everybody who lives or works here."
        ),
    )

    objects: ClassVar[Any] = FaceRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("faces at a gate")
        verbose_name_plural = _("faces at gates")
        ordering = ["gate__order", "gate__name"]
        constraints = [
            # A photograph held to the camera must not simply open.
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(asks_task=True) | Q(asks_second=True),
                name="face_never_opens_bare",
            ),
        ]

    def __str__(self) -> str:
        return str(self.gate)
