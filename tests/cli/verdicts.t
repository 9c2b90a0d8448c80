#!/usr/bin/env bash
# What people decide about bugs: merged, split, ignored; kept in a file of the project, not in .thresh.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"

mkdir -p p/in && cd p || exit 3
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
int first(int *p), second(size_t n), third(void);
int first(int *p) { return *(volatile int *)p; }
int second(size_t n) { volatile char *b = malloc(n); b[n] = 1; free((void *)b); return 0; }
int third(void) { abort(); }
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n && *p == '1') first(NULL);
	if (n && *p == '2') second(n);
	if (n && *p == '3') third();
	return 0;
}
C
printf 'version: 1\nproject: verdicts\nharnesses:\n  h:\n    source: fuzz.c\n' >thresh.yaml
for i in 1 2 3; do printf '%s' "$i" >"in/$i"; done

json() { # EXPRESSION over $j, from bugs --json
	"$THRESH" bugs --all --json >bugs.json 2>/dev/null
	perl -MJSON::PP -0777 -e 'open my $f, "<", "bugs.json"; my $j = decode_json(<$f>); my $r = eval shift; die $@ if $@; print $r' "$1"
}
file_all() {
	"$THRESH" triage --harness h --file in >out 2>err
}
id_of() { # kind
	json "join ' ', map { \$_->{bug} } grep { \$_->{kind} eq '$1' } @\$j"
}

not_ok 'three bugs are filed' file_all
is "$(json 'scalar @$j')" 3 'three'
a=$(id_of null-deref) b=$(id_of heap-buffer-overflow) c=$(id_of abort)
like "$a $b $c" '^[0-9a-f]{16} [0-9a-f]{16} [0-9a-f]{16}$' 'their names'

# --- merge ---

status 2 'merge with itself' "$THRESH" merge "$a" "$a"
status 2 'merge with none' "$THRESH" merge "$a" ffffffffffffffff
like "$ERR" 'no such bug' 'is told so'
status 0 'merge' "$THRESH" merge "$a" "$b"
is "$(json 'scalar @$j')" 2 'two are left'
is "$(json "join ' ', map { \$_->{findings} } grep { \$_->{bug} eq '$a' } @\$j")" 2 'the first has the findings of both'
status 0 'show by the old name' "$THRESH" show --json "$b"
like "$OUT" "\"$a\"" 'is the first'
ok 'the verdict is in a file of the project' grep -q "$b" thresh.verdicts
cp thresh.verdicts merged
rm -rf .thresh
file_all
is "$(json 'scalar @$j')" 2 'merged also after .thresh is gone'
ok 'filing leaves the file as it was' cmp thresh.verdicts merged

# --- split ---

status 2 'split of what was not merged' "$THRESH" split "$c"
merged=$(json "join ' ', map { \$_->{bug} } grep { \$_->{bug} eq '$a' || \$_->{bug} eq '$b' } @\$j")
other=$b
[ "$merged" = "$b" ] && other=$a
status 0 'split' "$THRESH" split "$other"
is "$(json 'scalar @$j')" 3 'three again'
is "$(json 'join " ", map { $_->{findings} } @$j')" '1 1 1' 'each with its finding'
rm -rf .thresh
file_all
is "$(json 'scalar @$j')" 3 'also after .thresh is gone'

# --- ignore ---

status 2 'ignore wants a reason' "$THRESH" ignore "$c"
status 2 'and a date that is one' "$THRESH" ignore "$c" --until tomorrow --why x
status 2 'and not the 30th of February' "$THRESH" ignore "$c" --until 2099-02-30 --why x
why='waits for "the parser"; $(touch owned) | merge x'
status 0 'ignore' "$THRESH" ignore "$c" --until 2099-01-31 --why "$why"
is "$(json "join ' ', map { \$_->{state} } grep { \$_->{bug} eq '$c' } @\$j")" ignored 'it is ignored'
run "$THRESH" bugs
unlike "$OUT" "${c:0:8}" 'and no longer listed'
status 0 'show has the reason' "$THRESH" show "$c"
like "$OUT" 'waits for "the parser"' 'word by word'
rm -rf .thresh
file_all
run "$THRESH" bugs
json 1 >/dev/null
status 0 'bugs' "$THRESH" bugs --state ignored
like "$OUT" "${c:0:8}" 'ignored also after .thresh is gone'
not_ok 'a reason is no command' test -e owned
status 0 'until a day that is over' "$THRESH" ignore "$c" --until 2020-01-31 --why 'long ago'
is "$(json "join ' ', map { \$_->{state} } grep { \$_->{bug} eq '$c' } @\$j")" open 'it is open again'

# --- a file that somebody broke ---

printf 'no verdict at all\n' >>thresh.verdicts
run "$THRESH" bugs
ok 'a broken file is an error' test "$RC" -ge 2
like "$ERR" 'thresh\.verdicts' 'that names it'
like "$ERR" ':[0-9]+' 'and the line'
done_testing
