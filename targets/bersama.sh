# shellcheck shell=bash
# Starting and stopping a real application; `start` and `stop` of each target source this file. Not for direct use.
#
#   start DIR [PORT]   installs (once) and starts the application on 127.0.0.1:PORT, with all its state below DIR. PORT 0,
#                      or none, lets the system choose. Prints the LAIK_… variables (base URL, credentials, account ids)
#                      and leaves them in DIR/rahasia.env; DIR/pid holds the process, DIR/server.log is its log.
#   stop DIR           ends what `start DIR` began, by its pid, and waits until it is gone.
#
# A target brings requirements.txt (pinned, with hashes) and aplikasi.py with `siapkan` (writes DIR/rahasia.env) and
# `layani PORT` (writes DIR/port once it listens). LAIK_VENV names an environment that several directories may share.
set -euo pipefail

# mulai HERE NAME BASE READY [DIR [PORT]]: BASE is the path of the base URL, READY the path below it that answers 200 once
# the application is there.
mulai() {
    local here=$1 name=$2 base=$3 ready=$4
    shift 4
    if [ $# -lt 1 ] || [ $# -gt 2 ]; then
        echo "pakai: $here/start DIR [PORT]" >&2
        return 2
    fi
    mkdir -p "$1"
    local dir port=${2:-0}
    dir=$(cd "$1" && pwd)
    local venv=${LAIK_VENV:-$dir/venv}
    if [ -f "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null; then
        echo "sudah berjalan dengan pid $(cat "$dir/pid"); hentikan dulu: $here/stop $1" >&2
        return 1
    fi
    pasang "$here" "$venv"
    export LAIK_DIREKTORI=$dir PYTHONDONTWRITEBYTECODE=1
    rm -f "$dir/port" "$dir/pid"
    "$venv/bin/python" "$here/aplikasi.py" siapkan
    nohup "$venv/bin/python" "$here/aplikasi.py" layani "$port" >"$dir/server.log" 2>&1 </dev/null &
    local pid=$!
    echo "$pid" >"$dir/pid"
    # Ready means that a page answers, not only that a socket is open. At most 30 seconds.
    for _ in $(seq 150); do
        if ! kill -0 "$pid" 2>/dev/null; then
            echo "$name berhenti saat dimulai; catatannya di $dir/server.log:" >&2
            tail -n 20 "$dir/server.log" >&2
            rm -f "$dir/pid"
            return 1
        fi
        if [ -s "$dir/port" ] && menjawab "$venv" "http://127.0.0.1:$(cat "$dir/port")$base$ready"; then
            echo "LAIK_ALAMAT_DASAR=http://127.0.0.1:$(cat "$dir/port")$base" >>"$dir/rahasia.env"
            cat "$dir/rahasia.env"
            return 0
        fi
        sleep 0.2
    done
    echo "$name tidak menjawab dalam 30 detik; catatannya di $dir/server.log" >&2
    kill "$pid" 2>/dev/null || true
    rm -f "$dir/pid"
    return 1
}

# A stamp with the digest of the requirements tells a finished installation from a broken or an old one.
pasang() {
    local here=$1 venv=$2 want
    want=$(sha256sum "$here/requirements.txt" | cut -d' ' -f1)
    [ "$(cat "$venv/.laik-terpasang" 2>/dev/null || true)" != "$want" ] || return 0
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement "$here/requirements.txt"
    echo "$want" >"$venv/.laik-terpasang"
}

menjawab() {
    "$1/bin/python" - "$2" <<'PY'
import sys, urllib.request
try:
    sys.exit(urllib.request.urlopen(sys.argv[1], timeout=2).status != 200)
except OSError:
    sys.exit(1)
PY
}

hentikan() {
    if [ $# -ne 1 ]; then
        echo "pakai: stop DIR" >&2
        return 2
    fi
    if [ ! -f "$1/pid" ]; then
        echo "tidak berjalan: $1/pid tidak ada" >&2
        return 0
    fi
    local pid
    pid=$(cat "$1/pid")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || {
            rm -f "$1/pid" "$1/port"
            return 0
        }
        sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$1/pid" "$1/port"
}
