# The same dump from every container and from a pipe gives the same store.
. "$TOP/tests/cli/lib.sh"
need 7z zip gzip zstd xz bzip2
mkdir site
cp "$sample" site/Posts.xml
expect 0 "$tracelode" extract site/Posts.xml -d plain.db
content plain.db >plain.txt
[ "$(wc -l <plain.txt)" -gt 100 ]
same() {
    content "$1" >other.txt
    cmp plain.txt other.txt
}

cat site/Posts.xml | "$tracelode" extract -q - --site site -d pipe.db
same pipe.db
cd site
7z a -bd -bso0 Posts.7z Posts.xml
zip -q Posts.zip Posts.xml
gzip -k Posts.xml && zstd -q Posts.xml && xz -k Posts.xml && bzip2 -k Posts.xml
cd ..
for type in 7z zip xml.gz xml.zst xml.xz xml.bz2; do
    expect 0 "$tracelode" extract "site/Posts.$type" -d "$type.db"
    same "$type.db"
done
for type in gz zst xz bz2; do
    cat "site/Posts.xml.$type" | "$tracelode" extract -q - --site site -d "pipe-$type.db"
    same "pipe-$type.db"
done
cat site/Posts.7z | "$tracelode" extract -q - -d no.db 2>err && exit 1
says "cannot be read from a pipe"

# Truncated and encrypted archives.
head -c 20000 site/Posts.xml.gz >cut.gz
expect 3 "$tracelode" extract cut.gz -d cut.db
says "cut.gz"
head -c 20000 site/Posts.7z >cut.7z
expect 3 "$tracelode" extract cut.7z -d cut7.db
says "cut.7z"
7z a -bd -bso0 -psecret locked.7z site/Posts.xml
expect 3 "$tracelode" extract locked.7z -d locked.db
says "encrypted"
