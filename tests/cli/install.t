#!/usr/bin/env bash
# What `make install` puts somewhere is whole, another project can build on it, a package can be made of it, and all goes again.
. "$(dirname "$0")/../lib.sh"

command -v make >/dev/null || skip_all 'no make'
BUILD=$(dirname "$THRESH")
there() { (cd "$1" && find . -type f | sort); }
ok 'install' make -s -C "$TOP" install B="$BUILD" DESTDIR="$PWD/root" PREFIX=/opt
for f in bin/thresh include/thresh.h share/thresh/runtime/replay.c share/man/man1/thresh.1 share/pkgconfig/thresh.pc \
	share/cmake/thresh/thresh-config.cmake share/bash-completion/completions/thresh share/zsh/site-functions/_thresh \
	share/fish/vendor_completions.d/thresh.fish; do
	ok "there is $f" test -s "root/opt/$f"
done
status 0 'it runs from there' env -i root/opt/bin/thresh --version

mkdir -p 'a project/corpus' && cd 'a project' || exit 3
echo fine >corpus/fine
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "thresh.h"
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	THRESH_CHECK(n == 0 || p[0] != '!');
	return 0;
}
C
cat >CMakeLists.txt <<'C'
cmake_minimum_required(VERSION 3.16)
project(other C)
enable_testing()
find_package(thresh REQUIRED)
thresh_add_harness(parse SOURCES fuzz.c INPUTS corpus)
C
if command -v cmake >/dev/null && echo 'int main(void){return 0;}' | cc -fsanitize=address,undefined -x c - -o sanitized 2>/dev/null; then
	ok 'cmake finds it' cmake -S . -B b -DCMAKE_PREFIX_PATH="$T/root/opt"
	ok 'a harness builds with it' cmake --build b
	ok 'its inputs are a test, which passes' sh -c 'cd b && ctest'
	echo '!' >corpus/bad
	not_ok 'and fails where one does' sh -c 'cd b && ctest'
	sed -i 's/SOURCES fuzz.c/fuzz.c/' CMakeLists.txt
	run cmake -S . -B c -DCMAKE_PREFIX_PATH="$T/root/opt"
	like "$ERR" 'thresh_add_harness\(NAME SOURCES FILE' 'a wrong call is told the right one'
else
	skip 5 'no cmake, or no sanitizers for cc'
fi
if command -v meson >/dev/null && command -v ninja >/dev/null && command -v pkg-config >/dev/null; then
	rm -f corpus/bad
	mkdir pc && sed "s|^prefix=/opt|prefix=$T/root/opt|" ../root/opt/share/pkgconfig/thresh.pc >pc/thresh.pc
	{ echo "project('other', 'c')"; cat ../root/opt/share/thresh/harness.meson; } >meson.build
	PKG_CONFIG_PATH=$PWD/pc status 0 'meson finds it' meson setup m
	ok "a harness builds with it, and its inputs' test passes" meson test -C m
	echo '!' >corpus/bad
	not_ok 'and fails where one does' meson test -C m
else
	skip 3 'no meson, ninja or pkg-config'
fi
cd ..
if command -v pkg-config >/dev/null; then
	export PKG_CONFIG_PATH=$PWD/root/opt/share/pkgconfig
	is "$(pkg-config --variable=runtime thresh)" /opt/share/thresh/runtime 'pkg-config says where the runtime is'
else
	skip 1 'no pkg-config'
fi

if command -v dpkg-deb >/dev/null && command -v dpkg-shlibdeps >/dev/null; then
	mkdir pkg && cp "$BUILD/thresh" pkg/
	DEBFULLNAME='A Builder' DEBEMAIL=builder@debian.org status 0 'a package' "$TOP/tools/package/deb" "$PWD/pkg"
	dpkg-deb -x pkg/*.deb unpacked
	ok 'has the program' test -x unpacked/usr/bin/thresh
	like "$(dpkg-deb -f pkg/*.deb Depends)" 'libarchive' 'and needs its libraries'
	if command -v lintian >/dev/null; then
		is "$(lintian pkg/*.deb 2>/dev/null | grep '^E:')" '' 'without errors of lintian'
	else
		skip 1 'no lintian'
	fi
else
	skip 4 'no dpkg'
fi

ok 'uninstall' make -s -C "$TOP" uninstall DESTDIR="$PWD/root" PREFIX=/opt
is "$(there root)" '' 'nothing is left'
done_testing
