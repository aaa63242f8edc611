#!/bin/sh
# bench_match.sh [DATA]: extracts and mines two sets of real questions and lets bench_match
# judge on each; DATA is ../shared/data, BUILD the folder of the build.
set -eu
BUILD=${BUILD:-build}
data=${1:-../shared/data}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for input in so-pytorch/Posts.xml github-dl-issues/issues.jsonl.gz; do
    [ -e "$data/$input" ] || {
        echo "$data/$input: not here" >&2
        continue
    }
    echo "$input"
    "$BUILD/tracelode" extract -q "$data/$input" --all -d "$work/study.db"
    "$BUILD/tracelode" mine -q -d "$work/study.db"
    "$BUILD/bench/bench_match" "$work/study.db"
    rm "$work/study.db"
done
