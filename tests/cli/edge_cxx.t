#!/bin/bash
# Failing allocations of C++: operator new in all its forms, the target's and the C++ library's, with ASan and without; it
# throws as it should, and the sanitizer still knows the blocks as new's.
. "$(dirname "$0")/../lib.sh"
command -v clang++ >/dev/null || skip_all 'no C++ compiler'

mkdir seeds
printf 'four score and seven' >seeds/a
cat >thresh.yaml <<'Y'
version: 1
project: cxx
build:
  sanitizers: [address+undefined, memory]
harnesses:
Y
harness() { # NAME BODY
	cat >"$1.cc" <<C
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
struct __attribute__((aligned(64))) wide { char c[64]; };
static void *volatile sink;
static void use(void *p) { sink = p; }
__attribute__((noinline)) static int $1(const uint8_t *data, size_t size) { (void)data; (void)size; $2 return 0; }
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try { return $1(data, size); } catch (const std::bad_alloc &) { return 0; }
}
C
	printf '  %s:\n    source: %s.cc\n    seeds: [seeds]\n    max_len: 64\n' "$1" "$1" >>thresh.yaml
}
harness fine 'std::unique_ptr<int> a(new int(1)); std::vector<std::string> v; for (int i = 0; i < 9; i++) v.push_back(std::string(40, (char)i)); std::unique_ptr<wide> w(new wide); use(w.get()); std::unique_ptr<char[]> b(new char[size]); use(b.get()); int *c = new (std::nothrow) int; use(c); delete c; char *d = new (std::nothrow) char[3]; use(d); delete[] d; use(a.get());'
harness leaks 'int *a = new int(1); use(a); use(nullptr); char *b = new char[8]; use(b); use(nullptr); delete a; delete[] b;'
harness nothrow 'char *a = new (std::nothrow) char[8]; use(a); memset(a, 1, 8); delete[] a;'
harness object 'int *a = new (std::nothrow) int; use(a); *a = 1; delete a;'
harness library 'char *volatile a = static_cast<char *>(malloc(9)); std::string s(size + 40, *"a"); use(&s[0]); free(a); use(nullptr);'
harness mixed 'use(new int[4]); free(sink); use(nullptr);'
harness own 'use(operator new(size)); operator delete(sink); use(nullptr);'
cat >>own.cc <<'C'
void *operator new(size_t n) { void *p = malloc(n); if (!p) throw std::bad_alloc(); return p; }
void operator delete(void *p) noexcept { free(p); }
void operator delete(void *p, size_t) noexcept { free(p); }
C

status 0 'what catches, and owns, passes' "$THRESH" edge --time 1m fine --only-faults --no-file --json
printf '%s' "$OUT" >fine.json
ok 'each of its allocations having failed' perl -MJSON::PP -0777 -ne '$j = decode_json($_); exit !($j->[0]{fault_runs} >= 38 && !$j->[0]{gave_up})' fine.json
for v in gcc-asan plain; do
	[ $v = plain ] || command -v g++ >/dev/null || continue
	status 0 "and so on $v" "$THRESH" edge --time 1m fine --only-faults --no-file --variant $v
	like "$OUT" '[1-9][0-9]* fault run' 'where allocations fail, too'
done
status 0 'on msan it builds, though its own new never fails' "$THRESH" edge --time 1m fine --only-faults --no-file --variant msan
status 1 'a leak where new throws' "$THRESH" edge --time 1m leaks --only-faults
like "$OUT" 'leak in leaks' 'is told from where it was'
ok 'a regression test' test -n "$(ls tests/regress/leaks 2>/dev/null)"
status 0 'green while the bug is open' "$THRESH" replay --tests --quiet leaks
like "$OUT" 'still open' 'and seen to fail'
sed -i 's/char \*b = new char\[8\]/char *b = new (std::nothrow) char[8]/' leaks.cc
run "$THRESH" replay --tests --quiet leaks
like "$OUT" 'passes' 'and to pass on a build without it'
for h in nothrow object; do
	status 1 "$h" "$THRESH" edge --time 1m $h --only-faults --no-minimize
	like "$OUT" 'null-deref|null pointer' 'is a null pointer'
done
status 1 'inside the C++ library' "$THRESH" edge --time 1m library --only-faults --no-minimize
like "$OUT" 'leak in library' 'too'
ASAN_OPTIONS=alloc_dealloc_mismatch=1 status 1 'new and free' "$THRESH" replay mixed seeds/a
like "$OUT" 'alloc-dealloc-mismatch' 'are still told apart'
ASAN_OPTIONS=alloc_dealloc_mismatch=1 status 0 'new and delete' "$THRESH" replay fine seeds/a
status 0 'a target with its own operator new' "$THRESH" edge --time 1m own --only-faults --no-file
like "$OUT" '[1-9][0-9]* fault run' 'has its malloc fail'
done_testing
