#!/bin/bash
# replay.c, the one file that users copy: TAP, expectations, isolation, under gcc, clang, C++ and sanitizers.
set -u
TOP=${TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
n=0

check() { # check NAME COMMAND...: ok when the command succeeds
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		[ -f out ] && sed 's/^/# /' out | head -40
	fi
}
has() { grep -q -e "$1" out; }
hasnt() { ! grep -q -e "$1" out; }
run() { "$@" >out 2>err; rc=$?; }
is() { [ "$rc" -eq "$1" ]; }

misbehave=$TOP/tests/data/targets/misbehave.c
replay=$TOP/src/runtime/replay.c
mkdir in && cd in && for c in n A O o x z l S e; do printf %s $c >$c; done
: >empty
printf n >'od#d name'
cd ..

builds=(
	'plain-gcc gcc -std=gnu99'
	'asan-gcc gcc -fsanitize=address,undefined'
	'asan-clang clang -fsanitize=address,undefined'
	'plain-clang clang'
)
command -v clang >/dev/null || builds=("${builds[@]:0:2}")
for build in "${builds[@]}"; do
	# shellcheck disable=SC2086
	set -- $build
	name=$1
	shift
	check "$name compiles without a warning" sh -c "$* -g -O1 -Wall -Wextra -Werror '$replay' '$misbehave' -o $name"
	run "./$name" in
	check "$name: a failure gives status 1" is 1
	check "$name: the plan comes first" [ "$(head -1 out)" = 1..11 ]
	check "$name: a passing input" has '^ok 7 - in/n$'
	check "$name: abort" has '^not ok 1 - in/A # SIGABRT'
	check "$name: exit is not success" has '^not ok 11 - in/z # exit status 0'
	check "$name: exit status" has '^not ok 10 - in/x # exit status 3'
	check "$name: names are escaped" has '^ok 9 - in/od\\#d name$'
	check "$name: the empty input" has '^ok 5 - in/empty$'
	check "$name: standard output of a target is no TAP" [ "$(grep -c '^ok 1 ' out)" -eq 0 ]
	case $name in
	asan*)
		check "$name: over-read" has '^not ok 2 - in/O # .*: AddressSanitizer: heap-buffer-overflow$'
		check "$name: the report comes as diagnostics" has '^# .*heap-buffer-overflow'
		check "$name: leak" has '^not ok 6 - in/l # .*LeakSanitizer: detected memory leaks'
		# one of them has shown what stacks look like, which each failure starts a program for
		export ASAN_OPTIONS=symbolize=0
		;;
	esac
done

run gcc -x c++ -std=c++11 -Wall -Wextra -Werror -c "$replay" -o replay.o
check 'compiles as C++' is 0
run gcc -std=c99 -pedantic -Wall -Wextra -Wshadow -Werror -c "$replay" -o replay.o
check 'compiles as C99' is 0

exe=./plain-gcc
printf 'open\t1\tin/A\ta known # bug\nopen\t1\tin/n\tgone\nfixed\t3\tin/n\t\nignored\t1\tin/S\tuntil 2030\nflaky\t5\tin/n\n' >manifest
run $exe --manifest manifest
check 'manifest: open bugs do not fail the suite' is 0
check 'manifest: an open bug is TODO' has '^not ok 1 - in/A # TODO open: a known \\# bug$'
check 'manifest: a bug that seems fixed' has '^ok 2 - in/n # TODO open: gone$'
check 'manifest: says so' has '^# seems fixed$'
check 'manifest: ignored is SKIP' has '^ok 4 - in/S # SKIP ignored: until 2030$'
check 'manifest: flaky' has '^ok 5 - in/n # TODO flaky$'
printf 'ignored:2999-01-31\t1\tin/S\tlater\nignored:2001-01-31\t1\tin/S\tpast\nignored:%s\t1\tin/S\ttoday\n' "$(date -u +%F)" >manifest
run $exe --manifest manifest
check 'manifest: ignored until a day' has '^ok 1 - in/S # SKIP ignored: later$'
check 'manifest: which has come' has '^not ok 2 - in/S # TODO open: past$'
check 'manifest: which is today' has '^not ok 3 - in/S # TODO open: today$'
printf 'fixed\t1\tin/A\tonce fixed\n' >manifest
run $exe --manifest manifest
check 'manifest: a fixed bug that fails fails' is 1
for bad in 'broken\t1\tin/A' 'ignored:x\t1\tin/A' 'ignored:2030-1-1\t1\tin/A' 'ignored:2030-01-011\t1\tin/A' 'open\t0\tin/A' 'open\tx\tin/A' 'open\t1\t' 'open'; do
	# shellcheck disable=SC2059
	printf "$bad\n" >manifest
	run $exe --manifest manifest
	check "manifest: '$bad' is refused" [ "$rc $(head -c 11 err)" = '2 manifest:1:' ]
