"""Parcels and mail: where each one is, how it came there, who may open for it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from parcels.models.choices import Kind
from parcels.querysets import OfParcelQuerySet, ParcelQuerySet

#: States in which the parcel lies, or is being put, into its compartment.
IN_LOCKER = ("opening", "stored", "taking")
LIVE = (*IN_LOCKER, "desk")
ENDED = ("collected", "delivered", "returned", "undone")
#: The same as a state among LIVE (a constraint says so), in words that SQLite's planner can match
#: with a question: it does not look into parameters to see whether an index fits.
LIVE_ROW = Q(ended_at=None)


class Parcel(models.Model):
    """One parcel or piece of mail. It is in one compartment, or on one shelf, or gone.

    ``opening``: its compartment is reserved and told to open; ``taking``: told to open for
    whoever fetches it. Both end when the door is seen shut, or when a person has looked.
    """

    class State(models.TextChoices):
        OPENING = "opening", _("Being put in")
        STORED = "stored", _("In the locker")
        TAKING = "taking", _("Being taken out")
        DESK = "desk", _("Lies at the desk")
        COLLECTED = "collected", _("Fetched")
        DELIVERED = "delivered", _("Brought home")
        RETURNED = "returned", _("Given to the carrier")
        UNDONE = "undone", _("Not put in")

    class Rung(models.IntegerChoices):
        """How far the ladder has gone after the keeping period."""

        NONE = 0, _("In time")
        REMINDED = 1, _("Reminded")
        ASKED = 2, _("Asked what to do")
        TO_DESK = 3, _("To be moved to the desk")
        TO_CARRIER = 4, _("To be given back to the carrier")

    class Doubt(models.TextChoices):
        """Why a person has to look."""

        NONE = "", _("Nothing")
        DOOR_SILENT = "door_silent", _("The door did not answer")
        DOOR_OPEN = "door_open", _("The door stands open")
        MAYBE_EMPTY = "maybe_empty", _("Nobody saw whether it was put in")
        REPORTED = "reported", _("The recipient reported something")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    carrier = models.ForeignKey(
        "parcels.Carrier", models.PROTECT, related_name="parcels", verbose_name=_("carrier")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PARCEL)
    waybill = models.CharField(_("waybill"), max_length=40)
    #: Its last four characters: what people say of it, with an index.
    waybill_tail = models.CharField(max_length=4, editable=False)
    person = models.ForeignKey(
        "residents.Person", models.SET_NULL, null=True, blank=True, related_name="parcels",
        verbose_name=_("recipient"),
    )  # fmt: skip
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("home"),
    )  # fmt: skip
    #: What stands on it, where nobody on file could be found.
    label = EncryptedTextField(_("recipient on the label"), blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State)
    compartment = models.ForeignKey(
        "parcels.Compartment", models.PROTECT, null=True, blank=True, related_name="parcels",
        verbose_name=_("compartment"),
    )  # fmt: skip
    shelf = models.ForeignKey(
        "parcels.Shelf", models.PROTECT, null=True, blank=True, related_name="parcels",
        verbose_name=_("shelf"),
    )  # fmt: skip
    bring_home = models.BooleanField(_("to be brought home"), default=False)
    courier = models.ForeignKey(
        "parcels.Courier", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("courier"),
    )  # fmt: skip
    #: The order that opened the door last, and whether the door was seen open since.
    command = models.ForeignKey(
        "community.Command", models.SET_NULL, null=True, blank=True, related_name="+",
        editable=False,
    )  # fmt: skip
    seen_open = models.BooleanField(default=False, editable=False)
    by_proxy = models.BooleanField(_("fetched by somebody else"), default=False)
    doubt = models.CharField(_("to be looked at"), max_length=11, choices=Doubt, blank=True)
    code = EncryptedTextField(blank=True, editable=False)
    code_index = models.CharField(max_length=80, blank=True, editable=False)
    secret = EncryptedTextField(blank=True, editable=False)
    secret_digest = models.CharField(max_length=64, blank=True, editable=False)
    rung = models.PositiveSmallIntegerField(_("after its time"), choices=Rung, default=Rung.NONE)
    keep_until = models.DateTimeField(_("kept until"), null=True, blank=True)
    prolonged = models.BooleanField(_("asked for a later day"), default=False)
    signed_by = models.CharField(_("signed by"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("came"))
    moved_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar[Any] = ParcelQuerySet.as_manager()

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compartment"],
                condition=Q(compartment__isnull=False),
                name="parcel_one_per_compartment",
            ),
            models.UniqueConstraint(
                fields=["carrier", "waybill"],
                condition=LIVE_ROW,
                name="parcel_waybill_live_once",
            ),
            # Never in two places, never nowhere.
            models.CheckConstraint(
                condition=Q(state__in=IN_LOCKER, compartment__isnull=False, shelf=None)
                | Q(state="desk", compartment=None, shelf__isnull=False)
                | Q(state__in=ENDED, compartment=None, shelf=None),
                name="parcel_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE, ended_at=None)
                | Q(state__in=ENDED, ended_at__isnull=False),
                name="parcel_ended_has_time",
            ),
            models.UniqueConstraint(
                fields=["compound", "code_index"],
                condition=~Q(code_index=""),
                name="parcel_code_once",
            ),
            models.UniqueConstraint(
                fields=["secret_digest"],
                condition=~Q(secret_digest=""),
                name="parcel_secret_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="registered")
                | ~Q(state__in=["collected", "delivered"])
                | ~Q(signed_by=""),
                name="parcel_registered_signed",
            ),
            models.CheckConstraint(
                condition=~Q(kind="registered") | Q(compartment=None),
                name="parcel_registered_no_locker",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "waybill"], name="parcel_by_waybill"),
            models.Index(fields=["compound", "waybill_tail"], name="parcel_by_waybill_tail"),
            models.Index(fields=["person", "-id"], name="parcel_of_person"),
            models.Index(
                fields=["compound", "keep_until"],
                condition=LIVE_ROW,
                name="parcel_live_by_time",
            ),
            models.Index(
                fields=["compound", "code_index"], condition=LIVE_ROW, name="parcel_live_by_code"
            ),
            models.Index(
                fields=["person", "keep_until"], condition=LIVE_ROW, name="parcel_live_of_person"
            ),
            models.Index(fields=["ended_at"], name="parcel_by_end"),
            models.Index(fields=["courier", "created_at"], name="parcel_by_courier"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} …{self.waybill_tail}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class ParcelStep(models.Model):
    """One move of a parcel, or one opening for it: the trail of a parcel and of a compartment."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    parcel = models.ForeignKey(
        Parcel, models.CASCADE, related_name="steps", verbose_name=_("parcel")
    )
    compartment = models.ForeignKey(
        "parcels.Compartment", models.PROTECT, null=True, blank=True, related_name="steps",
        verbose_name=_("compartment"),
    )  # fmt: skip
    what = models.CharField(_("what happened"), max_length=24)
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("who"),
    )  # fmt: skip

    objects: ClassVar[Any] = OfParcelQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a parcel")
        verbose_name_plural = _("steps of parcels")
        ordering = ["-id"]
        indexes = [models.Index(fields=["compartment", "-at"], name="parcel_step_by_place")]

    def __str__(self) -> str:
        from parcels.words import step

        return step(self.what)


class ProxyCode(models.Model):
    """A one-time code by which somebody else may fetch one parcel."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    parcel = models.ForeignKey(
        Parcel, models.CASCADE, related_name="proxies", verbose_name=_("parcel")
    )
    name = models.CharField(_("who fetches it"), max_length=80)
    code = EncryptedTextField(editable=False)
    code_index = models.CharField(max_length=80, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = OfParcelQuerySet.as_manager()

    class Meta:
        verbose_name = _("code for somebody else")
        verbose_name_plural = _("codes for somebody else")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "code_index"],
                condition=Q(ended_at=None, used_at=None),
                name="proxy_code_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
