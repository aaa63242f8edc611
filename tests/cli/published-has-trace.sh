# Profile `paper` agrees with the study on every question that it published and that
# carries the python tag.  (57237381 has lost the tag since: test_paper reads its body.)
. "$TOP/tests/cli/lib.sh"
need_shared so-pytorch/Posts.xml
"$tracelode" extract -q "$shared/so-pytorch/Posts.xml" -d s.db
"$tracelode" sql -d s.db --format csv \
    "SELECT DISTINCT question_id, has_trace FROM v_question WHERE profile = 'paper'" | sort >ours.csv
grep -v '^57237381,' "$shared/so-pytorch/published-has-trace.csv" | sort >theirs.csv
[ "$(grep -c '^[0-9]' theirs.csv)" = 467 ]
comm -23 theirs.csv ours.csv >missing.csv
[ ! -s missing.csv ] || { cat missing.csv >&2; exit 1; }
