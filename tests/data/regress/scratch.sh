# A small project with known bugs, for the tests of what becomes of bugs; sourced. make_scratch DIR makes it in DIR.
#   over: reads one byte past its input, which only a sanitizer sees    "OVER..."
#   null: writes through a null pointer                                 "NULL..."
#   twin: fails in one of two functions, by the first byte behind it    "TWIN1" "TWIN2"
make_scratch() {
	mkdir -p "$1/lib" "$1/fuzz" "$1/seeds" "$1/crashes"
	cat >"$1/lib/lib.h" <<'END'
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
int parse(const char *s, size_t n);
extern const char *volatile nothing;
#ifdef __cplusplus
}
#endif
END
	cat >"$1/lib/lib.c" <<'END'
#include "lib.h"
#include <string.h>
#ifndef WORD
#error "the flags of the project are missing"
#endif
const char *volatile nothing;
static int is(const char *s, size_t n, const char *word) { return n >= 4 && memcmp(s, word, 4) == 0; }
__attribute__((noinline)) int read_over(const char *s, size_t n) { return ((const volatile char *)s)[n]; } /* over */
__attribute__((noinline)) int read_null(void) { return *nothing; } /* null */
__attribute__((noinline)) int first_twin(void) { return nothing[1]; } /* twin1 */
__attribute__((noinline)) int second_twin(void) { return nothing[2]; } /* twin2 */
int parse(const char *s, size_t n)
{
	if (is(s, n, "OVER"))
		return read_over(s, n) + 1;
	if (is(s, n, "NULL"))
		return read_null() + 1;
	if (is(s, n, "TWIN") && n > 4)
		return (s[4] == '1' ? first_twin() : second_twin()) + 1;
	return is(s, n, WORD);
}
END
	cat >"$1/fuzz/plain.c" <<'END'
#include "lib.h"
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parse((const char *)data, size);
	return 0;
}
END
	cat >"$1/fuzz/cxx.cc" <<'END'
#include "lib.h"
#include <cstdint>
#include <vector>
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	std::vector<char> copy(data, data + size);
	copy.shrink_to_fit();
	parse(copy.data(), copy.size());
	return 0;
}
END
	cat >"$1/thresh.yaml" <<'END'
version: 1
project: scratch
build:
  sources: [lib/*.c]
  include: [lib]
  cflags: ['-DWORD="a $b > c, d"']
  cxxflags: [-std=c++11]
  sanitizers: [address+undefined]
harnesses:
  plain:
    source: fuzz/plain.c
    seeds: [seeds]
    timeout: 2s
  cxx:
    source: fuzz/cxx.cc
    seeds: [seeds]
    timeout: 2s
store: sqlite:.thresh/thresh.db
END
	printf 'harmless' >"$1/seeds/a"
	printf 'OVER' >"$1/crashes/over"
	printf 'NULL' >"$1/crashes/null"
}

# The bug that failed in a function: its id.
bug_of() {
	"$THRESH" bugs --json | awk -v want="in $1 " '
		/"bug":/ { split($0, a, "\""); id = a[4] }
		/"summary":/ && index($0, want) { print id; exit }'
}
