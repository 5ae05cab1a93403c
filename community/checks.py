"""What ``manage.py check --deploy`` looks at beyond Django's own checks."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution


@register(Tags.security, deploy=True)
def folder_is_ours(**_kwargs: Any) -> list[CheckMessage]:
    """LINLI_VAR holds pictures and keys: it must exist, be writable, and be nobody else's."""
    folder = Path(settings.VAR_DIR)
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return [
            Error(
                "Linli cannot write into its folder.",
                hint="LINLI_VAR names the folder; give it to the user that runs Linli.",
                id="linli.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def keys_are_private(**_kwargs: Any) -> list[CheckMessage]:
    """Whoever reads the key ring reads all personal data."""
    path = Path(settings.KEYRING_PATH)
    if not path.exists():
        return []
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [
            Error(
                "Others may read the key ring.",
                hint="chmod 600 the file that LINLI_KEYRING names.",
                id="linli.E002",
            )
        ]
    return []


@register(Tags.staticfiles, deploy=True)
def static_files_are_collected(**_kwargs: Any) -> list[CheckMessage]:
    backend = settings.STORAGES["staticfiles"]["BACKEND"]
    if "Manifest" not in backend or settings.STATIC_ROOT is None:
        return []
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return [
            Caution(
                "Static files are not collected: every page would fail.",
                hint="Run `manage.py collectstatic --noinput` before the web processes start.",
                id="linli.W001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def hosts_are_named(**_kwargs: Any) -> list[CheckMessage]:
    if "*" in settings.ALLOWED_HOSTS and not getattr(settings, "OWN_HOSTS_ONLY", False):
        return [
            Error(
                "Any host name is answered, so a foreign site could be pointed at this machine.",
                hint="Set LINLI_HOSTS to the names that people open.",
                id="linli.E003",
            )
        ]
    return []
