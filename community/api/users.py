"""Sign-ins and roles, for managers. Passwords in use are changed in the office only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from community import operations
from community.account.operations import end_sessions, may_keep
from community.api.places import CREATED, MANAGERS
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
from community.models import Role, User


class UserSerializer(serializers.Serializer):
    example = {
        "id": 5, "compound": "wutong", "username": "guard", "name": "保安老秦",
        "password": "at-least-10-characters", "language": "zh-hans", "is_active": True,
        "roles": [{"compound": "wutong", "role": "guard"}],
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField(source="for_compound", write_only=True)
    username = serializers.CharField(max_length=150)
    name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    password = serializers.CharField(
        max_length=200,
        write_only=True,
        required=False,
        trim_whitespace=False,
        help_text=_("For a new sign-in only."),
    )
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    is_active = serializers.BooleanField(required=False)
    roles = serializers.SerializerMethodField(help_text=_("Held in compounds that you manage."))

    def get_roles(self, user: User) -> list[dict[str, str]]:
        view = self.context["view"]
        mine = None if view.actor.is_superuser else set(view.actor.compounds_as(MANAGERS))
        held = (row for row in user.held_roles.all() if row.ended_at is None)
        return [
            {"compound": row.compound.code, "role": row.role}
            for row in held
            if mine is None or row.compound_id in mine
        ]


class UserFilter(filters.FilterSet):
    compound = filters.CharFilter(
        "held_roles__compound__code", distinct=True, help_text=_("Code of the compound.")
    )
    role = filters.ChoiceFilter(method="by_role", choices=Role.Name.choices, help_text=_("Role."))
    is_active = filters.BooleanFilter(help_text=_("Whether it may be used."))
    search = filters.CharFilter(method="by_text", help_text=_("Part of a name or user name."))

    def by_role(self, rows: Any, _name: str, value: str) -> Any:
        held = Role.objects.filter(role=value, ended_at=None).visible_to(self.request.user)
        return rows.filter(pk__in=held.values("user"))

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(name__icontains=value) | rows.filter(username__icontains=value)


@listed(
    _("Users"),
    _("One user"),
    _("Those with a role in compounds that you manage, and you."),
    create=described(_("Add a user"), _("A new sign-in; give it a role next.")),
    partial_update=described(_("Change a user"), _("Name, user name, language, in use or not.")),
)
class UserViewSet(ReadView):
    queryset = User.objects.prefetch_related("held_roles__compound")
    serializer_class = UserSerializer
    filterset_class = UserFilter
    read_roles = write_roles = MANAGERS

    def within(self, rows: Any) -> Any:
        return rows  # the caller of a token has no role elsewhere

    def create(self, request: Request) -> Response:
        given = self.given(request)
        compound = self.compound_to_write(given.get("for_compound"))
        if not given.get("password"):
            raise ValidationError({"password": [_("A new user needs a password.")]})
        with refusals():
            user = operations.add_user(
                given["username"],
                given["password"],
                name=given.get("name", ""),
                language=given.get("language", "zh-hans"),
                compound=compound,
                actor=self.actor,
            )
        return self.shown(user, CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        user = self._kept()
        given = self.given(request, partial=True)
        if "password" in given:
            raise ValidationError({"password": [_("Passwords are changed in the office.")]})
        for name in ("username", "name", "language", "is_active"):
            setattr(user, name, given.get(name, getattr(user, name)))
        with refusals():
            return self.shown(operations.change_user(user, self.actor))

    @deed(_("Sign a user out everywhere"), gives=UserSerializer, name="sign-out",
          about=_("Every browser of this user is signed out; API tokens stay."))  # fmt: skip
    def sign_out(self, request: Request, pk: str) -> Response:
        user = self._kept()
        end_sessions(user, self.actor)
        return self.shown(user)

    def _kept(self) -> User:
        """A user who counts nowhere else. Raises PermissionDenied."""
        user: User = self.get_object()
        if user.is_superuser and not self.actor.is_superuser:
            raise PermissionDenied
        may_keep(self.actor, user)
        return user


class RoleSerializer(serializers.Serializer):
    example = {
        "id": 9, "compound": "wutong", "username": "guard", "role": "guard", "carrier": "",
        "started_at": AT, "ended_at": None,
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
    username = serializers.CharField(source="user.username", max_length=150)
    role = serializers.ChoiceField(choices=Role.Name.choices)
    carrier = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text=_("For couriers only.")
    )
    started_at = serializers.DateTimeField(read_only=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)


class RoleFilter(CompoundFilter):
    role = filters.ChoiceFilter(choices=Role.Name.choices, help_text=_("Role."))
    user = filters.NumberFilter("user_id", help_text=_("Id of the user."))
    held = filters.BooleanFilter("ended_at", "isnull", help_text=_("Held now, or ended."))


@listed(
    _("Roles"),
    _("One role of one user"),
    create=described(_("Give a role"), _("To somebody who signs in already.")),
)
class RoleViewSet(ReadView):
    queryset = Role.objects.select_related("compound", "user")
    serializer_class = RoleSerializer
    filterset_class = RoleFilter
    write_roles = frozenset(operations.GRANTS)

    def create(self, request: Request) -> Response:
        given = self.given(request)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        name = given["user"]["username"]
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise ValidationError({"username": [_("Nobody signs in under this name.")]})
        carrier = given.get("carrier", "")
        if carrier and given["role"] != Role.Name.COURIER:
            raise ValidationError({"carrier": [_("Only couriers have a carrier.")]})
        role = operations.give_role(
            user, compound, given["role"], actor=self.actor, carrier=carrier
        )
        return self.shown(role, CREATED)

    @deed(_("End a role"), gives=RoleSerializer, name="end",
          about=_("Its holder loses it at once, also where they are signed in."))  # fmt: skip
    def end(self, request: Request, pk: str) -> Response:
        return self.shown(operations.end_role(self.writable(), self.actor))
