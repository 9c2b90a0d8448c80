#!/usr/bin/env bash
# The canary: alive where all works, and dead at the right link where one doesn't: a quiet night is never a broken one.
. "$(dirname "$0")/../lib.sh"

cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 2 && p[0] == 'a')
		sink++;
	return 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: quiet
build:
  sanitizers: [address]
harnesses:
  parse:
    source: fuzz.c
campaign:
  engines: [libfuzzer]
Y
canary() { "$THRESH" run --canary --time 1s --no-edge --json; }

status 0 'all works: nothing was found, and that is worth something' canary
is "$(json '$j->{canary}{alive} ? 1 : 0')" 1 'the canary lives'
is "$(json 'scalar @{$j->{bugs}}')" 0 'its bugs are not the project'"'"'s'
ok 'nor are its tests' test ! -e tests
ok 'it has its own' test -n "$(ls .thresh/canary/tests/regress/canary)"

while read -r kind link; do
	THRESH_TEST_BREAK=$kind run canary
	is "$RC $(json '$j->{canary}{link}')" "3 $link" "$kind doesn't work: red, and says where"
done <<'W'
fuzz engine
triage triage
minimize minimise
regress test
W
done_testing
