#!/usr/bin/env bash
# thresh check --changed-since: what a change brings and nothing else, with the checkout as it was.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang here'
cat >lib.c <<'C'
#include <assert.h>
#include <stddef.h>
#include <string.h>
int parse(const unsigned char *p, size_t n);
static volatile int sink;

static int header(const unsigned char *p, size_t n)
{
	return n > 3 && memcmp(p, "HDR", 3) == 0;
}

static int deep(const unsigned char *p, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += p[i] / 3;
	return sum;
}

int parse(const unsigned char *p, size_t n)
{
	if (n == 1 && p[0] == 'o')
		sink = p[n]; /* old */
	if (!header(p, n))
		return -1;
	if (p[3] == 'd')
		sink = deep(p, n);
	assert(n < 4096);
	return 0;
}
C
# a harness of its own repository, or none: it is the same for both; and fails, where an allocation does
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
int parse(const unsigned char *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	unsigned char *volatile copy = malloc(n + 1);
	int rc;

	copy[n] = 0;
	memcpy(copy, p, n);
	rc = parse(p, n);
	free(copy);
	return rc;
}
C
cat >other.c <<'C'
#include "generated/level.h"
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > LEVEL && p[1] == 'x')
		sink++;
	return 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: changed
targets:
  lib:
    sources: [lib.c]
    sanitizers: [address]
  none:
    sanitizers: [address]
harnesses:
  parse:
    source: fuzz.c
    target: lib
    seeds: [seeds]
    max_len: 64
  other:
    source: other.c
    target: none
    seeds: [seeds]
    max_len: 64
Y
mkdir seeds generated tmp
# what git doesn't know, and builds need
echo '#define LEVEL 2' >generated/level.h
printf 'HDRdeep!' >seeds/a; printf 'HDRx' >seeds/b; printf 'HD1x' >seeds/c; printf 'o' >seeds/old
printf '/generated/\n/.thresh/\n/tmp/\n/fuzz.c\n' >.gitignore
commit() { git -c user.name=t -c user.email=t@t commit -qm "$1"; }
git init -q . && git add lib.c .gitignore && commit zero && git tag zero &&
	git add other.c thresh.yaml seeds && commit one || bail 'no git'
check() { "$THRESH" check --changed-since HEAD --time 1s "$@"; }
of() { json "my \$h = (grep { \$_->{harness} eq '$1' } @{\$j->{harnesses}})[0]; $2"; }
back() { git checkout -q lib.c; }

status 0 'nothing changed' check --json
is "$(json 'join " ", map { $_->{state} } @{$j->{harnesses}}')" 'untouched untouched' 'nothing is looked at'

# a comment, where no line with an assertion moves
sed -i 's|int sum = 0;|int sum = 0; /* so far */|' lib.c
status 0 'a comment changed' check
like "$OUT" 'same apart from debug data: parse' 'that harness is built, and not run'
like "$OUT" 'nothing that they are built from changed: other' 'the other one is not touched'
back

# what failed before is not the change's; what fails now is
sed -i 's|p\[i\] / 3|p[i + (n == 8)]|' lib.c
before=$(git status --porcelain -uno; ls)
TMPDIR=$T/tmp status 1 'a bug' check --json --junit tmp/j.xml --sarif tmp/s.json --markdown tmp/m.md --keep tmp/keep
is "$(json 'join " ", map { "$_->{harness} $_->{by} $_->{kind}" } @{$j->{failures}}')" \
	'parse input heap-buffer-overflow' 'the change brings it'
is "$(of parse '$h->{fail_on_both} . " " . join ",", @{$h->{changed_functions}}')" '1 deep' \
	'an old one is no news; the function is named'
is "$(sha1sum <seeds/a | cut -d' ' -f1)" "$(ls tmp/keep/parse)" 'its input is kept'
ok 'JUnit' grep -q '<failure type="input" message="heap-buffer-overflow' tmp/j.xml
ok 'SARIF' grep -q '"ruleId":	*"heap-buffer-overflow"' tmp/s.json
ok 'Markdown' grep -q '^| parse | input | `heap-buffer-overflow' tmp/m.md
is "$(git status --porcelain -uno; ls)" "$before" 'the checkout is as it was'
is "$(ls tmp)" 'j.xml
keep
m.md
s.json' 'and nothing is left behind'
status 0 'nor in the store' "$THRESH" bugs
is "$OUT" 'no bugs' 'nothing was stored'
back

