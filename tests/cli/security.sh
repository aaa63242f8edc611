# What comes from outside reaches no file, and `sql` neither writes nor runs for ever.
. "$TOP/tests/cli/lib.sh"
need python3
"$tracelode" extract -q "$sample" --site s -d s.db
cp s.db before.db

# ---- sql: refused, and nothing is left of it ----
refused() { expect 2 "$tracelode" sql -d s.db --timeout 1 "$1"; }
while IFS= read -r statement; do refused "$statement"; done <<'SQL'
SELECT load_extension('x')
SELECT fts3_tokenizer('simple')
SELECT fts3_tokenizer('simple', x'4141414141414141')
SELECT writefile('stolen', 'x')
SELECT readfile('s.db')
SELECT edit('x', 'touch stolen')
SELECT * FROM pragma_database_list
SELECT * FROM pragma_table_info('trace')
PRAGMA journal_mode = WAL
PRAGMA writable_schema = 1
UPDATE sqlite_master SET sql = '' RETURNING 1
INSERT INTO search_text (search_text) VALUES ('optimize') RETURNING 1
INSERT INTO search_text (search_text, rank) VALUES ('automerge', 0)
WITH x AS (SELECT 1) DELETE FROM trace RETURNING 1
ATTACH 'stolen' AS o
ATTACH ':memory:' AS o
DETACH main
VACUUM INTO 'stolen'
SAVEPOINT s
CREATE TEMP VIEW v AS SELECT 1
CREATE VIRTUAL TABLE temp.t USING fts5 (a)
REINDEX
ANALYZE
SELECT 1; ATTACH 'stolen' AS o
SELECT 1 /* */; /* */ SELECT 2
SQL
many() { awk -v n="$1" -v s="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", s }'; }
refused "SELECT $(many 5000 '(')1$(many 5000 ')')"
refused "SELECT $(many 9000 '1+')1"
refused "SELECT $(many 9000 'not ')1"
refused "SELECT 1 FROM $(many 300 '(SELECT 1 FROM ')(SELECT 1)$(many 300 ')')"
refused "$(many 3000 'SELECT 1 UNION ALL ')SELECT 1"

# ---- sql: too long, too much, or endless within a single step ----
while IFS= read -r statement; do
    refused "$statement"
    says "ran longer than the time limit"
done <<'SQL'
WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r
SELECT instr(zeroblob(90000000), zeroblob(45000000) || x'01')
SQL
# A bomb that goes off while it is planned: out of time or, on a fast machine, of memory.
got=0
"$tracelode" sql -d s.db --timeout 1 "WITH a AS (SELECT 1 x), b AS (SELECT a.x FROM a, a p, a q, a r), c AS (SELECT b.x FROM b, b p, b q, b r), d AS (SELECT c.x FROM c, c p, c q, c r), e AS (SELECT d.x FROM d, d p, d q, d r), f AS (SELECT e.x FROM e, e p, e q, e r), g AS (SELECT f.x FROM f, f p, f q, f r), h AS (SELECT g.x FROM g, g p, g q, g r), i AS (SELECT h.x FROM h, h p, h q, h r), j AS (SELECT i.x FROM i, i p, i q, i r), k AS (SELECT j.x FROM j, j p, j q, j r), l AS (SELECT k.x FROM k, k p, k q, k r), m AS (SELECT l.x FROM l, l p, l q, l r) SELECT x FROM m" >out 2>err || got=$?
[ "$got" = 2 ] || [ "$got" = 4 ] || { echo "exit $got: a bomb of common tables" >&2; exit 1; }
grep -qE "ran longer than the time limit|more memory" err
for value in "zeroblob(1000000000)" "randomblob(1000000000)" "hex(zeroblob(99999999))"; do
    expect 4 "$tracelode" sql -d s.db "SELECT hex($value)"
    says "too big"
done
if [ -n "${TL_LONG:-}" ]; then
    expect 4 "$tracelode" sql -d s.db "SELECT $(many 60 'zeroblob(99999999), ')1"
    says "more memory"
