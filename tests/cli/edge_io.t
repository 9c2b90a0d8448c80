#!/bin/bash
# thresh edge --faults where a harness reads and writes: what takes a short read for a whole one is found, what loops is
# not; on builds with a sanitizer and without; the reproducer carries its fault wherever it goes.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || skip_all 'no compiler'

cp "$TOP/src/runtime/thresh.h" .
mkdir seeds
printf 'four score and seven' >seeds/a
cat >common.h <<'C'
#define _GNU_SOURCE
#include "thresh.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* The bytes behind a descriptor, not written through what is tested. */
static int file_of(const uint8_t *data, size_t size)
{
	int fd = memfd_create("input", 0);
	void *p;

	if (ftruncate(fd, (off_t)size) == 0 && size) {
		p = mmap(NULL, size, PROT_WRITE, MAP_SHARED, fd, 0);
		memcpy(p, data, size);
		munmap(p, size);
	}
	return fd;
}
static __attribute__((noinline, unused)) void use(const char *b, size_t n)
{
	volatile char *volatile null = NULL;
	if (n && b[n - 1] != 'n')
		*null = 1;
}
C
harness() { # NAME BODY: f is read into b, which holds size bytes
	cat >"$1.c" <<C
#include "common.h"
static __attribute__((noinline)) int $1(int f, char *b, size_t size) { $2 }
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int f = file_of(data, size);
	char b[65] = "";
	if (size > 0 && size < sizeof(b) && data[size - 1] == 'n' && $1(f, b, size))
		use(b, size);
	close(f);
	return 0;
}
C
}
harness sloppy 'return read(f, b, size) > 0;'
harness impatient 'size_t n = 0; while (n < size) { ssize_t m = read(f, b + n, size - n); if (m <= 0) break; n += (size_t)m; } return 1;'
harness careful 'size_t n = 0; while (n < size) { ssize_t m = read(f, b + n, size - n); if (m < 0 && errno == EINTR) continue; if (m <= 0) return 0; n += (size_t)m; } return 1;'
harness quits 'if (read(f, b, size) != (ssize_t)size) { fputs("short read\n", stderr); _Exit(1); } return 1;'
harness checks 'ssize_t n = read(f, b, size); THRESH_CHECK(n < 0 || n == (ssize_t)size); return 0;'
harness streams 'FILE *s = fdopen(dup(f), "r"); if (!s) return 0; fread(b, 1, size, s); fclose(s); return 1;'
harness vectors 'struct iovec v[2] = { { b, size / 2 }, { b + size / 2, size - size / 2 } }; return readv(f, v, 2) > 0;'
harness positioned 'return pread(f, b, size, 0) > 0;'
harness offset64 'return pread64(f, b, size, 0) > 0;'
harness received 'int s[2], ok; if (socketpair(AF_UNIX, SOCK_STREAM, 0, s)) return 0; for (size_t i = 0; i < size; i++) b[i] = i + 1 == size ? (char)110 : (char)1; if (send(s[1], b, size, 0) != (ssize_t)size) { close(s[0]); close(s[1]); return 0; } memset(b, 0, size); ok = recv(s[0], b, size, 0) > 0; close(s[0]); close(s[1]); return ok;'
harness writes 'int g = memfd_create("out", 0); if (g < 0) return 0; memset(b, 110, size); if (write(g, b, size) < 0) { close(g); return 0; } memset(b, 0, size); if (pread(g, b, size, 0) < 0) b[size - 1] = (char)110; close(g); return 1;'
names='sloppy impatient careful quits checks streams vectors positioned offset64 received writes'
{
	printf 'version: 1\nproject: io\nbuild:\n  include: [.]\n  sanitizers: [address+undefined, memory]\nharnesses:\n'
	for h in $names; do
		printf '  %s:\n    source: %s.c\n    seeds: [seeds]\n    max_len: 64\n' "$h" "$h"
	done
} >thresh.yaml

