#!/usr/bin/env bash
# Machines on one store, and a commit with which all of a corpus fails: what leaves the corpus is the store's, so a machine that
# has nothing of it brings it back with a build that passes it, for all.
. "$(dirname "$0")/../lib.sh"
with_postgres "$0"
ok 'the roles are made' roles
url=$(as_role planner)

mkdir one && cd one || exit 3
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int bad;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n == 3 && p[0] == 'C' && p[1] >= '0' && p[1] <= '3' && p[2] >= '0' && p[2] <= '9' && bad)
		abort();
	return 0;
}
C
printf 'fine' >fine
small_yaml
cat >>thresh.yaml <<'Y'
    seeds: [fine]
    engines: [libfuzzer]
Y
sed -i "/^project:/a store: '$url'" thresh.yaml
mkdir seeds
for ((i = 0; i < 40; i++)); do printf 'C%02d' "$i" >"seeds/$i"; done
cd .. && cp -r one two && cp -r one three
campaign() { "$THRESH" -C "$1" run --time 3s --finish 1m -j1 --no-edge --no-guard >"$1.out" 2>"$1.err"; [ $? -le 1 ] || diag "$(cat "$1.out" "$1.err")"; }
in_corpus() { find "$1/.thresh/corpus/parse" -type f -exec grep -lx 'C[0-3][0-9]' {} + 2>/dev/null | wc -l | tr -d ' '; }
# an engine that takes one out of its folder doesn't tell the store: another sweep does
kept() { sql "SELECT count(DISTINCT sha1) FROM corpus JOIN blob USING (sha1) WHERE harness IN ('parse', '.parse.aside') AND gone = 0 AND encode(bytes, 'escape') ~ '^C[0-3][0-9]\$'"; }
in_store() { sql "SELECT count(*) FROM corpus JOIN blob USING (sha1) WHERE harness = '$1' AND gone = 0 AND encode(bytes, 'escape') ~ '^C[0-3][0-9]\$'"; }

"$THRESH" -C one import parse seeds >one.out 2>&1 || diag "$(cat one.out)"
campaign one
mkdir -p two/.thresh three/.thresh && cp one/.thresh/key two/.thresh && cp one/.thresh/key three/.thresh
is "$(in_corpus one) $(in_store parse)" '40 40' 'a corpus of one machine, and of the store'
sed -i 's/int bad;/int bad = 1;/' one/fuzz.c
campaign one
is "$(in_corpus one)" 0 'all of it fails with a commit, and leaves'
ok 'for all, but for what the engine took' test "$(in_store parse)" -le 10
is "$(kept)" 40 'but not the store'
rm -rf one
campaign two
is "$(in_corpus two) $(in_store parse)" '40 40' 'another machine, that never had it, has it back with a build that passes it'
is "$(in_store .parse.aside)" 0 'and nothing waits any more'
campaign three
is "$(in_corpus three)" 40 'so has each'
sed -i 's/int bad;/int bad = 1;/' two/fuzz.c
campaign two
is "$(in_corpus two) $(kept)" '0 40' 'and once more'
campaign three
is "$(in_corpus three) $(in_store parse) $(in_store .parse.aside)" '40 40 0' 'there and back'
done_testing
