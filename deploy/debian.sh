# shellcheck shell=sh
# need_packages NAME...: as root installs what is missing of these Debian packages, otherwise says what to install and stops.

missing_packages() {
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

need_packages() {
    command -v dpkg-query >/dev/null || {
        echo "These are needed, under the names that Debian gives them: $*" >&2
        exit 1
    }
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        echo "These Debian packages are missing. Install them, then try again:" >&2
        echo "    sudo apt-get install $missing" >&2
        exit 1
    fi
    echo "installing Debian packages: $missing" >&2
    # shellcheck disable=SC2086
    if ! output=$({ [ -n "${packages_listed:-}" ] || apt-get update -q; } 2>&1 \
        && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing 2>&1); then
        printf '%s\n' "$output" >&2
        exit 1
    fi
    packages_listed=yes
}
