"""What starts the second way to run: settings that refuse bad input, and files that agree."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from community.settings.required import problems

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = ROOT / "deploy" / "production"
STATIC = ROOT / "static"
GOOD = {
    "LINLI_SECRET_KEY": "kD8s-2mQzX0vB7nL4pR6tW1yE3uI5oA9gH_jKcFfVbNqTrSxZw",
    "DATABASE_URL": "postgres://linli:pw@127.0.0.1:5432/linli",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "LINLI_HOSTS": "linli.example.com,10.0.0.5",
    "LINLI_ORIGINS": "https://linli.example.com",
    "FORWARDED_ALLOW_IPS": "127.0.0.1",
}


def test_good_settings_have_no_problem():
    assert problems(GOOD) == []


@pytest.mark.parametrize("name", ["LINLI_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "LINLI_HOSTS"])
def test_what_is_missing_is_named(name):
    [problem] = problems(GOOD | {name: ""})
    assert problem.startswith(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LINLI_SECRET_KEY", "short"),
        ("LINLI_SECRET_KEY", "a" * 80),
        ("DATABASE_URL", "sqlite:///var/linli.sqlite3"),
        ("DATABASE_URL", "mysql://linli@localhost/linli"),
        ("REDIS_URL", "memory://"),
        ("LINLI_HOSTS", "*"),
        ("LINLI_HOSTS", "https://linli.example.com"),
        ("LINLI_HOSTS", "linli.example.com:443"),
        ("LINLI_ORIGINS", "http://linli.example.com"),
        ("LINLI_ORIGINS", "gate.example.org"),
        ("FORWARDED_ALLOW_IPS", "*"),
        ("LINLI_METRICS_TOKEN", "guess"),
    ],
)
def test_what_is_wrong_is_named_and_never_repeated(name, value):
    [problem] = problems(GOOD | {name: value})
    assert problem.startswith(name)
    assert len(value) < 3 or value not in problem


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {"DJANGO_SETTINGS_MODULE": "community.settings.production", "LINLI_VAR": str(folder)}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | GOOD | settings | environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def test_every_fault_is_told_at_once(tmp_path):
    ran = manage(tmp_path, "check", DATABASE_URL="", LINLI_HOSTS="*")
    assert ran.returncode != 0
    told = ran.stderr.splitlines()
    assert any(line.startswith("  - DATABASE_URL") for line in told)
    assert any(line.startswith("  - LINLI_HOSTS") for line in told)


@pytest.mark.slow
def test_the_check_before_deployment_is_clean_once_static_files_are_there(tmp_path):
    ran = manage(tmp_path, "check", "--deploy")
    assert "linli.W001" in ran.stderr
    collected = manage(tmp_path, "collectstatic", "--noinput", "--verbosity", "0")
    assert collected.returncode == 0, collected.stderr
    ran = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert ran.returncode == 0, ran.stderr
    assert "no issues (0 silenced)" in ran.stdout


def test_a_key_ring_that_others_may_read_is_an_error(tmp_path):
    ring = tmp_path / "keyring.json"
    ring.write_text("{}")
    ring.chmod(0o644)
    ran = manage(tmp_path, "check", "--deploy", LINLI_KEYRING=str(ring))
    assert "linli.E002" in ran.stderr
    assert ran.returncode != 0


def variables(text: str) -> set[str]:
    return set(re.findall(r"\b(LINLI_[A-Z_]+|DATABASE_URL|REDIS_URL|FORWARDED_ALLOW_IPS)\b", text))


def test_the_example_names_what_the_settings_read():
    read = set()
    for path in (ROOT / "community" / "settings").glob("*.py"):
        read |= variables(path.read_text())
    # The embedded mode's own: it starts everything itself.
    read -= {"LINLI_HTTP_PORT", "LINLI_HTTPS_PORT", "LINLI_DEMO", "LINLI_APPS"}
    read -= {"LINLI_WEB_PROCESSES"}
    assert variables((PRODUCTION / "linli.env.example").read_text()) == read


def commands(text: str) -> set[str]:
    """Which of our programs a file starts."""
    known = {
        "web": r"uvicorn.{1,6}community\.asgi:application",
        "worker": r"celery\W+-A\W+community\W+worker",
        "beat": r"celery\W+-A\W+community\W+beat",
        "cameras": r"manage\.py\W+watch_cameras\W+--all",
    }
    return {name for name, shape in known.items() if re.search(shape, text)}


def test_each_way_to_start_starts_everything():
    units = "\n".join(path.read_text() for path in PRODUCTION.glob("*.service"))
    compose = (PRODUCTION / "compose.yaml").read_text() + (PRODUCTION / "Dockerfile").read_text()
    everything = {"web", "worker", "beat", "cameras"}
    assert commands(units) == everything
    assert commands((ROOT / "deploy" / "Procfile").read_text()) == everything
    assert commands(compose) == everything


def test_the_target_wants_units_that_exist():
    [wanted] = re.findall(r"^Wants=(.*)$", (PRODUCTION / "linli.target").read_text(), re.MULTILINE)
    files = [re.sub(r"@\d+", "@", name) for name in wanted.split()]
    assert [name for name in files if not (PRODUCTION / name).exists()] == []


@pytest.mark.parametrize("path", sorted(PRODUCTION.glob("*.service")), ids=lambda path: path.name)
def test_units_may_do_little(path):
    text = path.read_text()
    for wall in ("NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "User=linli"):
        assert wall in text
    assert "Restart=always" in text


def test_compose_keeps_database_and_redis_inside():
    compose = yaml.safe_load((PRODUCTION / "compose.yaml").read_text())
    services = compose["services"]
    assert [name for name, each in services.items() if "ports" in each] == ["nginx"]
    assert compose["networks"]["inside"] == {"internal": True}
    assert {"web1", "web2", "worker", "beat", "cameras", "postgres", "redis"} < set(services)


@pytest.mark.parametrize("name", ["nginx.conf", "nginx.compose.conf"])
def test_the_proxy_says_who_the_client_is_and_hides_what_is_ours(name):
    text = (PRODUCTION / name).read_text()
    assert text.count("{") == text.count("}")
    # Set, not appended: what the client wrote into the header is gone.
    assert re.search(r"X-Forwarded-For\s+\$remote_addr;", text)
    assert "$proxy_add_x_forwarded_for" not in text
    assert "Upgrade    $http_upgrade" in text
    assert "(metrics|healthz|readyz)" in text
    # Where no web process answers, people read why, by files that need none.
    assert "error_page 502 504 /static/away.html;" in text
    away = (STATIC / "away.html").read_text()
    linked = re.findall(r'href="/static/([^"]+)"', away)
    assert linked
    assert all((STATIC / name).is_file() for name in linked)
    # Cameras come by plain HTTP and by number: to their own addresses only, under the name we know.
    plain = text[text.index("listen 80 default_server") : text.index("http2 on;")]
    assert "location ~ ^/(devices|VIID)/" in plain
    assert re.search(r"Host\s+linli\.example\.com;", plain)
    assert "$host;" not in plain
