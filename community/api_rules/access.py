"""Who calls: a program with a person's token, or a person's own browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from community.account.operations import authenticate_api_token
from community.models import ApiToken, User

if TYPE_CHECKING:
    from rest_framework.views import APIView


class PersonalToken(BaseAuthentication):
    """``Authorization: Bearer <token>``: the user, with their roles of its compound only."""

    keyword = b"bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        given = get_authorization_header(request).split()
        if not given or given[0].lower() != self.keyword:
            return None
        text = given[1].decode("latin-1") if len(given) == 2 else ""
        token = authenticate_api_token(text)
        if token is None:
            raise exceptions.AuthenticationFailed(
                _("This token is unknown, has expired or was revoked."), code="token_invalid"
            )
        if "HTTP_ACCEPT_LANGUAGE" not in request.META:
            translation.activate(token.user.language)
        return token.user.only_in(token.compound_id), token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="linli"'


class Session(SessionAuthentication):
    """The cookie of a signed-in browser; writing calls carry the CSRF token."""


class RolesAndScope(BasePermission):
    """A token that only reads writes nothing; who holds no writing role anywhere neither."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS:
            return True
        token = request.auth
        if isinstance(token, ApiToken) and token.scope != ApiToken.Scope.WRITE:
            raise exceptions.PermissionDenied(
                _("This token may only read. Use one that may write too."), code="read_only_token"
            )
        roles: Any = getattr(view, "write_roles", None)
        user: Any = request.user
        if roles is None or (user.is_superuser and "manager" in roles):
            return True
        return bool(user.compounds_as(roles))


class PersonalTokenScheme(OpenApiAuthenticationExtension):
    target_class = "community.api_rules.access.PersonalToken"
    name = "personalToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        text = _("Made under “My sign-in”, for one compound, to read or to read and write.")
        return {"type": "http", "scheme": "bearer", "description": str(text)}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "community.api_rules.access.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        text = _("The cookie of a browser that is signed in; writing calls need X-CSRFToken too.")
        name = "sessionid"
        return {"type": "apiKey", "in": "cookie", "name": name, "description": str(text)}
