#!/usr/bin/env bash
# thresh minimize where it is hard: deep recursion, hangs on the way, slowness, luck, children, large inputs, records.
. "$(dirname "$0")/../lib.sh"

mkdir proj
cat >proj/h.c <<'EOS'
/* The first byte chooses what goes wrong. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static size_t group(const uint8_t *d, size_t n, size_t i)
{
	volatile char frame[16000];

	frame[i % sizeof(frame)] = 1;
	while (i < n && d[i] != ')') {
		if (d[i++] == '(')
			i = group(d, n, i);
	}
	return i + (size_t)frame[i % sizeof(frame)] * 0 + 1;
}

void *volatile kept;

static void hangs(const uint8_t *d, size_t n)
{
	if (memchr(d, 'h', n) && !memchr(d, 'x', n))
		for (;;)
			;
	if (n > 20 && fork() == 0)
		for (;;)
			sleep(1000);
	if (memmem(d, n, "bug", 3))
		abort();
}

static void slow(const uint8_t *d, size_t n)
{
	volatile unsigned long work = 0;

	for (size_t i = 0; i < n; i++)
		for (unsigned long k = 0; d[i] == '<' && k < 5000000; k++)
			work++;
}

static void lucky(const uint8_t *d, size_t n)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	if (memmem(d, n, "BUG", 3) && t.tv_nsec / 1000 % 2)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)
{
	switch (n ? d[0] : 0) {
	case '(':
		group(d, n, 0);
		break;
	case 'H':
		hangs(d, n);
		break;
	case '<':
		slow(d, n);
		break;
	case 'L':
		lucky(d, n);
		break;
	case 'K':
		for (size_t i = 1; i + 3 < n; i++)
			if (d[i] == 'l')
				kept = malloc(i);
		if (memmem(d, n, "bug", 3))
			abort();
		kept = NULL;
		break;
	case 'N':
		if (memmem(d, n, "needle", 6))
			abort();
		break;
	}
	return 0;
}
EOS
cat >proj/thresh.yaml <<'EOS'
version: 1
project: p
harnesses:
  h: {source: h.c, format: text, timeout: 1s, max_len: 64M}
  s: {source: h.c, format: text, timeout: 200ms}
EOS
cd proj || exit 1
field() { sed -n "s/.*\"$1\": *\([0-9a-z]*\).*/\1/p" <<<"$OUT"; }

# a stack that overflows: the shortest does so in any process, wherever its stack begins
perl -e 'print "((7*[a](" x 4000, ")" x 100' >deep
status 0 'deep recursion: status 0' "$THRESH" minimize h deep -o deep.min --json
is "$(field failed)/$(field of)" 5/5 'deep recursion: proved alone'
is "$(tr -d '(' <deep.min)" '' 'deep recursion: nothing but what nests'
ok 'deep recursion: as deep as need be' test "$(wc -c <deep.min)" -lt 1000
fails=0
for _ in 1 2 3 4 5 6; do "$THRESH" replay h deep.min >replayed 2>&1 || fails=$((fails + 1)); done
is "$fails" 6 'deep recursion: reproduced each time'
like "$(cat replayed)" 'stack-overflow' 'deep recursion: as what it is'
if [ "$(ulimit -Ss)" = unlimited ] || ! (ulimit -Ss $(($(ulimit -Ss) + 768))) 2>/dev/null; then
	skip 1 'the stack has no limit that could be raised'
else
	run bash -c "ulimit -Ss $(($(ulimit -Ss) + 768)); exec \"\$0\" replay h deep.min" "$THRESH"
	like "$OUT$ERR" 'stack-overflow' 'deep recursion: with a margin, as another machine has more stack'
fi

# candidates that hang cost little, and become a finding; children that stay are ended
perl -e 'print "H", "hxy" x 60, "bug", "hzx" x 60' >hang
status 0 'hangs on the way: status 0' "$THRESH" minimize h hang -o hang.min --json
is "$(cat hang.min)" Hbug 'hangs on the way: minimal'
like "$OUT" '"others": *[1-9]' 'hangs on the way: are handed on'
ok 'hangs on the way: in less than a limit each' test "$(field ms)" -lt 60000

# what leaks on the way is a finding, and isn't looked for again and again
perl -e 'print "K", "loop" x 50, "bug", "l" x 100' >leaks
status 0 'leaks on the way: status 0' "$THRESH" minimize h leaks -o leaks.min --json
is "$(cat leaks.min)" Kbug 'leaks on the way: minimal'
like "$OUT" '"others": *[1-9]' 'leaks on the way: are handed on'

# slow, not endless: what fails under a lower limit only is no result; each question takes as long as the limit
soaks 3 'a slow hang' && {
perl -e 'print "<a" x 400' >slow
run "$THRESH" minimize s slow -o slow.min --time 24s --json
like "$OUT" '"failed": *[12], *"of": *2' 'slow: over the real limit, alone'
# on a busy machine there was time for a few questions only, which say nothing
ok 'slow: but not by much' test "$(wc -c <slow.min)" -lt 400 -o "$(field runs)" -lt 100
unlike "$OUT" 'stateful' 'slow: not called stateful'
}

# fails half the time
perl -e 'print "L", "noise " x 30, "BUG", "noise " x 30' >luck
status 0 'luck: status 0' "$THRESH" minimize h luck -o luck.min --json
like "$(cat luck.min)" '^L.?BUG$' 'luck: minimal, but for bad luck'
like "$OUT" 'flaky: the original failed this way in' 'luck: said'
like "$OUT" '"of": *20' 'luck: and how often the result fails'

# 30 MB: memory stays below four times that
perl -e 'srand 3; print "N"; print pack("L", rand 2**32) for 1 .. 3932160; print "needle"; print pack("L", rand 2**32) for 1 .. 3932160' >large
status 0 'large: status 0' /usr/bin/env time -f '%M KB' -o memory "$THRESH" minimize h large -o large.min --json
is "$(cat large.min)" Nneedle 'large: minimal'
if ldd "$THRESH" | grep -q libasan; then
	skip 1 'the program has a sanitizer, which keeps what is freed'
else
	ok 'large: memory' test "$(sed -n 's/ KB//p' memory)" -lt $((4 * 30720))
fi
ok 'nothing left running' test -z "$(pgrep -f "$PWD/.thresh" || true)"

done_testing
