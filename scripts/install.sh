#!/bin/sh
# Makes .venv from the locked, hashed requirements and puts `rtv` in it. Needs Python 3.11 to 3.13.
# Uses uv where it is present, else pip. Does nothing when .venv already holds this very lock.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE PYTHONPATH || true

say() { printf '%s\n' "$*" >&2; }
fail() { say "INSTALL_FAILED $1"; say "  $2"; exit 1; }

find_python() {
    for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    fail "No Python 3.11, 3.12 or 3.13 was found" "On Debian 12: apt-get install python3 python3-venv"
}

make_environment() {
    "$python" -m venv .venv 2>/dev/null && return
    # Debian without python3-venv: a bare environment, filled by the system's pip where there is one.
    rm -rf .venv
    "$python" -m venv --without-pip .venv || fail "No virtual environment could be made" "On Debian 12: apt-get install python3-venv"
    "$python" -m pip --version >/dev/null 2>&1 ||
        fail "Neither uv nor pip was found" "On Debian 12: apt-get install python3-venv"
}

stamp=$(cat requirements.lock pyproject.toml scripts/install.sh | sha256sum | cut -d' ' -f1)
if [ -f .venv/.stamp ] && [ "$(cat .venv/.stamp)" = "$stamp" ] && [ -x .venv/bin/rtv ]; then
    exit 0
fi
python=$(find_python)
if command -v uv >/dev/null 2>&1; then
    say "Installing the locked environment with uv"
    [ -x .venv/bin/python ] || uv venv --quiet --no-config --seed --python "$python" .venv
    uv pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
else
    say "Installing the locked environment with pip; this takes about two minutes"
    [ -x .venv/bin/python ] || make_environment
    if [ -x .venv/bin/pip ]; then pip=".venv/bin/python -m pip"; else pip="$python -m pip --python .venv/bin/python"; fi
    $pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
    $pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
say "Compiling bytecode"
# Some packages ship template files that are no Python; what cannot be compiled is compiled never.
.venv/bin/python -m compileall -q -j 0 .venv/lib/python3.*/site-packages >/dev/null 2>&1 || true
printf '%s' "$stamp" >.venv/.stamp
say "Ready: .venv/bin/rtv"
