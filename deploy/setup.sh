#!/bin/sh
# Makes .venv what the lock file says: `deploy/setup.sh run`, or `dev` for tests and checks.
# Does nothing when nothing changed. As root it installs missing Debian packages, otherwise it names them.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
group=${1:-run}
lock=deploy/requirements/$group.lock
stamp=.venv/linli-$group.stamp
. deploy/debian.sh

say() { echo "setup: $*" >&2; }
fail() { say "$@"; exit 1; }

find_python() {
    for candidate in "${PYTHON:-}" python3.11 python3; do
        if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

make_environment() {
    [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 && return
    find_python >/dev/null || need_packages python3
    python=$(find_python) || fail "Python 3.11 or later is needed; set PYTHON to its path"
    "$python" -c 'import ensurepip' 2>/dev/null || need_packages python3-venv
    say "making .venv with $python"
    "$python" -m venv --clear .venv
}

# pip takes minutes for what uv does in seconds; uv itself comes by pip, with its hash. Where a machine's index is set
# up for pip alone, pip does it all. Wheels only, so no compiler is ever asked for; the two packages named here have
# none, are plain Python, and are built with the setuptools that the bootstrap lock pins.
install_lock() {
    say "installing $lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        -r deploy/requirements/bootstrap.lock || fail "pip cannot install uv; see its message above"
    if .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes --no-build-isolation \
        --only-binary :all: --no-binary face-recognition-models --no-binary http-ece "$lock"; then
        return
    fi
    say "uv did not succeed; trying pip, which takes some minutes"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-build-isolation \
        --only-binary :all: --no-binary face-recognition-models,http-ece -r "$lock" \
        || fail "pip cannot install $lock; see its message above"
}

# The wheels of OpenCV and WeasyPrint load these from the system.
check_libraries() {
    .venv/bin/python -c 'import cv2' >/dev/null 2>&1 || need_packages libgl1 libglib2.0-0
    .venv/bin/python -c 'import cv2' || fail "OpenCV does not load; see the message above"
    .venv/bin/python -c 'import weasyprint' >/dev/null 2>&1 \
        || need_packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    .venv/bin/python -c 'import weasyprint' || fail "WeasyPrint does not load; see the message above"
}

# The tests' environment holds all that running needs.
is_current() {
    fingerprint=$(cat "deploy/requirements/$1.lock" deploy/setup.sh | sha256sum)
    [ -x .venv/bin/python ] && [ "$(cat ".venv/linli-$1.stamp" 2>/dev/null)" = "$fingerprint $root" ]
}

mkdir -p var
exec 9>var/setup.lock
! command -v flock >/dev/null || flock 9

if ! is_current dev && ! is_current "$group"; then
    make_environment
    rm -f .venv/linli-*.stamp
    install_lock
    check_libraries
    echo "$(cat "$lock" deploy/setup.sh | sha256sum) $root" >"$stamp"
    say "done"
fi
.venv/bin/python deploy/catalogues.py compile
