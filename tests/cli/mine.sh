# Mining a store: the patterns shown are those of the traces as they are.
. "$TOP/tests/cli/lib.sh"
post() { # ID FRAME...: a post whose traceback has these frames, "path:function"
    body='Traceback (most recent call last):\n'
    id=$1
    shift
    for frame in "$@"; do
        body="$body  File \\\"${frame%:*}\\\", line 1, in ${frame##*:}\\n    x\\n"
    done
    printf '{"id": "%s", "title": "t", "format": "text", "body": "%s"}\n' "$id" "${body}ValueError: x\\n"
}
supports() { "$tracelode" sql -d "$1" --format csv "SELECT support_kind, support, frames FROM v_pattern
    WHERE profile = 'full' AND key = 'stem' ORDER BY 1, 2 DESC, 3" | tail -n +2 | tr '\n' ' '; }

# Frames with names that look like two frames: the patterns of both posts are there.
{ post 1 "/x/a:f > b.py:g"; post 2 /x/a.py:f /x/b.py:g; } >arrows.jsonl
expect 0 "$tracelode" run arrows.jsonl --site s -o arrows --no-figures
[ "$(supports arrows/study.db)" = "occurrences,1,a:f > b:g occurrences,1,a:f ? b:g sequences,1,a:f > b:g sequences,1,a:f ? b:g " ]

# Traces that came after a mining: an older result with a lower support does not hide the new
# one, and no report mixes the two.
for i in 1 2 3; do post $i /x/a.py:f >$i.jsonl; done
mine() { "$tracelode" mine -q -d s.db "$@"; }
read_in() { "$tracelode" extract -q "$1" --site s -d s.db; }
read_in 1.jsonl
mine
[ "$(supports s.db)" = "occurrences,1,a:f sequences,1,a:f " ]
read_in 2.jsonl
expect 2 "$tracelode" report -d s.db -o report
mine --min-support 2
expect 0 "$tracelode" query -d s.db
[ ! -s err ]
[ "$(supports s.db)" = "occurrences,2,a:f sequences,2,a:f " ]
read_in 3.jsonl
expect 0 "$tracelode" query -d s.db
says "traces that were not mined yet"
mine --support sequences
expect 2 "$tracelode" report -d s.db -o report --no-figures
says "more came since; run 'tracelode mine -d' on this store first"
mine
expect 0 "$tracelode" report -d s.db -o report --no-figures
[ "$(supports s.db)" = "occurrences,3,a:f sequences,3,a:f " ]

# The tables speak of support 2 or more: a report of less is refused.
"$tracelode" extract -q 1.jsonl 2.jsonl 3.jsonl --site s -d high.db
for kind in sequences occurrences; do
    "$tracelode" mine -q -d high.db --min-support 3 --support $kind
    expect 2 "$tracelode" report -d high.db -o high --no-figures
    says "only for a support above 2"
    "$tracelode" mine -q -d high.db --min-support 2 --support $kind
    expect 0 "$tracelode" report -d high.db -o high --no-figures
done

# One of patterns of some lengths only says so.
"$tracelode" mine -q -d high.db --min-length 2 --max-length 3
expect 0 "$tracelode" report -d high.db -o high --no-figures
says "only patterns of at least 2 and at most 3 frames were mined"
"$tracelode" mine -q -d high.db
expect 0 "$tracelode" report -d high.db -o high --no-figures
if grep -q "were mined" err; then exit 1; fi

# The newest trace is one that only profile paper sees: nothing is left to mine.
echo '{"id": "9", "title": "t", "format": "html", "body": "<pre><code>/a/b/c.py foo in bar</code></pre>"}' >paper.jsonl
read_in paper.jsonl
mine
printf 'Traceback (most recent call last):\n  File "/x/a.py", line 1, in f\nValueError: x\n' >trace.txt
expect 0 "$tracelode" match -d s.db trace.txt --unsolved
[ ! -s err ]
