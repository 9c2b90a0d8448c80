#!/usr/bin/env bash
# thresh night: all steps within one budget, in colours; killed in mid-step it goes on; a broken step breaks no other; a
# night whose canary dies is red.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang here'
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 2 && p[0] == 'a')
		sink++;
#if BUG
	if (n > 0)
		sink = p[n];
#endif
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
    max_len: 16
campaign:
  jobs: 1
  engines: [libfuzzer]
on_alarm: [./hook.sh]
on_end: [./hook.sh]
Y
printf '#!/bin/sh\ncat >>"%s/said"\necho >>"%s/said"\n' "$T" "$T" >hook.sh && chmod +x hook.sh
night() { "$THRESH" night --no-canary --time 15s "$@"; }
# a night's seconds are few: they are not for compilers
"$THRESH" build --quiet >/dev/null 2>&1
state() { json "(grep { \$_->{step} eq '$1' } @{\$j->{steps}})[0]{$2}"; }
wait_for() { # STEP
	for ((i = 0; i < 600; i++)); do
		grep -q "\"current\":\"$1\"" .thresh/night.json 2>/dev/null && return 0
		sleep 0.05
	done
	return 1
}

status 2 'no night yet' "$THRESH" night --last

# --- killed in mid-step, and gone on with ---
"$THRESH" night --no-canary --time 15s >killed.out 2>&1 &
pid=$!
ok 'it comes to fuzz' wait_for fuzz
status 3 'only one at a time' night
like "$ERR" 'another night of this project is under way' 'and says so'
sleep 1
kill -9 "$pid"
wait "$pid" 2>/dev/null
for ((i = 0; i < 200; i++)); do
	pgrep -f "$T" >/dev/null || break
	sleep 0.05
done
not_ok 'killed, nothing of it is left' pgrep -f "$T"
run night --json
# on a busy machine the edge cases don't come to their end, which is said
color=green rc=0 less=
[ "$(state edge state)" = cut ] && color=yellow rc=3 less=edge=cut
is "$RC" "$rc" 'the next one goes on, and all is well'
like "$ERR" 'going on with a night that ended at fuzz, after' 'and says so'
is "$(json '"$j->{color} $j->{resumed} $j->{ended}"')" "$color 1 1" 'its colour, and how it came about'
is "$(json 'join " ", map { "$_->{step}=$_->{state}" } grep { $_->{state} ne "done" } @{$j->{steps}}')" \
	"canary=skipped${less:+ $less}" 'all was done that was asked for'
like "$(state fuzz words)" '^[0-9,]+ runs, 0 bugs$' 'with its words'
status "$rc" 'shown again' "$THRESH" night --last
like "$OUT" "^night of [0-9-]+: $color, .* resumed once" 'with its colour'
ok 'in 80 columns' test "$(widest "$OUT")" -le 80
like "$(cat .thresh/report/index.html)" 'canary: not tried' 'its report lies where it always does'
is "$(grep -c '"event":"end"' "$T/said")" 1 'its end is told to who wants to hear, once'
like "$(cat "$T/said")" '"about":"canary".*"event":"alarm"|"event":"alarm".*"about":"canary"' 'and what is not as it should be'

# --- a step that can't ---
rm -rf .thresh/coverage && : >.thresh/coverage
sed -i 's/^#if BUG/#if 1/' fuzz.c
"$THRESH" build --quiet >/dev/null 2>&1
status 1 'a night with a bug' "$THRESH" night --no-canary --time 45s --json
is "$(json '$j->{color}') $(state cover state) $(state report state)" 'red failed done' \
	'red; a step that fails is told, and the others go on'
like "$(state cover why)" 'exit status [0-9]+: .*coverage' 'with the reason'
like "$(state report words)" '^1 new bug, 1 open$' 'the bug is new'
ok 'and has its test' test -n "$(ls tests/regress/parse 2>/dev/null)"
is "$(json '$j->{resumed}')" 0 'it was a night of its own'

# --- its story ---
bug=$(ls tests/regress/parse | head -1)
status 0 'the story of that bug' "$THRESH" trace "${bug:0:8}" --findings 1 --json
is "$(json 'join " ", (map { $_->{kind} } @{$j->{steps}})[0, 1]')" 'finding event' 'begins with an input, and the news'
like "$(json 'join "; ", map { $_->{text} } grep { $_->{kind} ne "finding" } @{$j->{steps}}')" \
	'^new-bug: .*; minimize: done; regress: done; site: .*as small as it gets.*; test: .*/tests/regress/parse/.*; state: open$' \
	'and goes on to its test'
status 2 'of no bug' "$THRESH" trace nothere

# --- and when nothing could be found ---
# of a harness that doesn't build nothing takes time: all that it needs is left to the canary, however busy the machine
echo '#error not today' >fuzz.c
THRESH_TEST_BREAK=triage run timeout 300 "$THRESH" night --time 80m --json
is "$RC $(json '$j->{color} . " " . ($j->{blind} ? "blind" : "")')" '3 red blind' 'a dead canary is red'
like "$(state canary words)" '^dead at triage' 'and says where'
like "$(json 'join "; ", map { $_->{text} } grep { $_->{color} eq "red" } map { @{$_->{notes} || []} } @{$j->{steps}}')" \
	'canary is dead' 'what is red is the canary'
done_testing
