#!/usr/bin/env bash
# A corpus that grew since it was distilled: only what is new is looked at, and what is said of all is as if all had been.
. "$(dirname "$0")/../lib.sh"

cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
static int *volatile null;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n && p[0] == '!')
		return *null;
	if (n && p[0] == 'x')
		return -1;
	for (size_t i = 0; i < n; i++)
		switch (p[i]) { /* an edge each, as they can't become a table */
		case 'a': sink += 1; break;
		case 'b': sink ^= 2; break;
		case 'c': sink *= 3; break;
		case 'd': sink -= 5; break;
		case 'e': sink /= 7; break;
		case 'f': sink |= 11; break;
		case 'g': sink %= 13; break;
		}
	return 0;
}
C
small_yaml
echo '    timeout: 2s' >>thresh.yaml
corpus=.thresh/corpus/parse known=.thresh/features/parse.growth
mkdir -p $corpus base
perl -MDigest::SHA=sha1_hex -e '
	srand 7;
	for (my $n = 0; $n < 1200;) {
		my $b = join "", map { ("a".."f", "x", " ")[rand 8] } 1 .. 3 + rand 12;
		next if -e "base/" . sha1_hex $b;
		open my $f, ">", "base/" . sha1_hex $b or die;
		print $f $b; close $f; $n++;
	}'
begin() { # the corpus as it was, and what is known of it
	rm -rf $corpus .thresh/features && cp -al base $corpus
	"$THRESH" distill parse -n "$@" >/dev/null
}
add() { # TEXT: an input more
	printf %s "$1" >$corpus/"$(printf %s "$1" | sha1sum | cut -d' ' -f1)"
}
said() { json 'join " ", map { "$_ " . ($j->[0]{$_} // "") } qw(inputs bytes kept features failed rejected)'; }
as_of_all() { # NAME OPTION...: what is said is what is said where nothing is remembered; nothing that is known runs again
	local name=$1 grown
	shift
	status 0 "$name" "$THRESH" distill parse -n --json "$@"
	grown=$(said)
	is "$(json '$j->[0]{executed} <= 4 ? "few" : $j->[0]{executed}')" few "$name: only what is new was run"
	is "$(json '$j->[0]{bound} && $j->[0]{bound} <= $j->[0]{cost} ? "proven" : "not"')" proven "$name: with its proof"
	rm -rf .thresh/features
	run "$THRESH" distill parse -n --json "$@"
	is "$grown" "$(said)" "$name: the same of all"
}

begin
ok 'what is known is kept' test -s $known
add g && add 'abxxx' && add '   x'
"$THRESH" --verbose distill parse -n >/dev/null 2>log
like "$(cat log)" '3 of 1203 inputs are new' 'it is made use of'
unlike "$(cat log)" 'suffice' 'and suffices'
begin
add g && add 'xab' && add '   x'
as_of_all 'some more'
add 'ggggggggggggggggggggggabcdef' && add 'ffffffffffffffffffffff'
as_of_all 'and more'
begin --edges
add 'abcdefg'
as_of_all 'edges' --edges
begin
add 'ggaaa'
sed -i '$ s/.$/x/' $known
as_of_all 'what is known is damaged'
begin
add 'ggg'
as_of_all 'another question' --cost bytes
begin
add 'ggg' && rm $corpus/"$(ls $corpus | head -1)"
as_of_all 'one is gone'
begin
printf 'int unused;\n' >>fuzz.c
add 'ggg'
status 0 'another build' "$THRESH" distill parse -n --json
is "$(json '$j->[0]{executed}')" 1201 'has to run them all'

# --- in place ---
begin
add g && add '!crash'
ls $corpus | sort >every
status 0 'in place' "$THRESH" distill parse --json
is "$(json '$j->[0]{failed}')" 1 'one of the new ones fails'
is "$(json '$j->[0]{inputs}')" 1202 'all were meant'
is "$({ ls $corpus; tar --zstd -tf .thresh/cold/parse.tar.zst; } | sort | comm -3 - every)" '' 'each is in the corpus or in the pack'
add 'gggggggg'
status 0 'once more' "$THRESH" distill parse --json
is "$(json '$j->[0]{executed}')" 1 'one is new'
done_testing
