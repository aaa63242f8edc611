#!/bin/sh
# check-layers.sh: fails when a file includes a header of a room that its own room
# may not know (the arrows of the README's picture of the tree).
set -eu

allowed() {
    case $1 in
    base) echo base ;;
    stats) echo base stats ;;
    miner) echo base miner ;;
    cuda) echo base miner cuda ;;
    sql) echo base stats sql ;;
    extract/grammar) echo base extract/grammar extract/regex.h ;;
    extract) echo base stats sql extract extract/grammar ;;
    reports) echo base stats sql extract/grammar reports ;;
    examples) echo base miner ;;
    tools/cli | tools/bench) echo base stats miner cuda sql extract extract/grammar reports tools/cli ;;
    esac
}

bad=0
for room in base stats miner cuda sql extract extract/grammar reports examples tools/cli tools/bench; do
    rooms=$(allowed "$room")
    for file in "$room"/*.c "$room"/*.h "$room"/*.cu "$room"/*.cuh; do
        [ -e "$file" ] || continue
        for header in $(sed -n 's/^#[[:space:]]*include "\(.*\)".*/\1/p' "$file"); do
            ok=no
            for r in $rooms; do
                [ "${header%/*}" = "$r" ] && ok=yes
                [ "$header" = "$r" ] && ok=yes
            done
            if [ $ok = no ]; then
                echo "$file: includes $header, but $room may only know: $rooms" >&2
                bad=1
            fi
        done
    done
done
[ $bad = 0 ] && echo "layers: every include goes the right way"
exit $bad
