#!/usr/bin/env bash
# Whatever signal ends an input, and whoever handles it: what it was and where is known.
. "$(dirname "$0")/../lib.sh"

mkdir seeds && cat >fuzz.c <<'C'
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);
static int *volatile null;
static volatile int zero, sink;
static sigjmp_buf back;
static volatile sig_atomic_t expected;
static void own(int sig)
{
	if (expected)
		siglongjmp(back, sig);
	_exit(12);
}
static void wild_read(void) { sink = *(volatile int *)(uintptr_t)0x4141414141410000ULL; }
static void wild_write(void) { *null = 1; }
static void divide(void) { sink = 10 / zero; }
static void first_trap(void) { __asm__ volatile("int3"); }
static void second_trap(void) { __asm__ volatile("int3"); }
static void hang_up(void) { raise(SIGHUP); }
static void broken_pipe(void) { raise(SIGPIPE); }
static void own_alarm(void) { raise(SIGALRM); }
static void powerless(void) { raise(SIGPWR); }
static void lives_on_it(void)
{
	expected = 1;
	if (sigsetjmp(back, 1) == 0)
		wild_write();
	expected = 0;
}
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	if (OWN) {
		signal(SIGSEGV, own);
		signal(SIGFPE, own);
		signal(SIGTRAP, own);
	}
	return 0;
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	switch (n ? p[0] : 0) {
	case 'r': wild_read(); break;
	case 'w': wild_write(); break;
	case 'd': divide(); break;
	case 't': first_trap(); break;
	case 'T': second_trap(); break;
	case 'H': hang_up(); break;
	case 'P': broken_pipe(); break;
	case 'A': own_alarm(); break;
	case 'W': powerless(); break;
	case '3': raise(SIGRTMIN + 3); break;
	case '4': raise(SIGRTMIN + 4); break;
	case 'l': lives_on_it(); break;
	}
	return 0;
}
C
[ "$(uname -m)" = x86_64 ] || skip_all 'its traps are those of x86-64'
for c in r w d t T H P A W 3 4 l; do printf $c >seeds/$c; done
for own in 0 1; do
	cat >thresh.yaml <<Y
version: 1
project: signals
build:
  cflags: [-DOWN=$own]
  sanitizers: [address]
harnesses:
  parse:
    source: fuzz.c
    seeds: [seeds]
    timeout: 2s
Y
	name=$([ $own = 0 ] && echo 'nobody handles them' || echo 'the target handles them')
	status 1 "$name" "$THRESH" triage --harness parse --json seeds/r seeds/w seeds/d seeds/t seeds/T seeds/H seeds/P seeds/A seeds/W seeds/3 seeds/4
	grep '^{' <<<"$OUT" >.lines
	for row in 'r segv wild_read' 'w null-deref wild_write' 'd fpe divide' 't trap first_trap' 'T trap second_trap' \
		'H deadly-signal hang_up' 'P deadly-signal broken_pipe' 'A deadly-signal own_alarm' 'W deadly-signal powerless'; do
		# shellcheck disable=SC2086
		set -- $row
		got=$(perl -MJSON::PP -se 'while (<STDIN>) { my $j = decode_json($_); print "$j->{kind} in ", $j->{frames}[0] // "nothing" if $j->{input} eq "seeds/$s" }' -- -s="$1" <.lines)
		is "$got" "$2 in $3" "$name: $2 in $3"
	done
	# no handler is there for these: the number is all that tells them apart
	is "$(perl -MJSON::PP -e 'while (<STDIN>) { my $j = decode_json($_); $s{$j->{signature}} = $j->{summary} if $j->{input} =~ /[34HW]$/ } print join "; ", sort values %s' <.lines)" \
		'deadly-signal (37); deadly-signal (38); deadly-signal (SIGHUP) in hang_up (fuzz.c:23); deadly-signal (SIGPWR) in powerless (fuzz.c:26)' \
		"$name: each signal by its name"
done
status 0 'a target that lives on its faults' "$THRESH" replay parse seeds/l

# what a process that the target forked fails with, while the target itself goes on
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
static void over_read(char *at) { sink = at[4]; }
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	int status;
	if (n && p[0] == 'f' && fork() == 0) {
		over_read(malloc(4));
		_exit(0);
	}
	while (wait(&status) > 0)
		;
	return 0;
}
C
printf f >seeds/f
status 1 'the report of a child' "$THRESH" triage --harness parse --json seeds/f
is "$(perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>); print "$j->{kind} in $j->{frames}[0]"' <<<"$OUT")" \
	'heap-buffer-overflow in over_read' 'is told, with its place'

