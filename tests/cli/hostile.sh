# What is only meant to do harm: archives of nothing but bad rows, names with escape codes,
# two writers at once.
. "$TOP/tests/cli/lib.sh"
need python3 gzip sqlite3

# A small archive of bad rows: counted, but not all of them described in the store.
python3 -c "
import sys
sys.stdout.write('<posts>' + '<row ' * 300000 + '</posts>')" | gzip >rows.gz
expect 3 "$tracelode" extract rows.gz -d rows.db --site s
says "300000 rows quarantined"
says "none of its 300000 rows can be read; expected <row Id="
described=$(sqlite3 rows.db 'SELECT count(*) FROM quarantine')
[ "$described" -ge 1000 ]
[ "$described" -le 10000 ]

# A million answers whose question never comes, a million questions of which no two have the
# same numbers: the memory stays what it is.  (A sanitizer needs more of it.)
rows() { # FORMAT of a row, with its number twice
    python3 -c "
import sys
print('<posts>')
for i in range(1, 1000001): print(sys.argv[1] % (i, i + 100000000))
print('</posts>')" "$1"
}
peak_below() { # MB
    peak=$(sed -n 's/.* \([0-9]*\)[.0-9]* MB peak memory.*/\1/p' err)
    [ -n "$TL_SANITIZED" ] || [ "$peak" -lt "$1" ] || { cat err >&2; exit 1; }
}
rows '<row Id="%d" PostTypeId="2" ParentId="%d" />' >answers.xml
expect 0 "$tracelode" extract answers.xml -d answers.db --site s
[ "$(sqlite3 answers.db 'SELECT orphans FROM input')" = 1000000 ]
peak_below 100
rows '<row Id="%d" PostTypeId="1" Score="%d" />' >questions.xml
expect 0 "$tracelode" extract questions.xml -d questions.db --site s
[ "$(sqlite3 questions.db "SELECT count(*), sum(n) FROM histogram WHERE measure = 'score'")" = "1000000|1000000" ]
peak_below 100
rm answers.* questions.*

# A file name is anybody's text: no escape code reaches the terminal.
name=$(printf 'esc\033[31m\302\233.xml')
cp "$sample" "$name"
expect 0 "$tracelode" extract "$name" -d name.db --site s
LC_ALL=C grep -q "$(printf '[\001-\010\016-\037]')" err && exit 1
expect 4 "$tracelode" extract "$(printf 'no\033[31m.xml')" -d name.db
LC_ALL=C grep -q "$(printf '[\001-\010\016-\037]')" err && exit 1

expect 2 "$tracelode" "$(printf 'no\033[31m')"
LC_ALL=C grep -q "$(printf '[\001-\010\016-\037]')" err && exit 1

# Two writers: one waits for the other, and the numbers are those of one run.
"$tracelode" extract -q "$sample" --site s -d one.db
"$tracelode" extract -q "$sample" --site s -d both.db &
"$tracelode" extract -q "$sample" --site s -d both.db
wait
content one.db >one.txt
content both.db >both.txt
cmp one.txt both.txt
[ "$(sqlite3 both.db 'SELECT rows, questions, answers, duplicates FROM input')" = \
    "$(sqlite3 one.db 'SELECT rows, questions, answers, duplicates FROM input')" ]
