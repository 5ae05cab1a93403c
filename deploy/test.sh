#!/bin/sh
# `make test`: all checks, then the suite on SQLite, then on PostgreSQL what depends on the database.
# Arguments go to pytest: `deploy/test.sh tests/parking -k tariff`. Ends with pytest's own summary.
# LINLI_TEST_ALL=1 runs also those browser journeys on PostgreSQL that are about pages, not about the database.
set -eu
cd "$(dirname "$0")/.."
. deploy/debian.sh

# What a run keeps (keys, pictures) is its own, and goes with it.
LINLI_VAR=$(mktemp -d)
export LINLI_VAR
trap 'rm -rf "$LINLI_VAR"' EXIT

deploy/setup.sh dev
need_packages postgresql redis-server mosquitto chromium-headless-shell \
    fonts-noto-cjk fonts-dejavu-core fonts-liberation
deploy/check.sh

unset DATABASE_URL REDIS_URL
pytest=".venv/bin/python -m pytest -n ${LINLI_TEST_WORKERS:-3}"
echo "tests: on SQLite"
$pytest -m "not postgresql" "$@"
second="not pure and not sqlite"
[ "${LINLI_TEST_ALL:-0}" = 1 ] || second="$second and not once"
echo "tests: on PostgreSQL"
.venv/bin/python -m tests.servers.postgresql $pytest -m "$second" "$@" || {
    status=$?
    # pytest says 5 when none of the chosen tests concerns the database; of all tests some must.
    [ "$status" -eq 5 ] && [ $# -gt 0 ] || exit "$status"
}
