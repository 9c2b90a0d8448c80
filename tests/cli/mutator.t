#!/usr/bin/env bash
# Harnesses with an LLVMFuzzerCustomMutator that calls LLVMFuzzerMutate link in every variant, with replay.c alone, and are
# explored by each engine; what is called outside libFuzzer changes something and stays within its bounds.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang'
mkdir "$T/project" && cd "$T/project" || bail 'no project'
cat >h.c <<'END'
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

size_t LLVMFuzzerMutate(uint8_t *d, size_t n, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *d, size_t n, size_t max, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *d, size_t n, size_t max, unsigned seed)
{
	(void)seed;
	n = LLVMFuzzerMutate(d, n, max);
	if (n)
		d[0] = 'M';
	return n;
}

/* Blocks of exactly their size, so that ASan sees a byte too many. */
static unsigned grown, shrunk, sum;

static void mutate(size_t max)
{
	uint8_t *d = calloc(1, max ? max : 1), *before = malloc(max ? max : 1);
	size_t n = 0, was, i;

	for (i = 0; i < 2000; i++) {
		memcpy(before, d, max);
		was = n;
		n = LLVMFuzzerMutate(d, n, max);
		if (n > max || (max && n == 0) || (max && n == was && memcmp(d, before, n) == 0))
			abort();
		grown += n > was;
		shrunk += n < was;
		for (was = 0; was < n; was++)
			sum += d[was] > 'A';
	}
	free(d);
	free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)
{
	usleep(200); /* nothing is to be found by running more of them */
	if (n == 1 && d[0] == 'm')
		for (size_t max = 0; max < 12; max++)
			mutate(max);
	/* and nothing of it is unknown to MSan */
	if (n == 1 && d[0] == 'm' && (!grown || !shrunk || !sum))
		abort();
	return 0;
}
END
printf 'version: 1\nproject: mutator\nbuild:\n  sanitizers: [address, undefined, memory]\nharnesses:\n  h: {source: h.c}\n' >thresh.yaml
printf m >m.in && printf none >none.in

for v in asan libfuzzer afl afl-cmplog cov msan gcc-asan plain; do
	run "$THRESH" build --variant $v h
	case "$OUT$ERR" in
	*"needs "* | *"no afl"* | *"no gcc"* | *"not installed"*) skip 1 "$v: not here" ;;
	*) is "$RC:$(printf %s "$OUT$ERR" | grep -c undefined)" 0:0 "$v links" ;;
	esac
done
for v in asan msan; do
	run "$THRESH" replay --variant $v h m.in none.in
	is "$RC" 0 "$v: its changes are changes, and within bounds" || diag "$OUT$ERR"
done
clang -g -fsanitize=address h.c "$TOP/src/runtime/replay.c" -o alone
status 0 'with replay.c alone' ./alone m.in none.in
clang -w -g -c h.c -o h.o && clang++ -g -x c++ "$TOP/src/runtime/replay.c" -x none h.o -o alone
status 0 'as C++, too' ./alone m.in none.in

for engine in libfuzzer aflpp; do
	if [ $engine = aflpp ] && ! command -v afl-fuzz >/dev/null; then
		skip 2 'no afl-fuzz'
		continue
	fi
	printf 'version: 1\nproject: mutator\nharnesses:\n  h: {source: h.c}\ncampaign:\n  engines: [%s]\n' $engine >thresh.yaml
	run timeout 120 "$THRESH" run --time 4s -j1 --no-edge --fresh h
	like "$OUT" '[1-9][0-9,]* runs in' "$engine explores it"
	unlike "$OUT$ERR" 'left out|not done' "$engine: nothing is left out"
done

# --- a harness without one gets one that knows a text's parts, and uses it; the harness's own goes first ---
cat >made.c <<'END'
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdint.h>

/* Three times the same member, in a row: what changes of bytes make as good as never. */
#define MEMBER "\"a-rather-long-key\":\"and-what-it-holds\""
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)
{
	static const char wanted[] = MEMBER "," MEMBER "," MEMBER;
	static volatile unsigned objects;

	if (n && d[0] == '{')
		objects++;
	if (memmem(d, n, wanted, sizeof(wanted) - 1))
		abort();
	return 0;
}
END
mkdir seeds && printf '{"a-rather-long-key":"and-what-it-holds","b":[1,2]}' >seeds/one
for engine in libfuzzer aflpp; do
	if [ $engine = aflpp ] && ! command -v afl-fuzz >/dev/null; then
		skip 1 'no afl-fuzz'
		continue
	fi
	printf 'version: 1\nproject: made\nharnesses:\n  made: {source: made.c, seeds: [seeds]}\ncampaign:\n  engines: [%s]\n' $engine >thresh.yaml
	rm -rf .thresh
	run timeout 200 "$THRESH" run --time 40s -j1 --no-edge --enough 1 made
	like "$OUT$ERR" 'abort' "$engine repeats a member"
done
done_testing
