# Every command, with every kind of call failing: exit 4 with a message, or a result that
# is the same; the store sound, no half-written file, and the same command goes on.
# FAULT_POINTS: how many calls of each kind are tried, evenly spread: 3; with TL_LONG=1
# 5000, which is all but for the allocations of the five longest; 0 is all, and takes hours.
# FAULT_JOBS: how many at a time.  FAULT_ONLY: one command.
points=3
[ -z "${TL_LONG:-}" ] || points=5000
export FAULT_POINTS="${FAULT_POINTS:-$points}" FAULT_JOBS="${FAULT_JOBS:-2}" FAULT_WORK="$PWD/work" SHIM="$PWD/shim.so"
case $(ldd "$TL_PROGRAM" 2>/dev/null) in
*libtsan*) echo "the thread sanitizer replaces malloc itself" >&2 && exit 77 ;;
*libasan*) export ASAN_OPTIONS="verify_asan_link_order=0:exitcode=99:detect_leaks=1:allocator_may_return_null=1" ;;
esac
if grep -q __gcov_init "$TL_PROGRAM"; then echo "gcov itself crashes without memory" >&2 && exit 77; fi
${CC:-cc} -O1 -shared -fPIC -o "$SHIM" "$TOP/tests/fault/shim.c" -ldl ||
    { echo "no C compiler, or not glibc" >&2 && exit 77; }
${CC:-cc} -O2 -o faults "$TOP/tests/fault/faults.c" -lsqlite3

# gnuplot, for the sake of what the program does about it.
mkdir bin work seed
cat >bin/gnuplot <<'SH'
#!/bin/sh
out=${3#*\'}
printf '<svg>%099d</svg>\n' 0 >"${out%%\'*}"
SH
chmod +x bin/gnuplot
PATH=$PWD/bin:$PATH

# In place of the GPU engine: the CUDA runtime itself crashes when it has no memory.
echo | ${CC:-cc} -shared -x c -o none.so -
export TL_CUDA_LIBRARY=$PWD/none.so

# ---- what the commands read -------------------------------------------------------
quiet() { "$TL_PROGRAM" "$@" -q >/dev/null; }

sample=$TOP/corpus/sample/Posts.xml
{
    head -n 2 "$sample"
    grep '<row' "$sample" | grep Traceback | awk 'NR % 12 == 1'
    echo '</posts>'
} >Posts.xml
cat >trace.txt <<'TXT'
Traceback (most recent call last):
  File "train.py", line 3, in <module>
    model.fit(x)
  File "/usr/lib/python3/dist-packages/sklearn/linear_model/base.py", line 40, in fit
    check(x)
ValueError: Shapes do not match
TXT
{
    printf %s '{"id": 1, "title": "It fails", "tags": ["keras"], "format": "markdown", "body": "Why?\n```\n'
    sed 's/"/\\"/g; s/$/\\n/' trace.txt | tr -d '\n'
    printf '%s\n' '```\n"}'
    echo '{"id": 2, "title": "Text", "format": "text", "body": "no trace"}'
} >posts.jsonl
gzip -kn posts.jsonl
printf 'a,b\nx,x\ny,x\n,y\ny,y\n' >labels.csv
printf 'has_trace,words\n1,10\n0,12\n1,30\n0,5\n' >words.csv
printf '1 -1 2 -1 3 -1 -2\n1 -1 2 -1 -2\n2 -1 3 -1 -2\n' >traces.spmf
for i in 1 2 3 4 5 6 7 8; do
    echo "{\"frames\": [[\"a$i\", \"f\"], [\"pickle\", \"dump\"]], \"label\": \"saving/pickle\"}"
    echo "{\"frames\": [[\"b$i\", \"f\"], [\"conv\", \"call\"]], \"label\": \"training/learning\"}"
done >labels.jsonl
for library in keras nltk spark-ml; do
    for i in 1 2 3; do
        echo "{\"support\": $((5 - i)), \"frames\": [[\"base\", \"run\"], [\"f$i\", \"call\"]], \"questions\": [$i, 1$i]}"
    done >"patterns-$library.jsonl"
done
quiet extract Posts.xml -d extracted.db
cp extracted.db study.db
quiet mine -d study.db
quiet import patterns-*.jsonl -d coding.db
"$TL_PROGRAM" sample -q -d coding.db --profile paper --support occurrences --round 1 --coders ana -o sheet.csv
awk -F , -v OFS=, 'NR == 2 { $12 = "conversion"; $13 = "validation" } { print }' sheet.csv >coded.csv

# ---- the commands -----------------------------------------------------------------
failures=0
every=alloc,read,write,full,sync,name,close,start,map,kill,int
faults() { # NAME FILES... -- COMMAND...: FILES are copied to where the command runs
    name=$1
    shift
    [ "${FAULT_ONLY:-$name}" = "$name" ] || return 0
    rm -rf "seed/$name"
    mkdir "seed/$name"
    while [ "$1" != -- ]; do
        cp -p "$1" "seed/$name/"
        shift
    done
    shift
    ./faults "$name" "seed/$name" "$every" "$TL_PROGRAM" "$@" || failures=$((failures + 1))
}
printf '%-10s %-6s %8s %8s %8s %8s %8s %6s\n' command kind reached tried failed stopped survived wrong

faults run Posts.xml -- run Posts.xml -o out --threads 2
faults extract Posts.xml posts.jsonl.gz -- extract Posts.xml posts.jsonl.gz -d study.db --threads 2
faults mine extracted.db -- mine -d extracted.db --threads 2
faults spmf traces.spmf -- mine --spmf traces.spmf -o patterns.txt
faults report study.db -- report -d study.db -o report
faults query study.db -- query -d study.db
faults match study.db trace.txt -- match -d study.db trace.txt --unsolved
faults classify labels.jsonl -- classify labels.jsonl
faults learn labels.jsonl -- learn labels.jsonl
faults sql study.db -- sql -d study.db 'SELECT library, median(words) FROM v_question GROUP BY 1'
faults stats words.csv -- stats words.csv --value words --success words
faults agree labels.csv -- agree labels.csv
faults sample coding.db -- sample -d coding.db --profile paper --support occurrences --round 1 -o sheet.csv
faults labels coding.db coded.csv -- sample -d coding.db --read coded.csv --coders ana
faults import patterns-keras.jsonl patterns-nltk.jsonl -- import patterns-keras.jsonl patterns-nltk.jsonl -d new.db
faults info -- info
faults help -- help --man
exit $((failures > 0))
