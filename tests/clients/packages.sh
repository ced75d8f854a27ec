#!/bin/sh
# Installs the programs that tests/clients drives and that pip does not have: as root on Debian or
# Ubuntu, and elsewhere says what is missing.
set -eu

has() {
    case $1 in
    evolution-data-server) [ -x /usr/libexec/evolution-source-registry ] ;;
    gir1.2-ebook-1.2) /usr/bin/python3 -c 'import gi; gi.require_version("EBook", "1.2")' 2>/dev/null ;;
    dbus-daemon) command -v dbus-run-session >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

missing=
for package in thunderbird evolution-data-server gir1.2-ebook-1.2 dbus-daemon; do
    has "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # several words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        python3-gi $missing >/dev/null
else
    echo "Missing, under the names of Debian's packages:$missing" >&2
    exit 1
fi
