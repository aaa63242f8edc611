#!/bin/sh
# run.sh SECONDS: runs every fuzz target that long, with its seeds from tests/fixtures and
# the sample; a crash stops it and is left under build/fuzz.
set -eu
seconds=$1
top=$(pwd)
for program in build/fuzz/programs/fuzz_*; do
    name=$(basename "$program")
    mkdir -p "build/fuzz/corpus/$name"
    echo "$name"
    (cd build/fuzz && "$top/$program" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 \
        -verbosity=0 -print_final_stats=1 "corpus/$name" "$top/tests/fixtures" 2>&1 |
        grep -E 'stat::number_of_executed_units|SUMMARY|ERROR|Test unit' || true)
    [ -z "$(find build/fuzz -maxdepth 1 -name 'crash-*' -o -maxdepth 1 -name 'timeout-*')" ] || {
        echo "$name: see build/fuzz" >&2
        exit 1
    }
done