fi
# A statement from standard input is taken whole or not at all.
whole() { # a program that prints a statement
    got=0
    python3 -c "$1" | "$tracelode" sql -d s.db - >out 2>err || got=$?
    [ "$got" = 2 ] || { echo "exit $got: $1" >&2; exit 1; }
}
whole "print('SELECT 1' + '\0' + 'nonsense')"
says "NUL byte"
whole "print('SELECT 1 ' + ' ' * 1000000 + 'WHERE 0')"
says "longer than"
# What only reads is allowed.
expect 0 "$tracelode" sql -d s.db "SELECT j.value FROM json_each('[1]') j"
expect 0 "$tracelode" sql -d s.db "SELECT count(*) FROM search_text WHERE search_text MATCH 'keras'"
cmp s.db before.db
[ ! -e stolen ]

# ---- names in archives are names, never paths ----
mkdir site
cp "$sample" site/Posts.xml
python3 - <<'PY'
import io, os, tarfile, zipfile
posts = open('site/Posts.xml', 'rb').read()
for kind, names in {'dots': ['../../escaped.xml'], 'absolute': [os.getcwd() + '/escaped.xml'],
                    'quotes': ['$(touch escaped).xml'], 'two': ['a/Posts.xml', '../b/Posts.xml']}.items():
    with zipfile.ZipFile(kind + '.zip', 'w', zipfile.ZIP_DEFLATED) as z:
        for name in names:
            z.writestr(name, posts)
with zipfile.ZipFile('many.zip', 'w') as z:
    for i in range(300):
        z.writestr('../escaped-%d.xml' % i, '<posts></posts>')
nested = io.BytesIO()
with zipfile.ZipFile(nested, 'w') as z:
    z.writestr('../escaped.xml', posts)
with zipfile.ZipFile('nested.zip', 'w') as z:
    z.writestr('inner.zip', nested.getvalue())
with tarfile.open('links.tar.gz', 'w:gz') as t:
    for name, kind, target in (('link.xml', tarfile.SYMTYPE, '/etc/passwd'), ('hard.xml', tarfile.LNKTYPE, '/etc/passwd'),
                               ('device.xml', tarfile.CHRTYPE, ''), ('fifo.xml', tarfile.FIFOTYPE, '')):
        m = tarfile.TarInfo(name)
        m.type, m.linkname = kind, target
        t.addfile(m)
    m = tarfile.TarInfo('../../escaped.xml')
    m.size = len(posts)
    t.addfile(m, io.BytesIO(posts))
PY
touch stamp
sleep 0.05
mkdir stores
for archive in *.zip links.tar.gz; do
    got=0
    timeout 60 "$tracelode" extract "$archive" --site s -d "stores/$archive.db" >out 2>err || got=$?
    case $got in 0 | 3) ;; *) echo "exit $got: $archive" >&2; cat err >&2; exit 1 ;; esac
done
# Nothing new but the stores and what the shell wrote; nothing of /etc/passwd in them.
find . .. ../.. -maxdepth 2 -newer stamp -name '*escaped*' | grep . >&2 && exit 1
[ -z "$(find . -newer stamp -type f ! -path './stores/*.db' ! -name out ! -name err)" ]
if grep -a -l 'root:x:' stores/* >&2; then exit 1; fi
# What a post says of paths stays text: the report of hostile frames stays in its folder.
cat >hostile.jsonl <<'JSONL'
{"id": "../../escaped", "title": "../../escaped`touch escaped`", "tags": ["python", "../escaped"], "created": "2020-01-01", "format": "markdown", "body": "```\nTraceback (most recent call last):\n  File \"/x/../../escaped'; system('touch escaped').py\", line 1, in run\n  File \"/x/a`touch escaped`.py\", line 2, in call\nValueError: $(touch escaped) '; system 'touch escaped\n```"}
{"id": "../../escaped2", "title": "again", "tags": [], "created": "2020-01-01", "format": "markdown", "body": "```\nTraceback (most recent call last):\n  File \"/x/../../escaped'; system('touch escaped').py\", line 1, in run\n  File \"/x/a`touch escaped`.py\", line 2, in call\nValueError: x\n```"}
JSONL
cat >hostile.ini <<'INI'
[x]
name = "'; system 'touch escaped'
tag = escaped
INI
expect 0 "$tracelode" run hostile.jsonl --site "../../escaped" -o report
find . .. -maxdepth 4 -name '*escaped*' | grep . >&2 && exit 1
exit 0
