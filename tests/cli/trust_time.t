#!/usr/bin/env bash
# A run ends when it says: what hangs, or is large, makes no more of it than what is left for the next run.
. "$(dirname "$0")/../lib.sh"

mkdir -p seeds && printf 'x' >seeds/x && printf 'xx' >seeds/hang
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
static volatile int forever = 1;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 1 && p[0] == 'x')
		while (forever)
			;
	return 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: small
build: {sanitizers: [address]}
campaign: {time: 4s, jobs: 2, engines: [libfuzzer]}
harnesses:
  parse: {source: fuzz.c, seeds: [seeds], max_len: 64, timeout: 5s}
Y
status 0 'it builds' "$THRESH" build
started=$SECONDS
run "$THRESH" run --time 3s --finish 1s --no-edge --json
took=$((SECONDS - started))
# (it was 87; each triage of what hangs takes three times the limit, and the machine may have much else to do)
ok "a target that hangs: three seconds of exploring and one of work end in time (took $took s)" test "$took" -le 45
like "$RC" '^[13]$' 'that is no clean campaign'
is "$(json '$j->{complete} ? 1 : 0')" 0 'nor a complete one'
like "$(json '$j->{unfinished_jobs}')" '^[1-9]' 'it says how much is left'
like "$(json 'join " ", map { $_->{why} } @{$j->{not_done}}')" 'left when the time was up' 'in words, too'
# the limit is what makes it slow, not what is tested now
sed -i 's/timeout: 5s/timeout: 200ms/' thresh.yaml
status 1 'the next run goes on with it' "$THRESH" run --time 2s --finish 3m --no-edge --json
is "$(json '$j->{bugs}[0]{kind} . " " . $j->{unfinished_jobs}')" 'timeout 0' 'to the end'
done_testing
