# What `make install` puts down works from there: the program, the C library with its
# header and pkg-config file, and the SQLite extension; `make uninstall` takes all away.
. "$TOP/tests/cli/lib.sh"
need pkg-config
[ -z "$TL_SANITIZED" ] || { echo "only for the build that gets installed" >&2 && exit 77; }
here=$(pwd)
case $here in *' '*) echo "the flags that pkg-config prints cannot hold a blank" >&2 && exit 77 ;; esac
# Other tests run what stands in BUILD: nothing of it is built anew meanwhile.
make -s -C "$TOP" -o all BUILD="$BUILD" PREFIX="$here/usr" install >/dev/null
"$here/usr/bin/tracelode" info | head -n 1 >version
grep -q '^tracelode [0-9]' version
PKG_CONFIG_PATH=$here/usr/lib/pkgconfig
export PKG_CONFIG_PATH
[ "tracelode $(pkg-config --modversion tracelode)" = "$(cat version)" ]
sed 's|#include "miner/miner.h"|#include "tl_miner.h"|' "$TOP/examples/mine_numbers.c" >mine.c
# shellcheck disable=SC2046 # lists of flags
${CC:-cc} -std=c17 $(pkg-config --cflags tracelode) -o mine mine.c $(pkg-config --libs tracelode)
./mine "1 2 3 4" "2 3 4" "9 2 3" >patterns.txt
grep -q '^3: 2 3 ' patterns.txt
grep -q '^2: 2 3 4 ' patterns.txt
[ "$(wc -l <patterns.txt)" = 2 ]
make -s -C "$TOP" BUILD="$BUILD" PREFIX="$here/usr" uninstall
[ -z "$(find usr -type f)" ]
# A folder with a blank in its name.
make -s -C "$TOP" -o all BUILD="$BUILD" PREFIX="$here/with blank" install >/dev/null
"./with blank/bin/tracelode" info >/dev/null
make -s -C "$TOP" BUILD="$BUILD" PREFIX="$here/with blank" uninstall
[ -z "$(find . -path '*with*' -type f)" ]
