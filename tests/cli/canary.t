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

dead() { # LINK: as the campaign calls it and as the canary does
	THRESH_TEST_BREAK=$1 run canary
	is "$RC $(json '$j->{canary}{link}')" "3 $2" "$1 doesn't work: red, and says where"
}
# every link dies the same way: one is enough each time
dead minimize minimise
soaks 3 'the other links' && {
	dead fuzz engine
	dead triage triage
	dead regress test
}
done_testing
