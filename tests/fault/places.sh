# Places where nothing can be written, or that are not what they should be: full disks and
# devices, closed pipes, read-only folders, files for folders, other people's databases.
. "$TOP/tests/cli/lib.sh"

# In a mount namespace of its own, where the kernel lets one.
if [ -z "${IN_NAMESPACE:-}" ]; then
    if unshare -rm mount -t tmpfs none /mnt 2>/dev/null; then
        IN_NAMESPACE=1 exec unshare -rm sh -eu "$0"
    fi
    echo "no mounts of our own here: not tried are a small disk and a read-only one" >&2
fi

{
    head -n 2 "$sample"
    grep '<row' "$sample" | grep Traceback | awk 'NR % 12 == 1'
    echo '</posts>'
} >Posts.xml
printf '{"frames": [["pickle", "dump"]], "label": "saving/pickle"}\n' >one.jsonl
printf '{"support": 2, "frames": [["a", "f"], ["b", "g"]], "questions": [1]}\n' >patterns-nltk.jsonl
printf 'a,b\nx,x\ny,x\ny,y\n' >labels.csv
printf 'has_trace,words\n1,10\n0,12\n1,30\n' >words.csv
printf '1 -1 2 -1 -2\n1 -1 2 -1 -2\n' >traces.spmf
printf 'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    f()\nValueError: x\n' >trace.txt
expect 0 "$tracelode" run -q Posts.xml -o study
cp study/study.db s.db
expect 0 "$tracelode" import -q patterns-nltk.jsonl -d coding.db
tables() { (cd "$1" && cat index.html manifest.json tables/* figures/*.csv) | cksum; }

# ---- a small disk: run with ever more room; it stops or ends well, and goes on --------
if [ -n "${IN_NAMESPACE:-}" ]; then
    mkdir disk
    # By source and place: mount would else repeat the owner, a number that has no meaning in here.
    mount -t tmpfs -o size=64k none disk
    for room in 64 128 256 384 512 768 1024 1536; do
        mount -t tmpfs -o remount,size=${room}k none disk
        got=0
        "$tracelode" run -q Posts.xml -o disk/study >out 2>err || got=$?
        case $got in
        0) ;;
        4) says "tracelode: disk/" ;;
        *) expect 4 "$tracelode" run -q Posts.xml -o disk/study ;;
        esac
        rm -rf copy
        cp -r disk copy
        [ ! -s copy/study/study.db ] ||
            [ "$(sqlite3 copy/study/study.db 'PRAGMA integrity_check; PRAGMA foreign_key_check')" = ok ]
    done
    mount -t tmpfs -o remount,size=64m none disk
    expect 0 "$tracelode" run -q Posts.xml -o disk/study
    [ "$(tables disk/study)" = "$(tables study)" ]

    # Read-only: what reads goes on, what writes says so.
    mount -t tmpfs -o remount,ro none disk
    expect 0 "$tracelode" sql -d disk/study/study.db 'SELECT count(*) FROM v_question'
    expect 0 "$tracelode" query -d disk/study/study.db
    expect 0 "$tracelode" report -q -d disk/study/study.db -o elsewhere
    expect 4 "$tracelode" run Posts.xml -o disk/study
    says "disk/study/study.db: cannot open the store for writing: Read-only file system"
    expect 4 "$tracelode" run Posts.xml -o disk/new
    says "disk/new: cannot make the folder: Read-only file system"
    expect 4 "$tracelode" extract Posts.xml -d disk/new.db
    says "disk/new.db: cannot open the store for writing: Read-only file system"
    for command in "mine" "import patterns-nltk.jsonl" "sample --read labels.csv"; do
        expect 4 "$tracelode" $command -d disk/study/study.db
        says "Read-only file system"
    done
    expect 4 "$tracelode" report -d disk/study/study.db -o disk/report
    says "Read-only file system"
    expect 4 "$tracelode" mine --spmf traces.spmf -o disk/patterns.txt
    says "disk/patterns.txt: cannot write: Read-only file system"
    expect 4 "$tracelode" sample -d coding.db --profile paper --support occurrences --round 2 -o disk/sheet.csv
    says "disk/sheet.csv: cannot write: Read-only file system"
fi

# ---- a full device, a closed pipe: every command that prints ---------------------------
every_printing() { # COMMAND: once for each; it calls "$@" with the program's arguments
    "$@" query -d s.db
    "$@" match -d s.db trace.txt --unsolved
    "$@" sql -d s.db 'SELECT 1'
    "$@" classify one.jsonl
    "$@" learn one.jsonl
    "$@" stats words.csv --value words
    "$@" agree labels.csv
    "$@" mine --spmf traces.spmf
    "$@" sample -d coding.db --profile paper --support occurrences --round 2 -o -
    "$@" info
    "$@" help
    "$@" help --man
    "$@" help --completion zsh
    "$@" run --help
    "$@" --version
}

full() {
    got=0
    "$tracelode" "$@" >/dev/full 2>err || got=$?
    [ $got = 4 ] || { echo "exit $got, expected 4: $*" >&2 && exit 1; }
    says "cannot write"
}

closed() { # the reader is gone before anything is written
    got=0
    { sleep 0.05 && "$tracelode" "$@" 2>err; echo $? >status; } | true
    [ "$(cat status)" = 0 ] && [ ! -s err ] || { echo "not quiet: $*: exit $(cat status)" >&2 && cat err >&2 && exit 1; }
}

if [ -e /dev/full ]; then
    every_printing full
    for output in "mine --spmf traces.spmf -o" "sample -d coding.db --profile paper --support occurrences --round 2 -o"; do
        expect 4 "$tracelode" $output /dev/full
        says "/dev/full: cannot write: No space left on device"
    done
fi
closed_quietly() { closed "$@" -q; }
every_printing closed_quietly
"$tracelode" sql -d s.db 'SELECT * FROM v_frame, v_trace LIMIT 100000' --format csv | head -n 1 >out
prints trace_id

# ---- not what they should be -----------------------------------------------------------
printf 'not a folder' >file
mkdir folder
expect 4 "$tracelode" run Posts.xml -o file
says "file: cannot make the folder: "
expect 4 "$tracelode" report -d s.db -o file
says "file: cannot make the folder: "
expect 4 "$tracelode" report -d s.db -o file/report
says "file/report: cannot make the folder: Not a directory"
expect 4 "$tracelode" mine --spmf traces.spmf -o folder
says "folder: cannot write: Is a directory"
expect 4 "$tracelode" sample -d coding.db --profile paper --support occurrences --round 2 -o folder
says "folder: cannot write: Is a directory"
mkdir -p report/index.html
expect 4 "$tracelode" report -d s.db -o report
says "report/index.html: cannot write: Is a directory"
[ -z "$(find . -name '*.part')" ]

# A store that is a folder, another program's, a text, or cut short.
sqlite3 foreign.db 'CREATE TABLE mine (x); INSERT INTO mine VALUES (1)'
seq 1 2000 >text.db
head -c 3000 s.db >cut.db
head -c 50000 s.db >half.db
: >empty.db
sqlite3 newer.db 'PRAGMA application_id = 1953263460; PRAGMA user_version = 999; CREATE TABLE x (y)'
for store in folder foreign.db text.db cut.db half.db newer.db nowhere/s.db; do
    case $store in folder | nowhere/*) want=4 ;; *) want=3 ;; esac
    cksum "$store" >before 2>/dev/null || true
    for command in "extract Posts.xml" "mine" "report -o r" "query" "match trace.txt" "sql SELECT" \
        "sample --round 1 -o -" "sample --read labels.csv" "import patterns-nltk.jsonl"; do
        expect $want "$tracelode" $command -d $store
        says "tracelode: $store: "
    done
    cksum "$store" >after 2>/dev/null || true
    cmp before after
done
expect 3 "$tracelode" query -d empty.db
says "tracelode: empty.db: "
