#!/bin/bash
# What only MSan shows is a bug like any other: filed, minimised, tested, replayed and verified on the build that shows it;
# by the edge suite, and by a campaign's sweep.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || skip_all 'no clang'

mkdir seeds
printf 'plain' >seeds/a
cat >h.c <<'C'
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t)) __attribute__((weak));
volatile int seen;
__attribute__((noinline)) static void look(const uint8_t *field)
{
	if (field[3] == 7)
		seen++;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *field = malloc(4);

	if (LLVMFuzzerRunDriver)
		usleep(200); /* an engine finds nothing by running more of them */
	if (!field)
		return 0;
	for (size_t i = 0; i < 4; i++)
#ifndef FIXED
		if (i < size)
#endif
			field[i] = i < size ? data[i] : 0;
	if (size && data[0] == '{')
		look(field);
	free(field);
	return 0;
}
C
project() { # NAME CFLAGS
	mkdir -p "$1" && cp -r h.c seeds "$1/"
	cat >"$1/thresh.yaml" <<Y
version: 1
project: uninit
build:
  sanitizers: [address+undefined, memory]
  cflags: [$2]
harnesses:
  uninit:
    source: h.c
    format: json
    seeds: [seeds]
    max_len: 64
campaign:
  engines: [libfuzzer]
  jobs: 1
Y
}
project edge ''
cd edge || exit 3
status 1 'what only MSan shows' "$THRESH" edge --time 1m
like "$OUT" ' new .*uninit' 'is a new bug'
like "$OUT" 'msan build' 'and the build is named'
unlike "$OUT" 'not filed' 'it is filed'
status 0 'it is among the bugs' "$THRESH" bugs
like "$OUT" 'look.*\(msan build\)' 'with the build'
status 0 'as JSON, too' "$THRESH" bugs --json
like "$OUT" '"variant":[[:space:]]*"msan"' 'with the build'
bug=$(grep -oE '"bug":[[:space:]]*"[0-9a-f]+' <<<"$OUT" | grep -oE '[0-9a-f]{16}')
is "$(wc -w <<<"$bug")" 1 'it is one bug'
status 0 'shown' "$THRESH" show "$bug"
like "$OUT" 'replay uninit --variant msan' 'with the way to see it'
like "$OUT" ', 1 bytes, minimised' 'and it is one byte'
test=tests/regress/uninit/$bug
is "$(cat "$test/input")" '{' 'so is its test'
like "$(cat "$test/manifest")" 'fails: clang with MSan' 'which was proven on that build'
like "$(cat "$test/manifest")" 'passes: clang with ASan' 'and passes on others'
status 0 'tests are green as long as it is open' "$THRESH" replay --tests
like "$OUT" 'not ok 1 .*TODO' 'and it was run where it fails'
status 1 'verified' "$THRESH" verify
like "$OUT" 'same' 'it is still there'
status 1 'a second time' "$THRESH" edge --time 1m --no-minimize
like "$OUT" 'known ' 'it is known'
run "$THRESH" debug "$bug" --print
[ "$RC" = 0 ] && like "$OUT" '/msan/uninit' 'a debugger starts that build'
sed -i 's/cflags: \[\]/cflags: [-DFIXED]/' thresh.yaml
status 0 'mended' "$THRESH" verify
like "$OUT" 'gone' 'it is gone'
status 0 'and guarded' "$THRESH" replay --tests

cd .. && project sweep ''
cd sweep || exit 3
status 1 'a campaign' "$THRESH" run --time 6s
like "$OUT" 'uninit' 'finds it, though no engine sees it'
status 0 'it is a bug' "$THRESH" bugs
like "$OUT" 'look.*\(msan build\)' 'of that build'
ok 'with a test' test -n "$(ls tests/regress/uninit)"
# by somebody's word: only what is run again can say otherwise
if command -v sqlite3 >/dev/null; then
	sqlite3 .thresh/thresh.db 'UPDATE bug SET state = 1'
	status 1 'the next campaign looks at what failed, though the build is the same' "$THRESH" run --time 1s --finish 1m --no-edge --json
	is "$(json '$j->{bugs}[0]{state}')" regressed 'and sees it fail'
else
	skip 2 'no sqlite3'
fi
ok 'what fails there stays in the corpus' test "$(find .thresh/corpus/uninit -type f | wc -l)" -gt 1
done_testing
