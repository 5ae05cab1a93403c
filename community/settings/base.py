"""Settings shared by all ways to run. Only this package reads the environment."""

import os
from pathlib import Path
from typing import Any

import environ
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from community.logging import settings as logging
from community.settings import secrets
from community.settings.beat import CELERY_BEAT_SCHEDULE  # noqa: F401
from community.settings.unfold import UNFOLD  # noqa: F401

env = environ.Env()
# A face is compared by one small product: waking threads costs more than it gains, and a camera's
# worker must not take all processors. Read by the library when it is loaded, after this.
environ.Env.ENVIRON.setdefault("OPENBLAS_NUM_THREADS", "1")
BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.str("LINLI_VAR", str(BASE_DIR / "var")))

SECRET_KEY = env.str("LINLI_SECRET_KEY", "") or secrets.read_or_make(VAR_DIR / "keys" / "secret")
KEYRING_PATH = Path(env.str("LINLI_KEYRING", str(VAR_DIR / "keys" / "keyring.json")))
DEBUG = False
HOSTS: list[str] = env.list("LINLI_HOSTS", default=[])
ALLOWED_HOSTS: list[str] = HOSTS or ["localhost", "127.0.0.1", "[::1]"]
# Answer to this machine's own names and addresses (community.hosts) instead of ALLOWED_HOSTS.
OWN_HOSTS_ONLY = False
COOKIES_BY_SCHEME = False
CSRF_TRUSTED_ORIGINS: list[str] = env.list("LINLI_ORIGINS", default=[])

INSTALLED_APPS = [
    "community.office_site.OfficeSiteConfig",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_celery_beat",
    "django_htmx",
    "import_export",
    "axes",
    "django_otp",
    "django_prometheus",
    "community.apps.CommunityConfig",
    "residents.apps.ResidentsConfig",
    "parcels.apps.ParcelsConfig",
    "parking.apps.ParkingConfig",
    "security.apps.SecurityConfig",
]
# Our own apps in the order of their dependency: composition walks this list.
LINLI_APPS = ["community", "residents", "parcels", "parking", "security"]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "community.logging.RequestLog",
    "community.security_headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "community.static_files.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "community.sessions.SignedIn",
    "community.sessions.NoteSeen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "community.middleware.CompoundMiddleware",
    "community.busy.Busy",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
ROOT_URLCONF = "community.urls"
ASGI_APPLICATION = "community.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "community.context.compound",
            ],
        },
    },
]

AUTH_USER_MODEL = "community.User"
_PASSWORDS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_PASSWORDS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_PASSWORDS}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_PASSWORDS}.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("sign-in")
LOGIN_REDIRECT_URL = "/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["community.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT: Path | None = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "community.static_files.Storage"},
}
WHITENOISE_USE_FINDERS = True

SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
    "PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;",
}
#: Compiling a query costs more than any of ours takes; what is asked often is planned once (125).
POSTGRESQL_OPTIONS = {"options": "-c jit=off", "server_side_binding": True, "prepare_threshold": 3}


#: Seconds that a request waits for one of the pool's connections before it is told to come again.
POOL_S = 5.0


def database(url: str, pool: int = 0) -> dict[str, Any]:
    """A Django database entry from a URL, with what fits our work.

    SQLite: a queue and the options for one writer at a time. PostgreSQL: no compiling of queries,
    and where ``pool`` says so at most that many connections, which requests take turns with.
    """
    entry: dict[str, Any] = environ.Env.db_url_config(url)
    if entry["ENGINE"].endswith("sqlite3"):
        entry["ENGINE"] = "community.sqlite3"
        entry["OPTIONS"] = SQLITE_OPTIONS | entry.get("OPTIONS", {})
    else:
        entry["OPTIONS"] = POSTGRESQL_OPTIONS | entry.get("OPTIONS", {})
        if pool:
            kept = {"min_size": 1, "max_size": pool, "timeout": POOL_S}
            entry["OPTIONS"]["pool"] = kept
            entry["CONN_HEALTH_CHECKS"] = True  # the server may have been started anew
    return entry


