#!/usr/bin/env bash
# thresh minimize: the same bug, smaller; on commands, on checks, on a served harness; and all that can't be minimised.
. "$(dirname "$0")/../lib.sh"

noise() { awk -v n="$1" 'BEGIN { srand(7); for (i = 0; i < n; i++) printf "%c", 97 + int(rand() * 20); print "" }'; }

# by themselves, since another process would be most of what each of thousands of runs costs
cat >crash.sh <<'EOS'
#!/bin/sh
while IFS= read -r line || [ "$line" ]; do
	case $line in *C?H*) kill -ABRT $$ ;; esac
done <"$1"
exit 0
EOS
cat >stdin.sh <<'EOS'
#!/bin/sh
while IFS= read -r line || [ "$line" ]; do
	case $line in *yz*) kill -SEGV $$ ;; esac
done
exit 0
EOS
printf '#!/bin/sh\nkill -ABRT $$\n' >always.sh
printf '#!/bin/sh\nkill -USR1 $$\n' >other.sh
chmod +x ./*.sh
{ noise 60; printf 'CSH'; noise 60; } >in
cp in in.before

# a command with @@
status 0 'a command: status 0' "$THRESH" minimize in -o small -- ./crash.sh @@
is "$(cat small)" 'C0H' 'a command: one-minimal and one-normal'
ok 'a command: the original is as it was' cmp -s in in.before
like "$OUT" 'no byte can be deleted' 'a command: says what it reached'
like "$OUT" '5 of 5 runs alone' 'a command: proved alone'
status 0 'again on the result, under the default name' "$THRESH" minimize small -- ./crash.sh @@
ok 'nothing changes, in INPUT.min' cmp -s small small.min

status 2 'onto itself: refused' "$THRESH" minimize in -o ./in -- ./crash.sh @@
like "$ERR" 'never overwritten' 'onto itself: why'
ok 'onto itself: the original is as it was' cmp -s in in.before

# standard input
{ noise 20; printf 'w xyz'; noise 20; } >hay
status 0 'standard input' "$THRESH" minimize hay -o out -- ./stdin.sh
is "$(cat out)" 'yz' 'standard input: minimal'

# a check
status 0 'a check' "$THRESH" minimize hay -o out --check 'grep -q "w x*yz" @@'
is "$(cat out)" 'w yz' 'a check: minimal'
status 0 'a check: the path goes last' "$THRESH" minimize hay -o out --check 'grep -q xyz'
is "$(cat out)" 'xyz' 'a check: minimal'
status 2 'a check that does not hold' "$THRESH" minimize hay -o out --check 'grep -q absent'
like "$ERR" 'does(n.t| not) hold' 'a check that does not hold: says so'
status 2 'a check with an open quote' "$THRESH" minimize hay -o out --check "grep 'x"
like "$ERR" "isn't closed" 'a check with an open quote: says so'
status 2 'a check that holds for all' "$THRESH" minimize hay -o out --check true
like "$ERR" 'whatever the input' 'a check that holds for all: says so'
cat >once <<'EOS'
#!/bin/sh
# holds until the smallest is run a second time, to prove it
[ -e "$0.over" ] && exit 1
read -r text <"$1" || :
case $text in yz) [ -e "$0.was" ] && { : >"$0.over"; exit 1; }; : >"$0.was" ;; esac
exec grep -q yz "$1"
EOS
chmod +x once
printf 'w yz.' >hay
status 1 'a check that holds no longer at the end' "$THRESH" minimize hay -o out --check ./once -j1
ok 'a check that holds no longer at the end: the original is kept' cmp -s hay out
like "$OUT" 'the original is kept' 'a check that holds no longer at the end: says so'
status 2 'a check that is not there' "$THRESH" minimize hay -o out --check ./absent

# what can't be minimised
echo fine >fine
status 2 'no crash: status 2' "$THRESH" minimize fine -o none -- ./crash.sh @@
like "$ERR" 'thresh replay' 'no crash: suggests replay'
ok 'no crash: no output' test ! -e none
: >empty
status 2 'an empty input' "$THRESH" minimize empty -o none -- ./crash.sh @@
status 2 'whatever the input: status 2' "$THRESH" minimize in -o none -- ./always.sh @@
like "$ERR" 'whatever the input' 'whatever the input: says so'
status 2 'no such input' "$THRESH" minimize absent -o none -- ./crash.sh @@
status 2 'no such command' "$THRESH" minimize in -o none -- ./absent @@
status 2 'no command and no harness' "$THRESH" minimize in
status 2 'no such format' "$THRESH" minimize in --format pdf -- ./crash.sh @@
like "$ERR" 'raw\|text\|json|raw, text, json' 'no such format: says which there are'
status 2 'output in no directory' "$THRESH" minimize in -o absent/out -- ./crash.sh @@
like "$ERR" 'no directory absent' 'output in no directory: before any work'
status 2 'output onto a directory' "$THRESH" minimize in -o . -- ./crash.sh @@
status 2 'a command and a check' "$THRESH" minimize in --check true -- ./crash.sh
printf '#!/bin/sh\ngrep -q C.H "$1" && exit 3\nexit 0\n' >rejects.sh
chmod +x rejects.sh
status 2 'a rejected input: status 2' "$THRESH" minimize in -o none -- ./rejects.sh @@
like "$ERR" 'rejected, with exit status 3.*--fail-status' 'a rejected input: says so'
ok 'a rejected input: no output' test ! -e none
status 0 'a status that is a failure' "$THRESH" minimize in -o small.3 --fail-status 3 -- ./rejects.sh @@
is "$(cat small.3)" 'C0H' 'a status that is a failure: minimal'
status 2 'a check that starts what is not there' "$THRESH" minimize in -o none --check 'sh -c "nowhere-at-all @@"'
like "$ERR" 'nowhere-at-all' 'a check that starts what is not there: says so'

# budget and JSON
status 1 'the budget ends: status 1' "$THRESH" minimize in -o part --runs 45 --json -- ./crash.sh @@
like "$OUT" '"one_minimal": *false' 'the budget ends: not minimal'
ok 'the budget ends: what is left still fails' grep -q 'C.H' part
ok 'the budget ends: and is smaller' test "$(wc -c <part)" -lt "$(wc -c <in)"

# a served harness: structure, another bug on the way, the same result whatever the number of workers
mkdir proj
cat >proj/h.c <<'EOS'
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static void first(const uint8_t *p)
{
	char *volatile x = malloc(2);
	x[p[0]] = 1;
	free(x);
}

__attribute__((noinline)) static void second(void)
{
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)
{
	size_t depth = 0, deepest = 0;

	for (size_t i = 0; i < n; i++) {
		depth += d[i] == '[';
		depth -= d[i] == ']' && depth > 0;
		deepest = depth > deepest ? depth : deepest;
	}
	if (deepest >= 3 && depth == 0 && memmem(d, n, "key", 3))
		first((const uint8_t *)"x");
	else if (deepest == 2 && memmem(d, n, "key", 3))
		second();
	return 0;
}
EOS
cat >proj/thresh.yaml <<'EOS'
version: 1
project: p
build:
  sources: []
  cflags: [-D_GNU_SOURCE]
harnesses:
  h: {source: h.c, format: json}
EOS
cat >nested.json <<'EOS'
{"a": [1, [3, {"b": ["x", "key", [true]]}], "long text here"]}
EOS
status 0 'served: status 0' "$THRESH" -C proj minimize h "$PWD/nested.json" -o "$PWD/n2" -j2 --json
is "$(wc -c <n2 | tr -d ' ')" 9 'served: the shortest'
like "$OUT" '"failed": *5, *"of": *5' 'served: proved alone'
like "$OUT" '"others": *[1-9]' 'served: another failure met on the way'
run "$THRESH" -C proj status
status 0 'served, one worker' "$THRESH" -C proj minimize h "$PWD/nested.json" -o "$PWD/n1" -j1
ok 'served: the same whatever the number of workers' cmp -s n1 n2
ok 'nothing left running' test -z "$(pgrep -f "$PWD/proj/.thresh" || true)"

done_testing
