"""The clock: rules per jurisdiction, the calendar of holidays, and what is due when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from residents.querysets import DeadlineQuerySet, RuleQuerySet


class DeadlineRule(models.Model):
    """How long somebody has for something in one jurisdiction, from a day on, and who says so.

    The newest version in force on a day counts; where a jurisdiction has none, ``national`` does.
    """

    class Kind(models.TextChoices):
        FIRST_REGISTRATION = "first_registration", _("First registration")
        LANDLORD_START = "landlord_start", _("Landlord reports the start")
        LANDLORD_END = "landlord_end", _("Landlord reports the end")
        PROPERTY_REPORT = "property_report", _("Report to the police")
        POLICE_ANSWER = "police_answer", _("Answer of the police")
        CHANGE_REPORT = "change_report", _("Report of a change")
        PERMIT = "permit", _("Residence permit possible")
        ENDORSEMENT = "endorsement", _("Yearly endorsement")
        LEASE_FILING = "lease_filing", _("Filing of the lease")
        LEASE_END = "lease_end", _("End of the lease")
        MOVE_OUT = "move_out", _("Expected move-out")

    class Measure(models.TextChoices):
        DAYS = "days", _("days")
        WORKING_DAYS = "working_days", _("working days")
        MONTHS = "months", _("months")
        YEARS = "years", _("years")

    class Certainty(models.TextChoices):
        READ = "read", _("Read in the source")
        EXCERPT = "excerpt", _("Seen as an excerpt")
        MEMORY = "memory", _("To be compared with the source")

    jurisdiction = models.CharField(_("jurisdiction"), max_length=40)
    kind = models.CharField(_("deadline"), max_length=20, choices=Kind)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    valid_from = models.DateField(_("in force from"))
    amount = models.PositiveSmallIntegerField(_("amount"))
    measure = models.CharField(_("measure"), max_length=12, choices=Measure)
    #: Months before the last day from which the deed is possible (endorsement).
    opens_months = models.PositiveSmallIntegerField(_("possible months before"), default=0)
    #: The last day moves behind holidays (Civil Code 203); off is the careful reading.
    rolls = models.BooleanField(_("moves behind holidays"), default=False)
    exemptions = models.JSONField(_("exemptions"), default=list, blank=True)
    #: Days before the last day on which people are reminded; 0 is the day, -1 the day after.
    remind = models.JSONField(_("reminders, days before"), default=list, blank=True)
    source = models.CharField(_("source of the rule"), max_length=300)
    certainty = models.CharField(_("how sure"), max_length=8, choices=Certainty)

    objects: ClassVar[Any] = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline rule")
        verbose_name_plural = _("deadline rules")
        ordering = ["jurisdiction", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "kind", "version"], name="deadline_rule_version_once"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="deadline_rule_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} · {self.get_kind_display()} v{self.version}"


class Holiday(models.Model):
    """A day that is no working day, or (a moved weekend) is one after all."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"), default=False)
    name = models.CharField(_("name"), max_length=40)
    source = models.CharField(_("source"), max_length=200)

    objects: ClassVar[Any] = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class Deadline(models.Model):
    """Something that somebody has to do by a day; ``key`` says what it is for, once."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        MET = "met", _("Done")
        DROPPED = "dropped", _("No longer needed")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    kind = models.CharField(_("deadline"), max_length=20, choices=DeadlineRule.Kind)
    key = models.CharField(max_length=60, editable=False)
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, related_name="+", verbose_name=_("home")
    )
    person = models.ForeignKey(
        "residents.Person",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="deadlines",
        verbose_name=_("person"),
    )
    registration = models.ForeignKey(
        "residents.Registration",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="deadlines",
        verbose_name=_("registration"),
    )
    lease = models.ForeignKey(
        "residents.Lease",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="deadlines",
        verbose_name=_("lease"),
    )
    letting = models.ForeignKey(
        "residents.Letting",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="deadlines",
        verbose_name=_("let home"),
    )
    rule = models.ForeignKey(
        DeadlineRule,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rule"),
    )
    opens_on = models.DateField(_("possible from"), null=True, blank=True)
    due_on = models.DateField(_("due by"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    met_on = models.DateField(_("done on"), null=True, blank=True)
    #: The day of the next reminder; empty when there is none left.
    remind_on = models.DateField(_("next reminder"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)

    objects: ClassVar[Any] = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "key"], name="deadline_key_once"),
            models.CheckConstraint(
                condition=~Q(state="met") | Q(met_on__isnull=False), name="deadline_met_when"
            ),
        ]
        indexes = [
            models.Index(
                # The state too, though it is one: what counts the list then reads no row.
                fields=["compound", "state", "due_on", "id"],
                condition=Q(state="open"),
                name="deadline_by_urgency",
            ),
            models.Index(
                fields=["remind_on"],
                condition=Q(state="open", remind_on__isnull=False),
                name="deadline_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on:%Y-%m-%d}"
