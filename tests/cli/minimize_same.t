#!/usr/bin/env bash
# thresh minimize keeps to the very fault: two in one function, the lesser one shorter to reach; served and as commands,
# with the source known, with names alone, and with nothing but the instruction.
. "$(dirname "$0")/../lib.sh"

cat >two.h <<'EOF'
#include <stdint.h>
#include <stdlib.h>

/* An escaped 'u' writes eight bytes behind the block; any other escape, the input's end included, reads one there. */
__attribute__((noinline)) static unsigned unescape(const uint8_t *d, size_t n)
{
	volatile char *out = malloc(n);
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (d[i] == '\\' && i + 1 < n && d[i + 1] == 'u') {
			*(volatile uint64_t *)(out + n) = d[i];
			i++;
		} else if (d[i] == '\\') {
			sum += (unsigned char)out[n];
		} else {
			out[i] = (char)d[i];
		}
	}
	free((void *)out);
	return sum;
}

/* As deep as there are brackets in front. */
__attribute__((noinline)) static unsigned parse(const uint8_t *d, size_t n)
{
	unsigned r = 0;

	if (n > 1 && d[0] == '[')
		r = parse(d + 1, n - 1) + 1;
	else if (n > 2 && d[0] == '{' && d[1] == '"')
		r = unescape(d + 1, n - 1);
	return r;
}
EOF
cat >h.c <<'EOF'
#include "two.h"
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)
{
	return parse(d, n) == 123456 ? -1 : 0;
}
EOF
cat >main.c <<'EOF'
#include "two.h"
#include <stdio.h>
int main(int argc, char **argv)
{
	FILE *f = argc > 1 ? fopen(argv[1], "rb") : NULL;
	static uint8_t in[65536];
	size_t n = f ? fread(in, 1, sizeof(in), f) : 0;

	return parse(in, n) == 123456;
}
EOF
cat >thresh.yaml <<'EOF'
version: 1
project: p
harnesses:
  h: {source: h.c, format: json}
EOF
printf '[[[[{"some": "text before", "a \\u:1}, "and": ["behind", 1, 2]}]]]]' >in

kept() { # name output
	is "$(cat "$2")" '{"\u' "$1: the fault that it was, nothing around it"
}
graver() { like "$OUT" '"severity": *"high"' "$1: as grave as it was"; }

status 0 'served: status 0' "$THRESH" minimize h in -o h.min
kept served h.min
run "$THRESH" triage --json --harness h h.min
graver served

for flags in '-g' '' '-s'; do
	name="a command built with ${flags:-nothing}"
	read -ra f <<<"$flags"
	ok "$name: builds" "${CC:-clang}" -O1 -fno-omit-frame-pointer -fsanitize=address "${f[@]}" main.c -o main
	status 0 "$name: status 0" "$THRESH" minimize in -o main.min -j2 -- ./main @@
	kept "$name" main.min
	run "$THRESH" triage --json main.min -- ./main @@
	graver "$name"
done

done_testing