done
mkdir sub && printf A >sub/A && printf 'open\t1\tA\tx\n' >sub/manifest
run $exe --manifest sub/manifest
check 'manifest: inputs are relative to it' has '^not ok 1 - A # TODO'

printf 'A\nin/S\n' >todo
run $exe --todo todo in/A in/S in/n
check 'todo list' is 0
run $exe in/nothing
check 'a missing input fails' [ "$rc" -eq 1 ]
check 'and says why' has 'No such file'
run sh -c "printf A | $exe - in/n"
check 'standard input' has '^not ok 1 - - # SIGABRT'
run $exe --list in
check '--list runs nothing' [ "$rc $(wc -l <out)" = '0 11' ]
run $exe --shuffle 7 --jobs 1 in/n in/e
check '--shuffle keeps the order of the output' [ "$(grep -c '^ok' out) $(sed -n 2p out)" = '2 ok 1 - in/n' ]
printf t >spin
run $exe --timeout 0.2 spin in/n
check '--timeout' has '^not ok 1 - spin # no end within 0.2 s'
check 'and the others run' has '^ok 2 - in/n'
printf '# timeout: 0.3\nopen\t1\tspin\thangs\n' >hangs.list
run $exe --manifest hangs.list
check 'a list can say how long' has '^not ok 1 - spin # TODO open: hangs$'
check 'and it is kept' has '^# no end within 0.3 s after '
run $exe --timeout 0.2 --manifest hangs.list
check 'the command line goes first' has '^# no end within 0.2 s after '
printf '?' >flood
run $exe flood
check 'a flood is bounded' [ "$(wc -c <out)" -lt 40000 ]
printf f >forks
run $exe forks
check 'processes left behind are ended' is 0
run $exe --junit j.xml in
check '--junit' grep -q 'tests="11" failures="[0-9]*" errors="0"' j.xml
check 'status 2 without arguments' sh -c "$exe 2>/dev/null; [ \$? -eq 2 ]"
check 'status 2 for an unknown option' sh -c "$exe --frobnicate in 2>/dev/null; [ \$? -eq 2 ]"
check 'status 2 for a bad value' sh -c "$exe --jobs 0 in 2>/dev/null; [ \$? -eq 2 ]"
check '--help' sh -c "$exe --help | grep -q -e --manifest"
mkdir nothing
run $exe nothing
check 'no inputs: a skipped plan' has '^1\.\.0 # SKIP'
run $exe --no-fork in/n
check '--no-fork' is 0

# a leak is found wherever on the stack a pointer to it is left
mkdir leaks
step=4
[ -z "${CHECK_LONG:-}" ] || step=1
for ((i = 65; i < 105; i += step)); do printf "\\x$(printf %x $i)" >leaks/$i; done
for cc in gcc clang; do
	command -v $cc >/dev/null || continue
	check "leaks, $cc: compiles" $cc -g -O1 -fsanitize=address "$replay" "$TOP/tests/data/targets/leak_depth.c" -o leak
	run ./leak leaks
	check "leaks, $cc: all found" [ "$(grep -c '^not ok .*LeakSanitizer' out)" -eq $((40 / step)) ]
