# The long tests: all real data as one study, three times over, in the same memory and
# with the same results; and a dump of many gigabytes through a pipe in little memory.
#   tests/soak/soak.sh [study | pipe]...    BUILD: the folder of the build (with bench/gen_dump);
#   TL_SOAK_BYTES: of the generated dump (default 10 GB)
set -eu
TOP=$(pwd)
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$TOP/$BUILD ;; esac
tracelode=$BUILD/tracelode
shared=$TOP/../shared/data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
GROWTH=16 # MB that the peak of a later run may lie above the first's: noise of the allocator
PIPE=150  # MB that a piped dump may need

peak() { # FILE COMMAND: the most that it needed, in MB
    sed -n "s/^tracelode [0-9.]* $2: .* \([0-9]*\)\.[0-9] MB peak memory\$/\1/p" "$1" | sort -n | tail -n 1
}
say() { echo "$*: $(sed -n 's/^tracelode [0-9.]* //p' err | tr '\n' ';')"; }
# What a store says, but for the numbers of the traces, which are new after --force.
show() {
    for columns in "* FROM v_question" "pattern_id, library, profile, support_kind, support, frames, type, confidence FROM v_pattern" \
        "site, question_id, profile, position, exception, message, depth, file, function, line
         FROM v_trace LEFT JOIN v_frame USING (trace_id)"; do
        "$tracelode" sql -d "$1" --format csv --timeout 600 "SELECT $columns" | sort
    done
}

# All inputs of all kinds, as one study; those of one folder at a time, since the folder
# names the site.
inputs() { # the folder's files that hold posts, logs or what belongs to them
    find "$shared/$1" -type f ! -name 'published-*' ! -name '*.md' | sort
}
study() { # DB, PREFIX of the sites
    : >err
    for folder in so-pytorch sotorrent github-dl-issues blame ml-ci-logs junobench \
        $(cd "$shared" && ls -d stackexchange/*); do
        got=0
        "$tracelode" extract $(inputs $folder) ${2:+--site "$2$(basename $folder)"} $force -d "$1" 2>>err || got=$?
        [ $got = 0 ] || [ $got = 3 ] || { cat err >&2; exit 1; }
        [ $got = 0 ] || echo "$folder: exit $got: $(grep '^tracelode: ' err | tail -n 1)"
    done
    "$tracelode" mine -d "$1" 2>>err
    "$tracelode" report -d "$1" -o report 2>>err
}
peaks() { echo "$1: extract $(peak $2 extract) MB, mine $(peak $2 mine) MB, report $(peak $2 report) MB"; }
bounded() { # FILE COMMAND: it needed no more than in the first round
    [ "$(peak $1 $2)" -le $(($(peak err.1 $2) + GROWTH)) ] || { echo "$2 needs more each time" >&2; exit 1; }
}
soak_study() {
    [ -d "$shared" ] || { echo "no real data here" >&2; return 0; }
    for round in 1 2 3; do
        force=
        [ $round = 1 ] || force=--force
        study study.db ''
        cp err err.$round
        rm -rf report.$round
        mv report report.$round
        show study.db >sum.$round
        peaks "study, round $round" err.$round
        [ $round = 1 ] || {
            for command in extract mine report; do bounded err.$round $command; done
            diff sum.1 sum.$round >difference || { head -n 20 difference && exit 1; }
            diff -r report.1 report.$round
        }
    done
    # Beside each other in one store, as other sites: reading needs no more memory.
    force=
    for round in a b; do
        study study.db $round-
        peaks "study again, as sites $round-*" err
        bounded err extract
    done
}
soak_pipe() {
    [ -x "$BUILD/bench/gen_dump" ] || { echo "no $BUILD/bench/gen_dump: make bench" >&2; return 1; }
    "$BUILD/bench/gen_dump" "${TL_SOAK_BYTES:-10000000000}" "$TOP/corpus/sample/Posts.xml" |
        "$tracelode" extract - --site s -d pipe.db 2>err || { cat err >&2; exit 1; }
    say "pipe of ${TL_SOAK_BYTES:-10000000000} bytes"
    [ "$(peak err extract)" -le $PIPE ]
}
[ $# -gt 0 ] || set -- study pipe
for part in "$@"; do soak_$part; done
