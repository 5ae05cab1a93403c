"""`/api/v1/my-registrations/`: the caller's own form, filled in part by part and handed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiRequest, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    CompoundField,
    PlaceField,
    ReadView,
    deed,
    described,
    listed,
    refusals,
)
from community.models import Role, Unit
from residents import codes, household, masking, operations, registration_form
from residents.api.registrations import (
    DECIDED,
    RegistrationFilter,
    RegistrationSerializer,
    VersionForm,
)
from residents.models import Person, Registration, RegistrationPhoto
from residents.operations.photos import FAULTS

EVERYBODY = frozenset(Role.Name.values)
#: What a multipart body holds beside its photograph.
FIELDS_MAX_BYTES = 64 * 1024


def _text(most: int, about: Any = "") -> serializers.CharField:
    return serializers.CharField(
        max_length=most, required=False, allow_blank=True, help_text=about or None
    )


def _code(choices: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices, required=False, allow_blank=True)


def _day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True)


class FormFields(serializers.Serializer):
    """All that the six pages of the form ask for; what is left out stays as it is."""

    name = _text(80)
    name_latin = _text(80, _("As in the passport"))
    document_kind = _code(Person.Document.choices)
    document = _text(60, _("Together with its kind."))
    sex = _code(codes.Sex.choices)
    birth_date = _day()
    ethnicity = _code(list(codes.ETHNICITIES.items()))
    nationality = _text(3, _("Three letters, such as CHN"))
    phone = _text(40)
    hukou_address = _text(120)
    political = _code(codes.Political.choices)
    marriage = _code(codes.Marriage.choices)
    education = _code(codes.Education.choices)
    moved_in_on = _day()
    expected_out_on = _day()
    relation = _code(codes.Relation.choices)
    landlord_name = _text(80)
    landlord_phone = _text(40)
    lease_from = _day()
    lease_to = _day()
    reason = _code(codes.Reason.choices)
    occupation = _code(codes.Occupation.choices)
    workplace = _text(120)
    social_insurance = serializers.BooleanField(required=False, allow_null=True)


class FillForm(VersionForm, FormFields):
    example = {
        "version": 2, "name": "许知夏", "phone": "13800006120",
        "hukou_address": "远山市河口镇 3 组",
        "moved_in_on": "2026-02-27", "relation": "01", "reason": "01", "occupation": "05",
        "workplace": "青禾食品厂",
    }  # fmt: skip


class RemarkSerializer(serializers.Serializer):
    field = serializers.CharField()
    text = serializers.CharField()


class OwnFormSerializer(RegistrationSerializer):
    example = RegistrationSerializer.example | {
        "state": "returned", "return_reason": "请填单位全称", "photos": ["document_front"],
        "needed": ["workplace"], "remarks": [{"field": "workplace", "text": "请填单位全称"}],
        "filled": {"reason": "01", "occupation": "05"},
    }  # fmt: skip

    filled = serializers.SerializerMethodField(
        help_text=_("What the form holds by now; numbers masked, empty fields left out.")
    )
    photos = serializers.SerializerMethodField(help_text=_("Kinds of photographs that are there."))
    needed = serializers.SerializerMethodField(
        help_text=_("Fields without which it cannot be handed in; photos.<kind> for a photograph.")
    )
    remarks = serializers.SerializerMethodField(help_text=_("What the desk says at which field."))

    def get_filled(self, row: Registration) -> dict[str, Any]:
        held = {name: getattr(row, name) for name in registration_form.FIELDS}
        held["document"] = masking.document(row.document)
        held |= {name: masking.phone(held[name]) for name in ("phone", "landlord_phone")}
        return {name: value for name, value in held.items() if value not in (None, "")}

    def get_photos(self, row: Registration) -> list[str]:
        return sorted(photo.kind for photo in row.photos.all())

    def get_needed(self, row: Registration) -> list[str]:
        return registration_form.missing(row)

    @extend_schema_field(RemarkSerializer(many=True))
    def get_remarks(self, row: Registration) -> Any:
        return RemarkSerializer(row.remarks.all(), many=True).data


class StartForm(serializers.Serializer):
    example = {"compound": "wutong", "unit": 120}

    compound = CompoundField()
    unit = PlaceField(Unit.objects, source="unit_id", help_text=_("Id of a home where you live."))


class PhotoForm(serializers.Serializer):
    kind = serializers.ChoiceField(choices=RegistrationPhoto.Kind.choices)
    photo = serializers.FileField(max_length=400, help_text=_("JPEG, PNG or HEIC, up to 12 MB."))


class RenewForm(serializers.Serializer):
    example = {"expected_out_on": "2027-06-30", "lease_to": None}

    expected_out_on = serializers.DateField(help_text=_("You stay until then."))
    lease_to = serializers.DateField(required=False, allow_null=True, default=None)


class LeaveForm(serializers.Serializer):
    example = {"on": "2026-06-30"}

    on = serializers.DateField(help_text=_("The day you moved out, today at the latest."))


UPLOAD = OpenApiRequest(
    PhotoForm,
    examples=[OpenApiExample("example", value={"kind": "document_front", "photo": "card.jpg"})],
)


@listed(
    _("Your registrations"),
    _("One registration of yours"),
    create=described(
        _("Begin a registration"),
        _("In a home where you live. A form that is open there already is given back."),
        request=StartForm,
        responses={201: OwnFormSerializer},
    ),
)
class OwnRegistrationViewSet(ReadView):
    queryset = Registration.objects.select_related("compound", "unit").prefetch_related(
        "photos", "remarks"
    )
    serializer_class = OwnFormSerializer
    filterset_class = RegistrationFilter
    read_roles = write_roles = EVERYBODY

    @property
    def most_bytes(self) -> int:  # type: ignore[override]
        taken = settings.PICTURE_MAX_BYTES + FIELDS_MAX_BYTES
        return taken if self.action == "photo" else FIELDS_MAX_BYTES

    def get_queryset(self) -> Any:
        """Their own only, also for who sees everybody's in the office."""
        return super().get_queryset().filter(person__user_id=self.actor.pk or 0)

    def create(self, request: Request) -> Response:
        given = self.given(request, StartForm)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        unit = self.resolved(given, compound, StartForm())["unit"]
        person = Person.objects.whole().filter(user=self.actor, compound=compound).first()
        if person is None or unit not in household.lived_in(person):
            raise ValidationError({"unit": [_("You do not live in this home now.")]})
        with refusals():
            row = operations.start_by_code(unit, person=person, actor=self.actor)
        return self.shown(self.get_queryset().get(pk=row.pk), status.HTTP_201_CREATED)

    @deed(_("Fill in some fields of a form"), takes=FillForm, gives=OwnFormSerializer,
          name="fill", about=_("All of them are kept, or none where one is wrong."))  # fmt: skip
    def fill(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), self.given(request, FillForm)
        with refusals(DECIDED):
            operations.fill_step(row, given.pop("version"), actor=self.actor, **given)
        return self.shown(self.get_object())

    @deed(
        _("Add a photograph of a document"),
        takes={"multipart/form-data": UPLOAD},
        gives=OwnFormSerializer,
        name="photo",
        about=_("Stored encrypted; another one of the same kind replaces it."),
        parser_classes=[MultiPartParser],
    )
    def photo(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), self.given(request, PhotoForm)
        if given["photo"].size > settings.PICTURE_MAX_BYTES:
            raise ValidationError({"photo": [FAULTS["too_large"]]})
        with refusals():
            operations.add_photo(row, given["kind"], given["photo"].read(), actor=self.actor)
        return self.shown(self.get_object())

    @deed(_("Hand a form in"), gives=OwnFormSerializer, name="submit",
          about=_("The desk looks at it next. Twice changes nothing."))  # fmt: skip
    def submit(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        with refusals():
            operations.hand_in(row, actor=self.actor)
        return self.shown(self.get_object())

    @deed(_("Say that you stay longer"), takes=RenewForm, gives=OwnFormSerializer, name="renew")
    def renew(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), self.given(request, RenewForm)
        with refusals():
            until, lease = given["expected_out_on"], given["lease_to"]
            operations.renew_until(row, until, lease, actor=self.actor)
        return self.shown(self.get_object())

    @deed(_("Say that you moved out"), takes=LeaveForm, gives=OwnFormSerializer, name="leave",
          about=_("It counts at once: registration, ways in and cars end with it."))  # fmt: skip
    def leave(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), self.given(request, LeaveForm)
        with refusals():
            operations.leave_home(row, on=given["on"], actor=self.actor)
        return self.shown(self.get_object())
