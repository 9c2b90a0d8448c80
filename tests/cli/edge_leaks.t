#!/bin/bash
# Leaks: one whose last pointer lies on in a dead part of the stack is found when it runs alone, as well as behind others;
# and where several inputs share a check, none is blamed for a crash.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || skip_all 'no compiler'

cp "$TOP/src/runtime/thresh.h" .
mkdir seeds
printf 'aaaa' >seeds/a
cat >stale.c <<'C'
#include "thresh.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
static __attribute__((noinline)) void spread(void *p)
{
	void *volatile slots[4096];
	for (int i = 0; i < 4096; i++)
		slots[i] = p;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 1 && data[0] == '<')
		spread(malloc(77));
	return 0;
}
C
# many keep what they allocate; some of them lose it; behind each comes one that allocates nothing
cat >shared.c <<'C'
#include "thresh.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
static void *kept[100000];
static unsigned n;
static __attribute__((noinline)) void lose(void)
{
	void *volatile p = malloc(33);
	memset((void *)p, 1, 33);
	p = NULL;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 1 && n < 100000)
		kept[n++] = malloc(5);
	else if (size == 2 && data[0] == data[1] && data[0] > 0xe0 && data[0] % 8 == 0)
		lose();
	return 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: leaks
build:
  include: [.]
  sanitizers: [address+undefined]
harnesses:
  stale:
    source: stale.c
    seeds: [seeds]
    max_len: 16
  shared:
    source: shared.c
    seeds: [seeds]
    max_len: 16
Y

printf '<x' >lost
status 1 'alone' "$THRESH" replay stale lost
like "$OUT" 'leak in' 'it is seen'
status 1 'by the suite' "$THRESH" edge --time 1m stale --max-len 64 --no-minimize
like "$OUT" 'new +leak in' 'it is filed'
unlike "$OUT" 'not filed|not alone' 'and nobody flickers'
for i in 1 2 3; do
	"$THRESH" edge --time 1m shared --max-len 16 --no-file --tap --case 'raw/*' >"tap$i"
done
ok 'found behind others' grep -q '^not ok .*raw/byte-f0-twice .*leak' tap1
not_ok 'none ends by itself' grep -q 'unexpected-exit' tap1 tap2 tap3
done_testing