# jumps to where no code is, and a stack that isn't one any more: sanitizers' unwinders miss the caller, or fault themselves
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
typedef void fn(void);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static fn *volatile to;
static void jump(void *where)
{
	to = (fn *)where;
	to();
	__asm__ volatile("");
}
static void to_null(void) { jump(NULL); __asm__ volatile(""); }
static void to_heap(void) { jump(malloc(64)); __asm__ volatile(""); }
static void to_nowhere(const uint8_t *p) { jump((void *)((uintptr_t)0x414141410000 + p[1])); __asm__ volatile(""); }
__attribute__((no_sanitize("address"), noinline)) static void smash(const uint8_t *p)
{
	volatile char b[8];
	for (size_t i = 0; i < 64; i++)
		b[i] = (char)p[i & 1];
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	switch (n > 1 ? p[0] : 0) {
	case '0': to_null(); break;
	case 'h': to_heap(); break;
	case 'n': to_nowhere(p); break;
	case 's': smash(p); break;
	}
	return 0;
}
C
sed -i 's/cflags: .*/cflags: [-fno-stack-protector]/' thresh.yaml
for c in 0a h1 na nb sa sb; do printf $c >seeds/$c; done
for variant in asan gcc-asan; do
	if [ $variant = gcc-asan ] && ! command -v gcc >/dev/null; then
		skip 2 'no gcc'
		continue
	fi
	status 1 "$variant: jumps to where no code is" "$THRESH" triage --variant $variant --harness parse --json seeds/{0a,h1,na,nb,sa,sb}
	is "$(perl -MJSON::PP -e 'while (<STDIN>) { next unless /^\{/; my $j = decode_json($_); push @r, substr($j->{input}, -2) . " $j->{kind} in " . join "<", map { $_ // "nothing" } @{$j->{frames}}[0, 1] } print join "; ", sort @r' <<<"$OUT")" \
		'0a null-deref in jump<to_null; h1 segv in jump<to_heap; na segv in jump<to_nowhere; nb segv in jump<to_nowhere; sa segv in smash<nothing; sb segv in smash<nothing' \
		"$variant: their places"
done

# what the target does to descriptors, and to its sanitizer, takes nothing of a report
cat >fuzz.c <<'C'
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
void __sanitizer_set_report_fd(void *fd);
void __sanitizer_set_report_path(const char *path);
void __sanitizer_set_death_callback(void (*f)(void));
static int *volatile null;
static volatile int sink;
static void quiet(void) { _exit(0); }
static void polite(void) { exit(0); }
static void close_all(void)
{
	for (int i = 0; i < 1024; i++)
		close(i);
}
static void over_read(void)
{
	char *p = malloc(4);
	sink = p[4];
}
static void lose(void)
{
	void *volatile p = malloc(30);
	p = NULL;
}
static void by_another_way(void)
{
	void (*set)(const char *) = (void (*)(const char *))dlsym(RTLD_DEFAULT, "__sanitizer_set_report_path");
	set("/proc/mine");
}
static void give_up(void) { abort(); }
static void wild_read(void) { sink = *null; }
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	switch (n ? p[0] : 0) {
	case 'c': close_all(); over_read(); break;
	case 'f': __sanitizer_set_report_fd((void *)1); over_read(); break;
	case 'u': __sanitizer_set_report_path("/proc/mine"); over_read(); break;
	case 'd': by_another_way(); over_read(); break;
	case 'l': close_all(); lose(); break;
	case 'q': __sanitizer_set_death_callback(quiet); over_read(); break;
	case 'p': __sanitizer_set_death_callback(polite); over_read(); break;
	case 'a': close_all(); give_up(); break;
	case 'n': close_all(); wild_read(); break;
	}
	return 0;
}
C
for c in c f u d l q p a n; do printf $c >seeds/$c; done
status 1 'reports that a target hides' "$THRESH" triage --harness parse --json seeds/[cfudlqpan]
is "$(perl -MJSON::PP -e 'while (<STDIN>) { next unless /^{/; my $j = decode_json($_); push @r, substr($j->{input}, -1) . " $j->{kind} in " . ($j->{frames}[0] // "nothing") } print join "; ", sort @r' <<<"$OUT")" \
	'a abort in give_up; c heap-buffer-overflow in over_read; d unexpected-exit in over_read; f heap-buffer-overflow in over_read; l leak in lose; n null-deref in wild_read; p heap-buffer-overflow in over_read; q heap-buffer-overflow in over_read; u heap-buffer-overflow in over_read' \
	'are told, with their places'
done_testing
