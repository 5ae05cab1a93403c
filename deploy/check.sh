#!/bin/sh
# All checks that need no test run. Runs every one, names those that failed, exits 1 if any did.
set -u
cd "$(dirname "$0")/.."
PATH=$PWD/.venv/bin:$PATH
export PATH DJANGO_SETTINGS_MODULE=community.settings.test
# Of the code only: no database of this machine has a say.
export DATABASE_URL=sqlite://:memory:
failed=

check() {
    name=$1
    shift
    printf 'check: %-18s' "$name"
    if output=$("$@" 2>&1); then
        echo "ok"
    else
        echo "FAILED"
        printf '%s\n' "$output"
        failed="$failed $name;"
    fi
}

check "ruff"            ruff check .
check "ruff format"     ruff format --check .
check "mypy"            mypy
check "import contracts" lint-imports
check "django"          python manage.py check
check "migrations"      python manage.py makemigrations --check --dry-run
check "Chinese texts"   python deploy/catalogues.py check

[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
