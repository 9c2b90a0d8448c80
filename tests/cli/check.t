#!/usr/bin/env bash
# thresh check: each way in which a harness can be of no use is seen, named, and told with its mend.
. "$(dirname "$0")/../lib.sh"

cat >h.c <<'C'
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
static int parse(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		switch (p[i]) {
		case '{': sink += 1; break;
		case '[': sink += 3; break;
		case '1': sink += 5; break;
		}
	return n > 0 && p[0] == '{';
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
#if DEAD
	static void *volatile handle; /* nobody opened it */
	return handle ? parse(p, n) : 0;
#elif REJECTS
	return parse(p, n) - 2 < 0 ? -1 : 0;
#elif ONCE
	static int ready;
	if (!ready)
		sink += 2;
	ready = 1;
#elif PICKY
	return parse(p, n) ? 0 : -1;
#elif STATE
	static int before;
	if (before)
		sink += 2;
	before = n > 4;
#elif UNSTABLE
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	for (unsigned i = 0; i < 12; i++)
		if (t.tv_nsec >> i & 1)
			switch (i) {
			case 2: sink += 1; break;
			case 5: sink += 2; break;
			case 7: sink += 4; break;
			case 9: sink += 8; break;
			}
#elif LEAK
	char *volatile kept = malloc(n + 1);
	kept[0] = 0;
	kept = NULL;
#elif SLOW
	usleep(20000);
#elif FILES
	close(open("left", O_CREAT | O_WRONLY, 0600));
#elif DENIED
	if (n > 4 && open(BESIDE, O_CREAT | O_WRONLY, 0600) < 0)
		return 0;
#elif PROCESSES
	if (n > 4 && fork() == 0) {
		for (;;)
			pause();
	}
#elif HANGS
	while (n == 0)
		sink++;
#elif SHALLOW
	if (n < 100 || memcmp(p, "MAGIC", 5) != 0)
		return 0;
#elif OPENS
	static const char *const roots[] = { "contact", "calendar" };
	int known = 0;
	for (int i = 0; i < 2; i++)
		known |= n > 10 && p[0] == '<' && memcmp(p + 1, roots[i], strlen(roots[i])) == 0;
	if (!known)
		return 0;
#endif
	parse(p, n);
	return 0;
}
C
sed -i "s|BESIDE|\"$PWD/beside\"|" h.c
mkdir seeds
for i in 1 2 3; do printf '{"a": %d}' $i >seeds/o$i; printf '[%d]' $i >seeds/a$i; done
{
	printf 'version: 1\nproject: kinds\nbuild:\n  sanitizers: [address]\ntargets:\n'
	kinds='fine once dead rejects picky state unstable leak slow files denied processes hangs shallow opens'
	for k in $kinds; do printf '  %s:\n    sanitizers: [address]\n    cflags: [-D%s=1]\n' "$k" "${k^^}"; done
	printf '  broken:\n    sanitizers: [address]\n    cflags: [-Dint=nothing]\nharnesses:\n'
	for k in $kinds broken; do
		printf '  %s:\n    source: h.c\n    target: %s\n    seeds: [seeds]\n    timeout: 1s\n' "$k" "$k"
	done
} >thresh.yaml

status 1 'some are sick' "$THRESH" check --json
rules() { json "join ' ', map { \$_->{rule} } map { @{\$_->{findings}} } grep { \$_->{harness} eq '$1' } @\$j"; }
while read -r harness want; do
	is "$(rules "$harness")" "${want# }" "$harness: ${want:-nothing to say}"
done <<'W'
fine
once
dead dead
rejects rejects-all
state state
unstable unstable
leak leaks-always
slow slow
files files
denied denied
processes processes
hangs hang
shallow shallow
opens shallow
picky
broken build
W
is "$(json 'join " ", map { $_->{harness} } grep { $_->{verdict} eq "sick" } @$j')" \
	'dead rejects hangs broken' 'those are the sick ones'
is "$(json '(grep { $_->{harness} eq "picky" } @$j)[0]{seeds_rejected}')" 3 'and the counts are there'

like "$(json 'join " ", map { $_->{cause} } map { @{$_->{findings}} } grep { $_->{harness} eq "denied" } @$j')" \
	"[0-9]+ of 3[0-9] inputs ask for what the sandbox denies .the first: writing to $PWD/beside" 'what was denied is named'
not_ok 'and was' test -e beside

status 0 'warnings are none' "$THRESH" check leak fine
like "$OUT" 'leak: warning; 3[0-9] inputs, 6 of them seeds' 'text: the verdict'
like "$OUT" 'warning \(leaks-always\): leaks memory in each run \(3[0-9] of 3[0-9]\)' 'the cause'
like "$OUT" 'mend: free what' 'the mend'
like "$OUT" 'fine: healthy' 'and who is well'
status 1 '--strict' "$THRESH" check --strict leak
status 2 'a harness that is not there' "$THRESH" check nobody

status 3 'a campaign leaves a sick one out, and says that less was done' "$THRESH" run --time 1s --no-edge dead
like "$OUT" 'not done: dead, left out: none of [0-9]+ inputs reaches any code' 'and why'
done_testing
