# Ctrl-C while a pipe stays silent: exit 130, the store is sound, and the same command
# goes on from there; a store that is written twice at once says who has to wait.
. "$TOP/tests/cli/lib.sh"
need sqlite3
mkfifo pipe
# The writer keeps the pipe open after the first part of the dump, until it is killed.
{ head -c 300000 "$sample"; exec sleep 60; } >pipe &
writer=$!
"$tracelode" extract pipe --site s -d s.db 2>err &
reader=$!
# Interrupt it only when it has nothing more to read: its descriptor waits on the pipe.
tries=0
until grep -q pipe_wait\\\|poll "/proc/$reader/wchan" 2>/dev/null || [ $tries = 20 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
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
