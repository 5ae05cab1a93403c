"""HTTP goes to Django, WebSockets to Channels."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings.embedded")

from community.one_thread import application as one_thread

django_application: Any = one_thread()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

from community import warm_up
from community.consumers import BreakOff, FeedConsumer
from community.cookies import CookiesByScheme
from community.devices.bodies import BoundedBodies
from community.hosts import Application, OwnHostsOnly

feed = [path("ws/feed/", FeedConsumer.as_asgi())]
doors: Application = ProtocolTypeRouter(
    {
        "http": BoundedBodies(django_application, settings.PUSH_SLOWEST_S),
        "websocket": BreakOff(AuthMiddlewareStack(URLRouter(feed))),
    }
)
# Production has one scheme, and the names of its cookies say so by themselves.
application = OwnHostsOnly(CookiesByScheme(doors) if settings.COOKIES_BY_SCHEME else doors)
warm_up.begin(settings.WARM_UPS, settings.WARM_UP_AFTER_S)
