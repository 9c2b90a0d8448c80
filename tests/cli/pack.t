#!/usr/bin/env bash
# A corpus in one file for git: small, steady, and replayed with and without thresh.
. "$(dirname "$0")/../lib.sh"

cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		switch (p[i] & 31) { /* an edge each */
#define C(k) case k: sink += k * 3 + 1; break;
		C(0) C(1) C(2) C(3) C(4) C(5) C(6) C(7) C(8) C(9) C(10) C(11) C(12) C(13) C(14) C(15) C(16) C(17)
		C(18) C(19) C(20) C(21) C(22) C(23) C(24) C(25) C(26) C(27) C(28) C(29) C(30) C(31)
		}
	return 0;
}
C
small_yaml
corpus=.thresh/corpus/parse
inputs() { # inputs FILE: their SHA-1s
	perl -MDigest::SHA=sha1_hex -e 'local $/; $_ = <>; s/^thresh pack 1\n// or die; while (s/^(\d+)\n//) { print sha1_hex(substr $_, 0, $1, ""), "\n"; s/^\n// or die } die if length' "$1" | sort
}
mkdir in
perl -e 'for my $i (0 .. 399) { srand $i; open my $f, ">", "in/$i"; binmode $f; print $f join "", map { chr int rand 256 } 0 .. int rand 24 }'
printf '7\nabc\n\0\n' >in/odd && : >in/empty

status 2 'no corpus yet' "$THRESH" corpus pack parse
like "$ERR" 'it has no corpus yet' 'says so'
"$THRESH" import parse in >/dev/null
status 0 'pack' "$THRESH" corpus pack parse
like "$OUT" 'parse.pack: [0-9]+ of 402 inputs, [0-9]+ features' 'says what is in it'
is "$(comm -23 <(inputs parse.pack) <(ls $corpus | sort))" '' 'inputs of the corpus'
"$THRESH" distill parse -n --json >all
cp parse.pack first
status 0 'again' "$THRESH" corpus pack parse
ok 'the same file' cmp -s first parse.pack

# replayed
status 0 'by thresh' "$THRESH" replay parse parse.pack
like "$OUT" 'ok [0-9]+ - parse.pack\\#1' 'each by its number'
is "$(grep -c '^ok' <<<"$OUT")" "$(inputs parse.pack | wc -l)" 'each'
cp "$TOP/src/runtime/replay.c" .
"${CC:-cc}" -w -o replay fuzz.c replay.c
mkdir sub && cp parse.pack sub/
status 0 'by replay.c' ./replay sub in/odd
is "$(grep -c '^ok' <<<"$OUT")" $(($(inputs parse.pack | wc -l) + 1)) 'each, below a folder, too'
mkdir other && cp fuzz.c thresh.yaml other/
status 0 'in another project' "$THRESH" -C other import parse ../parse.pack
is "$(ls other/$corpus)" "$(inputs parse.pack)" 'comes in whole'

# a budget
status 0 'of few bytes' "$THRESH" corpus pack parse -o few.pack --max-bytes 100
ok 'keeps to it' test "$(wc -c <few.pack)" -le 100
ok 'and uses it' test "$(inputs few.pack | wc -l)" -ge 3
cp few.pack before
perl -e 'for my $i (1000 .. 1003) { srand $i; open my $f, ">", "in/$i"; binmode $f; print $f join "", map { chr int rand 256 } 0 .. int rand 24 }'
"$THRESH" import parse in >/dev/null
status 0 'of more inputs' "$THRESH" corpus pack parse -o few.pack --max-bytes 100
ok 'most of it stays' test "$(comm -12 <(inputs before) <(inputs few.pack) | wc -l)" -ge $(($(inputs before | wc -l) - 1))
rm -f $corpus/"$(inputs few.pack | head -1)"
status 0 'of a corpus that lost one' "$THRESH" corpus pack parse -o few.pack --max-bytes 100
ok 'brings it back' test -f $corpus/"$(inputs few.pack | head -1)"

# bad input
printf 'thresh pack 1\n3\nab' >bad.pack
printf 'no pack' >none.pack
for f in bad none; do
	cp $f.pack kept
	status 3 "$f: pack" "$THRESH" corpus pack parse -o $f.pack
	ok "$f: it is left alone" cmp -s kept $f.pack
	status 3 "$f: replay" "$THRESH" replay parse $f.pack
	like "$ERR" "$f.pack: (damaged at byte 14|not a pack)" "$f: where"
	status 3 "$f: import" "$THRESH" import parse $f.pack
	status 2 "$f: replay.c" ./replay $f.pack
	like "$ERR" "$f.pack: (damaged at byte 14|not a pack)" "$f: where, too"
done
status 2 'another name' "$THRESH" corpus pack parse -o x.zip
like "$ERR" 'name a file that ends in .pack' 'says which'
status 2 'nothing fits' "$THRESH" corpus pack parse -o x.pack --max-bytes 5
ok 'nothing is made' test ! -e x.pack -a ! -e x.zip
status 2 'no such word' "$THRESH" corpus unpack parse
done_testing
