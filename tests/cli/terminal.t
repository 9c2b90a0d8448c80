#!/usr/bin/env bash
# What a terminal gets while something takes its time: one line that fits and is gone before results come.
. "$(dirname "$0")/../lib.sh"

command -v script >/dev/null || skip_all 'script is missing'
mkdir p && cd p || exit 3
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { return n > 3 && p[0] == 'x' && p[1] == 'y' ? *(volatile int *)0 : 0; }
C
printf 'version: 1\nproject: t\nharnesses:\n  h:\n    source: fuzz.c\n' >thresh.yaml
# a compiler that takes long enough to be seen waiting
mkdir bin
for c in $(compgen -c clang | grep -xE 'clang(-[0-9]+)?' | sort -u); do
	printf '#!/bin/sh\ncase "$*" in *fuzz.c*) sleep 1 ;; esac\nexec %s "$@"\n' "$(command -v "$c")" >"bin/$c"
done
chmod +x bin/*

# On a terminal of so many columns: what was written, a line of it wherever the cursor went back or down, escapes taken out.
on_terminal() { # COLUMNS TERM COMMAND...
	local columns=$1 term=$2
	shift 2
	SHELL=/bin/sh TERM=$term PATH=$PWD/bin:$PATH script -qec "stty cols $columns; $*" /dev/null </dev/null >"$T/.raw" 2>&1
	perl -pe 's/\r\n/\n/g; s/\e\[[0-9;]*m//g' "$T/.raw" >"$T/.seen"
}
longest() { # of what was redrawn
	perl -0777 -ne 'my $n = 0; for (split /[\r\n]/) { s/\e\[K//g; $n = length if length > $n } print $n' "$T/.seen"
}

on_terminal 30 xterm "$THRESH build --variant asan"
like "$(cat "$T/.seen")" 'compiling: 0 of ' 'a build tells what it does'
ok 'no line is wider than the terminal' test "$(longest)" -le 30
like "$(cat "$T/.seen")" $'\r\e''\[KHARNESS' 'and the progress is gone before the result'

rm -rf .thresh
on_terminal 30 dumb "$THRESH build --variant asan"
unlike "$(cat "$T/.seen")" $'\e|compiling' 'a terminal that knows no escapes gets none'

printf 'xyzzy' >in
on_terminal 40 xterm "$THRESH triage --harness h --file in"
on_terminal 40 xterm "$THRESH bugs"
ok 'tables fit 40 columns' test "$(longest)" -le 40
on_terminal 40 xterm "$THRESH edge h --time 1s"
like "$(cat "$T/.seen")" 'h: [0-9,]+ cases' 'edge cases have a result'
ok 'whose lines fit, too' test "$(grep -v 'regress/' "$T/.seen" | perl -0777 -ne 'my $n = 0; for (split /[\r\n]/) { s/\e\[K//g; $n = length if length > $n } print $n')" -le 40
on_terminal 110 xterm "$THRESH run --no-edge --no-guard --finish 1s --time 2s h"
seen=$(perl -0777 -pe 's/\r/\n/g' "$T/.seen")
like "$seen" $'\n[0-9.]+ (s|ms) left  1 bug  [^\n]*[0-9] edges  [^\n]*h/[a-z]+  [^\n]*cpu [0-9]+ %' 'a campaign tells time, bugs, edges, engine and processor'
ok 'on one line' test "$(grep -c 'left  .*left' <<<"$seen")" = 0
on_terminal 20 xterm "$THRESH report"
like "$(cat "$T/.seen")" $'\nthresh show [0-9a-f]{8}\n' 'what is to be typed is whole at 20'
"$THRESH" bugs >piped
like "$(cat piped)" $'KIND.*\n' 'a pipe gets them, too'

# Every command's words at each width: no line is wider, but for one that is a single word, which may be there to be copied. What
# other programs read (JSON, TAP, a dictionary), and what a target said, are no such words.
bug=$(sed -n '2s/ .*//p' piped)
printf '"good"\nno token\nx="a"\nx="a"\n' >words.dict
printf 'nothing\n' >no.log
"$THRESH" replay h in >saved.log 2>&1
cat >words <<E
bugs
show $bug
show $bug --why $bug
trace $bug
dict words.dict
dict
dict words.dict --repair -o mended.dict
regress
distill --dry-run
status
cover
guard
verify
replay --quiet --tests
check h
gc
report
triage no.log saved.log
triage --harness h in
import h in
corpus pack h
corpus info h
minimize h in -o small
help
help init
init elsewhere
nosuch --option of no command that is here
--help
bisect $bug
E
# these take seconds each
[ -z "${CHECK_LONG:-}" ] || printf 'doctor\nexport %s\n' "$bug" >>words
too_wide() { # COLUMNS: of what was seen
	perl -CSD -ne 'BEGIN { $columns = shift } if (/^@(.*)/) { $of = $1; next } s/\e\[K//g;
		for (split /[\r\n]/) { print "$of: $_\n" if length > $columns && !/^ *\S+( \\)?$/ }' "$1" "$T/.seen"
}
for columns in 20 40 80; do
	rm -rf elsewhere small mended.dict h.pack h-*
	on_terminal $columns xterm "while read -r words; do echo; echo @\$words; $THRESH \$words </dev/null; done <words"
	is "$(too_wide $columns)" '' "nothing is wider than $columns"
done
is "$(grep -c '^@' "$T/.seen")" "$(wc -l <words)" 'of all of them'
done_testing
