#!/bin/bash
# thresh edge --faults where reading has other names: what headers make of it with optimisation and _FORTIFY_SOURCE, and
# the streams' further functions; on builds with a sanitizer and without.
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
static __attribute__((noinline)) int $1(int f, FILE *s, char *b, size_t size) { $2 }
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int f = file_of(data, size);
	char b[65] = "";
	FILE *s = fdopen(dup(f), "r");
	if (s && size > 0 && size < sizeof(b) && data[size - 1] == 'n' && $1(f, s, b, size))
		use(b, size);
	if (s)
		fclose(s);
	close(f);
	return 0;
}
C
	names+=" $1"
}
names=''
harness chk_read 'char t[64]; if (size > 64) return 0; if (read(f, t, size) <= 0) return 0; memcpy(b, t, 64); return 1;'
harness chk_pread 'char t[64]; if (size > 64) return 0; if (pread(f, t, size, 0) <= 0) return 0; memcpy(b, t, 64); return 1;'
harness chk_fread 'char t[64] = ""; if (size > 64) return 0; if (fread(t, 1, size, s) != size) b[0] = 1; memcpy(b, t, 64); return 1;'
harness chk_fgets 'char t[64] = ""; if (size > 64 || !size) return 0; if (!fgets(t, (int)size + 1, s)) b[0] = 1; memcpy(b, t, 64); return 1;'
harness unlocked 'if (fread_unlocked(b, 1, size, s) != size) b[0] = 1; return 1;'
harness fgets_unl 'if (!fgets_unlocked(b, (int)size + 1, s)) b[0] = 1; return 1;'
harness inlined 'for (size_t i = 0; i < size; i++) { int c = getc_unlocked(s); if (c == EOF) return 1; b[i] = (char)c; } return 1;'
harness lines 'char *l = NULL; size_t cap = 0; ssize_t n = getline(&l, &cap, s); if (n > 0) memcpy(b, l, (size_t)n); free(l); return 1;'
harness scans 'char t[64] = "", u[64] = ""; if (fscanf(s, "%63s %63[a-z ]", t, u) < 2) return 1; b[size - 1] = u[strlen(u) - 1]; return 1;'
{
	printf 'version: 1\nproject: io\nbuild:\n  include: [.]\n  cflags: [-O2, -D_FORTIFY_SOURCE=2]\n  sanitizers: [address+undefined, memory]\nharnesses:\n'
	for h in $names; do
		printf '  %s:\n    source: %s.c\n    seeds: [seeds]\n    max_len: 64\n' "$h" "$h"
	done
} >thresh.yaml

found() { # HARNESS FAULT: it is found by that fault
	for v in asan plain; do
		status 1 "$1 is found ($v)" "$THRESH" edge --time 1m "$1" --only-faults --no-file --tap --variant $v
		like "$OUT" "not ok [^
]*fault/[^ ]*/$2-1" "by $2"
	done
}
found chk_read read-half
found chk_pread read-half
for h in chk_fread chk_fgets unlocked fgets_unl inlined lines scans; do
	found $h stream-eio
done
status 0 'without a fault, and on MSan, all are fine' "$THRESH" replay chk_read --variant msan seeds/a
for h in chk_fread chk_fgets unlocked lines scans; do
	run "$THRESH" edge --time 1m $h --only-faults --no-file --variant msan
	like "$OUT" 'null-deref' "$h: MSan sees what is filled"
	unlike "$OUT" 'uninit' 'and nothing else'
done
done_testing
