# `classify` adds type, category and confidence to patterns; `learn` fits its weights.
. "$TOP/tests/cli/lib.sh"
cat >patterns.jsonl <<'JSONL'
{"frames": [["train", "<module>"], ["pickle", "dump"]], "support": 3}

{"frames": [["zork", "frobnicate"]]}
{"frames": [["zork", "frobnicate"]], "exception": "TypeError", "message": "got an unexpected keyword argument 'x'"}
{"frames": []}
JSONL
expect 0 "$tracelode" classify patterns.jsonl
says "4 patterns, 2 of a known type"
prints '{"frames":[["train","<module>"],["pickle","dump"]],"support":3,"type":"saving/pickle","category":"DAT","confidence":0.'
prints '{"frames":[["zork","frobnicate"]],"type":"unknown","category":"unknown","confidence":0.'
prints '"type":"argument validation","category":"SYN"'
# What the line says beside is not rounded; the three keys are replaced.
echo '{"type": "mine", "score": 0.123456789, "frames": [["pickle", "dump"]], "n": 12345678901}' |
    "$tracelode" classify -q - >out
prints '{"score":0.12345678'
prints '"frames":[["pickle","dump"]],"n":12345678901,"type":"saving/pickle","category":"DAT","confidence":0.'
! grep -q mine out || exit 1
expect 0 "$tracelode" classify patterns.jsonl --format csv
prints "type,category,confidence,frames"
prints "train:<module> > pickle:dump"
[ "$(wc -l <out)" = 5 ]
"$tracelode" classify -q - --format csv <patterns.jsonl | cmp - out
echo '{"frames": [["=cmd|x", "f"]]}' | "$tracelode" classify -q - --format csv | cut -d , -f 4 >out
prints "'=cmd|x:f"

# Weights of one's own, from one's own labels and taxonomy.
cat >types.ini <<'INI'
[categories]
RED = warm
BLU = cold
[RED fire]
category = RED
[BLU ice]
category = BLU
INI
for i in 1 2 3 4 5 6 7 8; do
    echo "{\"frames\": [[\"a$i\", \"f\"], [\"oven\", \"heat\"]], \"label\": \"warm fire\"}"
    echo "{\"frames\": [[\"b$i\", \"f\"], [\"fridge\", \"cool\"]], \"label\": \"Ice\"}"
    echo "{\"frames\": [[\"b$i\", \"f\"]], \"label\": \"ignore\"}"
done >labels.jsonl
expect 0 "$tracelode" learn labels.jsonl --taxonomy types.ini
says "16 labels, 8 more of no type of the taxonomy"
prints "[RED fire]"
prints "= last oven:heat"
cp out weights.ini
"$tracelode" learn -q labels.jsonl --taxonomy types.ini | cmp - weights.ini
echo '{"frames": [["new", "f"], ["fridge", "cool"]]}' >new.jsonl
expect 0 "$tracelode" classify new.jsonl --taxonomy types.ini --weights weights.ini
prints '"type":"ice","category":"BLU"'

# What is wrong, and where.
printf '{"frames": [["a", "b"]]}\n{"frames": 7}\n' >bad.jsonl
expect 3 "$tracelode" classify bad.jsonl
says "bad.jsonl: line 2: expected an object with"
prints '"type":"unknown"'
expect 3 "$tracelode" learn new.jsonl
says "new.jsonl: no line has a \"label\" that the taxonomy knows"
expect 3 "$tracelode" classify new.jsonl --taxonomy new.jsonl
says "new.jsonl: line 1"
expect 3 "$tracelode" classify new.jsonl --weights types.ini
says "types.ini: line 2"
expect 4 "$tracelode" classify nowhere.jsonl
says "nowhere.jsonl: cannot open"
expect 2 "$tracelode" classify
says "missing argument: expected a JSONL file"
