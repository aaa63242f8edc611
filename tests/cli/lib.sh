# lib.sh: what the command-line tests share.  A test is a script that runs in an empty
# folder of its own; what it prints is compared with NAME.out beside it, if that is
# there; exit 77 skips it, the last line of stderr saying why.
# TL_UPDATE=1 tests/run.sh NAME writes NAME.out anew.
tracelode=$TL_PROGRAM
sample=$TOP/corpus/sample/Posts.xml
shared=$TOP/../shared/data

# expect STATUS COMMAND...: runs it, its output in files out and err, and fails unless
# it exits with STATUS.
expect() {
    want=$1
    shift
    got=0
    "$@" >out 2>err </dev/null || got=$?
    if [ "$got" != "$want" ]; then
        echo "exit $got, expected $want: $*" >&2
        cat out err >&2
        exit 1
    fi
}

# says TEXT: fails unless the last expect's stderr holds TEXT.
says() {
    grep -qF -- "$1" err || {
        echo "expected on stderr: $1" >&2
        echo "found:" >&2
        cat err >&2
        exit 1
    }
}

# prints TEXT: the same of stdout.
prints() {
    grep -qF -- "$1" out || {
        echo "expected on stdout: $1" >&2
        echo "found:" >&2
        cat out >&2
        exit 1
    }
}

# need TOOL...: skips the test where one is missing.
need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null || {
            echo "no $tool here" >&2
            exit 77
        }
    done
}

# need_shared FILE: skips the test where the real data are not there.
need_shared() {
    [ -e "$shared/$1" ] || {
        echo "no $1 here" >&2
        exit 77
    }
}

# content DB: what a store says, in an order that does not depend on how it was made.
content() {
    for view in v_question v_trace v_frame; do
        "$tracelode" sql -d "$1" --format csv "SELECT * FROM $view" | sort
    done
    "$tracelode" sql -d "$1" --format csv \
        "SELECT measure, value, sum(n) AS n FROM histogram GROUP BY 1, 2 ORDER BY 1, 2"
}
