"""`/api/v1/notices/`: what the office tells many."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    ReadView,
    deed,
    described,
    listed,
    refusals,
)
from community.models import Building, Compound, Role
from community.querysets import OFFICE
from residents import operations
from residents.models import Notice

CREATED = status.HTTP_201_CREATED


class NoticeSerializer(serializers.Serializer):
    example = {
        "id": 9, "compound": "wutong", "title": "今晚停水", "text": "3 幢今晚 22 点停水检修。",
        "audience": "residents", "buildings": [3], "is_important": False, "publish_at": AT,
        "ends_at": None, "withdrawn_at": None, "created_at": AT, "told_at": None, "told_count": 0,
        "reads": 0,
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
    title = serializers.CharField(max_length=80)
    text = serializers.CharField(max_length=4000)
    audience = serializers.ChoiceField(choices=Notice.Audience.choices, required=False)
    buildings = serializers.PrimaryKeyRelatedField(
        many=True,
        required=False,
        queryset=Building.objects.none(),
        help_text=_("Ids of buildings; none means all of them."),
    )
    is_important = serializers.BooleanField(
        required=False, help_text=_("Goes out by SMS too, and on paper to homes out of reach.")
    )
    publish_at = serializers.DateTimeField(required=False, help_text=_("Now, unless said."))
    ends_at = serializers.DateTimeField(required=False, allow_null=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    told_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text=_("Since when everybody is told.")
    )
    told_count = serializers.IntegerField(read_only=True)
    reads = serializers.IntegerField(
        source="read_count", read_only=True, default=0, help_text=_("How many have opened it.")
    )

    def get_fields(self) -> dict[str, Any]:
        """Only buildings that the caller sees can be named."""
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            rows = Building.objects.visible_to(request.user)
            fields["buildings"].child_relation.queryset = rows
        return fields


class NoticeFilter(CompoundFilter):
    audience = filters.ChoiceFilter(choices=Notice.Audience.choices, help_text=_("For whom."))
    standing = filters.BooleanFilter(
        method="by_standing", help_text=_("Out, not over and not withdrawn.")
    )

    def by_standing(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.standing() if value else rows.exclude(pk__in=Notice.objects.standing())


@listed(
    _("Notices"),
    _("One notice"),
    create=described(_("Write a notice"), _("It goes out by itself when its time comes.")),
)
class NoticeViewSet(ReadView):
    queryset = (
        Notice.objects.select_related("compound")
        .prefetch_related("buildings")
        .annotate(read_count=Count("reads", distinct=True))
    )
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    #: Everybody reads those that are out for them; the office reads all.
    read_roles = frozenset(Role.Name.values)
    write_roles = OFFICE

    def create(self, request: Request) -> Response:
        given = self.given(request)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        chosen = given.pop("buildings", [])
        self._check(chosen, compound)
        with refusals():
            notice = operations.save_notice(
                Notice(compound=compound), buildings=chosen, actor=self.actor, **given
            )
        return self.shown(notice, CREATED)

    def _check(self, chosen: list[Building], compound: Compound) -> None:
        if any(building.compound_id != compound.pk for building in chosen):
            raise ValidationError({"buildings": [_("This building is elsewhere.")]})

    @deed(_("Withdraw a notice"), gives=NoticeSerializer, name="withdraw",
          about=_("Nobody sees it any more, and nobody else is told."))  # fmt: skip
    def withdraw(self, request: Request, pk: str) -> Response:
        operations.withdraw_notice(self.writable(), actor=self.actor)
        return self.shown(self.get_object())
