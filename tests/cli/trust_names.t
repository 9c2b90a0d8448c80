#!/usr/bin/env bash
# Targets with functions of libc's names: verdicts are true, or there is none, and it is said which name is in the way.
. "$(dirname "$0")/../lib.sh"

mkdir seeds && printf x >seeds/x && printf Z >seeds/z
cat >thresh.yaml <<'Y'
version: 1
project: names
build: {sanitizers: [address], cflags: [-w]}
harnesses:
  parse: {source: fuzz.c, max_len: 32, timeout: 2s}
Y
target() { # DEFINITIONS
	printf '#include <stddef.h>\n#include <stdint.h>\nstatic int *volatile null;\n%s\n%s\n' "$1" \
		'int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { return n && p[0] == 90 ? *null : 0; }' >fuzz.c
	run timeout -k 5 60 "$THRESH" triage --harness parse --json seeds/x seeds/z
}

# the server needs these: what isn't libc's is named
refused() { # NAME DEFINITION
	target "$2"
	is "$RC$OUT" 2 "$1: no verdict"
	like "$ERR" "it defines $1 itself.*-D$1=own_$1" "$1: why, and what to do"
}
refused fork 'int fork(void) { return -1; }'
refused fork 'int fork(void) { return 0; }'
refused waitpid 'int waitpid(int p, int *s, int o) { return -1; }'
refused waitpid 'int waitpid(int p, int *s, int o) { if (s) *s = 0; return p; }'
refused mmap 'void *mmap(void *a, size_t n, int p, int f, int d, long o) { return (void *)-1; }'
refused getenv 'char *getenv(const char *name) { return 0; }'

# it works without these, and with those that are as good as libc's
while IFS='|' read -r name definition; do
	target "$definition"
	OUT=[${OUT//$'\n'/,}]
	is "$RC $(json 'join " ", map { $_->{outcome} // $_->{kind} } @$j')" '1 ok null-deref' "$name: true verdicts"
done <<'ROWS'
read|long read(int fd, void *p, size_t n) { return -1; }
write|long write(int fd, const void *p, size_t n) { return -1; }
open and close|int open(const char *p, int f, ...) { return -1; } int close(int fd) { return -1; }
sockets|long recvmsg(int s, void *m, int f) { return -1; } long sendmsg(int s, void *m, int f) { return -1; } long sendto(int s) { return -1; } long send(int s) { return -1; }
signals|int kill(int p, int s) { return -1; } int sigaction(int s, void *a, void *o) { return -1; } int signal(int s) { return -1; } int raise(int s) { return -1; }
ends|void exit(int s) { for (;;) ; } void abort(void) { for (;;) ; }
memory|void *memset(void *p, int c, size_t n) { char *q = p; while (n--) *q++ = c; return p; } size_t strlen(const char *s) { size_t n = 0; while (s[n]) n++; return n; }
time|long time(void *t) { return 0; } int clock_gettime(int c, void *t) { return -1; } int setitimer(int w, void *n, void *o) { return -1; }
a good fork|int __fork(void); int fork(void) { return __fork(); }
ROWS
done_testing
