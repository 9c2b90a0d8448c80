#!/usr/bin/env bash
# A campaign on a small library with planted bugs: found, filed, reduced, tested; killed, interrupted, gone on with.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"

mkdir -p "my project/src" "my project/seeds" && cd "my project" || exit 3
cat >src/lib.h <<'C'
#include <stddef.h>
#include <stdint.h>
int lib_parse(const uint8_t *p, size_t n);
C
cat >src/lib.c <<'C'
#include "lib.h"
#include <stdlib.h>
int lib_copy(size_t n), lib_null(int *p), lib_leak(size_t n), lib_deep(volatile char *up);
static char *volatile kept;
int lib_copy(size_t n) { char *b = malloc(n); kept = b; b[n] = 1; free(b); return 0; }
int lib_null(int *p) { return *(volatile int *)p; }
int lib_leak(size_t n) { kept = malloc(n); kept = NULL; return 0; }
int lib_deep(volatile char *up) { volatile char here[512]; here[0] = up ? *up : 1; return lib_deep(here) + here[0]; }
int lib_parse(const uint8_t *p, size_t n)
{
	if (n < 2 || p[1] != 'x')
		return -1;
	switch (p[0]) {
	case 'C': return lib_copy(n);
	case 'N': return lib_null(NULL);
	case 'L': return lib_leak(n);
	case 'D': return lib_deep(NULL);
	}
	return 0;
}
C
cat >fuzz.c <<'C'
#include "lib.h"
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
/* a campaign takes its seconds whatever it runs: most of them are left to the other tests */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { usleep(200); lib_parse(p, n); return 0; }
C
for b in C N L D; do printf '%s1' "$b" >"seeds/$b"; done
printf '"Cx"\n"Nx"\n"Lx"\n"Dx"\n' >lib.dict
cat >thresh.yaml <<'Y'
version: 1
project: small
build:
  sources: [src/*.c]
  include: [src]
  sanitizers: [address+undefined]
harnesses:
  parse:
    source: fuzz.c
    seeds: [seeds]
    dictionary: lib.dict
    max_len: 8
    timeout: 400ms
    memory: 1G
campaign:
  time: 6s
  jobs: 2
  engines: [libfuzzer, aflpp]
Y

# Wait until a command holds, a minute at most.
until_true() {
	local i
	for ((i = 0; i < 600; i++)); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}

json() { # FILE EXPRESSION over $j
	perl -MJSON::PP -e 'local $/; open my $f, "<", shift or die; my $j = decode_json(<$f>); my $r = eval shift; die $@ if $@; print $r' "$@"
}

bugs_into() {
	"$THRESH" bugs --all --json >"$1" 2>/dev/null
}

has_bug() {
	bugs_into now.json
	[ "$(json now.json 'scalar @$j' 2>/dev/null || echo 0)" -ge 1 ]
}

# --- a whole one ---

status 1 'a campaign with bugs ends with 1' "$THRESH" run --time 5s --finish 3m
like "$OUT" '; [2-9] tests are in tests/regress$' 'its last line says how many tests there are'
like "$ERR" 'bug [0-9a-f]{8}: regression test in tests/regress/parse/[0-9a-f]{8}' 'each is told with where it is in the project'
like "$OUT" 'open bugs?, [0-9]+ of them new' 'it counts its bugs'
unlike "$ERR" $'\r' 'no progress line into a pipe'
ok 'nothing is left running' nobody_left
status 0 'bugs --json' "$THRESH" bugs --json
printf '%s' "$OUT" >bugs.json
like "$(json bugs.json 'join " ", sort map { $_->{kind} } @$j')" 'null-deref' 'the null dereference is among them'
like "$(json bugs.json 'scalar @$j')" '^[2-4]$' 'as many bugs as were planted, at most'
id=$(json bugs.json '(grep { $_->{kind} eq "null-deref" } @$j)[0]{bug}')
status 0 'show' "$THRESH" show "$id"
like "$OUT" 'lib_null' 'show names the function'
like "$OUT" 'src/lib.c:6' 'and the line'
status 0 'show --json' "$THRESH" show --json "$id"
if command -v sqlite3 >/dev/null; then
	order=$(sqlite3 .thresh/thresh.db "SELECT job.kind, site.severity FROM job JOIN site ON site.id = payload
		WHERE job.kind IN ('minimize', 'regress') ORDER BY priority DESC, job.id")
	is "$(sed 's/|.*//' <<<"$order" | paste -d' ' - - | sort -u)" 'minimize regress' 'each bug has its test before the next is made small'
	is "$(sed 's/.*|//' <<<"$order")" "$(sed 's/.*|//' <<<"$order" | sort -rn)" 'the worst first'
else
	skip 2 'no sqlite3'
fi
ok 'a regression test was written' test -d "tests/regress/parse/$id"
builds=$(cat tests/regress/parse/*/manifest | grep -c -e '^\(fails\|passes\|not-built\|fails-otherwise\):.*gcc with')
is "$builds" "$(find tests/regress -name manifest | wc -l)" 'each tells of the other compiler, too'
"$THRESH" status --watch --json 2>/dev/null | head -n 1 >watched.json
is "$(json watched.json 'join " ", grep { $_->{time_share} < 0 || $_->{time_share} > 1 } @{$j->{engines}}')" '' 'watched by a program: a line each, with the share of the time'
status 0 'status --json' "$THRESH" status --json
printf '%s' "$OUT" >status.json
is "$(json status.json '$j->{ended} ? "ended" : "not"')" ended 'the campaign has ended'
is "$(json status.json '$j->{jobs_waiting}')" 0 'nothing is waiting'
is "$(json status.json 'join " ", sort map { $_->{engine} } @{$j->{engines}}')" 'aflpp edge libfuzzer' 'the edge cases and both engines ran'
ok 'and it is known when one found something new' test "$(json status.json 'scalar grep { ($_->{last_new} // "") =~ /^\d{4}-.*Z$/ } @{$j->{engines}}')" -ge 1
for columns in 80 40 20; do
	COLUMNS=$columns "$THRESH" status >narrow
	ok "status fits $columns columns" test "$(wc -L <narrow)" -le $columns
done
like "$(tr -s ' \n' ' ' <narrow)" 'last new [0-9].* ago: parse, by [a-z]+ jobs 0 waiting, 0 under way, 0 failed' 'and holds everything'
printf 'Nx and more' >crash.bin
status 1 'triage of an input' "$THRESH" triage --harness parse --json crash.bin
printf '%s' "$OUT" >triage.json
is "$(json triage.json '(ref $j eq "ARRAY" ? $j->[0] : $j)->{signature}')" "$id" 'it is the same bug'
status 1 'an old bug is a finding of the next campaign, too' "$THRESH" run --time 2s --no-edge
"$THRESH" status --json >status.json 2>/dev/null
unlike "$(json status.json 'join " ", map { $_->{engine} } @{$j->{engines}}')" 'edge' 'no edge cases where they are not wanted'
like "$OUT" ' 0 of them new|[0-4] of them new' 'known bugs are not new again'

# --- .thresh deleted ---

rm -rf .thresh
not_ok 'another campaign after .thresh is gone finds bugs again' "$THRESH" run --time 5s
bugs_into again.json
like "$(json again.json 'join " ", map { $_->{bug} } @$j')" "$id" 'under the same names'

# --- killed ---

killed() {
	rm -rf .thresh/thresh.db* .thresh/inputs .thresh/corpus .thresh/work
	setsid "$THRESH" run --time 25s >/dev/null 2>&1 &
	until_true has_bug || return 1
	# every thresh there is; planner first, so that it starts no worker anew
	local p
	for p in $! $(ours); do
		[ "$(readlink "/proc/$p/exe")" = "$THRESH" ] && kill -9 "$p"
	done
	wait $! 2>/dev/null
	return 0
}
ok 'a campaign is killed in its midst' killed
ok 'engines and targets end with it' nobody_left
bugs_into before.json
inputs_before=$(find .thresh/inputs -type f | wc -l)
"$THRESH" status --json >status.json
is "$(json status.json '$j->{ended} ? "ended" : "not"')" not 'it has not ended'
status 1 'the next run goes on' "$THRESH" run --finish 3m
like "$ERR" 'going on with campaign 1' 'and says so'
bugs_into after.json
missing=$(perl -MJSON::PP -e 'local $/; my ($a, $b) = map { open my $f, "<", $_ or die; decode_json(<$f>) } @ARGV;
	my %n = map { $_->{bug} => $_->{findings} } @$b; print join " ", map { $_->{bug} } grep { ($n{$_->{bug}} // 0) < $_->{findings} } @$a' before.json after.json)
is "$missing" '' 'no bug and none of its findings is lost'
ok 'no input is lost' test "$(find .thresh/inputs -type f | wc -l)" -ge "$inputs_before"
"$THRESH" status --json >status.json
is "$(json status.json '$j->{campaign} . " " . $j->{jobs_waiting} . " " . ($j->{ended} ? "ended" : "not")')" '1 0 ended' 'it is the same campaign, and all its jobs are done'

# --- interrupted ---

exploring() { # what is under way
	"$THRESH" status --json >status.json 2>/dev/null && [ "$(json status.json '$j->{campaign} > 1 && $j->{execs} > 0 ? 1 : 0')" = 1 ]
}
start() {
	setsid "$THRESH" run --fresh --time 60s >out 2>err &
	pid=$!
	until_true exploring
}
ended() {
	wait "$pid"
	RC=$?
}
start
status 3 'a second campaign at once is refused' "$THRESH" run --time 1s
like "$ERR" "another campaign.*process $pid" 'and told whose it is'
bugs_into before.json
kill -INT "$pid" 2>/dev/null
ended
is "$RC" 1 'Ctrl-C once: the exit status of a campaign with bugs'
like "$(cat out)" 'interrupted; `thresh run` goes on' 'it says how to go on'
ok 'nothing is left running after Ctrl-C' nobody_left
bugs_into after.json
is "$(json after.json 'join " ", sort map { $_->{bug} } @$j')" "$(json before.json 'join " ", sort map { $_->{bug} } @$j')" 'and every bug is there'
"$THRESH" status --json >status.json
is "$(json status.json '$j->{ended} ? "ended" : "not"')" not 'an interrupted campaign has not ended'
rm -f status.json
start
kill -INT "$pid" 2>/dev/null
sleep 0.02
kill -INT "$pid" 2>/dev/null
ended
is "$RC" 1 'Ctrl-C twice: the same'
ok 'nothing is left running after Ctrl-C twice' nobody_left
bugs_into after.json
is "$(json after.json 'join " ", sort map { $_->{bug} } @$j')" "$(json before.json 'join " ", sort map { $_->{bug} } @$j')" 'nothing is lost either'

# --- a compiler that only tests need, and that takes its time ---

if command -v clang >/dev/null && command -v gcc >/dev/null; then
	mkdir slow
	printf '#!/bin/sh\ncase "$*" in *-fsanitize*lib.c*) sleep 300 ;; esac\nexec %s "$@"\n' "$(command -v gcc)" >slow/gcc
	chmod +x slow/gcc
	rm -rf .thresh tests/regress
	PATH=$PWD/slow:$PATH "$THRESH" run --time 4s --finish 8s >/dev/null 2>&1
	bugs_into slow.json
	ok 'a campaign without time for it finds its bugs' test "$(json slow.json 'scalar @$j')" -ge 2
	ok 'and has a test of each' test "$(find tests/regress -name manifest | wc -l)" -ge "$(json slow.json 'scalar @$j')"
	"$THRESH" regress >/dev/null 2>&1
	is "$(grep -L 'gcc with' tests/regress/parse/*/manifest)" '' 'which the next look at them completes'
else
	skip 3 'not both compilers'
fi

# --- a terminal ---

if script -qec true /dev/null >/dev/null 2>&1; then
	script -qec "'$THRESH' run --fresh --time 1s" /dev/null </dev/null >shown 2>&1
	like "$(tr -d '\0' <shown)" $'\r.*runs ' 'progress on a terminal'
else
	skip 1 'no script(1)'
fi
done_testing
