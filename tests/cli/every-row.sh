# Every row of every XML file is read, and sites with the same ids do not collide.
. "$TOP/tests/cli/lib.sh"
need_shared stackexchange
for file in "$shared"/stackexchange/*/*.xml "$shared/so-pytorch/Posts.xml" "$sample"; do
    "$tracelode" extract -q "$file" -d all.db --all
    site=$(basename "$(dirname "$file")")
    rows=$("$tracelode" sql -d all.db --format csv "SELECT rows FROM input JOIN site USING (site_id)
        WHERE site.name = '$site' AND input.name = '$(basename "$file")'" | tail -n 1)
    [ "$rows" = "$(grep -c '<row' "$file")" ] || { echo "$file: $rows rows" >&2; exit 1; }
done
"$tracelode" sql -d all.db --format csv "SELECT count(*) FROM quarantine" >out
prints 0
# The same posts under two sites: each site has all of them.
"$tracelode" extract -q "$sample" -d two.db --site one
"$tracelode" extract -q "$sample" -d two.db --site two
"$tracelode" sql -d two.db --format csv "SELECT count(DISTINCT site), count(*), count(DISTINCT question_id)
    FROM v_question WHERE profile = 'full' AND library = 'keras'" | tail -n 1 >counts
IFS=, read -r sites rows ids <counts
[ "$sites" = 2 ]
[ "$rows" = $((2 * ids)) ]
[ "$ids" -gt 10 ]
"$tracelode" mine -q -d all.db
"$tracelode" report -q -d all.db -o report --no-figures
