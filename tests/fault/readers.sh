# Who reads while others write sees the old state or the new one, whole, and never fails;
# a second writer waits, then is told who holds the store; a store is read where nothing
# can be written.
. "$TOP/tests/cli/lib.sh"
need flock sqlite3
posts=1 rounds=1
[ -z "${TL_LONG:-}" ] || { posts=30 && rounds=10; }
mkdir site
# The sample's posts again and again, with new ids: a store that takes a while to mine.
sample_times() { # N
    echo '<posts>'
    for i in $(seq "$1"); do
        sed -n "s/ \(Id\|ParentId\|AcceptedAnswerId\)=\"\([0-9]*\)\"/ \1=\"${i}0\2\"/gp" "$sample"
    done
    echo '</posts>'
}
sample_times $posts >site/Posts.xml
"$tracelode" extract -q site/Posts.xml -d s.db

# ---- readers while it is mined: other patterns each time, old or new ----
# Patterns shorter than $1 are left out, so that the result 3 replaces the result 1.
mine() { "$tracelode" mine -q -d s.db --min-length $1; }
# The state of every mining result, in one statement and in a report of many statements.
state="SELECT group_concat(library || profile || support_kind || min_support || ':' || n, ' ') AS state
       FROM (SELECT library, profile, support_kind, min_support, count(pattern_key) AS n
             FROM (SELECT l.key AS library, profile, support_kind, min_support, mining_id
                   FROM mining JOIN library l USING (library_id)) LEFT JOIN pattern USING (mining_id)
             GROUP BY mining_id ORDER BY library, profile, support_kind)"
digest() { (cd "$1" && find . -type f ! -name '*.svg' | sort | xargs cat | cksum); }
for length in 3 1; do
    mine $length
    "$tracelode" sql -d s.db --format csv "$state" >state.$length
    "$tracelode" report -q -d s.db -o report.$length --no-figures
    digest report.$length >report.$length.sum
done
if cmp -s state.1 state.3 || cmp -s report.1.sum report.3.sum; then exit 1; fi
cp s.db mined.db

reader() { # NUMBER: reads until the file stop is there; writes what is wrong into wrong.NUMBER
    n=0
    while [ ! -e stop ]; do
        n=$((n + 1))
        "$tracelode" sql -d s.db --format csv "$state" >state.now.$1 2>err.$1 || { cat err.$1 >>wrong.$1; continue; }
        cmp -s state.now.$1 state.1 || cmp -s state.now.$1 state.3 || { echo "a mix:" && cat state.now.$1; } >>wrong.$1
        "$tracelode" query -d s.db --min-support 2 >query.$1 2>err.$1 || cat err.$1 >>wrong.$1
        "$tracelode" report -q -d s.db -o now.$1 --no-figures 2>err.$1 || { cat err.$1 >>wrong.$1; continue; }
        digest now.$1 >now.$1.sum
        cmp -s now.$1.sum report.1.sum || cmp -s now.$1.sum report.3.sum || echo "a report of a mix" >>wrong.$1
    done
    echo $n >reads.$1
}
# Stops and fails if a reader saw something wrong.
judge() { # WHAT
    touch stop
    wait "$one" "$two"
    rm stop
    cat wrong.* 2>/dev/null | head -n 20 | grep . >&2 && exit 1
    echo "$1: $(cat reads.1) and $(cat reads.2) rounds of reads" >&2
}
reader 1 &
one=$!
reader 2 &
two=$!
busy=0
for _ in $(seq $rounds); do
    for length in 3 1; do
        # A writer may have to wait for a reader longer than it does; then it says so.
        got=0
        mine $length 2>err || got=$?
        [ "$got" = 0 ] || { says "is using this store; try again when it is done" && busy=$((busy + 1)); }
    done
done
judge "mine ($busy of $((2 * rounds)) had to give way)"
[ "$(sqlite3 s.db 'PRAGMA integrity_check; PRAGMA foreign_key_check')" = ok ]

# ---- readers while a dump is read: never fewer questions than before, each with both readings ----
whole="SELECT count(*) AS n, sum((SELECT count(*) FROM reading r WHERE r.question_key = q.question_key) != 2) AS torn
       FROM question q"
