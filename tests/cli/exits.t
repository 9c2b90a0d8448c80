#!/usr/bin/env bash
# A target that ends its process by whatever way: a bug at its place, to each engine and to what replays; and none where it is
# a child's end.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang'
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static void politely(void) { exit(3); }
static void at_once(void) { _exit(0); }
static void too(void) { _Exit(4); }
static void in_a_child(void)
{
	if (fork() == 0)
		_exit(5);
	wait(NULL);
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 1 && p[0] == 'p') {
		if (p[1] == 'E')
			politely();
		if (p[1] == 'A')
			at_once();
		if (p[1] == 'T')
			too();
		if (p[1] == 'C' && n < 3)
			in_a_child();
	}
	return 0;
}
C
small_yaml
printf '    seeds: [seeds]\ncampaign: {jobs: 1}\n' >>thresh.yaml
mkdir seeds && printf pE >seeds/e && printf pA >seeds/a && printf pT >seeds/t && printf pC >seeds/c
want='at_once politely too'
places() { perl -MJSON::PP -e 'while (<STDIN>) { next unless /^\{/; my $j = decode_json($_); $s{$j->{frames}[0] // "nowhere"} = $j->{kind} eq "unexpected-exit" } print join " ", sort grep { $s{$_} } keys %s'; }
status 1 'each alone' "$THRESH" triage --harness parse --json seeds/*
is "$(grep '^{' <<<"$OUT" | grep -v '"ok"' | places)" "$want" 'at their places'
for engine in libfuzzer aflpp; do
	if [ $engine = aflpp ] && ! command -v afl-fuzz >/dev/null; then
		skip 2 'no afl-fuzz'
		continue
	fi
	rm -rf .thresh/thresh.db* .thresh/inputs .thresh/corpus tests
	sed -i "s/^campaign:.*/campaign: {jobs: 1, engines: [$engine]}/" thresh.yaml
	printf p >seeds/p
	rm -f seeds/[eat]
	run "$THRESH" run --time 1m --enough 3 --finish 1m --no-edge --json
	is "$(json 'join " ", sort map { $_->{summary} =~ s/.* in //r =~ s/ .*//r } @{$j->{bugs}}')" "$want" "$engine: three bugs, at their places"
	is "$(json 'join ",", map { $_->{why} // "" } @{$j->{tested}}')" '' "$engine: and each had its input"
done

# ends of which nobody in the process hears: each input with such an end is the same bug, and libFuzzer's is known all the same
cat >fuzz.c <<'C'
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 1 && p[0] == 'p' && p[1] == 'K')
		raise(SIGKILL);
	if (n > 1 && p[0] == 'p' && p[1] == 'R')
		raise(SIGRTMIN + 1);
	return 0;
}
C
rm -rf .thresh/thresh.db* .thresh/inputs .thresh/corpus tests seeds/*
printf p >seeds/p
sed -i "s/^campaign:.*/campaign: {jobs: 1, engines: [libfuzzer]}/" thresh.yaml
run "$THRESH" run --time 1m --enough 2 --finish 1m --no-edge --json
is "$(json 'join "; ", sort map { $_->{summary} } @{$j->{bugs}}')" 'deadly-signal (35); killed' 'two bugs of what nobody hears'
for i in 1 2 3; do printf 'pK%s' $i >seeds/k$i && printf 'pR%s' $i >seeds/r$i; done
status 1 'and others like them' "$THRESH" triage --harness parse --file seeds
is "$("$THRESH" bugs --json | grep -c '"bug":')" 2 'are no bugs of their own'
done_testing
