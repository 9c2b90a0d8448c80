#!/usr/bin/env bash
# thresh replay: what each result costs is told, in every output; many slow inputs keep all jobs at work.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang'
mkdir -p "$T/a project/seeds" && cd "$T/a project" || bail 'no project'
# 'a': 5000 bytes at once; 'b': 5000 bytes three times, one after the other; 'c': 9000 bytes, then a crash; 's': sleeps
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
static char *volatile kept;
static void hold(size_t n)
{
	kept = malloc(n);
	if (kept)
		kept[0] = 1;
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct timespec ts = { 0, 50000000 };
	if (n && *p == 's')
		nanosleep(&ts, NULL);
	for (int i = 0; n && i < (*p == 'a' ? 1 : *p == 'b' ? 3 : 0); i++) {
		hold(5000);
		free(kept);
	}
	if (n && *p == 'c') {
		hold(9000);
		abort();
	}
	return 0;
}
C
printf 'version: 1\nproject: costs\nharnesses:\n  h:\n    source: fuzz.c\n    seeds: [seeds]\n' >thresh.yaml
for i in a b c n; do printf '%s' "$i" >"seeds/$i"; done

for variant in asan gcc-asan plain; do
	if [ "$variant" = gcc-asan ] && ! "$THRESH" build --variant gcc-asan >/dev/null 2>&1; then
		skip 5 'no gcc with ASan'
		continue
	fi
	status 1 "$variant: one of four fails" "$THRESH" replay h --variant "$variant"
	like "$OUT" $'ok 1 - seeds/a\n# time=[0-9]+\.[0-9]{3}ms heap=50[0-9][0-9]\n' "$variant: the heap that was held"
	like "$OUT" $'ok 2 - seeds/b\n# time=[0-9.]+ms heap=50[0-9][0-9]\n' "$variant: at once, not in all"
	like "$OUT" $'not ok 3 - seeds/c[^\n]*\n# time=[0-9.]*[1-9][0-9.]*ms heap=90[0-9][0-9]\n' "$variant: of one that crashes, up to there"
	like "$OUT" $'ok 4 - seeds/n\n# time=[0-9.]+ms heap=0' "$variant: none at all"
done
status 1 'JSON and JUnit' "$THRESH" replay h --json --junit j.xml
like "$OUT" '"heap_bytes":[[:space:]]*5000,' 'JSON has it'
like "$(cat j.xml)" 'name="seeds/a" time="[0-9.]+">[[:space:]]*<properties><property name="heap_bytes" value="5000"/></properties>' 'JUnit, too'
if command -v xmllint >/dev/null; then
	ok 'it is XML' xmllint --noout j.xml
else
	skip 1 'no xmllint'
fi
mkfifo pipe
cat pipe >piped.xml &
status 1 'JUnit into a pipe' timeout 20 "$THRESH" replay h --junit pipe
[ -p pipe ] || kill $! 2>/dev/null
wait
ok 'it stays a pipe' test -p pipe
like "$(cat piped.xml)" '</testsuites>' 'and has it all'
status 1 'JUnit to standard output' "$THRESH" replay h --json --junit /dev/stdout
like "$OUT" '</testsuites>' 'comes there'
status 1 'and where that is a file' bash -c '"$1" replay h --json --junit /dev/stdout >both' - "$THRESH"
like "$(cat both)" '^\[.*"harness".*\][[:space:]]*<\?xml .*</testsuites>$' 'nothing of it is lost'
ok 'the link is as it was' test -L /dev/stdout
status 1 'the table' "$THRESH" replay h --quiet
like "$OUT" 'seeds/c .* 8\.8 KiB ' 'has it, with a unit'
status 0 'a command' "$THRESH" replay h seeds/a -- /bin/cat @@
like "$OUT" '# time=[0-9.]+ms rss=[0-9]{6,}' 'has what its process had'

# 64 times 50 ms
mkdir slow
for i in $(seq 64); do printf 's%s' "$i" >"slow/$i"; done
best=9999
for i in 1 2 3; do
	start=$(date +%s%N)
	"$THRESH" replay h slow -j 8 >"$T/slow" 2>&1
	took=$((($(date +%s%N) - start) / 1000000))
	[ "$took" -lt "$best" ] && best=$took
	[ "$best" -lt 2000 ] && break
done
is "$(grep -c '^ok' "$T/slow")" 64 'all slow ones pass'
ok "at once ($best ms)" test "$best" -lt 2000

# a pointer to what leaked is left on the stack, as deep down as the input's byte says
mkdir leaks
cp "$TOP/tests/data/targets/leak_depth.c" leak.c
printf '  leak:\n    source: leak.c\n    seeds: [leaks]\n' >>thresh.yaml
for i in $(seq 0 39); do printf "\\x$(printf %x $((65 + i)))" >"leaks/$i"; done
for variant in asan gcc-asan; do
	"$THRESH" build leak --variant "$variant" >/dev/null 2>&1 || { skip 2 "no $variant"; continue; }
	status 1 "$variant: leaks" "$THRESH" replay leak --variant "$variant"
	is "$(grep -c '^not ok .*: leak in leak_at' <<<"$OUT")" 40 "$variant: none is hidden by what is left on the stack"
done
done_testing
