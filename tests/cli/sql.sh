# `sql` prints rows in four formats and cannot write, attach or run for ever.
. "$TOP/tests/cli/lib.sh"
"$tracelode" extract -q "$sample" --site sample -d s.db
cp s.db before.db
for format in table csv jsonl md; do
    "$tracelode" sql -d s.db --format $format \
        "SELECT 'a,b' AS text, 1.5 AS real, 7 AS n, NULL AS none, '=1+1' AS formula"
done
"$tracelode" sql -d s.db --format csv "SELECT stars(0.0005) AS s, median(column1) AS m FROM (VALUES (1), (2), (9))"
echo "SELECT 42 AS answer -- from standard input" | "$tracelode" sql -d s.db --format csv -
for statement in "DELETE FROM trace" "INSERT INTO site (name) VALUES ('x')" "DROP TABLE trace" \
    "PRAGMA user_version" "ATTACH 'other.db' AS o" "VACUUM INTO 'copy.db'" "SELECT load_extension('x')" \
    "CREATE TEMP TABLE t (a)" "BEGIN" "SELECT 1; SELECT 2" "SELECT 1; DROP TABLE trace" "" ";" \
    "SELECT * FROM nowhere" "nonsense"; do
    expect 2 "$tracelode" sql -d s.db "$statement"
done
cmp s.db before.db
[ ! -e other.db ]
[ ! -e copy.db ]
expect 2 "$tracelode" sql -d s.db --timeout 1 \
    "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r"
says "ran longer than the time limit"
