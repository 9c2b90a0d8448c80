#!/usr/bin/env bash
# What a campaign does with inputs that fail: a few of each place are findings, and nothing that can wait stops the engines.
. "$(dirname "$0")/../lib.sh"

mkdir seeds
for ((i = 0; i < 30; i++)); do printf 'C%02d' "$i" >"seeds/$i"; done
printf 'fine' >seeds/fine
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static char *volatile kept;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	usleep(100);
	if (n == 3 && p[0] == 'C' && p[1] < '4') {
		kept = malloc(3);
		kept[n] = 1;
		free(kept);
	}
	return 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: small
build: {sanitizers: [address]}
campaign: {time: 3s, jobs: 1, engines: [libfuzzer]}
harnesses:
  parse: {source: fuzz.c, seeds: [seeds], max_len: 3, timeout: 5s}
Y
"$THRESH" build >/dev/null 2>&1
run "$THRESH" -v run --time 3s --finish 3m --no-edge
is "$RC" 1 'a campaign whose seeds fail in one place'
"$THRESH" bugs --json >bugs.json
is "$(perl -MJSON::PP -0ne 'print scalar @{decode_json($_)}' bugs.json)" 1 'is of one bug'
# the engine finds it, too, once in each of its processes
like "$(perl -MJSON::PP -0ne 'print decode_json($_)->[0]{findings}' bugs.json)" '^1?[0-9]$' 'with a few findings'
is "$(find .thresh/corpus/parse -type f -size 3c -exec grep -l '^C[0-3]' {} + | wc -l | tr -d ' ')" 0 \
	'and none of them stays in the corpus'
kept=$(find .thresh/corpus/.parse.aside -type f -size 3c -exec grep -l '^C[0-3]' {} + | wc -l)
ok "though all are kept ($kept)" test "$kept" -ge 30
# the last slice leaves something to sweep
order=$(grep -o 'debug: sweep parse\|debug: minimize parse' <<<"$ERR" | uniq)
is "$order" "$(printf 'debug: sweep parse\ndebug: minimize parse')" 'it was made small when the engine was done, not before'
# others that fail where an open bug was seen a moment ago say nothing new: none is triaged
for ((i = 0; i < 30; i++)); do
	printf 'C1%c' "$(printf '%b' "\\x$(printf %x $((65 + i)))")" >other
	mv other ".thresh/corpus/parse/$(sha1sum other | cut -c1-40)"
done
run "$THRESH" -v run --time 3s --finish 3m --no-edge
is "$(grep -c 'debug: triage parse' <<<"$ERR")" 0 'what fails as an open bug does is not judged again'
is "$(find .thresh/corpus/parse -type f -size 3c -exec grep -l '^C[0-3]' {} + | wc -l | tr -d ' ')" 0 \
	'and leaves the corpus, too'

# --- a later build passes them: they are back, whatever gc took meanwhile; what fails still is not ---

find .thresh/corpus .thresh/inputs -type f -exec touch -d '40 days ago' {} +
"$THRESH" gc --remove --json >/dev/null
is "$(find .thresh/corpus/.parse.aside -type f | wc -l | tr -d ' ')" "$(find .thresh/corpus/.parse.aside -type f -size 3c -exec grep -l '^C[0-3]' {} + | wc -l | tr -d ' ')" 'gc takes none of them'
sed -i "s/p\[1\] < '4'/p[1] == '2'/" fuzz.c
run "$THRESH" run --time 3s --finish 3m --no-edge --no-guard
in_corpus() { find .thresh/corpus/parse -type f -size 3c -exec grep -l "^C[$1]" {} + | wc -l | tr -d ' '; }
back=$(in_corpus 01)
ok "with a build that passes them they are back in the corpus ($back)" test "$back" -ge 50
is "$(in_corpus 2)" 0 'those that fail still are not'
ok 'and wait for another build' test "$(find .thresh/corpus/.parse.aside -type f -exec grep -l '^C2' {} + | wc -l)" -ge 10
is "$(find .thresh/corpus/.parse.aside -type f -exec grep -l '^C[01]' {} + | wc -l | tr -d ' ')" 0 'no others do'
find .thresh/corpus/.parse.aside -type f -exec touch -d '2 years ago' {} +
"$THRESH" gc --remove --json >/dev/null
is "$(find .thresh/corpus/.parse.aside -type f | wc -l | tr -d ' ') $(in_corpus 01)" "0 $back" 'for a year; the corpus has no age'

