#!/usr/bin/env bash
# thresh verify when the harness changed: gone is said only of what the library mended, never of an input that the harness
# leads elsewhere. With sources, where a script builds, and where the harness holds the bug itself.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/data/regress/scratch.sh"

command -v clang >/dev/null || skip_all 'no clang'

# A project under test is set aside once its bugs have tests, and each case begins with that.
keep() { rm -rf "$T/kept" && cp -a "$1" "$T/kept"; }
again() { cd "$T" && rm -rf p && cp -a kept p && cd p || bail 'no project'; }
verdict() { # WANT NAME [OPTION...]
	local want=$1 name=$2
	shift 2
	again_out=$("$THRESH" verify --json "$@" "$bug" 2>"$T/.err")
	is "$(sed -n 's/^.*"verdict":[[:space:]]*"\([^"]*\)".*/\1/p' <<<"$again_out")" "$want" "$name" ||
		diag "$(cat "$T/.err")"
}
why() { sed -n 's/^.*"why":[[:space:]]*"\([^"]*\)".*/\1/p' <<<"$again_out"; }
state() { "$THRESH" bugs --all --json 2>/dev/null | awk -v id="$bug" '/"bug":/ { mine = index($0, id) } mine && /"state":/ { split($0, a, "\""); print a[4]; exit }'; }
ignores='s/parse((const char \*)data, size)/parse("none", 4 + 0 * size + 0 * data[0])/'
prefix='s/parse((const char \*)data, size)/size ? parse((const char *)data + 1, size - 1) : 0/'
renames='s/\<data\>/bytes/g'
early='s/^{$/{\n\tif (n < 5)\n\t\treturn 0;/'

# --- built from sources: the harness as it was decides ---

make_scratch "$T/p"
cd "$T/p" || bail 'no scratch project'
run "$THRESH" triage --harness plain --file crashes
bug=$(bug_of read_over)
status 0 'a test of it' "$THRESH" regress "$bug"
keep "$T/p"

verdict same 'nothing changed'
for change in ignores prefix; do
	again
	sed -i "${!change}" fuzz/plain.c
	verdict 'cannot tell' "the harness $change: the bug is there still"
	like "$(why)" "doesn't get as far in read_over .*fails still" "and why ($change)"
	is "$(state)" open "it stays open ($change)"
done
again
sed -i "$renames" fuzz/plain.c
verdict same 'the harness renames: it fails as it did'
sed -i "$ignores;s/data\[0\]/bytes[0]/" fuzz/plain.c
sed -i 's/parse((const char \*)bytes, size)/(void)bytes, (void)size/' fuzz/plain.c
verdict 'cannot tell' 'and then ignores the input'
again
sed -i "$early" lib/lib.c
verdict gone 'an early check in the library'
is "$(state)" fixed 'closes it'
for change in ignores prefix renames; do
	again
	sed -i "$early" lib/lib.c
	sed -i "${!change}" fuzz/plain.c
	verdict gone "an early check, and the harness $change"
done
again
sed -i "$prefix" fuzz/plain.c
sed -i 's/s\[4\] ==/s[4] !=/' lib/lib.c
verdict 'cannot tell' 'another change of the library mends nothing'
again
printf 'void gone(void);\n' >>lib/lib.h
sed -i 's/#include "lib.h"/#include "lib2.h"/' lib/lib.c fuzz/plain.c
mv lib/lib.h lib/lib2.h
sed -i "$ignores" fuzz/plain.c
verdict 'cannot tell' 'a harness as it was that does not build any more'
like "$(why)" "doesn't get as far in read_over" 'the trail tells'
verdict gone 'unless somebody looked' --trust-harness
verdict gone 'which is remembered'

# a header that only the harness includes is part of it, others it includes, too
cd "$T" && rm -rf p
make_scratch "$T/p"
cd "$T/p" || bail 'no scratch project'
mkdir fuzz/more
sed -i 's/#include "lib.h"/#include "feed.h"/; s/parse((const char \*)data, size)/feed((const char *)data, size)/' fuzz/plain.c
printf '#pragma once\n#include "more/inner.h"\nstatic inline int feed(const char *s, size_t n) { return inner(s, n); }\n' >fuzz/feed.h
printf '# include "lib.h"\nstatic inline int inner(const char *s, size_t n) { return parse(s, n); }\n' >fuzz/more/inner.h
run "$THRESH" triage --harness plain --file crashes
former_bug=$bug
bug=$(bug_of read_over)
status 0 'a harness with headers of its own: a test' "$THRESH" regress "$bug"
mv "$T/kept" "$T/kept.1"
keep "$T/p"
verdict same 'headers: nothing changed'
for header in fuzz/feed.h fuzz/more/inner.h; do
	again
	sed -i 's/{ return/{ if (n) return 0; return/' $header
	verdict 'cannot tell' "$header leads elsewhere"
	like "$(why)" 'harness changed.*fails still' 'and why'
	is "$(state)" open 'it stays open'
	again
	sed -i 's/{ return/{ if (n == 12345) return 0; return/' $header
	sed -i "$early" lib/lib.c
	verdict gone "$header changed, and the library is mended"
done
again
printf 'int unused(void);\n' >>lib/lib.h
sed -i "$early" lib/lib.c
verdict gone "a header of the library is no part of the harness"
rm -rf "$T/kept" && mv "$T/kept.1" "$T/kept"
bug=$former_bug

# a bug whose other finding was made for the former harness, too
again
printf 'OVER and more' >"$T/more"
run "$THRESH" triage --harness plain --file "$T/more"
sed -i "$prefix" fuzz/plain.c
sed -i "$early" lib/lib.c
verdict same 'a fix of the reproducer only, and the harness changed'

# --- built by a script: the trail decides ---

make_scratch "$T/s"
cd "$T/s" || bail 'no scratch project'
cat >build.sh <<'END'
cd "$SRC/scratch" || exit 1
$CC $CFLAGS -DWORD='"four"' -Ilib -c lib/lib.c -o "$WORK/lib.o" &&
$CC $CFLAGS -Ilib -c fuzz/plain.c -o "$WORK/plain.o" &&
$CXX $CXXFLAGS "$WORK/plain.o" "$WORK/lib.o" $LIB_FUZZING_ENGINE -o "$OUT/plain"
END
printf 'version: 1\nproject: scratch\nbuild:\n  script: build.sh\nharnesses:\n  plain:\n    timeout: 2s\n' >thresh.yaml
run "$THRESH" triage --harness plain --file crashes
bug=$(bug_of read_over)
[ -n "$bug" ] || diag "$OUT $ERR"
status 0 'a script builds it: a test of it' "$THRESH" regress "$bug"
keep "$T/s"
for change in ignores prefix; do
	again
	sed -i "${!change}" fuzz/plain.c
	verdict 'cannot tell' "a script builds it: the harness $change"
	like "$(why)" "harness changed, and the input doesn't get as far in read_over" "and why ($change)"
done
again
sed -i "$early" lib/lib.c
verdict gone 'a script builds it: an early check in the library'
again
sed -i "$renames" fuzz/plain.c
sed -i 's/return ((const volatile char \*)s)\[n\];/return ((const volatile char *)s)[n - 1];/' lib/lib.c
verdict gone 'a script builds it: mended in its place, and the harness renames'

# --- the harness holds the bug itself ---

mkdir "$T/h"
cd "$T/h" || exit 3
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
__attribute__((noinline)) static int last(const uint8_t *p, size_t n)
{
	return ((const volatile uint8_t *)p)[n];
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n && *p == '1')
		last(p, n);
	return 0;
}
C
printf 'version: 1\nproject: own\nharnesses:\n  h:\n    source: fuzz.c\n' >thresh.yaml
printf 1 >in
run "$THRESH" triage --harness h --file in
bug=$(bug_of last)
status 0 'a bug of the harness itself: a test' "$THRESH" regress
keep "$T/h"
again
sed -i 's/\[n\]/[n - 1]/' fuzz.c
verdict gone 'mended in its place'
again
sed -i "s/^{$/{\n\tn = 0;/" fuzz.c
verdict 'cannot tell' 'not reached any more'

# --- a bug that turns out to be flaky only when its test is proven ---

mkdir "$T/f"
cd "$T/f" || exit 3
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	if (n && *p == 'f' && (ts.tv_nsec / 1000) % 3 == 0)
		abort();
	return 0;
}
C
printf 'version: 1\nproject: flaky\nharnesses:\n  h:\n    source: fuzz.c\n' >thresh.yaml
printf f >in
for i in $(seq 40); do
	run "$THRESH" triage --harness h --file in
	bug=$("$THRESH" bugs --json 2>/dev/null | sed -n 's/.*"bug":[[:space:]]*"\([0-9a-f]*\)".*/\1/p')
	[ -z "$bug" ] || break
done
ok 'it was met' test -n "$bug"
for i in $(seq 20); do
	run "$THRESH" regress --again
	[ "$(state)" = flaky ] && break
done
is "$(state)" flaky 'the bug is known to be flaky'
like "$(cat tests/regress/h/*/manifest)" $'\nstate: flaky\n' 'and so is its test'
tries=0
for i in 1 2 3 4 5; do
	"$THRESH" verify --json >out 2>/dev/null
	grep -q '"verdict":[[:space:]]*"same"' out && tries=$((tries + 1))
done
is "$tries" 5 'it is tried until it fails: never gone'
done_testing
