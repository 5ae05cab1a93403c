#!/bin/sh
# `make test`: all checks, then the suite on SQLite, then on PostgreSQL what depends on the database.
# Arguments go to pytest: `deploy/test.sh tests/parking -k tariff`. Ends with pytest's own summary.
set -eu
cd "$(dirname "$0")/.."
. deploy/debian.sh

deploy/setup.sh dev
need_packages postgresql redis-server mosquitto chromium fonts-noto-cjk fonts-dejavu-core
deploy/check.sh

echo "tests: on SQLite"
env -u DATABASE_URL .venv/bin/python -m pytest -n 2 --dist loadgroup -m "not postgresql" "$@"

echo "tests: on PostgreSQL"
.venv/bin/python -m tests.servers.postgresql \
    .venv/bin/python -m pytest -n 2 --dist loadgroup -m "not pure and not sqlite" "$@"
