# Every command on the sample under valgrind: no error, nothing definitely lost.
#   tests/soak/valgrind.sh    (BUILD: the folder of the build)
set -eu
TOP=$(pwd)
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$TOP/$BUILD ;; esac
command -v valgrind >/dev/null || { echo "no valgrind here" >&2; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
sample=$TOP/corpus/sample/Posts.xml
checked() { # STATUS COMMAND...
    want=$1
    shift
    got=0
    valgrind -q --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect \
        --suppressions="$TOP/tests/valgrind.supp" --error-exitcode=9 "$BUILD/tracelode" "$@" >out 2>err || got=$?
    if [ "$got" != "$want" ]; then
        echo "FAIL  exit $got, expected $want: tracelode $*" >&2
        cat err >&2
        exit 1
    fi
    echo "ok    $1"
}
printf 'Traceback (most recent call last):\n  File "train.py", line 3, in fit\nValueError: x\n' >trace.txt
for i in 1 2 3; do
    printf '{"support": %s, "frames": [["base", "run"], ["f%s", "call"]], "questions": [%s]}\n' $((4 - i)) $i $i
done >patterns-keras.jsonl
printf 'group,x\n0,1\n0,2\n1,3\n1,5\n' >measures.csv
printf 'pattern,ana,bo\np,x,x\nq,x,y\nr,y,y\n' >labels.csv
for i in 1 2 3 4 5 6 7 8; do
    echo "{\"frames\": [[\"a$i\", \"f\"], [\"pickle\", \"dump\"]], \"label\": \"saving/pickle\"}"
    echo "{\"frames\": [[\"b$i\", \"f\"], [\"conv\", \"call\"]], \"label\": \"training/learning\"}"
done >labels.jsonl
printf '1 2 3\n1 2 4\n' >sequences.txt

checked 0 run "$sample" --site s -o study
checked 0 extract "$sample" --site t -d steps.db
checked 0 mine -d steps.db
checked 0 mine --spmf sequences.txt -o out.txt
checked 0 mine --spmf sequences.txt --engine ccspan -o out.txt
checked 0 report -d steps.db -o report
checked 0 query -d steps.db --limit 5
checked 0 sql -d steps.db "SELECT count(*), median(views) FROM v_question"
checked 0 stats measures.csv --group group --value x
checked 0 agree labels.csv --columns ana,bo
checked 0 sample -d steps.db --round 2 -o sheet.csv
checked 0 import patterns-keras.jsonl -d published.db
checked 0 classify patterns-keras.jsonl
checked 0 learn labels.jsonl
checked 0 info
checked 0 help
got=0
valgrind -q --leak-check=full --error-exitcode=9 --suppressions="$TOP/tests/valgrind.supp" "$BUILD/tracelode" match -d steps.db trace.txt >out 2>err || got=$?
[ $got -le 1 ] || { cat err >&2; exit 1; }
echo "ok    match"
# What fails must leave nothing behind either.
head -c 100000 "$sample" >cut.xml
checked 3 extract cut.xml --site s -d cut.db
checked 4 report -d none.db -o report
checked 2 sql -d steps.db "DELETE FROM trace"
checked 3 extract patterns-keras.jsonl --input-format xml -d bad.db
