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

# --- where there is one, every input comes from it, in both engines ---
cat >own.c <<'END'
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *d, size_t n, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *d, size_t n, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t n, const uint8_t *b, size_t k, uint8_t *out, size_t max,
	unsigned seed);
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n);

/* A sum behind the text: what doesn't know of it never gets past it. */
static uint8_t sum(const uint8_t *d, size_t n)
{
	unsigned s = 77;

	while (n--)
		s = s * 31 + *d++;
	return (uint8_t)(s >> 3);
}

static void deep(void)
{
	abort();
}

static void crossed(void)
{
	abort();
}

static void changed_by_others(void)
{
	abort();
}

size_t LLVMFuzzerCustomMutator(uint8_t *d, size_t n, size_t max, unsigned seed)
{
	(void)seed;
	if (BROKEN)
		abort();
	n = LLVMFuzzerMutate(d, n ? n - 1 : 0, max - 1);
	d[n] = sum(d, n);
	return n + 1;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t n, const uint8_t *b, size_t k, uint8_t *out, size_t max,
	unsigned seed)
{
	(void)a, (void)b, (void)n, (void)k, (void)seed;
	if (max < 5)
		return 0;
	memcpy(out, "both", 4);
	out[4] = sum(out, 4);
	return 5;
}

int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)
{
	static volatile unsigned letters, digits;

	if (!n)
		return 0;
	if (d[0] >= 'a')
		letters++;
	else if (d[0] >= '0')
		digits++;
	if (BROKEN)
		return 0;
	if (d[n - 1] != sum(d, n - 1))
		changed_by_others();
	if (n == 5 && memcmp(d, "both", 4) == 0)
		crossed();
	if (n > 40)
		deep();
	return 0;
}
END
seed() {
	local s=77 i

	for ((i = 0; i < ${#1}; i++)); do
		s=$(((s * 31 + $(printf %d "'${1:i:1}")) & 0xffffffff))
	done
	printf "%s\\x$(printf %x $((s >> 3 & 255)))" "$1" >"sums/$1"
}
mkdir sums && seed abc && seed another && seed 123456
for engine in libfuzzer aflpp; do
	if [ $engine = aflpp ] && ! command -v afl-fuzz >/dev/null; then
		skip 3 'no afl-fuzz'
		continue
	fi
	printf 'version: 1\nproject: own\nbuild:\n  cflags: [-DBROKEN=0]\nharnesses:\n  own: {source: own.c, seeds: [sums]}\ncampaign:\n  engines: [%s]\n' $engine >thresh.yaml
	rm -rf .thresh
	run timeout 200 "$THRESH" run --time 20s -j1 --no-edge --enough 2 own
	run "$THRESH" bugs
	like "$OUT" 'deep' "$engine: what its mutator makes is run"
	like "$OUT" 'crossed' "$engine: and what its cross-over makes"
	# what the reducer made of one on its way is nobody's mutation
	others=$("$THRESH" bugs --json | perl -MJSON::PP -0ne 'print map { $_->{bug} } grep { $_->{summary} =~ /changed_by_others/ } @{decode_json($_)}')
	by=${others:+$("$THRESH" show "$others" --json | perl -MJSON::PP -0ne 'print decode_json($_)->{origin}')}
	like "${by:-nobody}" '^(nobody|minimize.*)$' "$engine: nothing else is"
done
if command -v afl-fuzz >/dev/null; then
	sed -i 's/BROKEN=0/BROKEN=1/' thresh.yaml
	rm -rf .thresh
	run timeout 120 "$THRESH" run --time 6s -j1 --no-edge own
	like "$(printf %s "$OUT$ERR" | tr -s '[:space:]' ' ')" "own LLVMFuzzerCustomMutator or LLVMFuzzerCustomCrossOver ended by signal 6; AFL\+\+ goes on without it" \
		'one that aborts is told, and done without'
	like "$OUT" '[1-9][0-9,]* runs in' 'it goes on'
fi

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
