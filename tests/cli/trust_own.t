#!/usr/bin/env bash
# Targets that do what is the runtime's: functions of its names, children that nobody is told of, exits of their own children;
# and a fault that was mended and comes back by the input that showed it.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang'
small_yaml
printf '    seeds: [seeds]\n    timeout: 1s\ncampaign: {jobs: 1, engines: [libfuzzer]}\n' >>thresh.yaml
sed -i 's/^build:/&\n  cflags: []/' thresh.yaml
mkdir seeds && printf 'x' >seeds/x
target() { # DEFINITIONS BODY
	printf '#include <signal.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <stdlib.h>\n#include <sys/wait.h>\n#include <unistd.h>\n%s\n%s%s\n' \
		"static int *volatile null; $1" 'int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { if (n > 1 && p[0] == 90 && !MENDED) return *null; ' \
		"$2 return 0; }" >fuzz.c
	sed -i "s/^  cflags:.*/  cflags: [-DMENDED=${3:-0}]/" thresh.yaml
}
printf 'ZZ' >crash
states() { "$THRESH" bugs --all --json | perl -MJSON::PP -e 'local $/; print join " ", map { $_->{state} } @{decode_json(<STDIN>)}'; }

# --- names ---
while IFS='|' read -r name definition; do
	target "$definition" ''
	status 0 "$name: builds for each engine" "$THRESH" build --quiet parse
	unlike "$ERR" 'multiple definition' "$name: without a word"
	status 1 "$name: is judged" "$THRESH" triage --harness parse crash
	like "$OUT" 'null-deref' "$name: truly"
done <<'ROWS'
_exit|void _exit(int s) { (void)s; abort(); }
an error's callback|void __asan_on_error(void) { }
UBSan's|void __ubsan_on_report(void) { }
ROWS

# --- children ---
target 'int LLVMFuzzerInitialize(int *c, char ***v) { (void)c, (void)v; signal(SIGCHLD, SIG_IGN); return 0; }' ''
status 1 'who ignores its children is judged' "$THRESH" triage --harness parse crash
like "$OUT" 'null-deref' 'truly'
rm -rf .thresh tests
target '' 'if (n > 1 && p[0] == 89 && fork() == 0) exit(0); wait(NULL);' 1
printf 'Y' >seeds/y
status 0 'a child that ends is no failure' "$THRESH" run --time 2s --no-edge --json
is "$(json 'join ",", map { $_->{why} // "" } @{$j->{tested}}, @{$j->{not_done}}')" '' 'of libFuzzer neither'
rm seeds/y

# --- a start that fails: with names, which a report of before the first input doesn't have ---
target 'int LLVMFuzzerInitialize(int *c, char ***v) { (void)c, (void)v; volatile char *p = malloc(1); free((void *)p); return *p * 0; }' ''
run "$THRESH" triage --harness parse crash
like "$ERR" 'failed at start-up, before any input: use-after-free .* in LLVMFuzzerInitialize \(fuzz.c:7\)' 'is told with its place'

# --- a build that can't be had is no reason to end ---
rm -rf .thresh tests
target 'int __asan_address_is_poisoned(const volatile void *p);' 'if (n > 2 && __asan_address_is_poisoned(p)) return 1;' 1
run "$THRESH" run --time 2s --no-edge --json
is "$RC $(json '$j->{tested}[0]{execs} > 100 ? "runs" : "none"')" '0 runs' 'what works under a sanitizer only is explored'

# --- libFuzzer's alarm, by which alone it knows of an input that never ends ---
rm -rf .thresh tests
target 'static volatile int forever = 1;' 'alarm(1); alarm(0); if (n > 1 && p[0] == 88) while (forever) ;' 1
printf 'X' >seeds/y
status 1 'a target that takes the alarm' "$THRESH" run --time 1m --enough 1 --finish 5s --no-edge --json
is "$(json '$j->{bugs}[0]{kind}')" timeout 'never ends unnoticed'
rm seeds/y

# --- mended, and broken again ---
rm -rf .thresh tests
target '' ''
"$THRESH" import parse crash >/dev/null
status 1 'it fails' "$THRESH" run --time 1s --finish 1m --no-edge
target '' '' 1
"$THRESH" verify >/dev/null 2>&1
is "$(states)" fixed 'it is mended'
target '' ''
"$THRESH" import parse crash >/dev/null
status 1 'the same fault, by the same input' "$THRESH" run --time 1s --finish 1m --no-edge
is "$(states)" regressed 'is back'

# --- a target that leaves no room for its report: nothing is known of the input, which isn't green ---
mkdir roomless roomless/seeds && printf ABX >roomless/seeds/x
cat >roomless/h.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rlimit none = { 0, 0 };
	char *volatile p = malloc(2);
	setrlimit(RLIMIT_FSIZE, &none);
	if (size > 2 && data[0] == 'A' && data[1] == 'B')
		p[size] = 1;
	free(p);
	return 0;
}
C
printf 'version: 1\nproject: roomless\nharnesses:\n  h:\n    source: h.c\n    seeds: [seeds]\n' >roomless/thresh.yaml
status 3 'an input that could not be run' "$THRESH" -C roomless triage --harness h seeds/x
status 3 'cases that could not be run' "$THRESH" -C roomless edge --time 1m --variant asan --max-len 8 --no-file
like "$ERR" 'could not be run' 'is said'
done_testing