# lost, another verdict, and lines that nothing reaches
sed -i -e "s|p\[3\] == 'd'|n > 2000|" -e 's|"HDR", 3|"HDR", 2|' -e 's|^	assert(n < 4096);|	if (n > 50)\n		sink = 5;|' lib.c
status 0 'less is reached' check --json
like "$(of parse '"@{$h->{lost}}"')" '^lib.c:[0-9]+ deep$' 'a function that is lost'
like "$(of parse '"$h->{other_verdicts} @{$h->{verdicts}}"')" '^1 .*: was rejected, is accepted$' 'an input that is taken now'
is "$(json '"$j->{uncovered_lines} @{$j->{uncovered}}"')" '1 lib.c:30' 'changed lines that nothing reaches'
status 1 'with --strict that fails' check --strict
back

echo 'int x' >>lib.c
status 1 'it builds no more' check
like "$OUT" 'parse: no longer builds: .*lib.c' 'and says so'
back
# killed, it leaves its tree, which the next one removes
sed -i 's|p\[i\] / 3|p[i] / 4|' lib.c
TMPDIR=$T/tmp "$THRESH" check --changed-since HEAD --time 60s >/dev/null 2>&1 &
pid=$!
for ((i = 0; i < 600; i++)); do
	ls tmp/tc-*/*/.thresh >/dev/null 2>&1 && break
	sleep 0.05
done
status 3 'one at a time' check
like "$ERR" 'another check of a change of this project is under way' 'and says so'
kill -9 "$pid"
wait "$pid" 2>/dev/null
ok 'killed, its tree is left' test -n "$(ls -d tmp/tc-*)"
back
status 0 'the next one' check
not_ok 'removes it' ls -d tmp/tc-*

# a commit that is older than all harnesses: beside the code, with a header of their own; in a folder, with another
sed -i 's|"generated/level.h"|"level.h"|' other.c
echo '#define LEVEL 2' >level.h
echo 'int another;' >another.h
status 0 'code from before there were harnesses beside it' "$THRESH" check --changed-since zero --time 1s --json
is "$(json 'join " ", map { $_->{state} } @{$j->{harnesses}}')" 'untouched untouched' 'is the same with them'
git checkout -q other.c
rm level.h another.h
mkdir harnesses
sed 's|"generated/level.h"|"level.h"|' other.c >harnesses/other.c
echo '#define LEVEL 2' >harnesses/level.h
sed -i 's|source: other.c|source: harnesses/other.c|' thresh.yaml
sed -i 's|p\[i\] / 3|p[i + (n == 8)]|' lib.c
status 1 'code from before there were harnesses' "$THRESH" check --changed-since zero --time 1s --json
is "$(json 'join " ", map { $_->{state} } @{$j->{harnesses}}')" 'compared untouched' "is run with today's"
is "$(json 'join " ", map { "$_->{harness} $_->{by} $_->{kind}" } @{$j->{failures}}')" \
	'parse input heap-buffer-overflow' 'for what was brought since'
is "$(json 'join " ", map { @{$_->{changed_functions}} } @{$j->{harnesses}}')" deep 'they are no change'
git checkout -q thresh.yaml
back

status 2 'no such commit' "$THRESH" check --changed-since nothing-like-that
like "$ERR" 'nothing-like-that: no such commit' 'and says so'
status 2 'reports are of changes' "$THRESH" check --junit x

soaks 1 'an engine' && {
	sed -i 's|p\[i\] / 3|p[i + (n > 9 \&\& p[4] == 90 \&\& p[6] == 81 \&\& p[7] == 7)]|' lib.c
	status 1 'a bug that has to be looked for' check --time 30s
	status 0 'no time' check --time 1s --json
	is "$(of parse '$h->{fuzz_complete}')" 0 'is told'
}
done_testing
