# `match` reads a traceback in any form and finds its patterns and similar questions.
. "$TOP/tests/cli/lib.sh"
"$tracelode" extract -q "$sample" --site stackoverflow.com -d s.db
trace=$TOP/corpus/traces/pytorch/linear_shape.txt
expect 2 "$tracelode" match -d s.db "$trace"
says "first run 'tracelode mine"
"$tracelode" mine -q -d s.db
expect 0 "$tracelode" match -d s.db "$trace" --unsolved
prints "Traceback 1: RuntimeError: mat1 and mat2 shapes cannot be multiplied"
prints "type training/construction (MOD, model)"
prints "module:_wrapped_call_impl > module:_call_impl > linear:forward"
prints "same innermost library frame linear:forward"
"$tracelode" match -q -d s.db --unsolved <"$trace" | cmp - out
expect 0 "$tracelode" match -d s.db "$trace" --unsolved --format jsonl
grep -q '"kind":"trace".*RuntimeError' out
grep -q '"kind":"pattern"' out
grep -q '"kind":"question".*same RuntimeError' out
expect 0 "$tracelode" match -d s.db "$trace" --unsolved --format csv --questions 1 --patterns 2
[ "$(wc -l <out)" = 5 ]
expect 0 "$tracelode" match -d s.db "$trace" --unsolved --format md
prints "## Traceback 1: RuntimeError"

# Two tracebacks, the second one from a notebook, and the first one again.
notebook=$TOP/corpus/traces/pytorch/linear_shape_notebook.txt
cat "$trace" "$notebook" "$trace" >both.txt
expect 0 "$tracelode" match -d s.db both.txt --unsolved --format csv
[ "$(grep -c '^[0-9]*,trace,' out)" = 2 ]

# Nothing to find.
echo "the program crashed, please help" >prose.txt
expect 1 "$tracelode" match -d s.db prose.txt
says "there is no Python traceback in the input"
says 'File "train.py", line 12, in main'
expect 1 "$tracelode" match -d s.db /dev/null
says "the input is empty"
printf 'Traceback (most recent call last):\n  File "qq.py", line 1, in zz\nQqError: zz\n' >alien.txt
expect 1 "$tracelode" match -d s.db alien.txt
says "no question like it"
expect 4 "$tracelode" match -d s.db nowhere.txt
expect 2 "$tracelode" match alien.txt
says "missing option: -d STUDY.db"

# Huge and hostile pastes end soon.
head -c 6000000 /dev/urandom >noise.txt
expect 1 timeout 20 "$tracelode" match -d s.db noise.txt
says "only the last 2 MB"
cat noise.txt "$trace" >late.txt
expect 0 timeout 20 "$tracelode" match -d s.db late.txt --unsolved
prints "RuntimeError"
cat late.txt | timeout 20 "$tracelode" match -q -d s.db --unsolved | cmp - out
{
    echo 'Traceback (most recent call last):'
    awk 'BEGIN { for (i = 0; i < 60000; i++) print "  File \"/usr/lib/python3/site-packages/torch/nn/modules/module.py\", line " i ", in " (i % 2 ? "__call__" : "forward") }'
    echo 'RecursionError: maximum recursion depth exceeded'
} >deep.txt
expect 0 timeout 20 "$tracelode" match -d s.db deep.txt --unsolved
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    printf 'Traceback (most recent call last):\n  File "a.py", line 1, in f%s\nValueError: x%s\n\n' $i $i
done >many.txt
expect 1 timeout 20 "$tracelode" match -d s.db many.txt --unsolved --format csv
says "only the last 10 tracebacks were looked at, 5 before them were not"
