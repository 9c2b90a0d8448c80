#!/usr/bin/env bash
# What a machine refuses is the machine's: no bug comes of it, none gets less steady, no harness is said to fail, and the end is 3.
. "$(dirname "$0")/../lib.sh"

. "$TOP/tests/data/magic.sh"
status 0 'it builds' "$THRESH" build

# what is refused is tried again for some seconds, so that these run side by side, each in a copy
limited() { (ulimit "$1" "$2" && shift 2 && "$@"); }
campaign() { # NAME OPTION NUMBER [COMMAND...]: started under a limit
	local name=$1 option=$2 number=$3
	shift 3
	(cd "../$name" && limited "$option" "$number" "$@" "$THRESH" run --time 2s --finish 2s --no-edge --json >out 2>err
		echo $? >rc) &
}
result_of() { # NAME: as if it had just run
	OUT=$(cat "../$1/out") ERR=$(cat "../$1/err") RC=$(cat "../$1/rc")
}
for name in large small few enough nobody forged; do
	cp -a . "../$name"
done
as_nobody=
# as somebody who has no processes, nobody of another test either: the limit counts all of a user's, and so does what is left
uid=$((60000 + $$ % 5000))
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null && [ -z "$(ps -o pid= -u "$uid")" ]; then
	as_nobody=yes
	chmod 755 "$T"
	chown -R "$uid:$uid" ../nobody
	nobody() { HOME=$PWD setpriv --reuid="$uid" --regid="$uid" --clear-groups -- "$@"; }
	(cd ../nobody && nobody "$THRESH" build >/dev/null 2>&1)
	campaign nobody -u 9 nobody
fi
campaign large -f 2000
campaign small -f 100
campaign few -n 12
campaign enough -n 100

# --- what only looks like a refusal, while those are at it ---

# a parser that shows its input, which has such words, then ends in each way that there is
cd ../forged || exit 3
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static int *volatile null;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n < 2)
		return 0;
	fwrite(p, 1, n, stderr);
	if (p[n - 1] == '!')
		return *null;
	if (p[n - 1] == '?')
		_exit(77);
	if (p[n - 1] == ';')
		exit(1);
	return 0;
}
C
said='==2==LeakSanitizer has encountered a fatal error.
Cannot allocate memory
'
rm -rf seeds/* .thresh/thresh.db*
i=0
for end in '!' '?' ';'; do
	i=$((i + 1))
	printf '%s%s' "$said" "$end" >"seeds/$i"
done
run "$THRESH" run --time 4s --finish 4m --no-edge --json
is "$(json 'join " ", sort map { $_->{kind} } @{$j->{bugs}}')" 'null-deref unexpected-exit unexpected-exit' 'words of an input are no refusal'
unlike "$OUT$ERR" 'machine refuses|could not be run' 'and nothing says so'
run "$THRESH" triage --harness parse seeds/2
like "$OUT" 'unexpected-exit' 'nor when the exit is one that sanitizers use'
cd ../p || exit 3

# --- what is one ---

wait

result_of large
is "$RC" 3 'files may be no larger than 2 MB: an end with words, not by a signal'
like "$OUT$ERR" 'File too large|ulimit -f' 'which say why'
result_of small
is "$RC" 3 'nor when they may be no larger than 100 kB'
result_of few
is "$RC" 3 'twelve descriptors'
like "$OUT$ERR" 'Too many open files|ulimit -n' 'are too few, and it is said so'
result_of enough
is "$RC" 1 'a hundred are enough'

if [ "$as_nobody" ]; then
	only_true() { # of what a campaign said: the planted bug or none, steady, and nothing about the empty input
		local bugs
		bugs=$(json 'join " ", map { "$_->{kind}/$_->{state}" } @{$j->{bugs}}') || return 1
		[[ $bugs =~ ^(null-deref/open)?$ ]] && ! [[ $OUT$ERR =~ 'empty input' ]]
	}
	ended_well() { # complete, or not and said so
		local complete
		complete=$(json '$j->{complete} ? 1 : 0') || return 1
		[ "$complete" = 1 ] || [ "$RC" = 3 ] || [ "$(json '$j->{open_bugs}')" -ge 1 ]
	}
	nobody_left() { # what has ended, and nobody has asked for, counts for nothing
		local i
		for ((i = 0; i < 100; i++)); do
			ps -o stat= -u "$uid" | grep -qv '^Z' || return 0
			sleep 0.1
		done
		ps -f -u "$uid"
		return 1
	}
	result_of nobody
	ok 'nine processes: no bug that is none' only_true
	ok 'what was not done is said' ended_well
	ok 'nothing is left running' nobody_left
	cd ../nobody || exit 3
	rm -rf .thresh/thresh.db* .thresh/inputs .thresh/corpus .thresh/work tests
	run limited -u 60 nobody "$THRESH" run --time 2s --finish 1m --no-edge --json
	is "$RC $(json '$j->{complete} ? 1 : 0') $(json '$j->{bugs}[0]{state}')" '1 1 open' 'with enough of them all is done'
else
	skip 4 'not root, or no setpriv, or that user has processes'
fi

# a compiler that is asked to end takes away what it was at; one that is killed can't
if command -v gcc >/dev/null; then
	mkdir -p "$T/slow/bin" "$T/slow/tmp" && cd "$T/slow" || exit 3
	cat >bin/gcc <<S
#!/bin/sh
case "\$*" in
*slow.c*) touch $T/slow/tmp/half && trap 'rm -f $T/slow/tmp/half; exit 1' TERM && touch $T/slow/begun && while :; do sleep 0.05; done ;;
esac
exec $(command -v gcc) "\$@"
S
	chmod +x bin/gcc
	echo 'int LLVMFuzzerTestOneInput(const unsigned char *p, __SIZE_TYPE__ n) { return 0; }' >slow.c
	printf 'version: 1\nproject: slow\nharnesses:\n  slow:\n    source: slow.c\n' >thresh.yaml
	PATH=$PWD/bin:$PATH "$THRESH" build --variant gcc-asan >out 2>&1 &
	building=$!
	for ((i = 0; i < 600; i++)); do [ ! -e begun ] || break; sleep 0.1; done
	kill -TERM $building
	wait $building
	ok 'an interrupted build' [ -e begun ]
	ok 'leaves nothing half made' [ ! -e tmp/half ]
else
	skip 2 'no gcc'
fi

done_testing
