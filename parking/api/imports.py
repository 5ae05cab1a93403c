"""`/api/v1/vehicle-imports/`: a list is sent, looked at, released, and goes in by itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, OpenApiRequest
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    ReadView,
    RowSerializer,
    deed,
    described,
    listed,
    refusals,
)
from community.querysets import OFFICE
from community.sheets import MOST_BYTES
from parking import operations
from parking.models import VehicleImport
from parking.operations.staging import tell

#: What a multipart body holds beside its file.
FIELDS_MAX_BYTES = 64 * 1024


class ImportSerializer(RowSerializer):
    example = {
        "id": 6, "compound": "wutong", "file_name": "cars.csv", "state": "checked", "rows": 240,
        "applied": 0, "faults": [], "created_by": 5, "created_at": AT,
    }  # fmt: skip

    file_name = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=VehicleImport.State.choices, read_only=True)
    rows = serializers.IntegerField(read_only=True)
    applied = serializers.IntegerField(read_only=True)
    faults = serializers.SerializerMethodField(
        help_text=_("Row, column and sentence of each bad cell, at most 500.")
    )
    created_by = serializers.IntegerField(source="created_by_id", read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)

    def get_faults(self, batch: VehicleImport) -> list[str]:
        return [str(tell(one)) for one in batch.faults]


class UploadForm(serializers.Serializer):
    compound = CompoundField(source="code")
    file = serializers.FileField(
        max_length=400, help_text=_("CSV or Excel, up to 10 MB and 20,000 rows.")
    )


UPLOAD = OpenApiRequest(
    UploadForm,
    examples=[OpenApiExample("example", value={"compound": "wutong", "file": "cars.csv"})],
)


class ImportFilter(CompoundFilter):
    state = filters.ChoiceFilter(
        choices=VehicleImport.State.choices, help_text=_("How far it has come.")
    )


@listed(
    _("Lists of cars that were sent"),
    _("One list of cars, and what is wrong in it"),
    create=described(
        _("Send a list of cars"),
        _("It is checked whole; one bad cell refuses all of it. Nothing goes in before `start`."),
        request={"multipart/form-data": UPLOAD},
        responses={201: ImportSerializer},
    ),
)
class ImportViewSet(ReadView):
    queryset = VehicleImport.objects.select_related("compound")
    serializer_class = ImportSerializer
    filterset_class = ImportFilter
    read_roles = write_roles = OFFICE

    @property
    def most_bytes(self) -> int:  # type: ignore[override]
        return MOST_BYTES + FIELDS_MAX_BYTES

    def get_parsers(self) -> list[Any]:
        if getattr(self, "action_map", {}).get("post") == "create":
            return [MultiPartParser()]
        return super().get_parsers()

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.actor.is_superuser:
            return rows
        return rows.filter(compound__in=self.actor.compounds_as(OFFICE))

    def create(self, request: Request) -> Response:
        given = self.given(request, UploadForm)
        compound = self.compound_to_write(given.get("code"))
        file = given["file"]
        if file.size > MOST_BYTES:
            text = _("The file is over 10 MB. Split it into smaller lists.")
            raise ValidationError({"file": [text]})
        with refusals():
            batch = operations.check_import(
                file, name=file.name, compound=compound, actor=self.actor
            )
        return self.shown(batch, status.HTTP_201_CREATED)

    @deed(_("Take the cars of a checked list in"), gives=ImportSerializer, name="start",
          about=_("All rows go in, a few at a time, while the gates keep working."))  # fmt: skip
    def start(self, request: Request, pk: str) -> Response:
        batch = self.writable()
        with refusals():
            operations.start_import(batch.pk, actor=self.actor)
        return self.shown(self.get_object())
