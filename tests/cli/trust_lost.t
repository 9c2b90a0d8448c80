#!/usr/bin/env bash
# Nothing that an engine found is forgotten: not when it can't be stored, nor when triage fails, nor with another store.
. "$(dirname "$0")/../lib.sh"

mkdir -p seeds && cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t)) __attribute__((weak));
static int *volatile null;
static volatile uint64_t sink; /* else the mended one would be empty */
/* only the builds that replay fail at their start, and only while that file is there */
__attribute__((constructor)) static void start(void)
{
	if (!LLVMFuzzerRunDriver && access(BROKEN, F_OK) == 0)
		_exit(9);
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint64_t h = 14695981039346656037u;
	if (LLVMFuzzerRunDriver)
		usleep(200); /* an engine finds nothing by running more of them */
	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 1099511628211u;
	sink = h;
	if (h == MAGIC)
		return *null;
	return 0;
}
C
magic='no mutation finds this: it is a seed....'
# of these bytes; no engine solves such a comparison
hash=$(perl -e 'use integer; my $h = -3750763034362895579; $h = ($h ^ ord) * 1099511628211 for split //, shift; printf "%u", $h' "$magic")
cat >thresh.yaml <<Y
version: 1
project: small
build:
  cflags: ['-DBROKEN="$T/broken"', -DMAGIC=${hash}u]
  sanitizers: [address]
harnesses:
  parse:
    source: fuzz.c
    seeds: [seeds]
    max_len: 40
    timeout: 1s
campaign:
  time: 3s
  jobs: 1
  engines: [libfuzzer]
Y
printf x >seeds/x

until_true() {
	local i
	for ((i = 0; i < 300; i++)); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}
explores() {
	run "$THRESH" status --json && [ "$(json '$j->{execs} // 0')" -gt 0 ]
}

# --- it can't be stored ---

status 0 'nothing found, and everything done as asked' "$THRESH" run --time 2s --no-edge
printf '%s' "$magic" >seeds/magic
rm -rf .thresh/inputs && touch .thresh/inputs
status 3 'a failing input that cannot be stored: not a clean campaign' "$THRESH" run --time 2s --no-edge
like "$OUT" 'not done: parse, libfuzzer: 1 failing input could not be stored' 'it says so'
rm -f seeds/magic .thresh/inputs
status 1 'the next one files it, from where it was kept' "$THRESH" run --time 2s --no-edge --json
is "$(json '$j->{open_bugs} . " " . $j->{unstored_findings} . " " . ($j->{complete} ? 1 : 0)')" '1 0 1' 'as one bug, with nothing left'
id=$(json '$j->{bugs}[0]{bug}')

# --- another store ---

printf '%s' "$magic" >seeds/magic
rm -f .thresh/thresh.db*
status 1 'the database moved away: the seed that fails is a bug again' "$THRESH" run --time 2s --no-edge --json
is "$(json '$j->{bugs}[0]{bug}')" "$id" 'the same one'
rm -f seeds/magic .thresh/thresh.db*
status 1 'also when nothing but the input that was found has it' "$THRESH" run --time 2s --no-edge --json
is "$(json '$j->{bugs}[0]{bug}')" "$id" 'the same one again'

# --- fixed, and back ---

sed -i 's/return \*null/return 0/' fuzz.c
run "$THRESH" verify
run "$THRESH" bugs --all --json
is "$(json '$j->[0]{state}')" fixed 'verify sees it fixed'
printf '%s' "$magic" >seeds/magic
status 0 'a campaign on what is fixed is clean' "$THRESH" run --time 2s --no-edge
sed -i 's/^\t\treturn 0;/\t\treturn *null;/' fuzz.c
status 1 'it comes back through the same input' "$THRESH" run --time 2s --no-edge --json
is "$(json '$j->{bugs}[0]{state}')" regressed 'and is a regression'

# --- triage fails ---

rm -rf .thresh/thresh.db* .thresh/inputs .thresh/corpus seeds/magic tests
"$THRESH" run --time 8s --no-edge >out 2>err &
pid=$!
until_true explores
touch broken
printf '%s' "$magic" >new
mv new ".thresh/corpus/parse/$(printf '%s' "$magic" | sha1sum | cut -d' ' -f1)"
wait "$pid"
is "$?" 3 'a finding that nobody could triage: not a clean campaign'
like "$(cat out)" 'findings: 1 not triaged' 'it says so'
run "$THRESH" status --json
is "$(json '$j->{unfiled_findings} . " " . scalar(grep { $_->{what} eq "triage" } @{$j->{failed}})')" '1 1' 'status does, and why'
rm -f broken
status 1 'the next campaign triages it' "$THRESH" run --time 1s --no-edge
run "$THRESH" status --json
is "$(json '$j->{unfiled_findings}')" 0 'and nothing waits'
done_testing
