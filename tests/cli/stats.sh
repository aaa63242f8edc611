# Two groups compared on anyone's CSV, and what is refused.
. "$TOP/tests/cli/lib.sh"
cat >q.csv <<'CSV'
id,has_trace,views,"odd ""name""",accepted
1,1,10,1.5,7
2,1,20,,
3,1,30,2.5,9
4,0,5,1.0,
5,0,6,1.25,0
6,0,,9,8
7,,99,9,9
CSV
"$tracelode" stats q.csv --value views --format csv
"$tracelode" stats q.csv --value 'views,odd "name"' --success accepted --format csv
"$tracelode" stats - --value views --where 'views < 25 OR id = 3' --format jsonl <q.csv
"$tracelode" stats q.csv --group accepted --value views --format md
expect 2 "$tracelode" stats q.csv
says "nothing to compare"
expect 2 "$tracelode" stats q.csv --value ""
says "nothing to compare"
expect 2 "$tracelode" stats q.csv --value nope
says "there is no column 'nope'; the file has id, has_trace, views"
for condition in "1) UNION SELECT 1 --" "1) or (1=1" "views; DROP TABLE data" "views <" "load_extension('x')" \
    "views /* " "'open" "1, 2"; do
    expect 2 "$tracelode" stats q.csv --value views --where "$condition"
done
printf 'has_trace,v\n1,2\n0,x\n' >text.csv
expect 3 "$tracelode" stats text.csv --value v
says "not a number"
# A column may be called success, and be the one meant or another.
"$tracelode" stats q.csv --success accepted --format csv >want.csv
for name in success SUCCESS; do
    sed "1s/accepted/$name/" q.csv >named.csv
    "$tracelode" stats named.csv --success $name --format csv | sed "s/$name/accepted/" | cmp - want.csv
    sed "1s/views/$name/" q.csv >named.csv
    "$tracelode" stats named.csv --success accepted --format csv | cmp - want.csv
done
# A text is neither a success nor none: pandas writes False.
printf 'has_trace,s\n1,True\n0,False\n' >words.csv
expect 3 "$tracelode" stats words.csv --success s
says "'True' is not a number"
printf 'a,b\n1,2,3\n' >ragged.csv
expect 3 "$tracelode" stats ragged.csv --value b
says "line 2: 3 cells; the header has 2"
printf 'a,b\n1,2\n3\n' >short.csv
expect 3 "$tracelode" stats short.csv --value b
says "line 3: 1 cells; the header has 2"
printf 'a,b\n1,"2\n' >quote.csv
expect 3 "$tracelode" stats quote.csv --value b
says "quote.csv: line"
: >empty.csv
expect 3 "$tracelode" stats empty.csv --value b
says "expected a header row"
printf 'a,a\n1,2\n' >twice.csv
expect 3 "$tracelode" stats twice.csv --value a
says "duplicate column name"
expect 4 "$tracelode" stats nowhere.csv --value a
