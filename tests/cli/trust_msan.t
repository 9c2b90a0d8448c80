#!/usr/bin/env bash
# MSan in a process with libraries that aren't built with it: what is their doing is no bug, they are named, and what
# isn't is a bug as ever.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || skip_all 'no clang'

mkdir seeds && printf 'Lxyz' >seeds/a && printf 'plain' >seeds/b
cat >plain.c <<'C'
#include <stdlib.h>
#include <string.h>
int plain_fill(unsigned char *out, size_t n, int c);
int plain_look(int c);
/* writes where MSan doesn't see it */
int plain_fill(unsigned char *out, size_t n, int c)
{
	for (volatile size_t i = 0; i < n; i++)
		out[i] = (unsigned char)c;
	return 0;
}
/* hands its own memory to a function that MSan knows */
int plain_look(int c)
{
	char *own = malloc(8);
	int same;

	plain_fill((unsigned char *)own, 8, c);
	same = memcmp(own, "XXXXXXXX", 8) == 0;
	free(own);
	return same;
}
C
clang -O1 -g -fno-builtin -shared -fPIC plain.c -o libplain.so || bail 'no library'
cat >h.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int plain_fill(unsigned char *out, size_t n, int c);
int plain_look(int c);
volatile int seen;
__attribute__((noinline)) static void read_back(int c)
{
	unsigned char out[4];
	plain_fill(out, 4, c);
	if (out[3] == 'z')
		seen++;
}
__attribute__((noinline)) static void forgot(size_t n)
{
	int *p = malloc(sizeof(int));
	if (n > 100)
		*p = 1;
	if (*p == 7)
		seen++;
	free(p);
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n && p[0] == 'L')
		read_back(p[0]);
	if (n && p[0] == 'M')
		seen += plain_look(p[0]);
	if (n && p[0] == 'F')
		forgot(n);
	return 0;
}
C
cat >thresh.yaml <<Y
version: 1
project: libraries
build:
  sanitizers: [address, memory]
  ldflags: ['$T/libplain.so']
harnesses:
  h: {source: h.c, seeds: [seeds], max_len: 16, leaks: false}
campaign: {engines: [libfuzzer], jobs: 1}
Y
for c in L M F; do
	printf '%sxyz' $c >$c
	run "$THRESH" triage --harness h --variant msan --json $c
	is "$RC $(json '$j->{kind}')" '1 uninitialized-value' "MSan reports $c"
done
# its cases begin with each byte that there is
run "$THRESH" edge --time 4s --no-minimize h
like "$OUT" 'not filed  uninitialized-value in plain_look' 'what a library met in its own memory is no bug'
like "$OUT" 'not filed  uninitialized-value in read_back' 'what it wrote, and a seed reads, is none either'
is "$(grep -c 'libplain.so is built without -fsanitize=memory' <<<"$OUT")" 2 'and the library is named'
run "$THRESH" bugs --json
is "$(json 'join " ", map { $_->{summary} =~ /in (\w+)/ } @$j')" forgot 'what the target forgets is a bug all the same'
rm -rf .thresh/thresh.db* .thresh/corpus .thresh/inputs
run "$THRESH" run --time 3s --no-edge --json
is "$(json '$j->{complete} ? 1 : 0')" 0 'a campaign is not complete where MSan can say nothing'
like "$(json 'join " ", map { $_->{why} } @{$j->{not_done}}')" 'MSan may be wrong about: libplain.so' 'and says so'
# no seed reads what it wrote any more: nothing is known against that report
rm -rf .thresh/thresh.db* .thresh/corpus .thresh/inputs seeds/a
run "$THRESH" edge --time 4s --no-minimize h
run "$THRESH" bugs --json
like "$(json 'join " ", map { $_->{summary} } @$j')" 'in read_back' 'without a seed that shows it, it is one'
done_testing
