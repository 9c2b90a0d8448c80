#!/usr/bin/env bash
# A campaign that tested nothing, or less than it was asked to, is never green: it says what wasn't done, and ends with 3.
. "$(dirname "$0")/../lib.sh"

mkdir -p seeds && printf x >seeds/x
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
/* nothing is to be found by running more of them */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { usleep(200); return n > 2 && p[0] == p[1]; }
C
cat >quits.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t)) __attribute__((weak));
__attribute__((constructor)) static void start(void)
{
	if (LLVMFuzzerRunDriver)
		_exit(0);
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { return n > 2 && p[0] == p[1]; }
C
printf 'not a dictionary\n' >bad.dict
project() { # ENGINES, then lines of harnesses
	cat >thresh.yaml <<Y
version: 1
project: small
build: {sanitizers: [address]}
campaign: {time: 2s, jobs: 1, engines: [$1]}
harnesses:
Y
	shift
	printf '  %s\n' "$@" >>thresh.yaml
	rm -rf .thresh/thresh.db*
}
not_done='join " ", map { "$_->{harness}/$_->{what}" } @{$j->{not_done}}'

project libfuzzer 'fine: {source: fuzz.c, seeds: [seeds]}'
status 0 'all was tested, nothing found' "$THRESH" run --time 2s --no-edge --json
is "$(json '$j->{complete} ? 1 : 0') $(json "$not_done")" '1 ' 'it is complete'
like "$(json '$j->{tested}[0]{execs}')" '^[1-9]' 'each engine says what it ran'

project libfuzzer 'fine: {source: fuzz.c, seeds: [seeds]}' 'words: {source: fuzz.c, dictionary: bad.dict}'
status 3 'a dictionary with a line that is none' "$THRESH" run --time 3s --no-edge --json
is "$(json '$j->{complete} ? 1 : 0') $(json "$not_done")" '0 words/dictionary' 'named with its harness'
like "$(json '$j->{not_done}[0]{why}')" 'bad.dict:1:1: ' 'and its place'
is "$(json 'join " ", map { $_->{complete} ? 1 : 0 } @{$j->{tested}}')" '1 1' 'both harnesses were tested all the same'
status 3 'the same with the edge cases' "$THRESH" run --time 3s words
like "$OUT" 'not done: words, dictionary: ' 'in words'

project libfuzzer 'fine: {source: fuzz.c, seeds: [seeds], dictionary: gone.dict}'
status 3 'a dictionary that is gone' "$THRESH" run --time 2s --no-edge --json
is "$(json "$not_done")" 'fine/dictionary' 'is named'
like "$(json '$j->{not_done}[0]{why}')" 'gone.dict: No such file' 'and why'

project libfuzzer 'quits: {source: quits.c, seeds: [seeds]}'
status 3 'an engine that ends well, and ran nothing' "$THRESH" run --time 2s --no-edge --json
# perhaps twice, as a slow machine gives it a second slice
is "$(json "$not_done" | tr ' ' '\n' | sort -u)" 'quits/libfuzzer' 'is named'
run "$THRESH" status
like "$OUT" 'failed +quits, libfuzzer' 'status says it, too'

project libfuzzer 'fine: {source: fuzz.c, seeds: [seeds]}'
"$THRESH" run --time 60s --no-edge >out 2>err &
pid=$!
for ((i = 0; i < 300; i++)); do
	run "$THRESH" status --json && [ "$(json '$j->{execs} // 0')" -gt 0 ] && break
	sleep 0.1
done
kill -INT "$pid"
wait "$pid"
is "$?" 3 'interrupted without a bug'
like "$(cat out)" 'not done: campaign: interrupted' 'it says so'

# --- edge cases that had no time ---

sed 's/usleep(200)/usleep(100000)/' fuzz.c >slow.c
project libfuzzer 'slow: {source: slow.c, seeds: [seeds]}'
status 0 'edge cases that have some time, and not enough' "$THRESH" run --time 3s --json
is "$(json '$j->{complete} ? 1 : 0') $(json "$not_done")" '0 slow/edge cases' 'are not done'
like "$(json '$j->{not_done}[0]{why}')" 'time' 'for want of time'
status 0 'the same in words' "$THRESH" run --time 3s
like "$OUT" 'edge cases: those of 1 harness had time for a part' 'says so in one line'
unlike "$OUT" 'not done: slow' 'and not harness by harness'
status 3 'those that have no part of so small a budget' "$THRESH" run --time 1s --json
is "$(json "$not_done")" 'slow/edge cases' 'are not done either'

# --- a target that never starts ---

cat >stuck.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
__attribute__((constructor)) static void start(void) { pause(); }
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { return n > 2 && p[0] == p[1]; }
C
project libfuzzer 'stuck: {source: stuck.c, seeds: [seeds], start_timeout: 500ms}'
status 3 'a target that never starts' "$THRESH" run --time 1s --no-edge --json
is "$(json "$not_done")" 'stuck/left out' 'is left out'
like "$(json '$j->{not_done}[0]{why}')" 'not ready after 500 ms' 'after the time that it was given'
is "$(grep -c 'not ready' <<<"$ERR")" 1 'which is told once'

if afl=$(command -v afl-fuzz); then
	mkdir -p bin
	# one and the same: of another tool all that is known of compilers is found out anew
	printf '#!/bin/sh\ncase "$*" in *"-o "*) . "%s";; esac\nexec "%s" "$@"\n' "$PWD/how" "$afl" >bin/afl-fuzz
	echo 'echo "[-] PROGRAM ABORT : it is broken"; exit 1' >how
	chmod +x bin/afl-fuzz
	project 'libfuzzer, aflpp' 'fine: {source: fuzz.c, seeds: [seeds]}'
	PATH=$PWD/bin:$PATH status 3 'one of two engines cannot run' "$THRESH" run --time 4s --no-edge --json
	is "$(json "$not_done")" 'fine/aflpp' 'it is named'
	like "$(json '$j->{not_done}[0]{why}')" 'it is broken' 'with what it said'
	# as it is while it waits for its target
	echo 'exec sleep 60' >how
	rm -rf .thresh/thresh.db*
	PATH=$PWD/bin:$PATH status 3 'one of two is never ready' "$THRESH" run --time 4s --no-edge --json
	is "$(json "$not_done")" 'fine/aflpp' 'it is named'
	like "$(json '$j->{not_done}[0]{why}')" "^it ran nothing: its target wasn't ready" 'and how far it came'
else
	skip 6 'no afl-fuzz'
fi
done_testing