# --- what an engine fails on, and the sanitizer build doesn't, is not lost either ---

mkdir -p engine/.thresh/corpus/parse engine/seeds && cd engine || exit 3
printf 'fine' >seeds/fine
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t)) __attribute__((weak));
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n == 3 && p[0] == 'C' && p[1] == '0' && LLVMFuzzerRunDriver)
		abort();
	return 0;
}
C
cp ../thresh.yaml .
for ((i = 0; i < 10; i++)); do
	printf 'C0%d' "$i" >.thresh/corpus/parse/next
	mv .thresh/corpus/parse/next ".thresh/corpus/parse/$(sha1sum <.thresh/corpus/parse/next | cut -c1-40)"
done
"$THRESH" build >/dev/null 2>&1
run "$THRESH" -v run --time 3s --finish 1m --no-edge --no-guard
like "$ERR" 'taken out of the corpus' 'an engine takes inputs out of the corpus'
is "$(cat .thresh/corpus/parse/* .thresh/corpus/.parse.aside/* 2>/dev/null | grep -ao 'C0[0-9]' | sort -u | wc -l | tr -d ' ')" 10 'and none is lost'
cd .. || exit 3

# --- inputs that take long: what is found meanwhile doesn't wait for all of them ---

mkdir -p slow/seeds && cd slow || exit 3
for ((i = 0; i < 8; i++)); do printf 'S%02d' "$i" >"seeds/$i"; done
printf 'C99' >seeds/crash
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n == 3 && p[0] == 'S')
		for (clock_t until = clock() + CLOCKS_PER_SEC * 8 / 10; clock() < until;)
			;
	if (n == 3 && p[0] == 'C' && p[1] == '9')
		abort();
	return 0;
}
C
sed 's/timeout: 5s/timeout: 20s/' ../thresh.yaml >thresh.yaml
"$THRESH" build >/dev/null 2>&1
run "$THRESH" -v run --time 2s --finish 3m --no-edge --no-guard
is "$RC" 1 'a campaign whose seeds are slow'
"$THRESH" bugs --json >bugs.json
is "$(perl -MJSON::PP -0ne 'print join " ", map { $_->{kind} } @{decode_json($_)}' bugs.json)" abort 'finds what one of them does'
ok 'by sweeps that come again' test "$(grep -c 'debug: sweep parse' <<<"$ERR")" -ge 3
"$THRESH" status --json >status.json
is "$(perl -MJSON::PP -0ne 'print decode_json($_)->{jobs_waiting}' status.json)" 0 'until all are done'
order=$(grep -o 'debug: sweep parse\|debug: regress parse' <<<"$ERR" | uniq | tail -n 2 | tr '\n' ' ')
is "$order" 'debug: regress parse debug: sweep parse ' 'the last of them when the bug has its test'

# --- a new store, and inputs of the one before that take long: they are looked at once, and then the corpus ---

mkdir -p ../lost/seeds ../lost/.thresh/inputs && cp fuzz.c thresh.yaml ../lost && cd ../lost || exit 3
printf 'C99' >seeds/crash
for ((i = 0; i < 6; i++)); do
	printf 'S%02d' "$i" >slow
	cp slow ".thresh/inputs/$(sha1sum <slow | cut -d' ' -f1)"
done
"$THRESH" build >/dev/null 2>&1
run "$THRESH" -v run --time 2s --finish 1m --no-edge --no-guard
"$THRESH" bugs --json >bugs.json
is "$RC $(perl -MJSON::PP -0ne 'print join " ", map { $_->{kind} } @{decode_json($_)}' bugs.json)" '1 abort' 'what the corpus holds is found'
"$THRESH" status --json >status.json
is "$(perl -MJSON::PP -0ne 'print decode_json($_)->{jobs_waiting}' status.json)" 0 'and nothing is left to do'
done_testing
