"""Somebody in front of a browser."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from community.models import User


def sit_down(
    context: BrowserContext, root: str, user: User | None, language: str = "zh-hans"
) -> Page:
    """A page of this profile, not gone anywhere yet: signed in as `user`, or as nobody."""
    kept = {settings.LANGUAGE_COOKIE_NAME: language}
    if user is not None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        kept[name] = client.cookies[name].value
    context.add_cookies(
        [{"name": name, "value": value, "url": root} for name, value in kept.items()]
    )
    return context.new_page()
