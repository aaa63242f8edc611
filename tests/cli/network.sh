# The program opens no socket and starts nothing but gnuplot, with no shell between and no
# argument that comes from the data.
. "$TOP/tests/cli/lib.sh"
need strace
[ -z "$TL_SANITIZED" ] || { echo "sanitizers cannot be traced" >&2 && exit 77; }
strace -o works true 2>/dev/null || { echo "strace may not trace here" >&2; exit 77; }
printf 'Traceback (most recent call last):\n  File "train.py", line 3, in fit\nValueError: x\n' >trace.txt
traced() { # COMMAND...: its calls, those of its children too, in the file calls
    got=0
    strace -f -qq -s 200 -e signal=none -e trace=%network,execve,execveat -o calls "$@" >out 2>err || got=$?
    [ "$got" -le 1 ] || { echo "exit $got: $*" >&2; cat err >&2; exit 1; }
    if grep -E '(socket|connect|bind|listen|sendto|sendmsg)[a-z]*\(' calls | grep -v 'socketpair(' >&2; then
        echo "a network call: $*" >&2
        exit 1
    fi
    [ "$(grep -c 'exec' calls)" -ge 1 ] # the trace itself works
    tail -n +2 calls | grep exec | grep -v '"gnuplot", "-d", "-e", "out = '"'fig[4-7].svg.part'; profile = '[a-z]*'; support = '[a-z]*'\", \"fig[4-7].gp\"\]" |
        grep -v 'resumed' >&2 && { echo "another program: $*" >&2; exit 1; }
    return 0
}
traced "$tracelode" run -q "$sample" --site s -o study
if command -v gnuplot >/dev/null; then grep -q gnuplot calls; fi
traced "$tracelode" report -q -d study/study.db -o report
traced "$tracelode" match -d study/study.db trace.txt
traced "$tracelode" query -d study/study.db
traced "$tracelode" sql -d study/study.db "SELECT 1"
