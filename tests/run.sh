#!/bin/sh
# run.sh [NAME...]: runs the unit tests and the command-line tests, or those whose name
# holds one of the arguments, and closes with "N passed, N failed, N skipped".
# BUILD is the folder of the build, TL_JOBS how many run at a time (default: one a
# processor).  The log of a failed test is shown.
set -u
limit=${TL_TEST_LIMIT:-900} # seconds after which a test hangs: far more than one takes on a busy machine

# ---- one test: run.sh --one WORK NAME ------------------------------------------

unit() { # NAME LOG
    timeout "$limit" "$BUILD/tests/${1#unit/}" >"$2" 2>&1
}

script() { # NAME LOG
    mkdir -p "$work/$1"
    (cd "$work/$1" && timeout "$limit" sh -eu "$TOP/tests/$1.sh" >"$2.out" 2>"$2") || return $?
    expected=$TOP/tests/$1.out
    [ -e "$expected" ] || return 0
    [ -z "${TL_UPDATE:-}" ] || cp "$2.out" "$expected"
    diff -u "$expected" "$2.out" >>"$2"
}

verdict() { # NAME STATUS LOG: a line, and the log's end of a failure
    skips=$(sed -n 's/.*SKIPPED.* \([0-9][0-9]*\) test(s).*/\1/p' "$3" | head -n 1)
    case $2 in
    77) echo "skip  $1: $(tail -n 1 "$3")" ;;
    0) echo "ok    $1${skips:+ ($skips of its tests skipped: $(grep -m 1 -io 'skip.*' "$3"))}" ;;
    *)
        echo "FAIL  $1 (exit $2)"
        tail -n 60 "$3" | sed 's/^/      /'
        ;;
    esac
}

if [ "${1:-}" = --one ]; then
    work=$2
    log=$work/$(echo "$3" | tr / -).log
    case $3 in
    unit/*) unit "$3" "$log" ;;
    *) script "$3" "$log" ;;
    esac
    text=$(verdict "$3" $? "$log")
    rm -rf "${work:?}/$3"
    printf '%s\n' "$text" | tee "$log.verdict" # at once, so that no other's lines come between
    exit 0
fi

# ---- all of them ---------------------------------------------------------------

BUILD=${BUILD:-build}
TOP=$(pwd)
case $BUILD in /*) ;; *) BUILD=$TOP/$BUILD ;; esac
TL_PROGRAM=$BUILD/tracelode
TL_EXTENSION=$BUILD/tracelode.so
# Whether the build has a sanitizer or counts what it reaches: it needs more memory, cannot be
# traced, and a program of somebody else's cannot load its extension or link its library.
TL_SANITIZED=
if grep -qE '__(asan|tsan|gcov)_init' "$TL_PROGRAM" 2>/dev/null; then TL_SANITIZED=1 TL_EXTENSION=/nonexistent; fi
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}
# The quick tier; `make check-long` kills, and tries on the GPU's model, many times more.
TL_KILLS=${TL_KILLS:-5}
export BUILD TOP TL_PROGRAM TL_SANITIZED TL_EXTENSION ASAN_OPTIONS TL_KILLS LC_ALL=C.UTF-8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

wanted() { # is the test called $1 asked for?
    [ $# -gt 1 ] || return 0
    name=$1
    shift
    for w in "$@"; do
        case $name in *"$w"*) return 0 ;; esac
    done
    return 1
}

names() { # of all tests that there are; programs are built, scripts are not
    for program in "$BUILD"/tests/test_*; do
        case $(basename "$program") in *.* | *'*') ;; *) echo "unit/$(basename "$program")" ;; esac
    done
    for script in tests/cli/*.sh tests/fault/*.sh tests/browser/*.sh; do
        case $script in */lib.sh | *'*'*) ;; *) name=${script#tests/} && echo "${name%.sh}" ;; esac
    done
}

# Those that take longest begin first, so that none of them runs alone at the end.
long='unit/test_cuda_device_host|unit/test_resume|fault/commands|fault/kill'
names >"$work/all"
{ grep -xE "$long" "$work/all"; grep -vxE "$long" "$work/all"; } | while read -r name; do
    wanted "$name" "$@" && echo "$name"
done >"$work/names"
xargs -P "${TL_JOBS:-$(nproc)}" -n 1 sh "$0" --one "$work" <"$work/names"

tally() { cat "$work"/*.verdict 2>/dev/null | grep -c "^$1 "; }
passed=$(tally 'ok') failed=$(tally FAIL) skipped=$(tally skip)
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ $((passed + skipped)) = "$(wc -l <"$work/names")" ]
