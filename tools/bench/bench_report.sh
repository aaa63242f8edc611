#!/bin/bash
# bench_report.sh [QUESTIONS]: how fast is tracelode report?
#
# Makes a store of QUESTIONS (default 100000) questions with an answer each, a fifth of which
# hold a trace of gen_traces (so some 20,000 patterns), and prints wall time, CPU time and peak
# memory of `report --no-figures`, and its ratio to sqlite3 reading every row of the same
# store, from alternating runs with the page cache warm.  Environment: BUILD (default build),
# RUNS (default 5).
set -euo pipefail
export LC_ALL=C

questions=${1:-100000}
build=${BUILD:-build}
runs=${RUNS:-5}
program=$build/tracelode
generator=$build/bench/gen_traces
for needed in "$program" "$generator"; do
    [ -e "$needed" ] || { echo "bench_report.sh: $needed is missing (make; make bench)" >&2; exit 1; }
done
folder=$(mktemp -d "${TMPDIR:-/tmp}/tracelode-bench-XXXXXX")
trap 'rm -rf "$folder"' EXIT

# One trace a line of integers -> Posts.xml.  Every fifth question holds one.
posts() {
    awk -v questions="$questions" '
        BEGIN {
            split("tensorflow keras scikit-learn pytorch nltk huggingface spark-ml", tag, " ")
            print "<posts>"
            for (i = 1; i <= questions; i++) {
                body = "&lt;p&gt;It does not work, and I do not see why.&lt;/p&gt;&lt;pre&gt;&lt;code&gt;x = 1&#xA;"
                if (i % 5 == 0 && (getline trace) > 0) {
                    n = split(trace, symbol, " ")
                    body = body "Traceback (most recent call last):&#xA;"
                    for (k = 1; k <= n; k++)
                        body = body "  File \"/usr/lib/python3/site-packages/lib/m" symbol[k] % 97 ".py\", line " k \
                            ", in f" symbol[k] "&#xA;    g()&#xA;"
                    body = body "ValueError: shapes " i % 50 " and " i % 7 " do not match&#xA;"
                }
                gsub(/"/, "\\&quot;", body)
                printf "<row Id=\"%d\" PostTypeId=\"1\" CreationDate=\"2020-%02d-%02dT10:00:00.000\" Score=\"%d\"" \
                    " ViewCount=\"%d\" AcceptedAnswerId=\"%d\" AnswerCount=\"1\" CommentCount=\"%d\" Title=\"How?\"" \
                    " Tags=\"&lt;python&gt;&lt;%s&gt;\" Body=\"%s&lt;/code&gt;&lt;/pre&gt;\"/>\n",
                    2 * i, i % 12 + 1, i % 28 + 1, i * 7 % 31 - 3, i * 7919 % 20011, i % 3 ? 2 * i + 1 : 0, i % 9,
                    tag[i * i % 7 + 1], body
                printf "<row Id=\"%d\" PostTypeId=\"2\" ParentId=\"%d\" CreationDate=\"2021-%02d-%02dT1%d:00:00.000\"" \
                    " Score=\"1\" Body=\"&lt;p&gt;So.&lt;/p&gt;\"/>\n", 2 * i + 1, 2 * i, i % 12 + 1, i % 28 + 1, i % 10
            }
            print "</posts>"
        }'
}

report() { "$program" report -q --no-figures -d "$folder/study.db" -o "$folder/report"; }
read_rows() { sqlite3 -readonly "$folder/study.db" .dump >/dev/null; }

# Runs a command; "wall CPU peak" in seconds and megabytes.
measure() {
    /usr/bin/env time -f '%e %U %S %M' -o "$folder/time" bash -c "$(declare -f report read_rows); $1"
    awk '{ print $1, $2 + $3, $4 / 1024 }' "$folder/time"
}

"$generator" "$((questions / 5))" 7 | posts >"$folder/Posts.xml"
"$program" extract -q "$folder/Posts.xml" --site bench -d "$folder/study.db"
"$program" mine -q -d "$folder/study.db"
patterns=$("$program" sql --format csv -d "$folder/study.db" \
    "SELECT count(*) FROM v_pattern WHERE support >= 2 AND support_kind = 'sequences' AND profile = 'full'" | tail -n 1)
export program folder
for ((i = 0; i < runs; i++)); do
    measure report >>"$folder/report.times"
    measure read_rows >>"$folder/rows.times"
done
shortest() { sort -n "$1" | head -n 1; } # what else the machine does only ever adds time
echo "tracelode report, $questions questions, $patterns recurrent patterns (profile full, by sequences)," \
    "$(nproc) processors, shortest of $runs alternating runs"
printf '%-28s %8s %8s %10s\n' "" "wall s" "CPU s" "peak MB"
printf '%-28s %8.2f %8.2f %10.0f  at most 2 s\n' "report --no-figures" $(shortest "$folder/report.times")
printf '%-28s %8.2f %8.2f %10.0f\n' "sqlite3 .dump" $(shortest "$folder/rows.times")
echo "$(shortest "$folder/report.times") $(shortest "$folder/rows.times")" |
    awk '{ printf "wall ratio %.2f\n", $1 / $4 }'
