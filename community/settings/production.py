"""PostgreSQL, Redis, a proxy in front. Refuses to start without what it needs."""

from django.core.exceptions import ImproperlyConfigured

from community.settings.base import *
from community.settings.base import env

for name in ("LINLI_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "LINLI_HOSTS"):
    if not env.str(name, ""):
        raise ImproperlyConfigured(
            f"Set {name} in the environment: production does not start without it."
        )

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = env.int("LINLI_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The demo has users whose passwords everybody knows.
DEMO = False
