#!/usr/bin/env bash
# Bad input and faults: each gets a clear message, the others go on.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"

mkdir -p "a project/h" "a project/seeds" "a project/odd" && cd "a project" || exit 3
printf 'B0' >seeds/b

harness() { # NAME CODE
	printf '%s\n' '#define _GNU_SOURCE' '#include <fcntl.h>' '#include <signal.h>' '#include <stddef.h>' \
		'#include <stdint.h>' '#include <stdio.h>' '#include <stdlib.h>' '#include <sys/stat.h>' '#include <unistd.h>' \
		'int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);' 'int LLVMFuzzerInitialize(int *c, char ***v);' \
		'static void bug(const uint8_t *p, size_t n) { if (n > 2 && p[0] == 66 && p[1] == 88) { volatile char *q = malloc(2); q[n > 2 ? 2 : 1] = 1; } }' \
		"$2" >"h/$1.c"
}
one() { # NAME BODY
	harness "$1" "int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { $2 bug(p, n); return 0; }"
}
one good ''
one broken 'nonsense('
one empty 'if (!n) abort();'
one hangs 'for (volatile int go = 1; go; ) ;'
one exits 'if (n > 1) exit(0);'
one closes 'close(1); close(2);'
one floods 'for (int i = 0; i < 3000; i++) fprintf(stderr, "error: all is well %d\n\033]0;title\a\xff", i);'
one talks 'for (int i = 0; i < 100; i++) printf("ok 1 - all is well\n1..1\n"); fflush(stdout);'
one forks 'if (n && fork() == 0) { setsid(); signal(SIGTERM, SIG_IGN); sleep(600); _exit(0); }'
one litters 'static int i; char name[64]; snprintf(name, sizeof(name), "litter-%d-%d", (int)getpid(), i++); close(open(name, O_CREAT | O_WRONLY, 0600));'
one moves 'if (chdir("/")) abort(); umask(0777); setenv("HOME", "/", 1);'
harness ctor '__attribute__((constructor)) static void go(void) { abort(); }
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { bug(p, n); return 0; }'
harness init 'int LLVMFuzzerInitialize(int *c, char ***v) { (void)c; (void)v; exit(7); }
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { bug(p, n); return 0; }'

config() { # FILE SEEDS HARNESS...
	local file=$1 seeds=$2 h
	shift 2
	printf 'version: 1\nproject: faults\nharnesses:\n' >"$file"
	for h; do
		printf '  %s:\n    source: h/%s.c\n    seeds: [%s]\n    max_len: 16\n    timeout: 400ms\n    memory: 1G\n' "$h" "$h" "$seeds" >>"$file"
	done
	printf 'campaign:\n  jobs: 1\n  engines: [libfuzzer]\n' >>"$file"
}
# --- harnesses ---

config thresh.yaml seeds good broken empty hangs exits ctor init
printf 'BX1' >crash.bin
status 3 'all left out' "$THRESH" run --time 20s broken ctor
status 1 'a campaign with many bad harnesses' "$THRESH" run --time 3s good broken empty ctor init
like "$ERR" "broken: left out:.*error: expected" "a harness that doesn't compile: in the compiler's words"
is "$(grep -c 'broken' <<<"$ERR")" 1 'once'
ok 'one that crashes on the empty input is explored' test -z "$(grep 'empty: left out' <<<"$ERR")"
like "$OUT" ' empty: ' 'and has a bug'
like "$ERR" 'ctor: left out: failed at start-up.*abort in go' 'one that crashes before main'
like "$ERR" 'init: left out: failed at start-up: exit status 7' 'one that exits at start-up'
unlike "$OUT" '\\x0a' 'in one line at the end'
like "$("$THRESH" report | tr -s "[:space:]" " ")" 'init: sick, and gets no time: failed at start-up: exit status 7[^`]*; make what runs before the first input succeed' \
	'a report says so, too, with a mend that helps'
like "$OUT" 'heap-buffer-overflow.*good' 'the others go on'
like "$OUT" 'left out: broken' 'and the end says who did not'
status 1 'one that never returns' "$THRESH" run --time 1s --json hangs
printf '%s' "$OUT" >out.json
is "$(perl -MJSON::PP -0777 -ne '$j = decode_json($_); print scalar(@{$j->{left_out}}), " ", join " ", sort grep { /timeout/ } map { $_->{kind} } @{$j->{bugs}}' out.json)" \
	'1 timeout' 'is left out, and a bug'
status 1 'one that exits' "$THRESH" run --time 2s exits
like "$OUT" 'unexpected-exit' 'is told so'
ok 'nobody is left' nobody_left

config thresh.yaml seeds closes floods talks forks litters moves
for h in closes floods talks forks litters moves; do
	status 1 "$h: a failing input" "$THRESH" triage --harness "$h" --json crash.bin
	printf '%s' "$OUT" >out.json
	is "$(perl -MJSON::PP -0777 -ne '$j = decode_json($_); $j = $j->[0] if ref $j eq "ARRAY"; print $j->{kind}' out.json)" \
		heap-buffer-overflow "$h: its own bug is seen"
	status 0 "$h: a passing input" "$THRESH" replay "$h" seeds/b
