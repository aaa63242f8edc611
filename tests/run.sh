#!/bin/sh
# run.sh [NAME...]: runs the unit tests and the command-line tests, or those whose name
# holds one of the arguments, and closes with "N passed, N failed, N skipped".
# BUILD is the folder of the build.  The log of a failed test is shown.
set -u
BUILD=${BUILD:-build}
TOP=$(pwd)
export TOP
case $BUILD in /*) ;; *) BUILD=$TOP/$BUILD ;; esac
TL_PROGRAM=$BUILD/tracelode
TL_EXTENSION=$BUILD/tracelode.so
# A program of somebody else's cannot load an extension built with a sanitizer.
case $BUILD in *san) TL_EXTENSION=/nonexistent ;; esac
export BUILD TL_PROGRAM TL_EXTENSION LC_ALL=C.UTF-8
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}
export ASAN_OPTIONS
# The quick tier; `make check-long` kills, and tries on the GPU's model, many times more.
TL_KILLS=${TL_KILLS:-5}
export TL_KILLS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0 skipped=0
limit=${TL_TEST_LIMIT:-300} # seconds after which a test hangs

wanted() { # is the test called $1 asked for?
    [ $# -gt 1 ] || return 0
    name=$1
    shift
    for w in "$@"; do
        case $name in *"$w"*) return 0 ;; esac
    done
    return 1
}

count() { # NAME STATUS LOG
    skips=$(sed -n 's/.*SKIPPED.* \([0-9][0-9]*\) test(s).*/\1/p' "$3" | head -n 1)
    if [ "$2" = 77 ]; then
        skipped=$((skipped + 1))
        echo "skip  $1: $(tail -n 1 "$3")"
    elif [ "$2" != 0 ]; then
        failed=$((failed + 1))
        echo "FAIL  $1 (exit $2)"
        tail -n 60 "$3" | sed 's/^/      /'
    else
        passed=$((passed + 1))
        echo "ok    $1${skips:+ ($skips of its tests skipped: $(grep -m 1 -io 'skip.*' "$3"))}"
    fi
}

for program in "$BUILD"/tests/test_*; do
    case $program in *.d | *'*') continue ;; esac
    name=unit/$(basename "$program")
    wanted "$name" "$@" || continue
    log=$work/$(basename "$program").log
    timeout "$limit" "$program" >"$log" 2>&1
    count "$name" $? "$log"
done

for script in tests/cli/*.sh tests/fault/*.sh tests/browser/*.sh; do
    [ -e "$script" ] || continue
    case $script in */lib.sh) continue ;; esac
    name=${script#tests/}
    name=${name%.sh}
    wanted "$name" "$@" || continue
    dir=$work/$name
    mkdir -p "$dir"
    log=$dir.log
    expected=$TOP/${script%.sh}.out
    (cd "$dir" && timeout "$limit" sh -eu "$TOP/$script" >"$dir.out" 2>"$log")
    status=$?
    if [ $status = 0 ] && [ -e "$expected" ]; then
        if [ -n "${TL_UPDATE:-}" ]; then cp "$dir.out" "$expected"; fi
        diff -u "$expected" "$dir.out" >>"$log" || status=1
    fi
    count "$name" $status "$log"
done

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
