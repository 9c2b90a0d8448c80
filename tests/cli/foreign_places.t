#!/usr/bin/env bash
# Programs without a sanitizer: where they fail is known all the same, with symbols and without, and bugs are told apart by it.
. "$(dirname "$0")/../lib.sh"

command -v cc >/dev/null || skip_all 'no compiler'
mkdir 'a project' && cd 'a project' || bail 'no folder'
cat >p.c <<'C'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static int *volatile null;
static void own(int sig) { (void)sig; fputs("gave up\n", stderr); _exit(3); }
__attribute__((noinline)) void at_null(const char *s) { *null = s[1]; }
__attribute__((noinline)) void wild(const char *s) { *(volatile char *)(0x41414141L + s[1]) = 1; }
__attribute__((noinline)) void give_up(const char *s) { if (s[1]) abort(); }
__attribute__((noinline)) void twice(char *s) { free(s); free(s); }
int main(int argc, char **argv)
{
	char buf[100] = "";
	FILE *f = argc > 1 ? fopen(argv[1], "r") : stdin;
	if (!f || !fread(buf, 1, 99, f))
		return 2;
	if (buf[0] == 'A') at_null(buf);
	if (buf[0] == 'B') wild(buf);
	if (buf[0] == 'C') give_up(buf);
	if (buf[0] == 'D') twice(malloc(10));
	if (buf[0] == 'E') { signal(SIGSEGV, own); at_null(buf); }
	return 0;
}
C
cc -O1 -g p.c -o p && cc -O2 -s p.c -o stripped && cc -O1 -g -static p.c -o static 2>/dev/null
mkdir in
for i in 1 2; do for c in A B C D E; do printf '%s%s' $c $i >in/$c$i; done; done
places() { perl -MJSON::PP -e 'while (<STDIN>) { next unless /^\{/; my $j = decode_json($_); next if $j->{kind} eq "no-crash"; my ($f) = grep { $_ !~ /free|malloc|abort|raise|pthread/ } @{$j->{frames}}; $s{"$j->{kind} in " . ($f // "nothing")}++ } print join "; ", map { "$s{$_} $_" } sort keys %s'; }
want='2 abort in give_up; 2 double-free in twice; 2 null-deref in at_null; 2 segv in wild'
status 1 'by path' "$THRESH" triage --json in -- ./p @@
is "$(places <<<"$OUT")" "$want" 'by path: the places'
status 1 'on standard input' "$THRESH" triage --json in -- ./p
is "$(places <<<"$OUT")" "$want" 'on standard input: the places'
status 1 'without symbols' "$THRESH" triage in -- ./stripped @@
like "$OUT" '8 reports: 4 bugs' 'without symbols: told apart'
status 1 'in vain' env LD_PRELOAD= "$THRESH" triage in -- ./p @@
like "$OUT" '8 reports: 4 bugs' 'not by what the caller loads'
if [ -x static ]; then
	status 1 'nothing can be loaded into it' "$THRESH" triage in -- ./static @@
	like "$OUT" 'segv' 'but its signals are known'
else
	skip 2 'no static libc'
fi
# what it leads to: the smallest input that fails at the same place
printf 'Bxxxxxxxxxx' >long
status 0 'minimize' "$THRESH" minimize long -o small -- ./p @@
is "$(head -c 1 small)" B 'keeps the place'
done_testing
