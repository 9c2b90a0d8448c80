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
# what it printed to is made smaller, which may fail: it stays as it is
declare -A want=([prints]='4 2')
for v in $variants; do
	"$THRESH" edge --only-faults --no-file --variant "$v" --json >"$v.json"
	for h in $names; do
		is "$(perl -MJSON::PP -0777 -ne '$j = decode_json($_); for (@$j) { print "$_->{fault_runs} $_->{failed}" if $_->{harness} eq "'"$h"'" }' "$v.json")" \
			"${want[$h]:-2 2}" "$h on $v: its allocation, once and from then on"
	done
done
done_testing
