#!/usr/bin/env bash
# A bug that only a failing allocation shows: its regression test makes that allocation fail in any build, by faults.c beside
# replay.c, which is there for such tests only.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang'
mkdir "$T/p" && cd "$T/p" || bail 'no project'
# the second of two allocations isn't looked at
cat >lib.c <<'C'
#include <stdlib.h>
#include <string.h>
char *volatile keep; /* else a compiler leaves the allocation out, and the other is the first */
__attribute__((noinline)) int parse(const char *s, size_t n);
int parse(const char *s, size_t n)
{
	char *copy = malloc(n + 1), *twice;
	int first;

	if (!copy)
		return -1;
	keep = copy;
	memcpy(copy, s, n);
	twice = malloc(2 * n + 1);
	memcpy(twice, copy, n);
	first = n ? twice[0] : 0;
	free(twice);
	free(copy);
	return first == 'x';
}
C
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int parse(const char *s, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return parse((const char *)data, size) < 0 ? 0 : 0;
}
C
mkdir seeds && printf 'abc' >seeds/a
printf 'version: 1\nproject: faults\nbuild:\n  sources: [lib.c]\nharnesses:\n  h:\n    source: fuzz.c\n    seeds: [seeds]\n' >thresh.yaml
status 1 'the fault is found' "$THRESH" edge --time 1m h --only-faults
status 0 'a test of it' "$THRESH" regress
ok 'faults.c is beside it' test -s tests/regress/faults.c
ok 'written again, nothing changes' cp -r tests "$T/before"
status 0 'again' "$THRESH" regress
ok 'not a byte' diff -r tests "$T/before"
sed 's/^open/fixed/' tests/regress/h/tests.list >tests/regress/h/must.list
sed 's/twice = malloc(2 \* n + 1);/&\n\tif (!twice) { free(copy); return -1; }/' lib.c >mended.c

# one compilation for both
printf '#include "lib.c"\n#include "fuzz.c"\n' >both.c
printf '#include "mended.c"\n#include "fuzz.c"\n' >both_mended.c
# what reports say is no part of this, and reading their stacks is most of what a failure costs
export ASAN_OPTIONS=symbolize=0 UBSAN_OPTIONS=symbolize=0 MSAN_OPTIONS=symbolize=0 TSAN_OPTIONS=symbolize=0
# each sanitizer by one compiler, and each compiler; by the other one, too, in make check-long
soak() { # COMPILER SANITIZER
	case "$1 $2" in 'gcc ' | 'clang -O2' | 'clang -fsanitize=address,undefined' | 'clang -fsanitize=memory' | 'gcc -fsanitize=thread' | 'gcc --coverage') return 1 ;; esac
}
works() { # CC FLAGS
	echo 'int main(void) { return 0; }' >"$T/probe.c"
	"$1" $2 "$T/probe.c" -o "$T/probe" 2>/dev/null && "$T/probe" 2>/dev/null
}
for cc in gcc clang; do
	for san in '' '-O2' '-fsanitize=address,undefined' '-fsanitize=memory' '-fsanitize=thread' '--coverage'; do
		name="$cc ${san:-plain}"
		! soak "$cc" "$san" || soaks 5 "$name" || continue
		works "$cc" "$san" || { skip 5 "$cc has no $san here"; continue; }
		ok "$name: it compiles without a warning" "$cc" -std=c99 -Wall -Wextra -Werror -pedantic -g $san -c tests/regress/replay.c -o main.o
		"$cc" -g $san both.c main.o -o replay && "$cc" -g $san both_mended.c main.o -o mended || fail 'links'
		status 0 "$name: known, and it fails" ./replay --manifest tests/regress/h/tests.list
		like "$OUT" 'not ok 1 .*# TODO' 'with the fault'
		status 1 "$name: it has to pass and fails" ./replay --manifest tests/regress/h/must.list
		status 0 "$name: mended" ./mended --manifest tests/regress/h/must.list
	done
done
mv tests/regress/faults.c aside.c
gcc -g fuzz.c lib.c tests/regress/replay.c -o replay
status 0 'without faults.c' ./replay --manifest tests/regress/h/must.list
like "$OUT" '# SKIP .*faults\.c' 'it is skipped, and why'
mv aside.c tests/regress/faults.c
bug=$("$THRESH" bugs --json 2>/dev/null | sed -n 's/.*"bug":[[:space:]]*"\([0-9a-f]*\)".*/\1/p' | head -n 1)
status 0 'a capsule of it' "$THRESH" export "$bug" -o "$T/capsule"
ok 'reproduces it' sh "$T/capsule/reproduce.sh"
status 0 'make' "$THRESH" regress --style make
ok 'known' make -C tests/regress check
sed -i 's/^state: .*/state: fixed/' tests/regress/h/*/manifest
run "$THRESH" regress --style make
not_ok 'and seen' make -C tests/regress check B="$T/b" CC=gcc SAN=-fsanitize=undefined
status 0 'a file that stands alone' "$THRESH" regress --style c
file=$(find tests/regress/h -name '*.c')
ok 'is made of it' test -s "$file"
for cc in gcc clang; do
	for san in '' '-O2' '-fsanitize=address,undefined' '-fsanitize=memory' '-fsanitize=thread'; do
		name="style c, $cc ${san:-plain}"
		! soak "$cc" "$san" || soaks 4 "$name" || continue
		works "$cc" "$san" || { skip 4 "$cc has no $san here"; continue; }
		ok "$name: it compiles without a warning" "$cc" -std=c99 -Wall -Wextra -Werror -pedantic -g $san -c "$file" -o one.o
		"$cc" -g $san both.c one.o -o one && "$cc" -g $san both_mended.c one.o -o one.mended || fail 'links'
		status 1 "$name: it has to pass and fails" ./one
		status 0 "$name: mended" ./one.mended
		sed 's/^#define KNOWN 0/#define KNOWN 1/; s|"\.\./faults|"'"$PWD"'/tests/regress/faults|' "$file" >known.c
		"$cc" -g $san both.c known.c -o one
		status 77 "$name: known, and it fails" ./one
	done
done
done_testing
