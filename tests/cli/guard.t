#!/usr/bin/env bash
# The guard of corpora: quiet over unchanged nights, and by name when a build reaches less with the same inputs.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang here'
cat >lib.c <<'C'
#include <stddef.h>
#include <unistd.h>
int parse(const unsigned char *p, size_t n);
int deep(const unsigned char *p, size_t n);
int sometimes(int a);
static volatile int sink;

int sometimes(int a)
{
	return a / 3;
}

int deep(const unsigned char *p, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += p[i];
	return sum;
}

int parse(const unsigned char *p, size_t n)
{
	if (n > 2 && p[0] == 'd')
		sink = deep(p, n);
	if (getpid() % 3 == 0) /* comes and goes by itself */
		sink = sometimes(sink);
	return sink;
}
C
cat >level.h <<'C'
#define LEVEL 1
C
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include "level.h"
int parse(const unsigned char *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n < LEVEL)
		return -1;
	return parse(p, n), 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: guarded
build:
  sources: [lib.c]
  sanitizers: [address]
harnesses:
  parse:
    source: fuzz.c
    max_len: 16
    seeds: [seeds]
    engines: [libfuzzer]
Y
mkdir seeds
printf 'deep one' >seeds/1
printf 'other' >seeds/2
for i in {01..20}; do
	printf 'deep %s' "$i" >"seeds/idle$i"
done
git init -q . && git add lib.c fuzz.c level.h thresh.yaml seeds &&
	git -c user.name=t -c user.email=t@t commit -qm one || bail 'no git'
night() { run "$THRESH" run --time 1s -j1 --no-edge "$@"; }

status 0 'before any campaign' "$THRESH" guard parse
is "$OUT" 'parse: no corpus yet' 'there is nothing to guard'

# --- unchanged nights, and one whose build is new and reaches the same ---
: >said
for i in 1 2 3; do
	night
	printf '%s\n' "$OUT" >>said
done
sed -i '1i /* a comment, and each line a line further down */' lib.c
sed -i 's/return a \/ 3/return a \/ 5/' lib.c
night
printf '%s\n' "$OUT" >>said
not_ok 'no alarm in nights without a loss' grep -q 'reaches less' said
is "$(grep -cE '^parse: 20 of 22 seeds reach nothing .*idle[0-9]+, .*[.]{3}[)]' said)" 1 'seeds that add nothing are told once'
rm seeds/idle0[2-9] seeds/idle[12]* # one that is small is nothing to tell
status 0 'thresh guard after them' "$THRESH" guard parse --json
ok 'has a row for each campaign' json '@{$j->[0]{campaigns}} == 4'
ok 'with its figures' json '4 == grep { $_->{inputs} && $_->{bytes} && $_->{features} && $_->{lines} && $_->{functions} > 2 && $_->{execs_per_s} } @{$j->[0]{campaigns}}'
ok 'and no loss, nor anything else' json '!@{$j->[0]{lost}} && !@{$j->[0]{alarms}}'

# --- a branch is taken out ---
sed -i "s/if (n > 2 && p\[0\] == 'd')/if (n > 20000 \&\& p[0] == 'd')/" lib.c
git -c user.name=t -c user.email=t@t commit -qam two
status 3 'no time for a look' "$THRESH" guard parse --time 1ms
like "$OUT" 'not all was looked at in the time, only 0 of [0-9]+ inputs: losses can.t be told' 'and that is said'
status 1 'a loss is seen before the next campaign' "$THRESH" guard parse
like "$OUT" 'no longer reached: lib.c:[0-9]+ deep, since the last campaign' 'by its name'
night
like "$OUT" 'parse: its corpus reaches less than on the last build: lib.c:[0-9]+ deep, since campaign 5' 'the night tells of it'
unlike "$OUT" 'sometimes' 'and not of what comes and goes'
night
unlike "$OUT" 'reaches less' 'the next one does not tell it again'
status 1 'it stays open' "$THRESH" guard parse --json
ok 'with its campaign and commits' json '@{$j->[0]{lost}} == 1 && (my $l = $j->[0]{lost}[0])->{function} eq "deep" && $l->{campaign} == 5 && $l->{commit} ne $l->{commit_before}'
status 0 'accepted' "$THRESH" guard parse --accept
status 0 'it is gone' "$THRESH" guard parse

# --- the harness returns early, by a header: its own file stays as it was ---
sed -i 's/LEVEL 1/LEVEL 1000/' level.h
night
like "$OUT" 'not done: parse, left out: none of' 'a harness that returns early is left out'
like "$OUT" 'parse: its corpus reaches less than' 'and guarded nonetheless'
status 1 'it stays open' "$THRESH" guard parse
like "$OUT" 'no longer reached: .*parse' 'what lies behind an early return is lost'
sed -i 's/LEVEL 1000/LEVEL 1/' level.h
night --no-guard
status 0 'a campaign without a guard, and that look after it' "$THRESH" guard parse --record --json
ok 'is kept as the campaign'"'"'s' json '$j->[0]{now}{campaign} == $j->[0]{campaigns}[0]{campaign}'
status 0 'reached again, it is no loss any more' "$THRESH" guard parse

# --- a harness that takes nothing ---
mkdir -p many && for i in $(seq 30); do printf '%s' "$i" >many/$i; done
sed -i 's/LEVEL 1/LEVEL 20/' level.h
"$THRESH" import parse many >/dev/null
status 1 'a harness that rejects all of it' "$THRESH" guard parse
like "$OUT" 'rejects [0-9]+ of [0-9]+ inputs at once' 'is told, too'
done_testing
