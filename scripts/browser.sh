#!/bin/sh
# The end-to-end tests need Chromium: installed where this user may, else named.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "CHROMIUM_MISSING The browser tests need Chromium" >&2
echo "  Install the Debian package 'chromium' (as root: apt-get install chromium), then run make test again." >&2
exit 1