reader() {
    n=0 before=0
    while [ ! -e stop ]; do
        n=$((n + 1))
        "$tracelode" sql -d s.db --format csv "$whole" >count.$1 2>err.$1 || { cat err.$1 >>wrong.$1; continue; }
        questions=$(tail -n 1 count.$1)
        [ "${questions#*,}" = 0 ] && [ "${questions%,*}" -ge $before ] || cat count.$1 >>wrong.$1
        before=${questions%,*}
    done
    echo $n >reads.$1
}
reader 1 &
one=$!
reader 2 &
two=$!
for site in a b; do "$tracelode" extract -q site/Posts.xml --site $site -d s.db; done
judge extract

# ---- a second writer ----
mkfifo pipe
sleep 60 >pipe &
silent=$!
"$tracelode" extract -q pipe --site slow -d s.db &
holder=$!
tries=0
while flock -n s.db true && [ $tries -lt 300 ]; do # until it holds the store
    sleep 0.1
    tries=$((tries + 1))
done
expect 4 "$tracelode" mine -d s.db
says "another process"
says "is using this store; try again when it is done"
case $(uname -s) in Linux) says "another process ($holder)" ;; esac
expect 0 "$tracelode" sql -d s.db "SELECT count(*) FROM question" # reading goes on
kill -9 $holder $silent
wait $holder $silent 2>/dev/null || true
# What the killed one left is no hindrance: neither to readers nor to the next writer.
[ -e s.db-wal ]
expect 0 "$tracelode" sql -d s.db "SELECT count(*) FROM question"
expect 0 "$tracelode" mine -q -d s.db
[ ! -e s.db-wal ]

# Two different dumps at once: each in full, or told to wait.
mkdir other
sed 's/ \(Id\|ParentId\|AcceptedAnswerId\)="\([0-9]*\)"/ \1="7\2"/g' site/Posts.xml >other/Posts.xml
"$tracelode" extract -q site/Posts.xml -d two.db 2>err.1 &
one=$!
"$tracelode" extract -q other/Posts.xml -d two.db 2>err.2 &
two=$!
for job in $one $two; do
    got=0
    wait $job || got=$?
    [ $got = 0 ] || { [ $got = 4 ] && grep -q "is using this store" err.1 err.2; }
done
"$tracelode" extract -q site/Posts.xml other/Posts.xml -d two.db
"$tracelode" extract -q site/Posts.xml -d apart.db
"$tracelode" extract -q other/Posts.xml -d apart.db
for store in two apart; do # but for the numbers of the traces, which tell who came first
    sqlite3 $store.db "SELECT * FROM v_question" "SELECT site, question_id, profile, position, depth, file, function, line
        FROM v_trace JOIN v_frame USING (trace_id)" | sort >$store.txt
done
cmp two.txt apart.txt

# ---- where nothing can be written ----
fixed() { # COMMAND...: as a user who may write neither the store nor its folder
    chmod -R a-w fixed
    if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid 65534 --clear-groups "$@"; fi
    got=0
    "$@" >out 2>err || got=$?
    chmod -R u+w fixed
    return $got
}
mkdir fixed
cp mined.db fixed/s.db
chmod a+rx . .. ../.. fixed
if [ "$(id -u)" != 0 ] || setpriv --reuid 65534 --clear-groups test -x "$tracelode" -a -r fixed/s.db 2>/dev/null; then
    fixed "$tracelode" sql -d fixed/s.db "SELECT count(*) FROM question"
    sqlite3 fixed/s.db "PRAGMA journal_mode = WAL" >/dev/null # as a writer leaves it whose readers stay
    fixed "$tracelode" sql -d fixed/s.db "SELECT count(*) FROM question" || { cat err >&2; exit 1; }
    [ "$(tail -n 1 out | tr -d ' ')" = "$(sqlite3 mined.db 'SELECT count(*) FROM question')" ]
    cp mined.db s.db # and as a killed writer leaves it
    rm -f fixed/s.db-*
    printf '%s\n' "PRAGMA journal_mode = WAL;" "INSERT INTO site (name) VALUES ('later');" \
        ".shell cp s.db s.db-wal fixed" | sqlite3 s.db >/dev/null
    [ -s fixed/s.db-wal ]
    got=0
    fixed "$tracelode" sql -d fixed/s.db "SELECT count(*) FROM question" || got=$?
    [ $got = 4 ]
    says "its last changes are in fixed/s.db-wal"
else
    echo "not tried: a folder where nothing can be written" >&2
fi
