#!/bin/sh
# deb.sh BUILD VERSION: makes BUILD/tracelode_VERSION_ARCH.deb from `make install`.
# What the program is linked with becomes what the package depends on.
set -eu
build=$1
version=$2
arch=$(dpkg --print-architecture)
root=$build/deb
rm -rf "$root"
make -s BUILD="$build" DESTDIR="$(pwd)/$root" PREFIX=/usr install
mkdir -p "$root/DEBIAN" "$root/usr/share/doc/tracelode"
cp LICENSE "$root/usr/share/doc/tracelode/copyright"
cp README.md "$root/usr/share/doc/tracelode/"
gzip -9nf "$root/usr/share/man/man1/tracelode.1"
strip "$root/usr/bin/tracelode" "$root/usr/lib/tracelode/tracelode.so"

# The packages of the shared libraries that the program names itself.
depends=
for library in $(objdump -p "$root/usr/bin/tracelode" | sed -n 's/^ *NEEDED *//p'); do
    package=$(dpkg-query -S "*/$library" 2>/dev/null | sed -n "s/^\([^:]*\):$arch: .*/\1/p" | head -n 1)
    [ -n "$package" ] || { echo "deb.sh: no package holds $library" >&2; exit 1; }
    case ", $depends, " in *", $package, "*) ;; *) depends=${depends:+$depends, }$package ;; esac
done
cat >"$root/DEBIAN/control" <<CONTROL
Package: tracelode
Version: $version
Section: science
Priority: optional
Architecture: $arch
Maintainer: The tracelode authors <maintainers@tracelode.invalid>
Depends: $depends
Recommends: gnuplot-nox
Installed-Size: $(du -sk "$root/usr" | cut -f 1)
Description: miner of stack traces
 Reads Stack Exchange dumps, issues and logs, pulls out the Python tracebacks,
 finds the call patterns that recur (CC-Span) and writes the tables of an
 empirical study.
CONTROL
dpkg-deb --root-owner-group -b "$root" "$build/tracelode_${version}_$arch.deb" >/dev/null
rm -rf "$root"
echo "$build/tracelode_${version}_$arch.deb"
