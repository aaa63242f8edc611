# Files that are missing, empty, cut off or something else: the documented exit code, a
# message that names the file and says what to do, and nothing lost.
. "$TOP/tests/cli/lib.sh"
expect 4 "$tracelode" extract nowhere.xml -d s.db
says "nowhere.xml: cannot open: No such file or directory"
mkdir folder
expect 2 "$tracelode" extract folder -d s.db
says "folder: is a folder; give the files in it"
: >empty.xml
expect 3 "$tracelode" extract empty.xml -d s.db
says "empty.xml: is empty"
: | gzip >empty.gz
expect 3 "$tracelode" extract empty.gz -d s.db
says "empty.gz: is empty; expected a dump"
tr '\0' '\377' </dev/zero | head -c 100000 >ones
expect 3 "$tracelode" extract ones -d s.db
says "ones: is no text; expected a Stack Exchange dump"
echo '<html><body>no dump</body></html>' >page.xml
expect 3 "$tracelode" extract page.xml -d s.db
says 'expected a root element such as <posts>, found "<html><body>'
head -c 4096 /dev/urandom >noise.xml
expect 3 "$tracelode" extract noise.xml -d s.db
printf '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><posts></posts>' >bomb.xml
expect 3 "$tracelode" extract bomb.xml -d s.db
says "a document type declaration is not accepted"

# Cut off: what came before is kept.
head -n 40 "$sample" >cut.xml
head -n 41 "$sample" | tail -n 1 | head -c 150 >>cut.xml
expect 3 "$tracelode" extract cut.xml -d cut.db
says "cut off here, inside a row; what came before is kept"
rows=$(grep -c '<row' cut.xml)
expect 0 "$tracelode" sql -d cut.db --format csv "SELECT rows FROM input"
prints "$((rows - 1))"

# A cut file still has a report, and the exit code says that it was cut.
expect 3 "$tracelode" run cut.xml -o study --no-figures
[ -s study/index.html ]

# One bad row goes into quarantine, its neighbours do not.
{
    echo '<posts>'
    sed -n '3p' "$sample"
    echo '  <row Id="1" PostTypeId="1" Tags="&lt;python&gt;&lt;keras&gt;" Body="&nonsense;" />'
    sed -n '4p' "$sample"
    echo '</posts>'
} >bad.xml
expect 0 "$tracelode" extract bad.xml -d bad.db
says "3 rows read"
says "1 rows quarantined"
expect 0 "$tracelode" sql -d bad.db --format csv "SELECT offset, reason FROM quarantine"
prints "nonsense"

# Comments that were read before the posts of their site are out of date; so they are once
# the posts are read again.
site=$TOP/tests/fixtures/inputs/site
note="Comments.xml (site): the posts of its site were read or replaced after it; give it again"
expect 0 "$tracelode" extract "$site/Comments.xml" -d two.db
expect 0 "$tracelode" extract "$site/Posts.xml" -d two.db
says "$note"
expect 0 "$tracelode" extract "$site/Posts.xml" "$site/Comments.xml" -d two.db
grep -q "give it again" err && exit 1
says "3 comments kept"
expect 0 "$tracelode" extract "$site/Posts.xml" -d two.db --force
says "$note"
expect 0 "$tracelode" extract "$site/Comments.xml" -d two.db
says "3 comments kept"

# A store that is none.
echo "not a database, but long enough to be taken for one ....................." >fake.db
expect 3 "$tracelode" extract "$sample" -d fake.db
says "fake.db"
expect 4 "$tracelode" report -d none.db -o x
says "none.db: cannot open the store"

# Other selections are refused, --force reads again.
expect 0 "$tracelode" extract "$sample" -d s2.db --site sample
says "rows read"
expect 0 "$tracelode" extract "$sample" -d s2.db --site sample
says "already complete"
expect 3 "$tracelode" extract "$sample" -d s2.db --site sample --library keras
says "was read with another selection"
says "--force"
expect 0 "$tracelode" extract "$sample" -d s2.db --site sample --library keras --force
expect 0 "$tracelode" sql -d s2.db --format csv "SELECT DISTINCT library FROM v_question"
[ "$(cat out)" = "library
keras" ]
