#!/bin/bash
# bench_extract.sh [MEGABYTES]: how fast is tracelode extract?
#
# Makes dumps with gen_dump (default 1000 MB, in $TMPDIR) and prints, as a table, the time of
# each step beside that of the plainest tool that reads the same bytes, from alternating
# runs with the page cache warm.  Environment: BUILD (default build), RUNS (default 7).
set -euo pipefail
export LC_ALL=C

megabytes=${1:-1000}
build=${BUILD:-build}
runs=${RUNS:-7}
program=$build/tracelode
generator=$build/bench/gen_dump
stages=$build/bench/bench_stages
sample=corpus/sample/Posts.xml
for needed in "$program" "$generator" "$stages" "$sample"; do
    [ -e "$needed" ] || { echo "bench_extract.sh: $needed is missing (make; make bench)" >&2; exit 1; }
done
folder=$(mktemp -d "${TMPDIR:-/tmp}/tracelode-bench-XXXXXX")
trap 'rm -rf "$folder"' EXIT

# ---- what is timed ------------------------------------------------------------

extract() { # FILE [OPTION...]: into a fresh store
    rm -f "$folder"/study.db*
    local file=$1
    shift
    "$program" extract --quiet "$file" --site bench -d "$folder/study.db" "$@"
}
extract_on_one() {
    rm -f "$folder"/study.db*
    taskset -c 0 "$program" extract --quiet "$1" --site bench -d "$folder/study.db"
}
# grep must not see that its output is thrown away, or it stops at the first match.
count_rows() { grep -c '<row' "$1" | cat >/dev/null; }
unpack_7z() { bsdtar -xOf "$1" >/dev/null; }
unpack_zst() { zstd -dc "$1" >/dev/null; }

nanoseconds() { # COMMAND...
    local begun
    begun=$(date +%s%N)
    "$@" >/dev/null
    echo $(($(date +%s%N) - begun))
}

shortest() { sort -n | head -n 1; } # what else the machine does only ever adds time

# Alternating runs of two commands, each a string: the shortest of each, nanoseconds.
compare() {
    local i
    : >"$folder/a"
    : >"$folder/b"
    for ((i = 0; i < runs; i++)); do
        # shellcheck disable=SC2086
        nanoseconds $1 >>"$folder/a"
        # shellcheck disable=SC2086
        nanoseconds $2 >>"$folder/b"
    done
    echo "$(shortest <"$folder/a") $(shortest <"$folder/b")"
}

row() { # TITLE "A B" TARGET
    local a b
    read -r a b <<<"$2"
    awk -v title="$1" -v a="$a" -v b="$b" -v target="$3" \
        'BEGIN { printf "%-44s %9.3f %9.3f %8.2f  %s\n", title, a / 1e9, b / 1e9, a / b, target }'
}

peak() { # FILE: megabytes of memory
    rm -f "$folder"/study.db*
    "$program" extract "$1" --site bench -d "$folder/study.db" 2>&1 | sed -n 's/.* \([0-9.]*\) MB peak memory.*/\1/p'
}

dump() { # NAME MEGABYTES [SHARE]
    "$generator" "$(($2 * 1000000))" --share "${3:-2}" "$sample" >"$folder/$1"
    cat "$folder/$1" >/dev/null
}

# ---- the table ----------------------------------------------------------------

echo "tracelode extract, $megabytes MB, $(nproc) processors, shortest of $runs alternating runs"
printf '%-44s %9s %9s %8s  %s\n' "" "seconds" "beside" "ratio" "target"

dump Posts.xml "$megabytes"
xml=$folder/Posts.xml
row "2 of 1000 rows, beside grep -c" "$(compare "extract $xml" "count_rows $xml")" "at most 5, goal 3"
row "one worker, beside two" "$(compare "extract $xml --threads 1" "extract $xml --threads 2")" ""
row "on one processor, beside all" "$(compare "extract_on_one $xml" "extract $xml")" ""
row "--no-prefilter, beside with it" "$(compare "extract $xml --no-prefilter" "extract $xml")" ""

if command -v zstd >/dev/null; then
    zstd -q "$xml"
    row ".zst, beside zstd -dc" "$(compare "extract $xml.zst" "unpack_zst $xml.zst")" "at most 1.15"
    rm "$xml.zst"
fi
if command -v 7z >/dev/null && command -v bsdtar >/dev/null; then
    7z a -bd -mx=3 "$xml.7z" "$xml" >/dev/null
    row ".7z, beside bsdtar -xOf" "$(compare "extract $xml.7z" "unpack_7z $xml.7z")" "at most 1.15"
    rm "$xml.7z"
fi

memory="$(peak "$xml") MB of $megabytes MB"
dump Half.xml $((megabytes / 2))
dump Quarter.xml $((megabytes / 4))
row "whole, beside half of the size" "$(compare "extract $xml" "extract $folder/Half.xml")" "2"
row "half, beside a quarter" "$(compare "extract $folder/Half.xml" "extract $folder/Quarter.xml")" "2"
memory="$(peak "$folder/Quarter.xml") MB of $((megabytes / 4)) MB, $(peak "$folder/Half.xml") MB of $((megabytes / 2)) MB, $memory"
rm "$folder/Half.xml" "$folder/Quarter.xml"

echo
echo "stage by stage, seconds, each as its own share and with all before it"
"$stages" "$xml" "$folder/study.db" "$runs"
echo

dump Many.xml "$megabytes" 20
row "2 of 100 rows, beside grep -c" "$(compare "extract $folder/Many.xml" "count_rows $folder/Many.xml")" "at most 20"
echo "peak memory: $memory, $(peak "$folder/Many.xml") MB with 2 of 100 rows (target: at most 150 MB)"
