"""PostgreSQL, Redis, a proxy in front. Refuses to start without what it needs."""

import os

from django.core.exceptions import ImproperlyConfigured

from community.settings.required import problems

if found := problems(os.environ):
    raise ImproperlyConfigured(
        "Production does not start:\n" + "\n".join(f"  - {each}" for each in found)
    )

from community.logging import settings as logging
from community.settings.base import *
from community.settings.base import env

# Probes of this machine itself ask by address; no other name reaches an application.
ALLOWED_HOSTS = [*HOSTS, "127.0.0.1", "[::1]", "localhost"]

# The scheme and the client's address come from uvicorn, which believes a proxy only if
# FORWARDED_ALLOW_IPS names it; a header of the client's own is never read here.
SECURE_SSL_REDIRECT = True
# Cameras speak plain HTTP and follow no redirect.
SECURE_REDIRECT_EXEMPT = [r"^devices/", r"^VIID/", r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("LINLI_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("LINLI_HSTS_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
# The prefix makes browsers refuse such a cookie from anywhere but this very host over HTTPS.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
LOGGING = logging("json", env.str("LINLI_LOG_LEVEL", "INFO"))
# The demo has users whose passwords everybody knows.
DEMO = False
