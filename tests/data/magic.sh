# For tests of what surrounds a bug: the project p, gone into, whose one seed `magic` is a null dereference.
# shellcheck shell=bash
mkdir -p p/seeds && cd p || exit 3
printf x >seeds/x
printf 'magic-word!!' >seeds/magic
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t)) __attribute__((weak));
static int *volatile null;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (LLVMFuzzerRunDriver)
		usleep(200); /* an engine finds nothing by running more of them */
	return n == 12 && !memcmp(p, "magic-word!!", 12) ? *null : 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: small
build: {sanitizers: [address]}
campaign: {time: 3s, jobs: 1, engines: [libfuzzer]}
harnesses:
  parse: {source: fuzz.c, seeds: [seeds], max_len: 64, timeout: 1s}
Y
