#!/bin/sh
# run.sh SECONDS [TARGET]...: runs every fuzz target (or those named) that long, each from
# the inputs of tests/fixtures/fuzz/TARGET and what it found in earlier runs, and prints
# executions and coverage.  A crash, a leak, a hang or too much memory fails and is left
# under $BUILD/found; made small, it belongs into tests/fixtures/fuzz/TARGET.
set -eu
seconds=$1
shift
top=$(pwd)
build=${BUILD:-build/fuzz}
case $build in /*) ;; *) build=$top/$build ;; esac
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 130' INT TERM
ASAN_OPTIONS=allocator_may_return_null=1 # as malloc does
export ASAN_OPTIONS

dictionary() { # of a target, by what it reads
    case $1 in
    framer | row | prefilter | repair) echo rows ;;
    csv | tables | writers) echo csv ;;
    jsonl | published) echo json ;;
    grammar | blocks | paper | match) echo traceback ;;
    markup | sql | ini) echo "$1" ;;
    esac
}

options() {
    words=$(dictionary "$1")
    [ -z "$words" ] || echo "-dict=$top/tests/fuzz/$words.dict"
    # A damaged .7z may ask for any number of members, which nobody then touches.
    [ "$1" != source ] || echo "-malloc_limit_mb=65536"
}

if [ $# = 0 ]; then
    for file in tests/fuzz/fuzz_*.c; do
        file=${file#tests/fuzz/fuzz_}
        set -- "$@" "${file%.c}"
    done
fi
failed=0
for target; do
    log=$build/$target.log
    mkdir -p "$build/corpus/$target" "$build/found"
    status=0
    # shellcheck disable=SC2046 # words
    "$build/programs/fuzz_$target" -max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$build/found/$target-" $(options "$target") \
        "$build/corpus/$target" "$top/tests/fixtures/fuzz/$target" >"$log" 2>&1 || status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    if [ $status = 0 ] && [ -n "$runs" ]; then
        echo "ok    $target: $runs runs, $coverage edges"
    else
        failed=$((failed + 1))
        echo "FAIL  $target (exit $status)"
        grep -E 'broken:|ERROR|SUMMARY|Test unit written' "$log" | sed 's/^/      /'
    fi
done
[ $failed = 0 ]
