#!/bin/sh
# `make test`: all checks, then the suite on SQLite, then on PostgreSQL what depends on the database.
# Arguments go to pytest: `deploy/test.sh tests/parking -k tariff`. Ends with pytest's own summary.
set -eu
cd "$(dirname "$0")/.."
. deploy/debian.sh

# What a run keeps (keys, pictures) is its own, and goes with it.
LINLI_VAR=$(mktemp -d)
export LINLI_VAR
trap 'rm -rf "$LINLI_VAR"' EXIT

# pytest says 5 when nothing is left to run: right for a chosen part of the suite, wrong for all of it.
suite() {
    "$@" && return
    status=$?
    [ "$status" -eq 5 ] && [ "$chosen" -gt 0 ] || exit "$status"
}

deploy/setup.sh dev
need_packages postgresql redis-server mosquitto chromium fonts-noto-cjk fonts-dejavu-core
deploy/check.sh

chosen=$#
unset DATABASE_URL REDIS_URL
pytest=".venv/bin/python -m pytest -n 2 --dist loadgroup"
echo "tests: on SQLite"
suite $pytest -m "not postgresql" "$@"
echo "tests: on PostgreSQL"
suite .venv/bin/python -m tests.servers.postgresql $pytest -m "not pure and not sqlite" "$@"
