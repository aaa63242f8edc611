# The study's own Spark ML input gives its 22 published patterns by occurrences (but for
# one support that the published program got wrong: 5, printed as 3), and 18 by sequences.
. "$TOP/tests/cli/lib.sh"
need python3
need_shared ghadesi2022/sequences-spark-ml.txt
input=$shared/ghadesi2022/sequences-spark-ml.txt
for engine in auto suffix ccspan; do
    "$tracelode" mine -q --spmf "$input" --support sequences --engine $engine >by-sequences.txt
    [ "$(wc -l <by-sequences.txt)" = 18 ]
    "$tracelode" mine -q --spmf "$input" --support occurrences --engine $engine >by-occurrences.txt
    python3 - "$shared/ghadesi2022/patterns-spark-ml.jsonl" by-occurrences.txt <<'PY'
import json, sys
published = sorted((len(p["frames"]), p["support"], p["frames"]) for p in map(json.loads, open(sys.argv[1])))
found = []
for line in open(sys.argv[2]):
    items, support = line.split("#SUP:")
    found.append((len(items.split()) // 2, int(support)))
assert len(published) == len(found) == 22, (len(published), len(found))
# Symbols are numbers here and names there: lengths and supports must agree, and no
# renaming may be needed twice.
want = [(n, 5 if frames == [["pipeline", "fit"]] else s) for n, s, frames in published]
assert sorted(want) == sorted(found), (sorted(want), sorted(found))
PY
done
