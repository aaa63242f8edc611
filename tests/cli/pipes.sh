# Readers that go away, devices that are full, folders that are read-only.
. "$TOP/tests/cli/lib.sh"
"$tracelode" extract -q "$sample" -d s.db
"$tracelode" sql -d s.db --format csv "SELECT * FROM v_frame" 2>err | head -n 1 >out
[ ! -s err ]
prints "trace_id"

# A failure stays one when the reader has gone away before the first byte.
printf '{"frames": [["a", "b"]]}\nnonsense\n' >bad.jsonl
{
    sleep 0.3
    got=0
    "$tracelode" classify bad.jsonl 2>err || got=$?
    echo $got >status
} | true
[ "$(cat status)" = 3 ]
says "bad.jsonl: line 2"

# A standard stream that is closed: no file gets its place, so that a store stays whole; what
# cannot be read or written is told.
"$tracelode" extract "$sample" --site s -d closed.db 2>&- >&- <&-
"$tracelode" mine -d closed.db 2>&- >&-
"$tracelode" extract "$sample" --site s -d closed.db 2>&- # complete: it has nothing but a message to write
[ "$("$tracelode" sql -d closed.db --format csv "SELECT count(DISTINCT site) FROM v_trace" | tail -n 1)" = 1 ]
got=0
"$tracelode" query -d closed.db >&- 2>err || got=$?
[ $got = 4 ]
says "cannot write to standard output"
got=0
"$tracelode" sql -d closed.db - <&- 2>err || got=$?
[ $got = 4 ]
says "cannot read standard input"

[ -e /dev/full ] || exit 0
got=0
"$tracelode" sql -d s.db "SELECT * FROM v_frame" >/dev/full 2>err || got=$?
[ $got = 4 ]
says "cannot write to standard output: No space left on device"
got=0
"$tracelode" --help >/dev/full 2>err || got=$?
[ $got = 4 ]
if [ "$(id -u)" != 0 ]; then
    mkdir locked
    cp s.db locked
    chmod 555 locked
    expect 0 "$tracelode" sql -d locked/s.db "SELECT count(*) FROM v_trace"
    expect 4 "$tracelode" extract "$sample" -d locked/new.db
    chmod 755 locked
fi
