#!/bin/bash
# thresh.h: clean under every compiler and standard, equal to C++'s FuzzedDataProvider call by call, and its
# oracles end with the line that gives them their signature.
. "$(dirname "$0")/../lib.sh"

h=$TOP/src/runtime
data=$TOP/tests/data/provider
CLANGXX=${CLANGXX:-clang++}
warn=(-Wall -Wextra -Wshadow -Wstrict-prototypes -Wwrite-strings -Wconversion -Wno-sign-conversion -pedantic -Werror)

cat >use.c <<'C'
#include "thresh.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
static int copy(void *arg, const uint8_t *in, size_t n, uint8_t **out, size_t *out_len)
{
	const char *wrong = (const char *)arg;

	if (n && in[0] == 'R')
		return 1;
	*out_len = n;
	*out = (uint8_t *)malloc(n + 1);
	if (n)
		memcpy(*out, in, n);
	if (n && wrong && *wrong == 'w')
		(*out)[0] ^= 1;
	return 0;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char wrong[] = "w";
	struct thresh_data d = thresh_data(data, size);
	unsigned op;

	if (size && data[0] == 'I')
		thresh_idempotent(data, size, copy, wrong);
	if (size && data[0] == 'T')
		thresh_round_trip(data, size, copy, copy, NULL);
	THRESH_CHECK(!size || data[0] != 'C');
	THRESH_CHECK_MSG(!size || data[0] != 'M', "words of its own");
	while (thresh_op(&d, 3, &op))
		if (op > 2)
			abort();
	return size && data[0] == 'R' ? thresh_reject("a\nb") : thresh_accept();
}
C
cat >main.c <<'C'
#include <stdint.h>
#include <stdio.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int main(void)
{
	static uint8_t in[100];
	size_t n = fread(in, 1, sizeof(in), stdin);

	return LLVMFuzzerTestOneInput(in, n);
}
C
ok 'clean as C99 under gcc' gcc -std=c99 "${warn[@]}" -I"$h" -c use.c
if command -v clang >/dev/null; then
	ok 'clean as C11 under clang' clang -std=c11 "${warn[@]}" -I"$h" -c use.c
else
	skip 1 'no clang'
fi
for cc in 'gcc -std=c99' 'clang -std=c17' 'g++ -x c++ -std=c++98 -Wno-long-long' 'clang++ -x c++ -std=c++17'; do
	if command -v "${cc%% *}" >/dev/null; then
		# shellcheck disable=SC2086
		ok "clean under $cc with all conversions looked at" $cc -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion \
			-Wfloat-conversion -Wcast-qual -Wundef -pedantic -Werror -I"$h" -c use.c -o use.o
	else
		skip 1 "no ${cc%% *}"
	fi
done
ok 'clean as C++' g++ -x c++ -std=c++11 -Wall -Wextra -Werror -I"$h" -c use.c -o use.o
ok 'builds' gcc -fsanitize=address,undefined -fno-sanitize-recover -g -I"$h" use.c main.c -o use

says() { # says INPUT REGEX NAME
	run sh -c "printf '$1' | ./use"
	like "$ERR" "$2" "$3"
}
says C 'thresh: check failed: !size \|\| data\[0\] != .C.' 'a failed check says its condition'
says C 'at use.c:[0-9]+ in LLVMFuzzerTestOneInput' 'and its place'
says M 'thresh: check failed: words of its own' 'a check with words'
says Ia 'idempotence: the second time gives other bytes' 'a function that isn'\''t idempotent'
status 0 'a round trip that holds' sh -c 'printf Tabc | ./use'
run sh -c 'printf R | ./use'
is "$ERR" '' 'verdicts are silent unless asked for'
run sh -c 'printf R | THRESH_VERDICTS=1 ./use'
is "$ERR" 'thresh: rejected: a?b' 'a rejection with its reason in one line'
run sh -c 'printf ok | THRESH_VERDICTS=1 ./use'
is "$ERR" 'thresh: accepted' 'an acceptance'

if ! "$CLANGXX" -x c++ -std=c++14 -fsyntax-only - <<<'#include <fuzzer/FuzzedDataProvider.h>' 2>/dev/null; then
	skip 4 'no FuzzedDataProvider.h here'
	done_testing
	exit 0
fi
san=(-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined)
ok 'the C half builds' gcc -std=gnu99 "${san[@]}" -Wall -Wextra -I"$h" "$data/c.c" -o c
ok 'the C++ half builds' "$CLANGXX" -std=c++14 -O1 "$data/cxx.cc" -o cxx

differing=0 compared=0
for seed in $(seq 1 120); do
	case $((seed % 4)) in
	0) head -c $((seed * 3)) /dev/zero | tr '\0' "\\$((seed % 256 / 64))$((seed / 8 % 8))$((seed % 8))" ;;
	1) awk -v s="$seed" 'BEGIN { srand(s); for (i = 0; i < 40 + s; i++) printf "%c", int(rand() * 127) + 1 }' ;;
	2) awk -v s="$seed" 'BEGIN { srand(s); for (i = 0; i < 500; i++) printf "%s", rand() < .3 ? "\\" : rand() < .5 ? "a" : "~" }' ;;
	3) head -c $((seed * 7 % 300)) "$data/ops.h" ;;
	esac >input
	for script in "$seed" $((seed + 1000)); do
		compared=$((compared + 1))
		./c "$script" <input >c.out 2>&1 && ./cxx "$script" <input >cxx.out && cmp -s c.out cxx.out && continue
		differing=$((differing + 1))
		diag "$(diff c.out cxx.out | head -4)"
	done
done
is "$differing" 0 "equal to FuzzedDataProvider on $compared scripts of 60 calls"
: >input
./c 5 <input >c.out
./cxx 5 <input >cxx.out
ok 'and on the empty input' cmp c.out cxx.out
done_testing
