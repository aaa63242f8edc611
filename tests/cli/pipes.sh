# Readers that go away, devices that are full, folders that are read-only.
. "$TOP/tests/cli/lib.sh"
"$tracelode" extract -q "$sample" -d s.db
"$tracelode" sql -d s.db --format csv "SELECT * FROM v_frame" 2>err | head -n 1 >out
[ ! -s err ]
prints "trace_id"
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
