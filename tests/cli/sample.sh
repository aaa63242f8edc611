# Coding sheets: written, filled in, read back; and the agreement of the coders.
. "$TOP/tests/cli/lib.sh"
# Three libraries of 40, 6 and 2 patterns, which share the first two.
pattern() { # SUPPORT NAME QUESTION
    printf '{"support": %s, "frames": [["base", "run"], ["%s", "call"]], "questions": [%s]}\n' "$1" "$2" "$3"
}
for i in $(seq 40); do pattern $((42 - i)) "f$i" "$i, $((100 + i)), $((200 + i)), $((300 + i))"; done >patterns-keras.jsonl
for i in $(seq 6); do pattern $((i + 1)) "f$i" "$((400 + i))"; done >patterns-nltk.jsonl
for i in 1 2; do pattern 2 "f$i" "$((500 + i)), $i"; done >patterns-spark-ml.jsonl
"$tracelode" import -q patterns-*.jsonl -d s.db
sheet() { "$tracelode" sample -q -d s.db --profile paper --support occurrences "$@"; }

sheet --round 1 --coders ana,bo -o round1.csv
cat round1.csv
sheet --round 2 -o round2.csv
cat round2.csv
# A sheet depends on store and seed alone; an older sheet is not overwritten.
sheet --round 2 --seed 1 -o - | cmp - round2.csv
sheet --round 2 --seed 2 -o other.csv
if cmp -s other.csv round2.csv; then exit 1; fi
sheet --round 2 -o round2.csv
expect 2 sheet --round 2 --seed 2 -o round2.csv
says "round2.csv: is there and holds something else"
# An empty file is no sheet; a link stays one, and what it leads to is looked at.
: >empty.csv
sheet --round 2 -o empty.csv
cmp empty.csv round2.csv
ln -s other.csv link.csv
expect 2 sheet --round 2 -o link.csv
says "link.csv: is there and holds something else"
rm other.csv
sheet --round 2 -o link.csv
[ -L link.csv ]
cmp other.csv round2.csv
if [ "$(id -u)" != 0 ]; then
    chmod 200 other.csv
    expect 4 sheet --round 2 -o other.csv
    says "other.csv: is there, but cannot be read"
    chmod 600 other.csv
fi
sheet --round 2 -o /dev/null
[ ! -e /dev/full ] || expect 4 sheet --round 2 -o /dev/full
expect 4 sheet --round 2 -o nowhere/sheet.csv
says "nowhere/sheet.csv: cannot write"

# Filled in: ana and bo agree on the first pattern only.
awk -F , -v OFS=, 'NR == 2 { $12 = "conversion"; $13 = "conversion"; $14 = "conversion" }
                   NR == 3 { $12 = "validation"; $13 = "=copy" } { print }' round1.csv >coded.csv
expect 0 "$tracelode" sample -d s.db --read coded.csv --coders ana,bo
says "coded.csv: 5 labels in 3 columns for 2 patterns"
labels() { "$tracelode" sql -d s.db --format csv "SELECT round, coder, label, frames
    FROM v_label JOIN v_pattern USING (pattern_id) ORDER BY frames, coder"; }
labels
"$tracelode" agree coded.csv --columns ana,bo --format csv | cut -d , -f 1-3
sed 's/validation/saving/' coded.csv | "$tracelode" sample -q -d s.db --read - --coders ana,bo
labels >labels.csv
grep -q '1,ana,saving' labels.csv
[ "$(wc -l <labels.csv)" = 6 ]

# What is wrong with a sheet is told, and nothing of it is read.
expect 3 "$tracelode" sample -d s.db --read coded.csv
says "coded.csv: row 1: if it is a coder's, name it with --coders; unknown column 'ana'"
sed 's/^[0-9a-f]*,1,/0000,1,/' coded.csv >unknown.csv
expect 3 "$tracelode" sample -d s.db --read unknown.csv --coders ana,bo
says "unknown.csv: row 2: the store has no pattern '0000'"
{ cat coded.csv && tail -n 1 coded.csv; } >twice.csv
expect 3 "$tracelode" sample -d s.db --read twice.csv --coders ana,bo
says "twice.csv: row 4: a pattern that has a label from an earlier row, of 'ana'"
expect 0 "$tracelode" sample -d s.db --read round1.csv --coders ana,bo
says "0 labels in 0 columns for 2 patterns"
cut -d , -f 1-11 round1.csv >bare.csv
expect 3 "$tracelode" sample -d s.db --read bare.csv
says "bare.csv: has no column for labels"
expect 4 "$tracelode" sample -d s.db --read nowhere.csv
says "nowhere.csv: cannot open"
labels | cmp - labels.csv

expect 2 "$tracelode" sample -d s.db --round 1
says "missing option: -o SHEET.csv"
expect 2 "$tracelode" sample -d s.db -o x.csv
says "missing option: --round 1 or 2"
expect 2 "$tracelode" sample --round 1 -o x.csv
says "missing option: -d STUDY.db"
expect 2 "$tracelode" sample -d s.db --read coded.csv --round 1
says "the sheet tells its round"
expect 2 "$tracelode" sample -d s.db --round 3 -o x.csv
expect 2 "$tracelode" sample -d s.db --round 1 -o x.csv
says "the store has no patterns of profile full by sequences"
expect 2 sheet --round 1 -o x.csv --coders ana,label
says "'label' will not do as a coder's name"
"$tracelode" import -q patterns-keras.jsonl -d one.db
expect 1 "$tracelode" sample -d one.db --profile paper --support occurrences --round 1 -o x.csv
says "no pattern of support 2 or more is shared by three libraries"
[ ! -e x.csv ]
