"""Registration of the floating population (流动人口登记): the form, its states, its photographs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from residents import codes
from residents.models.people import Person
from residents.querysets import OfficeQuerySet, RegistrationQuerySet


class Registration(models.Model):
    """One person's registration in one home. The form's values are those of its last state.

    Residence years count from ``counts_from``: the day of registration, or of a late endorsement.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        DRAFT = "draft", _("Being filled in")
        SUBMITTED = "submitted", _("To be checked")
        RETURNED = "returned", _("Returned for correction")
        ACCEPTED = "accepted", _("Accepted, to be reported")
        REPORTED = "reported", _("Reported to the police")
        CONFIRMED = "confirmed", _("Registered")
        EXPIRING = "expiring", _("Runs out soon")
        RENEWED = "renewed", _("Renewed")
        ENDED = "ended", _("Ended")

    class Origin(models.TextChoices):
        TENANT = "tenant", _("By the tenant")
        LANDLORD = "landlord", _("By the landlord")
        DESK = "desk", _("At the desk")

    class EndReason(models.TextChoices):
        MOVED_OUT = "moved_out", _("Moved out")
        EXPIRED = "expired", _("Ran out")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXEMPT = "exempt", _("Need not register")
        MISTAKEN = "mistaken", _("Made by mistake")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, related_name="registrations", verbose_name=_("home")
    )
    #: The file; none until the desk has accepted somebody who had none here.
    person = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("person"),
    )
    letting = models.ForeignKey(
        "residents.Letting",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("let home"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    origin = models.CharField(_("started"), max_length=8, choices=Origin)
    on_behalf = models.BooleanField(_("filled in on behalf"), default=False)
    started_by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: Counts every change: a page that shows an older one decides nothing.
    version = models.PositiveIntegerField(default=1, editable=False)
    nonce = models.CharField(max_length=32, editable=False)

    # The form, in the order of its steps: you, home, reason.
    name = models.CharField(_("full name"), max_length=80, blank=True)
    name_latin = models.CharField(_("name in Latin letters"), max_length=80, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=codes.Sex, blank=True)
    ethnicity = models.CharField(
        _("ethnicity"), max_length=2, choices=list(codes.ETHNICITIES.items()), blank=True
    )
    nationality = models.CharField(_("nationality"), max_length=3, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    document_kind = models.CharField(
        _("document"), max_length=12, choices=Person.Document, blank=True
    )
    document = EncryptedTextField(_("document number"), blank=True)
    document_index = models.CharField(max_length=80, blank=True, editable=False)
    phone = EncryptedTextField(_("phone"), blank=True)
    phone_index = models.CharField(max_length=80, blank=True, editable=False)
    hukou_address = EncryptedTextField(_("hukou address"), blank=True)
    hukou_province = models.CharField(_("hukou province"), max_length=2, blank=True)
    political = models.CharField(
        _("political status"), max_length=2, choices=codes.Political, blank=True
    )
    marriage = models.CharField(_("marriage"), max_length=2, choices=codes.Marriage, blank=True)
    education = models.CharField(_("education"), max_length=2, choices=codes.Education, blank=True)
    moved_in_on = models.DateField(_("moved in on"), null=True, blank=True)
    expected_out_on = models.DateField(_("staying until"), null=True, blank=True)
    relation = models.CharField(
        _("relation to the head"), max_length=2, choices=codes.Relation, blank=True
    )
    reason = models.CharField(
        _("reason for coming"), max_length=2, choices=codes.Reason, blank=True
    )
    occupation = models.CharField(
        _("occupation"), max_length=2, choices=codes.Occupation, blank=True
    )
    workplace = EncryptedTextField(_("workplace"), blank=True)
    social_insurance = models.BooleanField(_("has social insurance here"), null=True, blank=True)
    landlord_name = models.CharField(_("landlord's name"), max_length=80, blank=True)
    landlord_phone = EncryptedTextField(_("landlord's phone"), blank=True)
    lease_from = models.DateField(_("lease from"), null=True, blank=True)
    lease_to = models.DateField(_("lease to"), null=True, blank=True)

    created_at = models.DateTimeField(_("started at"), auto_now_add=True)
    #: The last change that the police station has to learn of.
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    return_reason = models.CharField(_("what to correct"), max_length=200, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    police_number = models.CharField(_("police receipt"), max_length=40, blank=True)
    permit_number = EncryptedTextField(_("residence permit number"), blank=True)
    permit_issued_on = models.DateField(_("residence permit of"), null=True, blank=True)
    counts_from = models.DateField(_("years count from"), null=True, blank=True)
    endorsed_until = models.DateField(_("endorsed until"), null=True, blank=True)
    suspended_on = models.DateField(_("permit suspended on"), null=True, blank=True)
    renewed_on = models.DateField(_("renewed on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("why ended"), max_length=10, choices=EndReason, blank=True)

    objects: ClassVar[Any] = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_out_on=None)
                | Q(moved_in_on=None)
                | Q(expected_out_on__gte=F("moved_in_on")),
                name="registration_out_after_in",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="registration_end_is_said",
            ),
            # One live registration of a person in a home, from acceptance on.
            models.UniqueConstraint(
                fields=["person", "unit"],
                condition=Q(state__in=["accepted", "reported", "confirmed", "expiring", "renewed"]),
                name="registration_live_once",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "state", "-id"], name="registration_by_state"),
            models.Index(fields=["compound", "document_index"], name="registration_by_document"),
            models.Index(fields=["compound", "phone_index"], name="registration_by_phone"),
            models.Index(fields=["compound", "changed_at"], name="registration_changed"),
            # What the police station does not know: few of very many.
            models.Index(
                fields=["compound", "id"],
                condition=Q(reported_at=None) | Q(changed_at__gt=F("reported_at")),
                name="registration_to_report",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or '—'} · {self.unit}"


class RegistrationStep(models.Model):
    """One step of a registration: from which state to which, when, by whom, in whose words."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="steps", verbose_name=_("registration")
    )
    at = models.DateTimeField(_("when"))
    state = models.CharField(_("state"), max_length=10, choices=Registration.State)
    by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a registration")
        verbose_name_plural = _("steps of registrations")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.get_state_display())


class RegistrationPhoto(models.Model):
    """A photograph of a document: a sealed file, its key in this row. No row, no picture."""

    class Kind(models.TextChoices):
        DOCUMENT_FRONT = "document_front", _("Document, side with the photo")
        DOCUMENT_BACK = "document_back", _("Document, other side")
        PORTRAIT = "portrait", _("Portrait")
        LEASE = "lease", _("Lease")
        DEED = "deed", _("Deed of the home")
        LANDLORD = "landlord", _("Landlord's document")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="photos", verbose_name=_("registration")
    )
    kind = models.CharField(_("what"), max_length=14, choices=Kind)
    file = models.CharField(max_length=120, unique=True, editable=False)
    #: The file's own key, sealed like any personal value: rotating keys never touches files.
    seal = EncryptedTextField(editable=False)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    taken_at = models.DateTimeField(_("added"))

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("photograph of a document")
        verbose_name_plural = _("photographs of documents")
        constraints = [
            models.UniqueConstraint(fields=["registration", "kind"], name="photo_kind_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
