#!/bin/bash
# Every function that allocates fails when it is told to, under each sanitizer and without: those of libc that a
# sanitizer brings its own of, too. Where nothing is checked, each is a null pointer that is used.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || skip_all 'no compiler'

mkdir seeds
printf 'four\nscore' >seeds/a
names=''
harness() { # NAME BODY: what is in `p` is used
	cat >"$1.c" <<C
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char s[65] = "", *volatile p = NULL;
	if (size > 0 && size < sizeof(s))
		memcpy(s, data, size);
	if (size == 0)
		return 0;
	$2
	*(volatile char *)p = 'x';
	free(p);
	return 0;
}
C
	names+=" $1"
}
harness mallocs 'p = malloc(size);'
harness callocs 'p = calloc(size, 2);'
harness reallocs 'p = realloc(NULL, size);'
harness arrays 'p = reallocarray(NULL, size, 2);'
harness strdups 'p = strdup(s);'
harness strndups 'p = strndup(s, 3);'
harness aligned 'p = aligned_alloc(64, 64);'
harness memaligns 'p = memalign(64, size);'
harness posix 'void *q = NULL; if (posix_memalign(&q, 64, size) == EINVAL) return 0; p = q;'
harness valigned 'p = valloc(size);'
harness prints 'char *q = NULL; if (asprintf(&q, "%s!", s) < 0) q = NULL; p = q;'
harness paths 'p = realpath("/", NULL);'
{
	printf 'version: 1\nproject: alloc\nbuild:\n  sanitizers: [address+undefined, memory]\nharnesses:\n'
	for h in $names; do
		printf '  %s:\n    source: %s.c\n    seeds: [seeds]\n    max_len: 64\n' "$h" "$h"
	done
} >thresh.yaml

variants='asan plain msan'
! command -v gcc >/dev/null || variants+=' gcc-asan'
declare -A want=([prints]='4 2') # on MSan, glibc's own: what it printed to is made smaller, which may fail
for v in $variants; do
	"$THRESH" edge --time 1m --only-faults --no-file --variant "$v" --json >"$v.json"
	for h in $names; do
		is "$(perl -MJSON::PP -0777 -ne '$j = decode_json($_); for (@$j) { print "$_->{fault_runs} $_->{failed}" if $_->{harness} eq "'"$h"'" }' "$v.json")" \
			"$([ $v = msan ] && echo "${want[$h]:-2 2}" || echo 2 2)" "$h on $v: its allocation, once and from then on"
	done
done

# what leaks is told from whose it was, also where libc allocated it
cat >lost.c <<'C'
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
static __attribute__((noinline)) void keeps_line(FILE *f)
{
	char *line = NULL;
	size_t cap = 0;
	if (getline(&line, &cap, f) < 0)
		free(line);
}
static __attribute__((noinline)) void keeps_text(const uint8_t *data)
{
	char *s = NULL;
	if (asprintf(&s, "%d", data[0]) < 0)
		free(s);
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *f = size > 2 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	if (f && data[0] == 'l')
		keeps_line(f);
	else if (f && data[0] == 't')
		keeps_text(data);
	if (f)
		fclose(f);
	return 0;
}
C
# a project whose own functions have these names
sed 's/p = malloc(size)/p = strdup("abc")/' mallocs.c >own.c
printf '%s\n' 'char *strdup(const char *s) { char *p = malloc(9); if (p) p[0] = *s; return p; }' >>own.c
printf '  own:\n    source: own.c\n    seeds: [seeds]\n    max_len: 64\n' >>thresh.yaml
for v in asan msan; do
	run "$THRESH" edge --time 1m own --only-faults --no-file --variant $v
	like "$OUT" '2 fault runs.*2 failed' "a strdup of its own on $v: its malloc fails"
done
printf '  lost:\n    source: lost.c\n    seeds: [seeds]\n    max_len: 64\n' >>thresh.yaml
printf 'line\n' >line
printf 'text\n' >text
for v in asan gcc-asan; do
	[ $v = asan ] || command -v gcc >/dev/null || continue
	status 1 "leaks on $v" "$THRESH" replay lost --variant $v line text
	like "$OUT" 'leak in (keeps_line|lost.c:[0-9]+)|#[0-9] keeps_line' 'a line'
	like "$OUT" 'leak in (keeps_text|lost.c:[0-9]+)|#[0-9] keeps_text' 'a text'
done
done_testing
