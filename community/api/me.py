"""The caller: who they are here, their tokens, their messages."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community import operations
from community.account.operations import revoke_api_token
from community.api_base import (
    AT,
    CompoundFilter,
    CompoundView,
    ReadView,
    RowSerializer,
    deed,
    described,
    listed,
)
from community.models import ApiToken, Compound, Notification, Role

EVERYBODY = frozenset(Role.Name.values)


class MeSerializer(serializers.Serializer):
    example = {
        "id": 5, "username": "guard", "name": "保安老秦", "language": "zh-hans",
        "roles": {"wutong": ["guard"]}, "scope": "read",
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    username = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    language = serializers.CharField(read_only=True)
    roles = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        read_only=True,
        help_text=_("Roles by the compound's code; with a token, of its compound only."),
    )
    scope = serializers.CharField(read_only=True, help_text=_("What this token may: read, write."))


class MeView(CompoundView):
    """Who the caller is: the first call of a new program."""

    queryset = Compound.objects.all()
    serializer_class = MeSerializer
    read_roles = EVERYBODY
    filter_backends: list[Any] = []

    @described(_("Who am I"))
    def get(self, request: Request) -> Response:
        user = self.actor
        held = user.roles_by_compound()
        codes = dict(Compound.objects.filter(pk__in=held).values_list("pk", "code"))
        told = {name: getattr(user, name) for name in ("id", "username", "name", "language")}
        told["roles"] = {codes[key]: sorted(roles) for key, roles in held.items()}
        told["scope"] = self.token.scope if self.token else ApiToken.Scope.WRITE.value
        return Response(MeSerializer(told).data)


class TokenSerializer(RowSerializer):
    example = {
        "id": 2, "compound": "wutong", "user": 5, "name": "Wall screen", "scope": "read",
        "hint": "x9Qa", "state": "live", "created_at": AT, "expires_at": None,
        "revoked_at": None, "last_used_at": AT,
    }  # fmt: skip

    user = serializers.IntegerField(source="user_id", read_only=True)
    name = serializers.CharField(read_only=True, help_text=_("What it is for."))
    scope = serializers.ChoiceField(choices=ApiToken.Scope.choices, read_only=True)
    hint = serializers.CharField(read_only=True, help_text=_("How the token ends."))
    state = serializers.SerializerMethodField(help_text=_("live, expired or revoked."))
    created_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)
    revoked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    last_used_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_state(self, token: ApiToken) -> str:
        return token.state_at(timezone.now())


class TokenFilter(CompoundFilter):
    user = filters.NumberFilter("user_id", help_text=_("Id of the user."))


@listed(
    _("API tokens"),
    _("One API token"),
    _("Your own, and as a manager those of your compound. New ones: “My sign-in”."),
)
class TokenViewSet(ReadView):
    queryset = ApiToken.objects.select_related("compound")
    serializer_class = TokenSerializer
    filterset_class = TokenFilter
    read_roles = write_roles = EVERYBODY

    @deed(_("Revoke an API token"), gives=TokenSerializer, name="revoke",
          about=_("Whatever uses it is refused from this moment on."))  # fmt: skip
    def revoke(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        revoke_api_token(row, self.actor)
        return self.shown(row)


class NotificationSerializer(RowSerializer):
    example = {
        "id": 12, "compound": "wutong", "kind": "gate.visitor_arrived", "channel": "in_app",
        "facts": {"visit": 3}, "created_at": AT, "delivered_at": AT, "read_at": None,
    }  # fmt: skip

    kind = serializers.CharField(read_only=True)
    channel = serializers.CharField(read_only=True)
    facts = serializers.DictField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    delivered_at = serializers.DateTimeField(read_only=True, allow_null=True)
    read_at = serializers.DateTimeField(read_only=True, allow_null=True)


class NotificationFilter(CompoundFilter):
    unread = filters.BooleanFilter("read_at", "isnull", help_text=_("Not read yet."))


@listed(_("Your messages"), _("One of your messages"))
class NotificationViewSet(ReadView):
    queryset = Notification.objects.select_related("compound")
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    read_roles = write_roles = EVERYBODY

    def within(self, rows: Any) -> Any:
        return rows.filter(compound=self.token.compound_id) if self.token else rows

    @deed(_("Mark a message as read"), gives=NotificationSerializer, name="read")
    def read(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        operations.mark_read(self.actor, [row.pk])
        row.refresh_from_db()
        return self.shown(row)
