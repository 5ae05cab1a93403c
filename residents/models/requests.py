"""Repairs and complaints: what was reported, who works on it, until when, and how it went."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from community.querysets import CompoundQuerySet
from residents.service_querysets import NoteQuerySet, OfRequestQuerySet, RequestQuerySet


class Category(models.TextChoices):
    WATER = "water", _("Water and drains")
    POWER = "power", _("Electricity")
    LIFT = "lift", _("Lift")
    DOOR = "door", _("Doors and locks")
    COMMON = "common", _("Common areas")
    NOISE = "noise", _("Noise")
    CLEANING = "cleaning", _("Cleaning")
    PARKING = "parking", _("Parking")
    STAFF = "staff", _("Staff and service")
    OTHER = "other", _("Something else")


class RequestRule(models.Model):
    """How long the office has for one category; every compound sets its own."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    category = models.CharField(_("category"), max_length=10, choices=Category)
    hours = models.PositiveSmallIntegerField(_("hours until done"))
    remind_hours = models.PositiveSmallIntegerField(_("reminded again after hours"), default=24)
    source = models.CharField(_("source of the rule"), max_length=200)

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for requests")
        verbose_name_plural = _("rules for requests")
        ordering = ["compound", "category"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "category"], name="request_rule_once"),
            models.CheckConstraint(
                condition=Q(hours__gte=1, remind_hours__gte=1), name="request_rule_positive"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="request_rule_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}: {self.hours} h"


class ServiceRequest(models.Model):
    """One repair or complaint. Reported online, or at the desk on somebody's behalf."""

    class Kind(models.TextChoices):
        REPAIR = "repair", _("Repair")
        COMPLAINT = "complaint", _("Complaint")

    class State(models.TextChoices):
        REPORTED = "reported", _("Reported")
        ASSIGNED = "assigned", _("Assigned")
        IN_WORK = "in_work", _("In work")
        DONE = "done", _("Done")
        RATED = "rated", _("Rated")
        REFUSED = "refused", _("Not accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    category = models.CharField(_("category"), max_length=10, choices=Category)
    person = models.ForeignKey(
        "residents.Person",
        models.CASCADE,
        related_name="requests",
        verbose_name=_("reported by"),
    )
    unit = models.ForeignKey(
        "community.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("home"),
    )
    place = models.CharField(_("place"), max_length=80, blank=True)
    description = EncryptedTextField(_("description"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REPORTED)
    on_behalf_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken down by"),
    )
    assigned_to = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    craftsman = models.CharField(_("craftsman"), max_length=60, blank=True)
    comes_at = models.DateTimeField(_("comes at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"))
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True)
    rating_text = EncryptedTextField(_("words of the rating"), blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    key = models.CharField(max_length=80, unique=True, editable=False)
    created_at = models.DateTimeField(_("reported"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects: ClassVar[Any] = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5, state="rated"),
                name="request_rating_one_to_five",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="request_refused_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "rated"]) | Q(done_at__isnull=False),
                name="request_done_has_time",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(place=""), name="request_has_place"
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "state", "due_at"], name="request_by_due"),
            models.Index(fields=["person", "-id"], name="request_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} · {self.get_category_display()}"


class RequestNote(models.Model):
    """Something said about a request: an answer to the person, or a note among the staff."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, related_name="notes", verbose_name=_("request")
    )
    author = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    text = EncryptedTextField(_("text"))
    is_internal = models.BooleanField(_("only for the staff"), default=False)
    created_at = models.DateTimeField(_("written"))

    objects: ClassVar[Any] = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class RequestPicture(models.Model):
    """A picture of what is wrong: a sealed file, its key in this row."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, related_name="pictures", verbose_name=_("request")
    )
    file = models.CharField(max_length=120, unique=True, editable=False)
    seal = EncryptedTextField(editable=False)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))

    objects: ClassVar[Any] = OfRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of a request")
        verbose_name_plural = _("pictures of requests")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)
