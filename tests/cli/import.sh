# Published patterns, taken into a store: shown by its views, all or nothing.
. "$TOP/tests/cli/lib.sh"
cat >patterns-keras.jsonl <<'JSONL'
{"support": 4, "frames": [["training", "fit"], ["training", "_fit_loop"]], "questions": [11, 12]}
{"support": 2, "frames": [["training", "fit"]], "questions": []}
JSONL
cat >patterns-own.lib.jsonl <<'JSONL'
{"support": 3, "frames": [["training", "fit"]], "questions": ["GH-7", 12]}
JSONL
show() {
    "$tracelode" sql -d "$1" --format csv "SELECT library, profile, support_kind, support, length, frames
        FROM v_pattern ORDER BY library, support DESC"
    "$tracelode" sql -d "$1" --format csv "SELECT library, site, question_id
        FROM v_pattern_question JOIN v_pattern USING (pattern_id) ORDER BY library, site, question_id"
}
expect 0 "$tracelode" import patterns-keras.jsonl patterns-own.lib.jsonl -d new.db
says "patterns-keras.jsonl: 2 patterns of keras with support >= 2 (profile paper, by occurrences)"
show new.db
"$tracelode" sql -d new.db --format csv "SELECT key, name FROM library"

# The same again is the same store; other options are another mining result.
"$tracelode" import -q patterns-keras.jsonl -d new.db
show new.db | cksum >again
"$tracelode" import -q patterns-keras.jsonl patterns-own.lib.jsonl -d other.db
show other.db | cksum | cmp - again
"$tracelode" import -q - -d other.db --library nltk --profile full --support sequences --site ai.stackexchange.com \
    <patterns-own.lib.jsonl
"$tracelode" sql -d other.db --format csv "SELECT library, profile, support_kind, site, question_id
    FROM v_pattern_question JOIN v_pattern USING (pattern_id) WHERE library = 'nltk' ORDER BY question_id"

# One bad line anywhere: nothing is imported, no store is made.
{
    cat patterns-own.lib.jsonl
    echo '{"support": "many", "frames": [["a", "b"]], "questions": []}'
} >patterns-nltk.jsonl
expect 3 "$tracelode" import patterns-keras.jsonl patterns-nltk.jsonl -d none.db
says 'patterns-nltk.jsonl: line 2: "support" is not a whole number from 1 on'
[ ! -e none.db ]
: >patterns-empty.jsonl
expect 3 "$tracelode" import patterns-empty.jsonl -d none.db
says "holds no pattern"
expect 3 "$tracelode" import "$sample" -d none.db --library keras
says "line 1: not a JSON object"
expect 4 "$tracelode" import patterns-nowhere.jsonl -d none.db
says "cannot open: No such file or directory"
expect 2 "$tracelode" import patterns-keras.jsonl
says "missing option: -d STUDY.db"
expect 2 "$tracelode" import -d none.db
says "missing argument"
cp patterns-keras.jsonl found.jsonl
expect 2 "$tracelode" import found.jsonl -d none.db
says "give --library KEY"
expect 2 "$tracelode" import found.jsonl -d none.db --library "Keras 2"
says "no key of a library"
expect 2 "$tracelode" import found.jsonl -d none.db --library all
expect 2 "$tracelode" import found.jsonl patterns-keras.jsonl -d none.db --library keras
says "--library goes with one file"
mkdir copy
cp patterns-keras.jsonl copy
expect 2 "$tracelode" import patterns-keras.jsonl copy/patterns-keras.jsonl -d none.db
says "both are for the library keras"
[ ! -e none.db ]

# A store's own patterns are not replaced or hidden, nor do imported ones count as mined.
"$tracelode" extract -q "$sample" --site sample -d study.db
"$tracelode" import -q patterns-keras.jsonl -d study.db --support sequences
expect 2 "$tracelode" report -d study.db -o report
says "were not mined"
"$tracelode" mine -q -d study.db
show study.db >before
expect 2 "$tracelode" import patterns-keras.jsonl -d study.db
says "the store has mined patterns of its own for keras (profile paper, by occurrences, support >= 1)"
show study.db | cmp - before

# The published patterns of four libraries give the study's Table 7.
[ -e "$shared/ghadesi2022" ] || exit 0
"$tracelode" import -q "$shared"/ghadesi2022/patterns-*.jsonl -d published.db
"$tracelode" report -q -d published.db -o published --no-figures --profile paper --support occurrences
cut -d , -f 1,2,4 published/tables/table7.csv >out
prints "paper,2,94"
prints "paper,3,13"
prints "paper,4,0"
