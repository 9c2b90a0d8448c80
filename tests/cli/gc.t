#!/usr/bin/env bash
# What is old and unneeded: told first, removed when asked, and nothing that a bug needs.
. "$(dirname "$0")/../lib.sh"
command -v sqlite3 >/dev/null || skip_all 'no sqlite3'

cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 1)
		sink = *(volatile int *)(p[0] & 0);
	return 0;
}
C
small_yaml
# what the compilers can do is found out already
mkdir -p cache/thresh && cp "${XDG_CACHE_HOME:-${HOME:-}/.cache}"/thresh/toolchain-* cache/thresh/ 2>/dev/null
export XDG_CACHE_HOME=$PWD/cache
row() { json "join ' ', map { \$_->{count} } grep { \$_->{name} eq '$1' } @{\$j->{rows}}"; }
state() { (cd .thresh && find inputs work words features corpus -type f 2>/dev/null | sort); }

status 0 'before anything is there' "$THRESH" gc
"$THRESH" edge --time 1m --variant asan --no-minimize --case 'raw/byte-*' parse >/dev/null 2>&1
# as an engine would have: a dozen more inputs of the same bug
for ((i = 10; i < 22; i++)); do
	name=$(printf 'x%s' $i | sha1sum | cut -d' ' -f1)
	printf 'x%s' $i >".thresh/inputs/$name"
	sqlite3 .thresh/thresh.db "INSERT INTO finding (harness, variant, origin, input, size, found_ms, state, bug, signature, sig_text, rule, kind, text, k, n, stateful, site)
		SELECT harness, variant, 'libfuzzer', '$name', 3, found_ms, state, bug, signature, sig_text, rule, kind, text, k, n, stateful, site FROM finding LIMIT 1"
done
status 0 'bugs' "$THRESH" bugs --json
bugs=$OUT
is "$(json '$j->[0]{findings}')" 13 'a bug of many findings'

