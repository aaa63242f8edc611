#!/bin/sh
# coverage.sh BUILD: what the tests reached of the library, after they ran in a build made
# with --coverage (`make coverage`): lines and branches, file by file and room by room.
# Fails, and names the lines, where a branch of the framers, the escapers and formats, or
# stats/ was never taken.  One that cannot be is marked GCOVR_EXCL_BR_LINE, with the reason.
set -eu
build=${1:?usage: tests/coverage.sh BUILD}
command -v gcovr >/dev/null || { echo "skip: gcovr is not installed" && exit 77; }
trace=$build/coverage.json

gcovr --root . --object-directory "$build" --filter '(base|stats|miner|cuda|sql|extract|reports)/' \
    --exclude-unreachable-branches --exclude-throw-branches --json "$trace" "$build"

gcovr --root . --add-tracefile "$trace" --csv | awk -F , '
    function line(name, lines, hit, branches, taken) {
        printf "%-34s %7d %7d %5s %9d %7d %5s\n", name, lines, hit, percent(hit, lines), branches, taken,
            percent(taken, branches)
    }
    function percent(part, whole) { return whole ? int(100 * part / whole) "%" : "-" }
    NR == 1 { printf "%-34s %7s %7s %5s %9s %7s %5s\n", "file", "lines", "hit", "", "branches", "taken", ""; next }
    {
        line($1, $2, $3, $5, $6)
        room = $1
        sub("/[^/]*$", "/", room)
        if (!(room in lines)) rooms[++n] = room
        lines[room] += $2; hit[room] += $3; branches[room] += $5; taken[room] += $6
        lines["all"] += $2; hit["all"] += $3; branches["all"] += $5; taken["all"] += $6
    }
    END {
        rooms[++n] = "all"
        print ""
        for (i = 1; i <= n; i++) line(rooms[i], lines[rooms[i]], hit[rooms[i]], branches[rooms[i]], taken[rooms[i]])
    }'

echo
echo "Every branch of these must have been taken:"
gcovr --root . --add-tracefile "$trace" --branches --fail-under-branch 100 \
    --filter 'extract/((line_|csv_)?framer|feed|rows)\.[ch]' --filter 'reports/(escape|format[a-z_]*)\.[ch]' --filter 'stats/'
