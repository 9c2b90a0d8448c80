#!/usr/bin/env bash
# Capsules of failures in C++: whatever a name has around it in a report, it is the function's.
. "$(dirname "$0")/../lib.sh"

command -v clang++ >/dev/null || skip_all 'no clang++'
cat >fuzz.cc <<'C'
#include <cstddef>
#include <cstdint>
#include <cstdlib>
static int over(volatile char *p, size_t n) { int r = p[n]; free((void *)p); return r; }
#define READ(n) volatile char *p = (volatile char *)malloc(2); int r = p[n]; free((void *)p); return r;
template <class T> struct box { __attribute__((noinline)) static int get(T n) { READ(n) } };
template <class T> __attribute__((noinline)) int loose(T n) { READ(n) }
namespace { __attribute__((noinline)) int hidden(size_t n) { READ(n) } }
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)
{
	switch (n > 2 ? d[0] : 0) {
	case 'b': return box<int>::get((int)n) * 0;
	case 'l': return loose<size_t>(n) * 0;
	case 'h': return hidden(n) * 0;
	}
	return 0 * !over;
}
C
small_yaml
sed -i 's/fuzz\.c/fuzz.cc/' thresh.yaml
for c in b l h; do printf '%s12' $c >$c; done
status 1 'three of them' "$THRESH" triage --harness parse --file b l h
n=0
for bug in $("$THRESH" bugs --json | perl -MJSON::PP -e 'local $/; print join " ", map { $_->{bug} } @{decode_json(<STDIN>)}'); do
	n=$((n + 1))
	status 0 "a capsule of the one, $n" "$THRESH" export "$bug" -o "capsule-$n"
done
is $n 3 'of each'
done_testing