# what is new may be about to be named
touch .thresh/inputs/0123456789012345678901234567890123456789
status 0 'told' "$THRESH" gc --keep 3 --json
is "$(row findings)" 10 'all but the least'
is "$(row inputs)" 0 'no fresh inputs'
touch -d '2 days ago' .thresh/inputs/*
mkdir -p .thresh/work/gone/libfuzzer .thresh/words .thresh/corpus/gone .thresh/former
echo x >.thresh/work/gone/libfuzzer/x && echo y >.thresh/corpus/gone/0123456789012345678901234567890123456789
echo 'half' >.thresh/corpus/gone/0123456789012345678901234567890123456789.tmp-77
mkdir -p elsewhere && echo mine >elsewhere/mine && ln -s ../../elsewhere .thresh/work/link
find .thresh/work/gone .thresh/corpus/gone elsewhere -exec touch -h -d '60 days ago' {} +
touch -h -d '60 days ago' .thresh/work/link
# what compilers could do that are gone; of those in use it is looked at all the time
used=$(ls cache/thresh/toolchain-* 2>/dev/null)
echo old >cache/thresh/toolchain-0123456789abcdef
touch -d '60 days ago' cache/thresh/toolchain-0123456789abcdef
# an age that no number of milliseconds since 1970 holds is longer than any
for age in 213503982334d 18446744073709551615ms; do
	status 0 "older than $age" "$THRESH" gc --keep 3 --older $age --json
	is "$(row caches)" 0 'nothing is'
done
unlike "$("$THRESH" gc --older 99999999999d)" 0000 'nor is its day made up'
before=$(state)
status 0 'told again' "$THRESH" gc --keep 3
like "$OUT" 'findings +[0-9]+ ' 'findings'
like "$OUT" 'inputs +[0-9]+ ' 'inputs'
like "$OUT" 'can go, by' 'and how'
is "$(state)" "$before" 'nothing is gone'
status 0 'removed' "$THRESH" gc --keep 3 --remove --json
is "$(json '$j->{removed} ? 1 : 0') $(row caches) $(row half-written)" '1 2 1' 'what it was'
is "$(ls .thresh/inputs | wc -l)" 3 'as many inputs'
ok 'what no row names is gone' [ ! -e .thresh/inputs/0123456789012345678901234567890123456789 ]
ok 'a harness that is gone leaves its corpus only' [ -e .thresh/corpus/gone/0123456789012345678901234567890123456789 -a ! -e .thresh/work/gone ]
is "$(ls cache/thresh/toolchain-* 2>/dev/null)" "$used" 'what was found out of compilers that are gone, too, of those in use it stays'
is "$(cat elsewhere/mine)" mine 'a link is not followed'
status 0 'the same bugs' "$THRESH" bugs --json
is "$OUT" "$bugs" 'to the byte'
sed -i 's/sink = /if (0) sink = /' fuzz.c
status 0 'mended' "$THRESH" verify --json
like "$OUT" '"verdict":[[:space:]]*"gone"' 'is gone'
unlike "$ERR" "can't be replayed" 'what is gone is not asked for'
status 0 'a second time' "$THRESH" gc --keep 3
like "$OUT" 'nothing is old' 'nothing is left'

# where inputs came from: as long as they may be in a corpus again
mkdir -p .thresh/corpus/parse .thresh/corpus/.parse.aside .thresh/cold packed
put() { # FOLDER TEXT DAYS: an input with its origin, so old; its name
	local name when=$((($(date +%s) - $3 * 86400) * 1000))
	name=$(printf '%s' "$2" | sha1sum | cut -d' ' -f1)
	[ -z "$1" ] || printf '%s' "$2" >"$1/$name"
	sqlite3 .thresh/thresh.db "INSERT INTO origin (harness, sha1, engine, campaign, when_ms, name, parent)
		VALUES ('parse', '$name', 'aflpp', 1, $when, '', '')"
}
sqlite3 .thresh/thresh.db 'DELETE FROM origin'
put .thresh/corpus/parse in-corpus 60
put .thresh/corpus/.parse.aside put-aside 60
put packed packed-away 60
put '' young 3
put '' gone-1 60
put '' gone-2 60
tar -C packed -c --zstd -f .thresh/cold/parse.tar.zst $(ls packed)
rows() { sqlite3 .thresh/thresh.db 'SELECT count(*) FROM origin'; }
status 0 'where inputs came from' "$THRESH" gc --keep 3 --json
is "$(row origins) $(rows)" '2 6' 'of two that are nowhere it can go'
mv .thresh/cold/parse.tar.zst whole && head -c 40 whole >.thresh/cold/parse.tar.zst
status 0 'with a pack that is damaged' "$THRESH" gc --keep 3 --remove --json
is "$(row origins) $(rows)" '0 6' 'nothing goes'
like "$ERR" 'stays known' 'as it says'
mv whole .thresh/cold/parse.tar.zst
status 0 'mended' "$THRESH" gc --keep 3 --remove --json
is "$(row origins) $(rows)" '2 4' 'and removed'
rm -r .thresh/cold/parse.tar.zst .thresh/corpus/.parse.aside
status 0 'and one that is packed away no more' "$THRESH" gc --keep 3 --remove --json
is "$(row origins) $(rows)" '2 2' 'goes, too'

# somebody has the bytes on another disk
mv .thresh/inputs there && ln -s ../there .thresh/inputs && printf x >there/0123456789012345678901234567890123456789
touch -d '90 days ago' there/0123456789012345678901234567890123456789
mkdir -p .thresh/work/gone && touch -d '90 days ago' .thresh/work/gone
status 0 'a folder that is a link' "$THRESH" gc --keep 3 --remove
like "$ERR" 'inputs: a link, so' 'is told'
ok 'and left, and the rest is done' [ -e there/0123456789012345678901234567890123456789 -a ! -e .thresh/work/gone ]
rm .thresh/inputs && mv there .thresh/inputs

# not beside a campaign
perl -MFcntl=:flock -e 'open my $f, "+>>", ".thresh/run.lock"; flock $f, LOCK_EX; open my $g, ">", "held"; sleep 60' &
holder=$!
for ((i = 0; i < 600; i++)); do [ ! -e held ] || break; sleep 0.1; done
status 3 'a campaign is under way' "$THRESH" gc --remove
like "$ERR" 'under way' 'says so'
status 0 'it may be looked at' "$THRESH" gc
kill $holder
status 2 'nothing stays' "$THRESH" gc --keep 0

done_testing
