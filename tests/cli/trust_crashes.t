#!/usr/bin/env bash
# Every crash that an engine saw is accounted for: it is a bug's, or it is said that, and why, it isn't.
. "$(dirname "$0")/../lib.sh"

mkdir -p seeds && printf x >seeds/x
project() { # ENGINE; the body of the harness comes on standard input
	{
		printf '#include <fcntl.h>\n#include <signal.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n'
		printf 'int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);\n'
		cat
	} >fuzz.c
	cat >thresh.yaml <<Y
version: 1
project: small
build: {sanitizers: [address]}
campaign: {time: 3s, jobs: 1, engines: [$1]}
harnesses:
  parse: {source: fuzz.c, seeds: [seeds], max_len: 32, timeout: 1s, leaks: false}
Y
	rm -rf .thresh/thresh.db* .thresh/inputs .thresh/corpus .thresh/work
}

# the engine has no descriptor left to write the input with, and alone no input fails
project libfuzzer <<'C'
static int parse(FILE *f) { return getc(f); }
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	FILE *f;
	if (n > 3 && p[0] == 'x')
		open("/dev/null", O_RDONLY);
	f = fopen("/dev/zero", "r");
	parse(f);
	fclose(f);
	return 0;
}
C
few_files() { (ulimit -n 1024 && exec "$THRESH" run --time 5s --no-edge --json); }
status 1 'a leak of descriptors, seen by the engine alone' few_files
is "$(json '$j->{bugs}[0]{kind} . " " . $j->{bugs}[0]{state}')" 'null-deref flaky' 'is a bug, by the report of the engine'
like "$(json '$j->{bugs}[0]{summary}')" 'in parse' 'with its place'

# more than the limit, less than twice of it
project libfuzzer <<'C'
static char *volatile kept;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 1 && p[0] == 'm') {
		kept = malloc((size_t)3 << 30);
		free(kept);
	}
	return 0;
}
C
status 1 'an allocation of three gigabytes, under a limit of two' "$THRESH" run --time 5s --no-edge --json
is "$(json '$j->{bugs}[0]{kind}')" out-of-memory 'is a bug'

# over the limit of time, and not over twice of it; only what replays sees it
project libfuzzer <<'C'
#include <time.h>
int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t)) __attribute__((weak));
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct timespec t = { 0, 0 };
	while (!LLVMFuzzerRunDriver && n == 9 && p[0] == 's' && p[8] == 'w' && (t.tv_sec < 1 || t.tv_nsec < 400000000))
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return 0;
}
C
printf 's1234567w' >seeds/slow
status 0 'an input that a sweep found slow' "$THRESH" run --time 3s --finish 60s --no-edge --json
is "$(json '$j->{slow_inputs} . " " . $j->{unexplained_failures}')" '1 0' 'is slow, and no failure that nobody can explain'
rm seeds/slow

# nothing is left of the process, nor of its input
project libfuzzer <<'C'
int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t)) __attribute__((weak));
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static int runs;
	if (LLVMFuzzerRunDriver && runs++ == 2000)
		raise(SIGKILL);
	return n && p[0] == 'a';
}
C
status 3 'an engine that is killed in its midst' "$THRESH" run --time 3s --no-edge --json
like "$(json 'join "; ", map { $_->{why} } @{$j->{not_done}}')" 'ended [0-9]+ times? without an input to blame.*SIGKILL' 'it is said how often'
like "$(json '$j->{unexplained_failures}')" '^[1-9]' 'and counted'

if command -v afl-fuzz >/dev/null; then
	# no sanitizer, no crash with one
	project aflpp <<'C'
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define WITH 1
#endif
#endif
#ifndef WITH
#define WITH 0
#endif
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (!WITH && n > 1 && p[0] & 1)
		abort();
	return 0;
}
C
	status 3 'a crash that the sanitizer build does not show' "$THRESH" run --time 6s --no-edge --json
	is "$(json '$j->{not_done}[0]{what}')" aflpp 'it is named by who saw it'
	like "$(json '$j->{not_done}[0]{why}')" 'not fail alone.*on a build without sanitizers' 'why there is no bug of it is said'
	input=$(json '$j->{not_done}[0]{why}' | grep -o '/[^ ,]*inputs/[0-9a-f]*' | head -1)
	ok 'and the input is kept' test -s "$input"
else
	skip 4 'no afl-fuzz'
fi

# a hang without a place takes runs of its own to tell, while the results of others still wait
project libfuzzer <<'C'
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 1 && p[0] == 's')
		raise(SIGSTOP);
	if (n > 1 && p[0] == 'q')
		quick_exit(7);
	return 0;
}
C
rm -rf in && mkdir in
for name in a1 q1 s1 x1 z1; do printf $name >in/$name; done
status 1 'a hang without a place, filed as it is sorted' "$THRESH" triage --harness parse --file --json in
is "$(perl -MJSON::PP -ne '/^\{/ or next; my $j = decode_json($_); push @x, substr($j->{input}, 3) . ($j->{bug} ? "!" : "") } { print "@x"' <<<"$OUT")" \
	'a1 q1! s1! x1 z1' 'each is told once, in order, and those that fail have their bugs'
done_testing
