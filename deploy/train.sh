#!/bin/sh
# Trains the plate networks in an environment of their own: `deploy/train.sh both --recipe short`.
# The first run fetches torch with its CUDA libraries, some gigabytes; a processor alone is enough to use it.
set -eu
cd "$(dirname "$0")/.."
. deploy/debian.sh

need_packages fonts-noto-cjk fonts-noto-cjk-extra fonts-wqy-zenhei fonts-wqy-microhei fonts-droid-fallback \
    fonts-lxgw-wenkai fonts-arphic-uming fonts-arphic-gbsn00lp fonts-arphic-ukai \
    fonts-opendin fonts-bebas-neue fonts-roboto-unhinted fonts-liberation fonts-dejavu-core

venv=var/training/venv
lock=deploy/requirements/train.lock
stamp=$venv/linli-train.stamp
fingerprint=$(sha256sum <"$lock")
if [ "$(cat "$stamp" 2>/dev/null)" != "$fingerprint" ]; then
    echo "train: installing $lock" >&2
    mkdir -p var/training
    "${PYTHON:-python3}" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        -r deploy/requirements/bootstrap.lock
    "$venv/bin/uv" pip sync --quiet --python "$venv/bin/python" --require-hashes --no-build-isolation \
        --only-binary :all: --no-binary face-recognition-models --no-binary http-ece "$lock"
    echo "$fingerprint" >"$stamp"
fi
exec "$venv/bin/python" -m community.vision.training "$@"
