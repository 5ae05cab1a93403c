"""`/api/v1/pictures/`: pictures of passages, while they are kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from community.api_base import AT, CompoundFilter, ReadView, RowSerializer, listed, refusal
from security import pictures
from security.api.renderers import Jpeg
from security.models import GUARDS, Picture


class PictureSerializer(RowSerializer):
    example = {
        "id": 9001, "compound": "wutong", "lane": 2, "width": 1280, "height": 720,
        "taken_at": AT, "erased_at": None,
    }  # fmt: skip

    lane = serializers.IntegerField(source="lane_id", read_only=True, allow_null=True)
    width = serializers.IntegerField(read_only=True)
    height = serializers.IntegerField(read_only=True)
    taken_at = serializers.DateTimeField(read_only=True)
    erased_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text=_("When the rules of retention erased the file.")
    )


class PictureFilter(CompoundFilter):
    lane = filters.NumberFilter("lane_id", help_text=_("Id of the lane."))
    since = filters.IsoDateTimeFilter("taken_at", "gte", help_text=_("At this time or later."))
    until = filters.IsoDateTimeFilter("taken_at", "lt", help_text=_("Before this time."))


@listed(_("Pictures"), _("What is known of one picture"))
class PictureViewSet(ReadView):
    queryset = Picture.objects.select_related("compound")
    serializer_class = PictureSerializer
    filterset_class = PictureFilter

    @extend_schema(
        summary=_("The picture itself"),
        responses={
            (200, "image/jpeg"): OpenApiResponse(OpenApiTypes.BINARY, _("A JPEG.")),
            (404, "application/json"): refusal(_("Erased, or never there."), "not_found"),
        },
    )
    @action(detail=True, url_path="file", renderer_classes=[Jpeg], read_roles=GUARDS)
    def file(self, request: Request, pk: str) -> HttpResponse:
        data = pictures.read(self.get_object())
        if data is None:
            raise NotFound
        answer = HttpResponse(data, content_type="image/jpeg")
        answer["Cache-Control"] = "private, max-age=86400, immutable"
        return answer
