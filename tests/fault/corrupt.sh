# A store with bytes flipped at random places, or cut at one: every command ends with a
# result (a byte may be of a text) or with a message and exit 3 or 4, or 2 where the store
# now asks to be mined, never with a signal or a hang.
# TL_SEED; TL_ROUNDS: how many damaged stores (default 5, with TL_LONG=1 300).
. "$TOP/tests/cli/lib.sh"
seed=${TL_SEED:-1}
rounds=5
[ -z "${TL_LONG:-}" ] || rounds=300
rounds=${TL_ROUNDS:-$rounds}
{
    head -n 2 "$sample"
    grep '<row' "$sample" | grep Traceback | awk 'NR % 12 == 1'
    echo '</posts>'
} >Posts.xml
printf '{"support": 2, "frames": [["a", "f"], ["b", "g"]], "questions": [1]}\n' >patterns-own.jsonl
printf 'Traceback (most recent call last):\n  File "a.py", line 3, in fit\n    f()\nValueError: x\n' >trace.txt
expect 0 "$tracelode" extract -q "$sample" -d whole.db --library keras
expect 0 "$tracelode" mine -q -d whole.db
expect 0 "$tracelode" sample -q -d whole.db --round 2 --coders ana -o sheet.csv
awk -F , -v OFS=, 'NR == 2 { $12 = "conversion" } { print }' sheet.csv >coded.csv
size=$(wc -c <whole.db)

# damage ROUND: bad.db, with 1, 8 or 64 bytes changed, every tenth one cut.
damage() {
    cp whole.db bad.db
    chmod u+w bad.db
    awk -v seed="$((seed * 100003 + $1))" -v size="$size" -v round="$1" 'BEGIN {
        srand(seed)
        n = round % 3 == 0 ? 1 : round % 3 == 1 ? 8 : 64
        for (i = 0; i < n; i++) # page heads are hit more often than their share
            print int(rand() * size / 4096) * 4096 + int(rand() < 0.5 ? rand() * 100 : rand() * 4096), int(rand() * 256)
    }' >flips
    while read -r at byte; do
        printf "\\$(printf %03o "$byte")" | dd of=bad.db bs=1 seek="$at" conv=notrunc status=none
    done <flips
    [ $(($1 % 10)) != 9 ] || head -c "$(head -n 1 flips | cut -d ' ' -f 1)" whole.db >bad.db
}

ends_well() { # COMMAND...
    rm -rf store.db* report.d
    cp bad.db store.db
    got=0
    timeout 60 "$tracelode" "$@" -d store.db >out 2>err </dev/null || got=$?
    case $got in
    0 | 1) ;;
    2 | 3 | 4) says "tracelode: " ;;
    *)
        echo "TL_SEED=$seed, round $round: exit $got: $*" >&2
        head -c 3000 err >&2
        exit 1
        ;;
    esac
    echo "$got" >>exits
}

: >exits
round=0
while [ $round -lt "$rounds" ]; do
    damage $round
    ends_well sql 'SELECT (SELECT count(DISTINCT title) FROM v_question), (SELECT max(line) FROM v_frame)'
    ends_well query
    ends_well match trace.txt --unsolved
    ends_well report -q -o report.d --no-figures
    ends_well sample -q --round 2 -o -
    ends_well sample --read coded.csv --coders ana
    ends_well mine -q
    ends_well import -q patterns-own.jsonl
    ends_well extract -q Posts.xml
    round=$((round + 1))
done
echo "seed $seed, $rounds stores: $(sort exits | uniq -c | awk '{ printf "%s%d times exit %d", n++ ? ", " : "", $1, $2 }')" >&2
