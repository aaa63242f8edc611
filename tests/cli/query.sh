# `query` finds patterns by every filter, in every format, with stable ids.
. "$TOP/tests/cli/lib.sh"
"$tracelode" extract -q "$sample" --site stackoverflow.com -d s.db
expect 1 "$tracelode" query -d s.db
says "no pattern matches; patterns are there after 'tracelode mine'"
"$tracelode" mine -q -d s.db
expect 0 "$tracelode" query -d s.db --format csv --limit -1
cp out all.csv
prints pattern_id,library,support,questions,unanswered,views,libraries,category,type,confidence,length,frames,posts
[ "$(wc -l <all.csv)" -gt 20 ]
prints "https://stackoverflow.com/q/"

# The numbers are those of the views.
"$tracelode" sql -d s.db --format csv "SELECT p.pattern_id, count(*) AS n, sum(answers = 0) AS none,
    median(views) AS views FROM v_pattern p JOIN v_pattern_question USING (pattern_id)
    JOIN (SELECT DISTINCT site, question_id, answers, views FROM v_question) USING (site, question_id)
    WHERE profile = 'full' AND support_kind = 'sequences' AND support >= 2 GROUP BY 1 ORDER BY 1" | tail -n +2 >want.csv
tail -n +2 all.csv | cut -d , -f 1,4,5,6 | sort >got.csv
sort want.csv | cmp - got.csv

# Ids do not change when the store is mined again.
"$tracelode" mine -q -d s.db
"$tracelode" query -q -d s.db --format csv --limit -1 | cmp - all.csv

rows() {
    "$tracelode" query -q -d s.db --format csv --limit -1 "$@" | tail -n +2 | wc -l
}
[ "$(rows --library keras)" = "$(cut -d , -f 2 all.csv | grep -c '^keras$')" ]
[ "$(rows --min-support 4)" = "$(tail -n +2 all.csv | awk -F , '$3 >= 4' | wc -l)" ]
[ "$(rows --category syn)" = "$(cut -d , -f 8 all.csv | grep -c '^SYN$')" ]
[ "$(rows --type 'basic syntax')" = "$(cut -d , -f 9 all.csv | grep -c '^basic syntax$')" ]
[ "$(rows --shared 2)" = "$(tail -n +2 all.csv | awk -F , '$7 >= 2' | wc -l)" ]
[ "$(rows --contains 'module:*')" = "$(cut -d , -f 12 all.csv | grep -cE '(^| )module:')" ]
[ "$(rows --limit 3)" = 3 ]
[ "$(rows --support occurrences)" -gt 0 ]
[ "$(rows --profile paper)" -gt 0 ]
"$tracelode" query -q -d s.db --sort views --limit -1 --format csv | tail -n +2 | cut -d , -f 6 >views.txt
sort -k 1,1 -g -r views.txt | cmp - views.txt
for format in table csv jsonl md; do
    expect 0 "$tracelode" query -d s.db --library pytorch --limit 2 --format $format
    prints pytorch
done
[ "$("$tracelode" query -q -d s.db --limit -1 | wc -L)" -le 80 ]

expect 1 "$tracelode" query -d s.db --contains no:such
expect 1 "$tracelode" query -q -d s.db --type copy --library nltk
[ ! -s err ]
expect 2 "$tracelode" query -d s.db --library kears
says "the store has no such library, did you mean 'keras'? It has tensorflow, keras, "
expect 2 "$tracelode" mine -d s.db --library kears
says "did you mean 'keras'?"
expect 2 "$tracelode" match -d s.db /dev/null --library kears
says "did you mean 'keras'?"
expect 2 "$tracelode" query -d s.db --type pikcle
says "did you mean 'saving/pickle'? It has argument validation, "
expect 2 "$tracelode" query -d s.db --category data
says "did you mean 'DAT'? It has DAT, EXT, MLT, MOD, SYN, unknown"
expect 2 "$tracelode" query -d s.db --contains fit
says "expected FILE:FUNCTION"
expect 2 "$tracelode" query -d s.db --min-support 1
expect 2 "$tracelode" query
says "missing option: -d STUDY.db"
expect 4 "$tracelode" query -d none.db
