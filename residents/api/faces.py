"""`/api/v1/face-consents/` and `/api/v1/face-erasures/`: who agreed to what, and what is gone.

Never a template: no address of the API gives or takes one.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    PlaceField,
    ReadView,
    RowSerializer,
    deed,
    described,
    listed,
    refusals,
)
from community.querysets import OFFICE
from residents.models import Consent, ConsentText, FaceErasure, Person
from residents.operations.faces import consents
from residents.operations.faces.proof import behind


class ConsentSerializer(RowSerializer):
    example = {
        "id": 41, "compound": "wutong", "person": 88, "purpose": "face_entry", "text": 3,
        "version": 2, "way": "phone", "guardian": None, "given_at": AT, "withdrawn_at": None,
    }  # fmt: skip

    person = serializers.IntegerField(source="person_id", read_only=True)
    purpose = serializers.ChoiceField(choices=ConsentText.Purpose.choices, read_only=True)
    text = serializers.IntegerField(source="text_id", read_only=True)
    version = serializers.IntegerField(
        source="text.version", read_only=True, help_text=_("Of the text that was shown.")
    )
    way = serializers.ChoiceField(choices=Consent.Way.choices, read_only=True)
    guardian = serializers.IntegerField(
        source="guardian_id",
        read_only=True,
        allow_null=True,
        help_text=_("Who consented for a child under 14."),
    )
    given_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)


class ConsentForm(serializers.Serializer):
    example = {"compound": "wutong", "person": 88, "text": 3, "guardian": None}

    compound = CompoundField()
    person = PlaceField(Person.objects, source="person_id", help_text=_("Id of the file."))
    text = PlaceField(
        ConsentText.objects, source="text_id", help_text=_("Id of the text that was signed.")
    )
    guardian = PlaceField(
        Person.objects,
        source="guardian_id",
        required=False,
        allow_null=True,
        help_text=_("Who consented for a child under 14."),
    )


class ConsentFilter(CompoundFilter):
    person = filters.NumberFilter("person_id", help_text=_("Id of the file."))
    purpose = filters.ChoiceFilter(
        choices=ConsentText.Purpose.choices, help_text=_("What was agreed to.")
    )
    standing = filters.BooleanFilter(
        "withdrawn_at", "isnull", help_text=_("Counts still, or withdrawn.")
    )


@listed(
    _("Consents on faces"),
    _("One consent"),
    create=described(
        _("Put a consent signed on paper on file"),
        _("To the same text again it changes nothing."),
        request=ConsentForm,
        responses={201: ConsentSerializer},
    ),
)
class ConsentViewSet(ReadView):
    queryset = Consent.objects.select_related("compound", "text")
    serializer_class = ConsentSerializer
    filterset_class = ConsentFilter
    write_roles = OFFICE

    def create(self, request: Request) -> Response:
        given = self.given(request, ConsentForm)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        values = self.resolved(given, compound, ConsentForm())
        with refusals():
            row = consents.give_consent(way=Consent.Way.DESK, actor=self.actor, **values)
        return self.shown(row, status.HTTP_201_CREATED)

    @deed(_("Withdraw a consent"), gives=ConsentSerializer, name="withdraw",
          about=_("Where it was for opening doors, the face is erased at once."))  # fmt: skip
    def withdraw(self, request: Request, pk: str) -> Response:
        consents.withdraw_consent(self.writable(), actor=self.actor)
        return self.shown(self.get_object())


class ErasureSerializer(RowSerializer):
    example = {
        "id": 7, "compound": "wutong", "person": 88, "version": 219, "erased_at": AT,
        "proven_at": None, "overdue_at": None, "waiting_for": ["gate-east"],
    }  # fmt: skip

    person = serializers.IntegerField(source="person_id", read_only=True)
    version = serializers.IntegerField(
        read_only=True, help_text=_("The first version of the gallery without it.")
    )
    erased_at = serializers.DateTimeField(read_only=True)
    proven_at = serializers.DateTimeField(read_only=True, allow_null=True)
    overdue_at = serializers.DateTimeField(read_only=True, allow_null=True)
    waiting_for = serializers.SerializerMethodField(
        help_text=_("Workers and devices that have not confirmed it.")
    )

    def get_waiting_for(self, erasure: FaceErasure) -> list[str]:
        return [] if erasure.proven_at else [one.name for one in behind(erasure)]


class ErasureFilter(CompoundFilter):
    person = filters.NumberFilter("person_id", help_text=_("Id of the file."))
    proven = filters.BooleanFilter(
        "proven_at", "isnull", exclude=True, help_text=_("Confirmed everywhere, or not.")
    )


@listed(_("Erasures of faces"), _("One erasure"), _("The newest first."))
class ErasureViewSet(ReadView):
    queryset = FaceErasure.objects.select_related("compound")
    serializer_class = ErasureSerializer
    filterset_class = ErasureFilter
