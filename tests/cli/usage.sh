# Wrong usage: exit 2, and a message that says what to give.
. "$TOP/tests/cli/lib.sh"
expect 2 "$tracelode" run
says "run: missing argument: expected one or more dump files such as Posts.xml"
expect 2 "$tracelode" run "$sample"
says "missing option: -o DIR"
expect 2 "$tracelode" extract "$sample"
says "missing option: -d STUDY.db"
expect 2 "$tracelode" extract "$sample" -d s.db --library keras,nosuch
says "nosuch"
expect 2 "$tracelode" extract "$sample" -d s.db --threads two
says "--threads two: expected a whole number"
expect 2 "$tracelode" mine
says "give either -d STUDY.db or --spmf FILE"
expect 2 "$tracelode" mine --spmf x --min-support 0
says "--min-support 0: expected a whole number from 1 on"
expect 2 "$tracelode" mine --spmf x --min-support 120%
says "expected a percentage"
expect 2 "$tracelode" mine --spmf x --engine turbo
says "--engine turbo: expected one of auto, suffix, ccspan, cuda"
expect 2 "$tracelode" mine --spmf x --min-length 3 --max-length 2
says "--max-length 2 is less than --min-length 3"
expect 2 "$tracelode" report -d s.db
says "missing option: -o DIR"
expect 2 "$tracelode" sql "SELECT 1"
says "missing option: -d STUDY.db"
expect 2 "$tracelode" info extra
says "too many arguments"
# An unset variable in a script must not lose a whole run.
expect 2 "$tracelode" extract "$sample" -d ""
says "'' is no name for a store"
expect 2 "$tracelode" extract "$sample" -d :memory:
expect 2 "$tracelode" run "$sample" -o ""
expect 2 "$tracelode" extract "$sample" -d site.db --site ""
says "--site: expected the name of a site"
expect 2 "$tracelode" sample -d s.db --round 1 -o ""
says "-o: expected the name of a file"
expect 2 "$tracelode" mine --spmf x -o ""
says "-o: expected the name of a file"
# A name that looks like an address is a name.
expect 0 "$tracelode" extract "$sample" --site s -d "file:s.db?mode=memory"
[ -s "file:s.db?mode=memory" ]
