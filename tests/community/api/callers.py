"""Clients of the API: a browser that is signed in, and a program with a token."""

from __future__ import annotations

from typing import Any

from django.core.cache import caches
from rest_framework.test import APIClient

from community.account.operations import issue_api_token
from community.models import Compound, User
from tests.community import factories


def browser(*roles: str, at: Compound, **fields: Any) -> APIClient:
    """A signed-in session of somebody with these roles."""
    return signed_in(factories.user(*roles, at=at, **fields))


def signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def program(user: User, at: Compound, scope: str = "write", **more: Any) -> APIClient:
    """A client that sends a fresh token of the user, bound to one compound."""
    _row, text = issue_api_token(user, at, name="test", scope=scope, **more)
    return with_token(text)


def with_token(text: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}", HTTP_ACCEPT_LANGUAGE="en")
    return client


def forget_counts() -> None:
    """Throttles count per process; tests do not count together."""
    caches["shared"].clear()
