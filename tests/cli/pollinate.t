#!/usr/bin/env bash
# Harnesses of one format offer each other inputs; what brings nothing, or is of another format, stays away.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang here'
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <string.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char word[] = "{\"magic word\":17}";

	/* by one byte that decides, so that no engine finds it in a second */
	unsigned sum = 0;
	for (size_t i = 0; i < n; i++)
		sum = sum * 31 + p[i];
	unsigned want = 0;
	for (size_t i = 0; i + 1 < sizeof(word); i++)
		want = want * 31 + (unsigned char)word[i];
	if (sum == want)
		sink++;
	return 0;
}
C
cat >dull.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	(void)p;
	(void)n;
	return 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: peers
build:
  sanitizers: [address]
harnesses:
  one: { source: fuzz.c, format: json, engines: [libfuzzer], max_len: 64 }
  two: { source: dull.c, format: json, engines: [libfuzzer], max_len: 64 }
  odd: { source: fuzz.c, format: text, engines: [libfuzzer], max_len: 64 }
Y
mkdir -p .thresh/corpus/two
printf '{"magic word":17}' >w && name=$(sha1sum <w | cut -d' ' -f1) && mv w .thresh/corpus/two/$name
printf '{"nothing new":1}' >w && none=$(sha1sum <w | cut -d' ' -f1) && mv w .thresh/corpus/two/$none
run "$THRESH" run --time 1s -j1 --no-edge one odd
like "$ERR" 'one: [0-9]+ inputs? of other harnesses of its format' 'what comes over is told'
ok 'what brings something comes over' test -f .thresh/corpus/one/$name
not_ok 'what brings nothing does not' test -f .thresh/corpus/one/$none
not_ok 'and nothing to another format' test -f .thresh/corpus/odd/$name
done_testing
