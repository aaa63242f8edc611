# Ctrl-C while a pipe stays silent: exit 130, the store is sound, and the same command
# goes on from there.
. "$TOP/tests/cli/lib.sh"
need sqlite3
mkfifo pipe
# The writer keeps the pipe open after the first part of the dump, until it is killed.
{ head -c 300000 "$sample"; exec sleep 60; } >pipe &
writer=$!
"$tracelode" extract pipe --site s -d s.db 2>err &
reader=$!
until_or() { # TRIES COMMAND...: runs it until it succeeds, ten times a second, so often at most
    tries=$1
    shift
    until "$@" 2>/dev/null || [ "$tries" = 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
}
# Interrupt it only when it has nothing more to read: the writer has written all, and (where
# the kernel tells) the reader waits for the pipe.
until_or 600 grep -q sleep "/proc/$writer/comm"
until_or 20 grep -q 'pipe\|poll' "/proc/$reader/wchan"
kill -INT $reader
got=0
wait $reader || got=$?
kill $writer 2>/dev/null || true
[ $got = 130 ] || { echo "exit $got" >&2; cat err >&2; exit 1; }
says "interrupted"
[ "$(sqlite3 s.db 'PRAGMA integrity_check; PRAGMA foreign_key_check')" = ok ]
rm pipe
mkfifo pipe
cat "$sample" >pipe &
expect 0 "$tracelode" extract pipe --site s -d s.db
"$tracelode" extract -q "$sample" --site s -d whole.db
content s.db >interrupted.txt
content whole.db >whole.txt
cmp interrupted.txt whole.txt
