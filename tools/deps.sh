#!/bin/sh
# deps.sh SET...: installs what the named sets of Debian packages lack.
#   build  what it takes to build and run tracelode
#   check  what its tests need beside that
set -eu
build="gcc libc6-dev make pkg-config libxml2-dev libpcre2-dev libsqlite3-dev libarchive-dev zlib1g-dev liblzma-dev libzstd-dev libbz2-dev libxxhash-dev
       libjansson-dev libinih-dev libcsv-dev gnuplot-nox"
check="g++ libcmocka-dev sqlite3 python3 p7zip-full zstd xz-utils bzip2 zip"

want=
for set in "$@"; do
    case $set in
    build) want="$want $build" ;;
    check) want="$want $check" ;;
    *) echo "deps.sh: unknown set '$set'" >&2; exit 2 ;;
    esac
done

missing=
for package in $want; do
    state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$state" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "deps.sh: not a Debian system; please install the equivalents of:$missing" >&2
    exit 1
fi
echo "installing:$missing"
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
# shellcheck disable=SC2086 # lists of words
$as_root apt-get update -q >/dev/null
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null
