"""What production needs from the environment; every fault names its variable and the cure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

SECRET_CHARACTERS = 50
SECRET_VARIETY = 12
#: A DNS name, optionally with a leading dot for all names below it.
HOST = re.compile(r"\.?(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*", re.IGNORECASE)


def problems(environment: Mapping[str, str]) -> list[str]:
    """One sentence per fault, empty when production may start. Values are never repeated."""
    found = [
        *_secret(environment.get("LINLI_SECRET_KEY", "")),
        *_database(environment.get("DATABASE_URL", "")),
        *_redis(environment.get("REDIS_URL", "")),
        *_hosts(environment.get("LINLI_HOSTS", "")),
        *_origins(environment.get("LINLI_ORIGINS", "")),
        *_proxies(environment.get("FORWARDED_ALLOW_IPS", "")),
    ]
    token = environment.get("LINLI_METRICS_TOKEN", "")
    if token and len(token) < 24:
        found.append("LINLI_METRICS_TOKEN is shorter than 24 characters. Leave it out or lengthen.")
    return found


def _secret(value: str) -> list[str]:
    if not value:
        make = 'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
        return [f"LINLI_SECRET_KEY is not set. Make one: {make}"]
    if len(value) < SECRET_CHARACTERS or len(set(value)) < SECRET_VARIETY:
        return [f"LINLI_SECRET_KEY is too weak: at least {SECRET_CHARACTERS} random characters."]
    return []


def _database(value: str) -> list[str]:
    if not value:
        return ["DATABASE_URL is not set. Example: postgres://linli:PASSWORD@127.0.0.1:5432/linli"]
    if urlsplit(value).scheme not in {"postgres", "postgresql"}:
        return ["DATABASE_URL does not name a PostgreSQL: it must begin with postgres://"]
    return []


def _redis(value: str) -> list[str]:
    if not value:
        return ["REDIS_URL is not set. Example: redis://127.0.0.1:6379/0"]
    if urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
        return ["REDIS_URL does not name a Redis: it must begin with redis:// or rediss://"]
    return []


def _hosts(value: str) -> list[str]:
    names = [name.strip() for name in value.split(",") if name.strip()]
    if not names:
        return ["LINLI_HOSTS is not set. Name the hosts that people open: linli.example.com"]
    if "*" in names:
        return ["LINLI_HOSTS must name the hosts: * would let any site speak in our name."]
    if any(not _is_host(name) for name in names):
        return ["LINLI_HOSTS takes names or addresses without scheme, port or path, by commas."]
    return []


def _is_host(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return HOST.fullmatch(name) is not None
    return True


def _origins(value: str) -> list[str]:
    names = [urlsplit(name.strip()) for name in value.split(",") if name.strip()]
    if any(name.scheme != "https" or not name.netloc or name.path for name in names):
        return ["LINLI_ORIGINS takes origins such as https://linli.example.com, by commas."]
    return []


def _proxies(value: str) -> list[str]:
    if "*" in value:
        danger = "with * every client could say it comes from elsewhere and escape the lock-out."
        return [f"FORWARDED_ALLOW_IPS must name the proxy's address: {danger}"]
    return []
