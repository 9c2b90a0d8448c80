#!/usr/bin/env bash
# Where each input of a corpus came from: who brought it, when, under which name, made of what.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang here'
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		switch (p[i]) {
		case 'a': sink += 1; break;
		case 'b': sink += 2; break;
		case 'c': sink += 3; break;
		case '{': sink += 5; break;
		case '}': sink += 7; break;
		}
	return 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: from
build:
  sanitizers: [address]
harnesses:
  parse: { source: fuzz.c, format: json, max_len: 32, seeds: [seeds] }
Y
mkdir seeds && printf seed >seeds/first && printf brought >'odd
name'
by() { json 'join " ", map { $_->{by} } @$j'; }

status 0 'import' "$THRESH" import parse 'odd
name'
status 0 'what is known of it' "$THRESH" corpus info parse 'odd
name'
like "$OUT" '^[0-9a-f]{40}: by import, 20[0-9T:Z-]+, as odd\\x0aname$' 'is told on one line'
status 0 'by the beginning of its name' "$THRESH" corpus info parse "$(printf brought | sha1sum | cut -c1-9)" --json
is "$(by)" import 'is the same'
status 2 'of an input that nobody knows' "$THRESH" corpus info parse fuzz.c
like "$ERR" 'nothing is known of where it came from' 'is said'
status 2 'another word' "$THRESH" corpus what parse

run "$THRESH" run --time 2s -j2
status 0 'after a campaign' "$THRESH" corpus info parse seeds/first --json
is "$(by)" seed 'a seed is one'
ok 'of that campaign, under its name' json '$j->[0]{campaign} == 1 && $j->[0]{name} =~ m{seeds/first$}'
status 0 'all' "$THRESH" corpus info parse --json
all=$(by)
like "$all" edge 'edge cases are told from the others'
like "$all" 'libfuzzer|aflpp' 'and so is what engines found'
ok 'each is in once' test "$(json 'scalar @$j')" = "$(json 'my %s = map { $_->{input} => 1 } @$j; scalar keys %s')"
ok 'what AFL++ made has its name there, and a parent by content' json '!grep { $_->{by} eq "aflpp" && ($_->{name} !~ /^id:/ || $_->{name} =~ /,src:/ && ($_->{parent} // "") !~ /^[0-9a-f]{40}$/) } @$j'
missing=$(cd .thresh/corpus/parse && for f in *; do printf '%s\n' "$f"; done | sort | comm -23 - <(json 'join "\n", map { $_->{input} } @$j' | sort) | wc -l)
is "$missing" 0 'each input of the corpus is known'
done_testing
