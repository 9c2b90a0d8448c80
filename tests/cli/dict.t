#!/usr/bin/env bash
# Dictionaries: checked by line and column, repaired, shown; what a harness's engines get, and from where.
. "$(dirname "$0")/../lib.sh"

# --- a file ---
printf 'kw="a"\n# fine\nx@2="\\x00\\xff"\n' >good.dict
status 0 'a dictionary that is right' "$THRESH" dict good.dict
is "$OUT" 'good.dict: 2 tokens' 'how many tokens it has'

printf 'ok="a"\r\nx="a\\nb"\r\n"c" # Uses: 3\nfoo\n""\n"\303\244"\n"a"\nna-me="d"\n"%0200d"\n"e"f"\n"last' 0 >bad.dict
cp bad.dict was.dict
status 1 'one that is not' "$THRESH" dict bad.dict
is "$(grep -c '^bad.dict:[0-9]*:[0-9]*: ' <<<"$OUT")" 10 'each line with its place'
like "$OUT" 'bad.dict:2:5: .*\\x0a' 'with the mend'
like "$OUT" 'bad.dict:7:1: note: the same token as in line 1' 'a token that is there twice is a note'
like "$OUT" 'bad.dict:9:1: the token has 200 bytes' 'one that is too long'
is "$(cat bad.dict | cksum)" "$(cksum <was.dict)" 'looking changes nothing'

status 1 'the same as JSON' "$THRESH" dict --json good.dict bad.dict
is "$(json 'join " ", map { "$_->{file}/$_->{tokens}/$_->{faults}/$_->{notes}" } @$j')" 'good.dict/2/0/0 bad.dict/1/9/1' 'an object per file'
is "$(json '"$j->[1]{problems}[1]{line}:$j->[1]{problems}[1]{column}"')" '3:4' 'with places'

status 0 'repaired beside it' "$THRESH" dict bad.dict --repair -o mended.dict
is "$(cat bad.dict | cksum)" "$(cksum <was.dict)" 'the file itself stays'
status 0 'the repaired one is right' "$THRESH" dict mended.dict
is "$OUT" 'mended.dict: 8 tokens' 'and has what could be saved'
like "$(cat mended.dict)" 'x="a\\x0ab"' 'an escape of C'
like "$(cat mended.dict)" '# too long: "0000' 'what could not be is kept as a comment'
status 0 'repaired in place' "$THRESH" dict bad.dict --repair
is "$(cat bad.dict)" "$(cat mended.dict)" 'the same'
touch -d '2001-01-01' bad.dict
status 0 'once more' "$THRESH" dict bad.dict --repair
is "$OUT $(stat -c %Y bad.dict)" "bad.dict: nothing to repair $(date -d '2001-01-01' +%s)" 'there is nothing to repair, and nothing written'

