#!/bin/sh
# Makes what is needed here and is not there yet; the second time it does nothing.
#   infra/local/bootstrap.sh run    .venv with what runs, and the two store programs
#   infra/local/bootstrap.sh test   the same, what the tests need, and clamd
set -eu
cd "$(dirname "$0")/../.."

say() { echo "carnet: $*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# install_packages WHY PACKAGE…: by apt-get, when there is one and we may.
install_packages() {
    why=$1
    shift
    if ! command -v apt-get >/dev/null || ! as_root true 2>/dev/null; then
        say "$why is missing. Install it with your package manager (Debian's name: $*), then call make again."
        exit 1
    fi
    say "installing the system packages $* …"
    as_root apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 || {
        as_root apt-get update >/dev/null && as_root apt-get install -y --no-install-recommends "$@" >/dev/null
    }
}

find_python() {
    for name in python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

make_venv() {
    [ -x .venv/bin/pip ] && return
    python=$(find_python)
    if [ -z "$python" ]; then
        install_packages "Python 3.11, 3.12 or 3.13" python3 python3-venv
        python=$(find_python)
    fi
    [ -n "$python" ] || { say "this system's Python is too old: 3.11, 3.12 or 3.13 is needed."; exit 1; }
    "$python" -c 'import ensurepip' 2>/dev/null || install_packages "Python's venv module" python3-venv
    say "making .venv with $("$python" --version) …"
    "$python" -m venv --clear .venv
}

# install STAMP FILE…: the requirement files, once per content.
install() {
    stamp=.venv/$1.stamp
    shift
    now=$(cat "$@" | cksum)
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ] && return
    rm -f .venv/*.stamp # of what was there before, this leaves some in other versions, and all of it when it is killed
    set -- $(printf -- '-r %s ' "$@")
    say "installing Python packages ($*) …"
    # chalice needs pip < 26.3
    .venv/bin/python -m pip install --quiet --disable-pip-version-check 'pip<26.3'
    # Not compiled: that is a third of the work, and most of what comes along is never imported.
    { .venv/bin/python -m pip install --no-compile --disable-pip-version-check --progress-bar off "$@" || echo ERROR; } 2>&1 |
        awk '/^Collecting|^Installing/ { print "  " substr($0, 1, 100) } /^ERROR/ { print; bad = 1 } END { exit bad }' >&2
    .venv/bin/python -m pip check >/dev/null
    echo "$now" >"$stamp"
}

scanner() {
    [ -x /usr/sbin/clamd ] || command -v clamd >/dev/null || install_packages "The virus scanner clamd" clamav-daemon
}

RUN="requirements.txt infra/local/requirements.txt"
make_venv
# shellcheck disable=SC2086  these are two names
if [ "${1:-run}" = run ]; then
    install run $RUN
else
    scanner & # beside pip, which mostly waits for its index
    scanned=$!
    install test $RUN requirements-dev.txt # all at once: what runs would otherwise be resolved twice
    cat $RUN | cksum >.venv/run.stamp
    wait "$scanned"
fi
.venv/bin/python -m infra.local.tools