done

# many: those that pass share processes, and every verdict is the one that each gets on its own
cat >pids.c <<'END'
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *f = fopen("pids.out", "a");
	(void)data;
	(void)size;
	fprintf(f, "%d\n", (int)getpid());
	fclose(f);
	return 0;
}
END
check 'many: compiles' gcc -g "$replay" pids.c -o pids
mkdir many few
for ((i = 100; i < 200; i++)); do printf n >many/$i; done
for ((i = 100; i < 164; i++)); do printf n >few/$i; done
processes() { # ARGUMENT...
	rm -f pids.out
	run ./pids "$@"
	sort -u pids.out | wc -l
}
check 'many: 100 inputs need few processes' [ "$(processes --jobs 2 many)" -lt 20 ]
check 'many: 64 inputs have one each' [ "$(processes --jobs 2 few)" -eq 64 ]
check 'many: --alone gives each its own' [ "$(processes --jobs 2 --alone many)" -eq 100 ]
check 'many: the whole plan' [ "$(grep -c '^ok' out) $(head -n 1 out)" = '100 1..100' ]
# 1: fails when something ran before it, so it passes; the crash of a neighbour mustn't hide a leak before it
i=0
for c in A O l x z 1 S l l e 1 A; do
	i=$((i + 1))
	printf %s "$c" >many/$((100 + i * 7))
done
printf w >many/199
for exe in ./plain-gcc ./asan-gcc; do
	run $exe --jobs 3 --timeout 4 --alone many
	grep -E '^(not )?ok' out >alone
	run $exe --jobs 3 --timeout 4 many
	check "many, $exe: status 1" is 1
	check "many, $exe: verdicts as on their own" diff alone <(grep -E '^(not )?ok' out)
	run $exe --jobs 3 --timeout 4 --shuffle 5 --junit j.xml many
	check "many, $exe: shuffled, too" diff alone <(grep -E '^(not )?ok' out)
	check "many, $exe: JUnit has all" grep -q 'tests="100" failures="[1-9]' j.xml
done
check 'many: leaks are among them' [ "$(grep -c LeakSanitizer alone)" -eq 3 ]
exe=./plain-gcc
rm -f pids.out
for ((i = 100; i < 200; i++)); do echo "fixed	1	many/$i"; done >manifest
printf 'open\t1\tmany/107\tknown\nflaky\t5\tmany/100\nignored\t1\tmany/128\tlater\nfixed\t3\tmany/100\n' >>manifest
run ./pids --jobs 1 --manifest manifest
check 'many: runs of a manifest are all made' [ "$(wc -l <pids.out)" -eq 109 ]
check 'many: one that is not run is skipped' has '^ok 103 - many/128 # SKIP ignored: later$'

# an input that never ends, and whoever waits for it is killed
mkdir endless && printf e >endless/e
cat >endless.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	FILE *f = fopen("endless.pid", "w");
	(void)p, (void)n;
	fprintf(f, "%d\n", (int)getpid());
	fclose(f);
	for (;;)
		sleep(1);
}
C
gcc -std=gnu99 -g "$replay" endless.c -o endless_exe
./endless_exe --timeout 60 endless >/dev/null 2>&1 &
for ((i = 0; i < 150; i++)); do [ -s endless.pid ] && break; sleep 0.2; done
kill -9 $!
wait $! 2>/dev/null
gone() {
	local pid
	pid=$(cat endless.pid) || return 1
	# what is left of it until somebody reaps it, which not every init does, is not running
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		grep -q '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$pid/status" 2>/dev/null || return 0
		sleep 0.2
	done
	kill -9 "$pid"
	return 1
}
check 'killed, it leaves no input running behind its back' gone
echo "1..$n"
