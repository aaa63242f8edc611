# kill -9 at random moments of run, mine, report, import and sample: the store is sound
# after each, and the same command again gives what an undisturbed one gives, in store and
# folder, with nothing left over.  SIGINT and SIGTERM: the same, with exit 130.
# (test_resume.c and cli/interrupt.sh do this for extract.)
# TL_KILLS: how many of each; TL_SEED: where the moments come from.
. "$TOP/tests/cli/lib.sh"
need sqlite3 python3
kills=${TL_KILLS:-5}
seed=${TL_SEED:-$(date +%N | sed 's/^0*//')}
echo "TL_SEED=$seed" >&2
mkdir site made
cp "$sample" site/Posts.xml
for i in 1 2 3 4 5; do
    printf '{"support": %s, "frames": [["base", "run"], ["f%s", "call"]], "questions": [%s]}\n' $((7 - i)) $i $i
done >patterns-keras.jsonl

# What a store says, in an order that does not depend on how it was made.
dump() {
    { # by names: what a view may say beside is the number of a row
        echo "SELECT * FROM v_question; SELECT * FROM v_trace; SELECT * FROM v_frame;"
        echo "SELECT pattern_id, library, profile, support_kind, support, frames, category, type, confidence FROM v_pattern;"
        echo "SELECT pattern_id, site, question_id FROM v_pattern_question; SELECT * FROM v_label;"
    } >views.sql
    for table in mining pattern pattern_trace input quarantine; do
        echo "SELECT '$table', count(*) FROM $table;"
    done >>views.sql
    echo "SELECT measure, value, sum(n) FROM histogram GROUP BY 1, 2;" >>views.sql
    sqlite3 -init /dev/null "$1" <views.sql | sort
}

# A job is: what is there before it, and the command.  Both run in a folder work, whose
# state they and their result are.
before() { # JOB
    rm -rf work
    mkdir work
    case $1 in
    run) ;;
    mine | import) cp extracted.db work/study.db ;;
    *) cp mined.db work/study.db ;;
    esac
}
command_of() { # JOB: sets the arguments
    case $1 in
    run) set -- run ../site/Posts.xml -o . ;;
    mine) set -- mine -d study.db ;;
    report) set -- report -d study.db -o out ;;
    import) set -- import ../patterns-keras.jsonl -d study.db ;;
    sample) set -- sample -d study.db --round 2 -o sheet.csv ;;
    label) set -- sample -d study.db --read ../coded.csv ;;
    esac
    arguments=$*
}
state() { # what is in work: the store by content, all else byte by byte
    dump work/study.db
    (cd work && find . -type f ! -name study.db | sort | xargs -r cksum)
    (cd work && find . | sort)
}
sound() { # after a kill: what is there of a store is whole
    [ -s work/study.db ] || return 0
    [ "$(sqlite3 work/study.db 'PRAGMA integrity_check; PRAGMA foreign_key_check')" = ok ]
}

"$tracelode" extract -q site/Posts.xml -d extracted.db
cp extracted.db mined.db
"$tracelode" mine -q -d mined.db
"$tracelode" sample -q -d mined.db --round 2 -o sheet.csv
awk -F , -v OFS=, 'NR > 1 { $NF = "conversion" } { print }' sheet.csv >coded.csv

# Runs the program with $arguments in work and sends it SIGNAL after a random part of the
# milliseconds that it takes undisturbed; prints its exit status (negative: the signal).
cat >disturb.py <<'PY'
import random, signal, subprocess, sys, time
name, milliseconds, draw, program, *arguments = sys.argv[1:]
child = subprocess.Popen([program, *arguments, '--quiet'], cwd='work', stdout=subprocess.DEVNULL, stderr=open('err', 'w'))
time.sleep(random.Random(draw).uniform(0, 1.1) * float(milliseconds) / 1000)
child.send_signal(getattr(signal, name))
print(child.wait())
PY
disturb() { python3 disturb.py "$1" "$2" "$seed.$job.$1.$try" "$tracelode" $arguments; }

for job in run mine report import sample label; do
    command_of $job
    before $job
    begin=$(date +%s%N)
    (cd work && "$tracelode" $arguments --quiet)
    span=$((($(date +%s%N) - begin) / 1000000)) # milliseconds
    state >expected
    [ "$(wc -l <expected)" -gt 1000 ]
    killed=0 late=0
    for try in $(seq "$kills"); do
        before $job
        status=$(disturb SIGKILL $span)
        case $status in -9) killed=$((killed + 1)) ;; 0) late=$((late + 1)) ;; *) echo "exit $status: $(cat err)" >&2; exit 1 ;; esac
        sound
        # Some are killed again on their way to the end.
        if [ $((try % 4)) = 0 ]; then
            status=$(disturb SIGKILL $span)
            sound
        fi
        (cd work && "$tracelode" $arguments --quiet) || { echo "$job, kill $try: cannot go on" >&2; exit 1; }
        state >found
        diff expected found >difference || head -n 20 difference >&2
        [ ! -s difference ] || { echo "$job, kill $try: another result" >&2; exit 1; }
    done
    stopped=0
    for try in $(seq $((kills / 10 + 1))); do
        for signal in SIGINT SIGTERM; do
            before $job
            status=$(disturb $signal $span)
            # The first instants of a process are not the program's: the signal just ends it.
            case $status in 130) stopped=$((stopped + 1)) ;; 0 | -2 | -15) ;; *) echo "$job, $signal: exit $status: $(cat err)" >&2; exit 1 ;; esac
            sound
            (cd work && "$tracelode" $arguments --quiet) || { echo "$job, $signal $try: cannot go on" >&2; exit 1; }
            state >found
            diff expected found >difference || head -n 20 difference >&2
        [ ! -s difference ] || { echo "$job, $signal $try: another result" >&2; exit 1; }
        done
    done
    echo "$job: killed $killed of $kills ($late were done before), $stopped said 130; undisturbed $span ms" >&2
done
