#!/bin/sh
# Resolves deploy/requirements/*.in into *.lock: hashes for every file, no name of any index.
# Keeps what is locked and still fits; `deploy/lock.sh --upgrade` takes the newest of everything.
set -eu
cd "$(dirname "$0")/requirements"

uv=../../.venv/bin/uv
if [ ! -x "$uv" ]; then
    ../../.venv/bin/pip install --quiet --require-hashes -r bootstrap.lock
fi

resolve() {
    name=$1
    shift
    "$uv" pip compile --quiet --no-header --no-emit-index-url --generate-hashes \
        --python-version 3.11 --override overrides.txt "$@" "$name.in" --output-file "$name.lock"
    {
        echo "# Made by \`make lock\` from $name.in. Do not edit by hand."
        cat "$name.lock"
    } >"$name.lock.new"
    mv "$name.lock.new" "$name.lock"
}

resolve bootstrap
resolve run "$@"
resolve dev --constraint run.lock "$@"
resolve train --constraint run.lock "$@"
