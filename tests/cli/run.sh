# The whole job on the sample: the same bytes on a second run, with another number of
# threads, in another locale and time zone, without the prefilter; tables as expected.
. "$TOP/tests/cli/lib.sh"
expect 0 "$tracelode" run "$sample" --site sample -o one
says "questions and"
for file in index.html manifest.json tables/table1.tex; do [ -s one/$file ]; done
cp -r one first
expect 0 "$tracelode" run "$sample" --site sample -o one
says "already complete"
rm one/study.db first/study.db
diff -r first one
same() {
    rm -f other/study.db
    diff -r first other
    rm -r other
}
"$tracelode" run -q "$sample" --site sample -o other --threads 1
same
"$tracelode" run -q "$sample" --site sample -o other --threads 3 --no-prefilter
same
TZ=Pacific/Auckland LC_ALL=tr_TR.UTF-8 LANG=de_DE.UTF-8 "$tracelode" run -q "$sample" --site sample -o other
same
# Nothing in it tells of the machine: no path, no user.
if grep -rF "$(pwd)" first >&2; then exit 1; fi
for n in 1 2 3 4 5 6 7; do
    [ "$(head -c 16 first/tables/table$n.csv)" = "profile,library," ] || [ $n = 7 ]
    [ "$(wc -l <first/tables/table$n.csv)" -gt 6 ]
done
# Steps alone give the same report as `run`.
"$tracelode" extract -q "$sample" --site sample -d steps.db
"$tracelode" mine -q -d steps.db
"$tracelode" report -q -d steps.db -o other
same
# A store that was not mined has no report of patterns.
"$tracelode" extract -q "$sample" --site sample -d raw.db
got=0
"$tracelode" report -d raw.db -o other 2>err || got=$?
[ $got = 2 ] || [ $got = 3 ] || { echo "exit $got for a store that was not mined" >&2; cat err >&2; exit 1; }
says "tracelode mine"
# A bad file of libraries is no bad post: there is nothing to report on.
printf '[keras\n' >bad.ini
got=0
"$tracelode" run "$sample" --libraries bad.ini -o none 2>err || got=$?
[ $got = 3 ] || { echo "exit $got for a bad file of libraries" >&2; exit 1; }
[ ! -e none ]
says "bad.ini"