done
rm -rf tests
ls -A >../files.before
status 1 'they can be explored' "$THRESH" run --time 4s closes talks forks litters moves
unlike "$OUT" 'left out' 'all of them'
rm -rf tests
ls -A >../files.after
is "$(diff ../files.before ../files.after)" '' 'no file is left in the project'
ok 'no child is left' nobody_left

# --- seeds ---

cd odd || exit 3
mkdir -p folder/deeper && printf 'B1' >folder/deeper/seed
printf 'B2' >$'new\nline $(touch owned)'
mkfifo fifo
ln -s nowhere dangling
ln -s loop loop
ln -s .. up
ln -s ../seeds/b link
truncate -s 5G huge
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or exit 1'
[ "$(id -u)" = 0 ] && mknod device c 1 5 2>/dev/null
cd .. || exit 3
config odd.yaml odd good
rm -rf .thresh/corpus
"$THRESH" --config odd.yaml run --time 1s good >out 2>err </dev/null
rm -rf tests
like "$(cat err)" 'dangling: a link to nothing, left out' 'seeds: a link to nothing'
like "$(cat err)" 'fifo: not a regular file, left out' 'a FIFO'
like "$(cat err)" 'huge: with .* larger than max_len .*, left out' 'a huge file'
like "$(cat err)" 'loop: a link to nothing, left out' 'a link to itself'
like "$(cat err)" 'more files left out, not named' 'and no flood of it'
for s in folder/deeper/seed $'new\nline $(touch owned)' link; do
	sum=$(sha1sum <"odd/$s")
	ok "seeds: ${s%%$'\n'*} is in" test -f ".thresh/corpus/good/${sum%% *}"
done
not_ok 'a name is no command' test -e odd/owned -o -e owned
if [ "$(id -u)" != 0 ]; then
	mkdir shut && printf 'B3' >shut/a && chmod 000 shut/a
	config shut.yaml shut good
	"$THRESH" --config shut.yaml run --time 1s good >out 2>err </dev/null
	like "$(cat err)" "shut/a: can't be read, left out" 'an unreadable seed'
else
	skip 1 'root reads everything'
fi
config gone.yaml nowhere good
"$THRESH" --config gone.yaml run --time 1s good >out 2>err </dev/null
like "$(cat err)" 'good: left out: .*nowhere: No such file' 'a seed folder that is not there'

# --- tools ---

mkdir bin
for x in bash sh env; do ln -s "$(command -v "$x")" bin/; done
mv .thresh kept
status 3 'no compiler' env PATH="$PWD/bin" "$THRESH" --config odd.yaml run --time 1s good
like "$ERR" "good: left out: .*clang isn't there; .thresh doctor. says how" 'is told, with the way out'
status 3 'build without a compiler' env PATH="$PWD/bin" "$THRESH" --config odd.yaml build good
rm -rf .thresh && mv kept .thresh

# --- the store ---

cp .thresh/thresh.db whole.db
rm -f .thresh/thresh.db-*
head -c 20000 /dev/urandom >.thresh/thresh.db
status 3 'a corrupt store' "$THRESH" bugs
like "$ERR" 'thresh.db: corrupt database' 'is named'
like "$ERR" 'move it away' 'with the way out'
cp whole.db .thresh/thresh.db
# the format's number is at byte 60 of an SQLite file
perl -e 'open my $f, "+<", shift or die; seek $f, 60, 0; print $f pack "N", 9999' .thresh/thresh.db
cp .thresh/thresh.db newer.db
status 2 'a newer store' "$THRESH" bugs
like "$ERR" 'made by a newer thresh' 'is named'
ok 'and left as it is' cmp .thresh/thresh.db newer.db
cp whole.db .thresh/thresh.db

# --- a full disk ---

mkdir small
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=3m none small 2>/dev/null; then
	cp -r h seeds small/
	config small/thresh.yaml seeds good
	run "$THRESH" -C small run --time 10s good
	full=$RC
	messages=$ERR
	umount small || umount -l small
	is "$full" 3 'a full disk: status 3'
	like "$messages" '[Nn]o space left' 'and the reason'
	ok 'it gives up in a few lines' test "$(wc -l <<<"$messages")" -lt 30
else
	skip 3 'no right to mount a small disk'
fi
if [ "$(id -u)" = 0 ] && mount --bind . small 2>/dev/null && mount -o remount,ro,bind small 2>/dev/null; then
	run "$THRESH" -C small bugs
	is "$RC" 3 'a project that is read-only'
	like "$ERR" 'must be writable' 'is told so'
	umount small || umount -l small
else
	umount small 2>/dev/null
	skip 2 'no right to mount'
fi
status 1 'no HOME, no terminal, hardly a PATH' env -i PATH=/usr/bin:/bin "$THRESH" --config odd.yaml run --time 1s good
ok 'at the end nobody is left' nobody_left
done_testing
