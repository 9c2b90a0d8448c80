#!/bin/bash
# thresh edge: the suite finds what is planted, files it once, by name, with a reproducer that stays whole; faults;
# verdicts and their comparison; every output is what its format says.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || command -v gcc >/dev/null || skip_all 'no compiler'

cp "$TOP/src/runtime/thresh.h" .
mkdir seeds
printf '{"a": [1, 2]}' >seeds/a
printf 'plain' >seeds/b
cat >h.c <<'C'
#include "thresh.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
#define FAR static __attribute__((noinline))
FAR void overread(const uint8_t *data, size_t size)
{
	volatile uint8_t c = data[size];
	(void)c;
}
FAR void unchecked(void)
{
	char *volatile p = malloc(8);
	p[0] = 'x';
	free(p);
}
FAR void leaks(void)
{
	char *volatile p = malloc(8);
	char *volatile q = malloc(8);

	if (!q)
		return; /* p is lost */
	free(p);
	free(q);
}
FAR void polite(void)
{
	char *volatile p = malloc(8);
	if (!p) {
		fputs("h: out of memory\n", stderr);
		_Exit(3);
	}
	free(p);
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
#ifdef PATCHED
	size_t depth = 0, most = 40;
#else
	size_t depth = 0, most = 30;
#endif
	if (size && data[0] == 'p') {
		polite();
		leaks();
		unchecked();
	}
	if (size == 3 && memcmp(data, "nul", 3) == 0)
		overread(data, size);
	THRESH_CHECK(size != 1 || data[0] != 0x7f);
	for (size_t i = 0; i < size; i++)
		depth += data[i] == '[';
	if (depth > most)
		return thresh_reject("too deep");
	return size && (data[0] == '{' || data[0] == '[') ? thresh_accept() : -1;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: planted
build:
  include: [.]
targets:
  patched:
    include: [.]
    cflags: [-DPATCHED]
harnesses:
  planted:
    source: h.c
    format: json
    seeds: [seeds]
    max_len: 64
Y

status 0 'cases are listed' "$THRESH" edge --list
like "$OUT" 'json/number/exponent-overflow	5' 'by name and size'
first=$OUT
run "$THRESH" edge --list
is "$(cksum <<<"$OUT")" "$(cksum <<<"$first")" 'the same ones each time'
status 0 'one case is written out' "$THRESH" edge planted --case json/number/exponent-overflow -o -
is "$OUT" 1e309 'byte by byte'
status 2 'an unknown case' "$THRESH" edge --case json/none -o -
like "$ERR" 'no such case' 'says so'
status 2 'an unknown harness' "$THRESH" edge none
status 2 'outputs exclude each other' "$THRESH" edge --tap --json

status 2 'a name that matches nothing is no suite that passes' "$THRESH" edge --no-file --case json/none
like "$ERR" 'json/none: no such case' 'but an error'
"$THRESH" edge --list | head -1 >first
is "${PIPESTATUS[0]} $(wc -l <first)" '141 1' 'a reader that leaves ends the list'

status 1 'planted bugs are found' "$THRESH" edge --time 1m --no-minimize --case 'json/literal/*'
like "$OUT" 'new .*heap-buffer-overflow.*overread' 'as a new bug'
like "$OUT" 'json/literal/null-cut' 'under the case'\''s name'
run "$THRESH" bugs --json
like "$OUT" 'overread' 'it is in the store'
status 1 'a second time' "$THRESH" edge --time 1m --no-minimize --case 'json/literal/*'
like "$OUT" 'known .*overread' 'it is a known one'
unlike "$OUT" ' new ' 'and nothing is new'

status 1 'the whole suite' "$THRESH" edge
like "$OUT" 'check-failure' 'finds the oracle'
like "$OUT" 'utf8/highest-1-byte' 'by its byte'
like "$OUT" 'into the corpus' 'and makes seeds'
ok 'corpus files' test -n "$(ls .thresh/corpus/planted)"
ok 'a regression test' test -n "$(ls tests/regress/planted)"
ok 'that replay knows as open' "$THRESH" replay --tests --quiet

status 1 'faults' "$THRESH" edge --time 1m --only-faults --no-minimize
like "$OUT" 'null-deref.* unchecked' 'an unchecked allocation'
like "$OUT" 'leak in (malloc|leaks)' 'a leak behind a failed one'
like "$OUT" 'needs the fault' 'are said to need it'
like "$OUT" 'ended by themselves' 'a program that gives up is none'
unlike "$OUT" 'polite' 'and no bug'
input=$(grep -la 'thresh-fault 2+' .thresh/inputs/* | head -1)
status 1 'its reproducer needs nothing but itself' "$THRESH" replay planted "$input"
like "$OUT" 'null-deref|null pointer' 'and fails the same way'
tail -n +2 "$input" >plain
status 0 'without its first line it passes' "$THRESH" replay planted plain

# what takes long is looked at again, alone, under the whole limit; and a target that keeps state is told of
mkdir slow slow/seeds
printf 'x' >slow/seeds/x
cat >slow/h.c <<'C'
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
static __attribute__((noinline)) void spin(double seconds)
{
	clock_t end = clock() + (clock_t)(seconds * CLOCKS_PER_SEC);
	while (clock() < end)
		;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int calls;

	if (size == 1 && data[0] == 'h')
		spin(1e6);
	if (size == 1 && data[0] == 's')
		spin(1.3);
	if (size == 2 && data[0] == 'k' && calls++ > 0)
		abort();
	return 0;
}
C
printf 'version: 1\nproject: slow\nharnesses:\n  slow:\n    source: h.c\n    seeds: [seeds]\n    timeout: 3s\n' >slow/thresh.yaml
status 0 'slow, but not too slow' "$THRESH" -C slow edge --case raw/byte-73
like "$OUT" '1 took more than 1.0 s' 'is told'
sed -i 's/timeout: 3s/timeout: 1s/' slow/thresh.yaml # which it costs each time that it is run
status 1 'one that hangs' "$THRESH" -C slow edge --case raw/byte-68
like "$OUT" 'new .*timeout in spin' 'is a bug'
like "$OUT" 'thresh minimize [0-9a-f]{8}' 'left to those that take their time'
run "$THRESH" -C slow edge --case 'raw/byte-6b-*'
like "$OUT" 'failed behind others, but not alone: the target keeps state' 'state is told of'
run "$THRESH" -C slow bugs
like "$OUT" 'flaky' 'and filed as what it is'

# a suite that its time cuts off says so, where nothing else would
sed -i 's/static int calls;/static int calls; spin(0.01);/' slow/h.c
status 0 'a suite that is cut off' "$THRESH" -C slow edge --time 1s --no-file --tap
like "$OUT" '# slow: stopped before the end' 'says so in TAP'
like "$ERR" 'slow: stopped before the end' 'and to whom reads along'

# what is met while a fault's reproducer is made small: giving up is no bug, and what needs no fault goes without
mkdir met met/seeds
printf 'abc' >met/seeds/a
cat >met/h.c <<'C'
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
static __attribute__((noinline)) void unchecked(void)
{
	char *volatile p = malloc(8);
	p[0] = 'x';
	free(p);
}
static __attribute__((noinline)) void gives_up(void)
{
	char *volatile p = malloc(8);
	if (!p)
		abort();
	free(p);
}
static __attribute__((noinline)) void without_fault(void)
{
	char *volatile p = NULL;
	p[0] = 'x';
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 2 && memcmp(data, "ab", 2) == 0)
		gives_up();
	if (size == 2 && memcmp(data, "ac", 2) == 0)
		without_fault();
	if (size == 3)
		unchecked();
	return 0;
}
C
printf 'version: 1\nproject: met\nharnesses:\n  met:\n    source: h.c\n    seeds: [seeds]\n' >met/thresh.yaml
status 1 'met while minimising' "$THRESH" -C met edge --only-faults
unlike "$OUT" 'gives_up' 'what gives up is no bug'
like "$OUT" 'unchecked' 'the fault is found'
like "$OUT" 'without_fault[^,]*, [^,]*, 2 bytes' 'what needs no fault is filed without, and made small'
is "$(cd met/tests/regress/met && ls -d */ | wc -l)" 2 'each with a test'

status 0 'verdicts' "$THRESH" edge --time 1m --no-file --verdicts --case 'json/depth/arrays-*'
like "$OUT" $'rejected\tjson/depth/arrays-31\ttoo deep' 'with the reason'
status 0 'accepted ones' "$THRESH" edge --time 1m --no-file --verdicts --case 'json/structure/object-empty'
like "$OUT" $'accepted\tjson/structure/object-empty\t' 'are told'
status 0 'no difference' "$THRESH" edge --time 1m --compare patched --case 'json/number/*@member'
like "$OUT" '0 with another verdict' 'is said'
status 1 'a difference' "$THRESH" edge --time 1m --compare patched --case 'json/depth/mixed-31'
like "$OUT" 'json/depth/mixed-31' 'names the case'
like "$OUT" 'patched: accepted' 'and both verdicts'

status 1 'TAP' "$THRESH" edge --time 1m --no-file --tap --case 'json/literal/*'
n=$(grep -cE '^(not )?ok ' "$T/.out")
like "$OUT" "1\\.\\.$n" "has a plan of $n"
like "$OUT" 'not ok [0-9]+ - json/literal/null-cut' 'and failures'
is "$(grep -E '^(not )?ok ' "$T/.out" | grep -oE 'ok [0-9]+' | awk '{ if ($2 != NR) print }')" '' 'numbered in order'
status 1 'JUnit' "$THRESH" edge --time 1m --no-file --junit j.xml --case 'json/literal/*'
ok 'counts' grep -q "tests=\"$n\" failures=\"[1-9]" j.xml
if command -v xmllint >/dev/null; then
	ok 'is well formed' xmllint --noout j.xml
else
	skip 1 'no xmllint'
fi
status 1 'JSON' "$THRESH" edge --time 1m --no-file --json --case 'json/literal/*'
if command -v jq >/dev/null; then
	is "$(jq -r '.[0].failures[0].outcome' <<<"$OUT")" crash 'names the outcome'
	is "$(jq -r '.[0].failed == (.[0].failures | length)' <<<"$OUT")" true 'counts the failures'
else
	skip 2 'no jq'
fi
done_testing
