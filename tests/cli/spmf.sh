# Mining sequences of integers, without a store.
. "$TOP/tests/cli/lib.sh"
printf '1 2 3 4\n2 3 4\n9 2 3\n' >plain.txt
printf '1 -1 2 -1 3 -1 4 -1 -2\n2 -1 3 -1 4 -1 -2\n9 -1 2 -1 3 -1 -2\n' >spmf.txt
for engine in auto suffix ccspan; do
    for file in plain.txt spmf.txt; do
        "$tracelode" mine -q --spmf $file --engine $engine
    done
done
"$tracelode" mine -q --spmf - --min-support 100% <plain.txt
"$tracelode" mine -q --spmf plain.txt --min-length 3
"$tracelode" mine -q --spmf plain.txt --max-length 2
"$tracelode" mine -q --spmf plain.txt -o patterns.txt
cat patterns.txt
printf '1 2\n3 x 4\n' >bad.txt
expect 3 "$tracelode" mine --spmf bad.txt
says "line 2"
expect 4 "$tracelode" mine --spmf nowhere.txt
says "nowhere.txt: cannot open"
expect 4 "$tracelode" mine --spmf plain.txt -o nowhere/patterns.txt
says "nowhere/patterns.txt: cannot write"
expect 0 "$tracelode" mine -q --spmf plain.txt -o /dev/null
# A link stays one, as /dev/stdout does whose output goes to a file.
ln -s linked.txt link.txt
expect 0 "$tracelode" mine -q --spmf plain.txt -o link.txt
[ -L link.txt ]
cmp linked.txt patterns.txt
[ ! -e /dev/full ] || expect 4 "$tracelode" mine --spmf plain.txt -o /dev/full
