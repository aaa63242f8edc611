# Every command explains itself, in 80 columns, with examples; wrong usage is exit 2.
. "$TOP/tests/cli/lib.sh"
expect 0 "$tracelode" --help
prints "usage: tracelode COMMAND"
commands=$(sed -n 's/^  \([a-z]*\)  .*/\1/p' out)
[ -n "$commands" ]
for command in $commands; do
    expect 0 "$tracelode" "$command" --help
    cat out
    echo
    prints "usage: tracelode $command"
    prints "examples:"
    [ "$(sed -n '/^examples:/,$p' out | grep -c "tracelode ")" -ge 2 ] || { echo "$command: fewer than two examples" >&2; exit 1; }
    awk 'length > 80 { print "over 80 columns: " $0 > "/dev/stderr"; bad = 1 } END { exit bad }' out
    [ ! -s err ]
    expect 2 "$tracelode" "$command" --no-such-option
    says "unknown option --no-such-option"
done
expect 2 "$tracelode"
says "usage: tracelode COMMAND"
expect 2 "$tracelode" frobnicate
says "there is no command 'frobnicate'"
expect 0 "$tracelode" --version
prints "tracelode "
