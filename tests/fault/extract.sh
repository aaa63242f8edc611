# Out of memory, a full disk, failing reads and syncs while a dump is read: exit 4 with a
# message (or 0 where a library can do without), the store intact, and the same command
# goes on to the same result.  TL_FAULTS: how many moments of each kind (default 12).
faults=${TL_FAULTS:-12}
shim=./shim.so
case $(ldd "$TL_PROGRAM" 2>/dev/null) in
*libasan* | *libtsan*) echo "skip: sanitizers replace malloc themselves" && exit 77 ;;
esac
${CC:-cc} -O1 -shared -fPIC -o $shim "$TOP/tests/fault/shim.c" -ldl 2>/dev/null ||
    { echo "skip: no C compiler, or not glibc" && exit 77; }

mkdir site
cp "$TOP/corpus/sample/Posts.xml" site/

extract() { "$TL_PROGRAM" extract site/Posts.xml -d "$1" 2>err; }

# What the store says, without the program's own tables.
show() {
    for view in v_question v_trace v_frame; do
        "$TL_PROGRAM" sql -d "$1" --format csv "SELECT * FROM $view ORDER BY 1, 2, 3, 4" | sort
    done
}

extract whole.db
show whole.db >expected
[ "$(wc -l <expected)" -gt 1000 ]

number=1
next() { # a number below $1, from a fixed sequence
    number=$(((number * 1103515245 + 12345) % 2147483648))
    echo $((number / 7 % $1))
}

for kind in alloc write read sync; do
    rm -f fault.db*
    FAULT=$kind:0 FAULT_COUNT=count LD_PRELOAD=$shim "$TL_PROGRAM" extract --quiet site/Posts.xml -d fault.db
    total=$(cat count)
    failed=0
    tries=0
    while [ $tries -lt "$faults" ] && [ "$total" -gt 0 ]; do
        tries=$((tries + 1))
        n=$((tries <= faults / 3 ? tries * 3 - 2 : 1 + $(next "$total")))
        rm -f fault.db*
        status=0
        FAULT=$kind:$n LD_PRELOAD=$shim "$TL_PROGRAM" extract --quiet site/Posts.xml -d fault.db >out 2>err || status=$?
        case $status in
        0) ;;
        4) failed=$((failed + 1)) && [ -s err ] ;;
        *) echo "$kind $n of $total: exit $status: $(cat err)" >&2 && exit 1 ;;
        esac
        extract fault.db || { echo "$kind $n of $total: cannot go on: $(cat err)" >&2 && exit 1; }
        show fault.db >found
        cmp expected found >&2 || { echo "$kind $n of $total: another result" >&2 && exit 1; }
    done
    echo "$kind: $failed of $tries runs failed, of $total calls" >&2
done