found() { # HARNESS FAULT: it is found by that fault
	status 1 "$1 is found" "$THRESH" edge --time 1m "$1" --only-faults --no-minimize
	like "$OUT" "null-deref.* use" "as what it is ($1)"
	"$THRESH" edge --time 1m "$1" --only-faults --no-file --tap >tap
	ok "by $2" grep -qE "^not ok .*fault/[^ ]*/$2-1" tap
}
found sloppy read-half
found impatient read-eintr
found streams stream-eio
found vectors read-one
found positioned read-half
found offset64 read-half
found received read-half
found writes write-half

status 0 'what loops passes' "$THRESH" edge --time 1m careful --only-faults
like "$OUT" '[1-9][0-9]* fault run' 'each of its reads having failed'
like "$OUT" 'all pass' 'in each way'
status 0 'one that ends with a word has given up' "$THRESH" edge --time 1m quits --only-faults
like "$OUT" 'ended by themselves' 'and is told so'
status 1 'an oracle that does not hold after a short read' "$THRESH" edge --time 1m checks --only-faults --no-minimize
like "$OUT" 'check-failure' 'is a bug'

# from then on, EINTR lets go: what tries again is no hang
"$THRESH" edge --time 1m careful --only-faults --no-file --tap >tap
ok 'EINTR from then on' grep -qE '^ok .*read-eintr-1-and-after' tap

# by its name alone
name=$(grep -oE -m1 'fault/[0-9a-f]+/read-half-1' <<<"$("$THRESH" edge --time 1m sloppy --only-faults --no-file --tap)")
status 1 'a run that failed is had again by its name' "$THRESH" edge --time 1m sloppy --case "$name" --no-file --tap --variant asan
is "$(grep -cE '^(not )?ok' <<<"$OUT")" 1 'and nothing else'
status 0 'its bytes' "$THRESH" edge sloppy --case "$name" -o had
status 1 'fail as they are' "$THRESH" replay sloppy had
status 1 'a pattern' "$THRESH" edge --time 1m sloppy --case 'fault/*/read-*' --no-file --tap --variant asan
not_ok 'leaves the others out' grep -q /alloc- <<<"$OUT"
status 2 'no such one' "$THRESH" edge sloppy --case "${name%1}999" --no-file

# on its way through the store
rm -rf .thresh/thresh.db* .thresh/inputs
status 1 'filed, minimised, tested' "$THRESH" edge --time 1m sloppy --only-faults
test=$(ls -d tests/regress/sloppy/*/)
input=$test/input
like "$(tr -d '\0' <"$input")" '^thresh-fault read-(one|half) 1' 'its fault is its first line'
status 1 'its reproducer needs nothing but itself' "$THRESH" replay sloppy "$input"
like "$OUT" 'null-deref|null pointer' 'and fails the same way'
sed '1d' "$input" >plain
status 0 'without its first line it passes' "$THRESH" replay sloppy plain
ok 'a regression test' test -n "$(ls tests/regress/sloppy)"
status 0 'that is green as long as the bug is open' "$THRESH" replay --tests --quiet sloppy
like "$(cat "$test/manifest")" 'clang with ASan' 'proven with ASan'
if command -v gcc >/dev/null; then
	like "$(cat "$test/manifest")" 'gcc with ASan' 'and with gcc'
fi
for v in plain msan; do
	run "$THRESH" edge --time 1m sloppy --only-faults --no-file --variant "$v"
	like "$OUT" '[1-9][0-9]* failed' "the $v build"
done

# a project whose own functions have these names
cat >own.c <<'C'
#include "thresh.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int send(const uint8_t *data);
int send(const uint8_t *data) { return data[0]; }
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	volatile char *volatile p = malloc(4);
	if (size && send(data) == 'f')
		p[0] = 1;
	free((void *)p);
	return 0;
}
C
printf '  own:\n    source: own.c\n    seeds: [seeds]\n' >>thresh.yaml
status 1 'a function called send: no clash' "$THRESH" edge --time 1m own --only-faults --no-minimize --variant plain
like "$OUT" 'null-deref|SEGV|segv' 'and allocations still fail'
done_testing