mkdir folder
head -c 20000000 /dev/zero | tr '\0' 'x' >large.dict
printf 'a\0b' >binary.dict
printf '"x"' >unreadable.dict
chmod 0 unreadable.dict
: >empty.dict
odd=$'n\xff\n.dict'
printf 'x' >"$odd"
for row in 'none.dict|none.dict: No such file' 'folder/|not a regular file' 'large.dict|larger than' 'binary.dict|binary data'; do
	for how in '' --repair; do
		run "$THRESH" dict "${row%%|*}" $how
		[ "$RC" -ge 2 ] && [[ $ERR =~ ${row#*|} ]]
		ok "${row%%|*} $how: said" test $? = 0
	done
done
if [ "$(id -u)" != 0 ]; then
	status 3 'one that may not be read' "$THRESH" dict unreadable.dict
else
	skip 1 'root reads everything'
fi
status 0 'an empty one' "$THRESH" dict empty.dict
is "$OUT" 'empty.dict: 0 tokens' 'has no tokens'
status 1 'a name with odd bytes' "$THRESH" dict "$odd"
like "$OUT" '^n.*\\x0a\.dict:1:1: ' 'is escaped'
status 2 'nothing to repair named' "$THRESH" dict --repair
status 2 'an output for two' "$THRESH" dict good.dict empty.dict -o x
status 2 'an output of nothing but a check' "$THRESH" dict good.dict -o x

# --- what thresh brings ---
for format in csv http ini json url xml yaml; do
	"$THRESH" dict "$format" -o "$format.dict" && "$THRESH" dict "$format.dict" >/dev/null
	ok "the one for $format is right" test $? = 0
done
cd folder || exit 3
status 2 'a name of nothing' "$THRESH" dict nothing
cd "$T" || exit 3

# --- a harness's ---
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static const char *const ops[] = { "list_pending", "transfer_all", "cancel_order" };
static const char fixed[2][16] = { "first_row", "second_row" };
static size_t skip(const char *key, const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (key[i] && i < n && key[i] == (char)p[i])
		i++;
	return key[i] ? 0 : i;
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	for (int i = 0; i < 2; i++)
		if (skip(fixed[i], p, n))
			fprintf(stderr, "cannot take %s of it: %d\n", fixed[i], i);
	for (int i = 0; i < 3; i++) {
		size_t k = skip(ops[i], p, n);

		if (k && i == 1 && k < n && p[k] == '!')
			abort();
	}
	if (n > 8 && memcmp(p, "compared", 8) == 0)
		return -1;
	return 0;
}
C
mkdir -p seeds
for i in 1 2 3 4; do printf '{"frequent-word": %d}' "$i" >"seeds/$i"; done
printf '"declared"\n"bad\n' >own.dict
project() { # MORE of the harness
	cat >thresh.yaml <<Y
version: 1
project: small
build: {sanitizers: [address]}
campaign: {time: 4s, jobs: 1, engines: [libfuzzer]}
harnesses:
  small: {source: fuzz.c, seeds: [seeds]$1}
Y
	rm -rf .thresh/thresh.db* .thresh/words
}
project ''
status 1 'a campaign finds what lies behind a word of the code' "$THRESH" run --time 4s --no-edge
status 0 'the words of its harness' "$THRESH" dict small
words=$OUT
for word in transfer_all list_pending first_row second_row frequent-word; do
	like "$words" "\"$word\"" "$word is among them"
done
unlike "$words" 'cannot take|AddressSanitizer|LLVMFuzzerTestOneInput' 'messages, and what the sanitizer has, are not'
like "$words" '# a constant of fuzz.c' 'it says where they are from'
like "$words" '# many inputs of the corpus have' 'also those of the corpus'
is "$("$THRESH" dict small -o copy.dict; "$THRESH" dict copy.dict | sed 's/.*: //')" "$(grep -c '^"' <<<"$words") tokens" 'and is a dictionary'
like "$("$THRESH" dict)" '^small: [0-9]+ tokens, 0 declared, ' 'how many, without a name'

if real=$(command -v afl-clang-fast); then
	like "$words" '# the code compares with [^"]*"compared"' 'what AFL++ sees compared comes first'
	# a compiler that fails over what it is to write down
	mkdir -p bin
	printf '#!/bin/sh\n[ -z "$AFL_LLVM_DICT2FILE" ] || case "$*" in *fuzz.c*) echo crashed >&2; exit 1;; esac\nexec "%s" "$@"\n' "$real" >bin/afl-clang-fast
	chmod +x bin/afl-clang-fast
	rm -rf .thresh
	PATH=$PWD/bin:$PATH status 0 'a compiler that fails when it is to write down comparisons' "$THRESH" build small
	like "$OUT" 'small +afl +built' 'builds all the same'
	unlike "$("$THRESH" dict small)" 'the code compares with' 'without them'
else
	skip 4 'no afl-clang-fast'
fi

project ', format: ini'
status 0 'with a format' "$THRESH" dict small
like "$OUT" "^# The words.*transfer_all.*# thresh's own for ini.*\\[section\\]" "the format's come behind the code's"
project ', dictionary: http'
like "$("$THRESH" dict small)" "thresh's own for http" 'one that thresh brings, by its name'
project ', format: ini, dictionary: own.dict'
status 1 'with a dictionary that has a fault' "$THRESH" dict small
like "$ERR" 'own.dict:2:5: the closing quote is missing' 'which is said'
like "$OUT" '# declared: own.dict.*"declared".*"transfer_all"' 'its other tokens are there'
unlike "$OUT" 'section' 'and the format'"'"'s are not'
status 1 'all harnesses as JSON' "$THRESH" dict --json
like "$(json '"$j->[0]{harness} $j->[0]{declared} $j->[0]{problem}"')" '^small 1 .*own.dict:2:5' 'with what is wrong'
done_testing