DATABASES = {
    "default": database(
        env.str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'linli.sqlite3'}"),
        # For processes that answer requests, and are never forked: the web's.
        pool=env.int("LINLI_DATABASE_POOL", 0),
    )
}
REDIS_URL = env.str("REDIS_URL", "")
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}

# What all processes count together; files, not tables: SQLite has one writer, and gates need it.
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "shared": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "community.api_rules.schema.Described",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "community.api_rules.access.PersonalToken",
        "community.api_rules.access.Session",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "community.api_rules.access.RolesAndScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": [
        "community.api_rules.throttles.Callers",
        "community.api_rules.throttles.Writers",
    ],
    "DEFAULT_PARSER_CLASSES": ["community.api_rules.parsers.BoundedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "community.api_rules.paging.NewestFirst",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "community.api_rules.problems.answer",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Linli 邻里",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {
        "ParcelKindEnum": "parcels.models.Kind",
        "ParcelStateEnum": "parcels.models.Parcel.State",
        "RegistrationStateEnum": "residents.models.Registration.State",
        "RequestKindEnum": "residents.models.ServiceRequest.Kind",
        "ResidencyKindEnum": "residents.models.Residency.Kind",
        "VisitKindEnum": "residents.models.Visit.Kind",
        "PaymentStateEnum": "parking.models.Payment.State",
        "PaymentWayEnum": "parking.models.Payment.Way",
        "DebtReasonEnum": "parking.models.Debt.Reason",
        "WatchKindEnum": "security.models.WatchEntry.Kind",
        "WayInKindEnum": "residents.models.WayIn.Kind",
    },
}

# One line per event; production writes JSON instead.
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging("lines", env.str("LINLI_LOG_LEVEL", "WARNING"))
METRICS_TOKEN = env.str("LINLI_METRICS_TOKEN", "")
PROMETHEUS_EXPORT_MIGRATIONS = False
SESSION_ENGINE = "community.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "community.pages.locked_out"

# Commands go to devices in threads of the process that orders ("thread") or at once ("inline")
DEVICE_DELIVERY = "thread"
# A relay on this very machine: only for a gateway that runs here
DEVICE_LOOPBACK = env.bool("LINLI_DEVICE_LOOPBACK", False)
# A camera's push has this long to come whole, in seconds
PUSH_SLOWEST_S = 25.0
# Receivers of webhooks inside the network: names, addresses or networks. None: public ones only
WEBHOOK_INTERNAL_HOSTS: list[str] = env.list("LINLI_WEBHOOK_HOSTS", default=[])

# The one folder whose films and pictures a guided set-up may name as a camera
CAMERA_FOLDER = Path(env.str("LINLI_CAMERA_FOLDER", str(VAR_DIR / "cameras")))
PLATE_ENGINE = env.str("LINLI_PLATE_ENGINE", "linli")
FACE_ENGINE = env.str("LINLI_FACE_ENGINE", "dlib_onnx")
# The ONNX embedding model that the engine "onnx" runs
FACE_MODEL = env.str("LINLI_FACE_MODEL", "")
MODEL_FOLDER = VAR_DIR / "models"
# What a web process loads in the background once it serves: dotted names of functions, and when.
WARM_UPS = [
    "community.warm_up.addresses",
    "security.ingest.warm_up",
    "security.kiosk_gallery.warm_up",
]
WARM_UP_AFTER_S = env.float("LINLI_WARM_UP_AFTER_S", 4.0)
PICTURE_MAX_BYTES = 12 * 1024 * 1024
PICTURE_MAX_PIXELS = 40_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024

# Embedded process tree: name -> command after `python manage.py`
PROCESS_TREE: dict[str, list[str]] = {
    "web": ["run_web"],
    "jobs": ["run_jobs"],
    "cameras": ["watch_cameras", "--all"],
}
WEB_PROCESSES = env.int("LINLI_WEB_PROCESSES", min(2, os.cpu_count() or 1))  # embedded: ADR 124
# Load the demo compound into an empty installation (`manage.py run`)
DEMO = env.bool("LINLI_DEMO", True)
HTTP_PORT = env.int("LINLI_HTTP_PORT", 8000)
HTTPS_PORT = env.int("LINLI_HTTPS_PORT", 8443)
