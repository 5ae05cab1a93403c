"""The suite: SQLite by default, PostgreSQL when DATABASE_URL says so."""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("LINLI_VAR", str(Path(tempfile.gettempdir()) / f"linli-test-{os.getuid()}"))

# Workers of one run number their rows alike: what lies by a row's number is each one's own.
if "pytest" in sys.modules and (worker := os.environ.get("PYTEST_XDIST_WORKER")):
    os.environ["LINLI_VAR"] += f"/{worker}"

from community.settings.base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
AXES_ENABLED = False
ALLOWED_HOSTS = ["*"]
WARM_UPS = []
FACE_REFRESH_S = 0.0
DEVICE_DELIVERY = "inline"
MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {"default": MEMORY, "shared": MEMORY}

# Each test's client would list all static files anew, a tenth of the suite's time.
WHITENOISE_AUTOREFRESH = True
