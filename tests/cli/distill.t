#!/usr/bin/env bash
# Corpora: brought in, made as small as their features allow, and never the poorer for it.
. "$(dirname "$0")/../lib.sh"

cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
static int *volatile null;
/* one of 512, by chance, and no block that stands for having come here: two runs of the same are rare */
#define LEAF(i) static __attribute__((noinline)) void leaf##i(void) { sink += i + 100; }
#define EACH(g, f, i) g(f, i##0) g(f, i##1) g(f, i##2) g(f, i##3) g(f, i##4) g(f, i##5) g(f, i##6) g(f, i##7)
#define ONE(f, i) f(i)
#define EIGHT(f, i) EACH(ONE, f, i)
#define MANY(f, i) EACH2(EIGHT, f, i)
#define EACH2(g, f, i) g(f, i##0) g(f, i##1) g(f, i##2) g(f, i##3) g(f, i##4) g(f, i##5) g(f, i##6) g(f, i##7)
#define ALL(f) MANY(f, 1) MANY(f, 2) MANY(f, 3) MANY(f, 4) MANY(f, 5) MANY(f, 6) MANY(f, 7) MANY(f, 8)
#define NAME(i) leaf##i,
ALL(LEAF)
LEAF(0)
static void (*const leaf[])(void) = { leaf0, ALL(NAME) };
static unsigned chance(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned)t.tv_nsec * 2654435761u >> 23;
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n && p[0] == '!')
		return *null;
	for (size_t i = 0; i < n; i++) {
		leaf[(p[i] == '?') * (1 + chance())]();
		switch (p[i]) { /* an edge each */
		case 'a': sink += 1; break;
		case 'b': sink += 2; break;
		case 'c': sink += 3; break;
		case 'd': sink += 5; break;
		case 'e': sink += 7; break;
		case 'f': sink += 11; break;
		}
	}
	return 0;
}
C
small_yaml
echo '    timeout: 2s' >>thresh.yaml
corpus=.thresh/corpus/parse
all_of() { # every input ever brought in is in the corpus or in the pack
	{ ls $corpus; tar --zstd -tf .thresh/cold/parse.tar.zst 2>/dev/null; } | sort -u >.have
	comm -23 .every .have
}

status 2 'no corpus yet' "$THRESH" distill parse
like "$ERR" 'it has no corpus yet: `thresh run` or `thresh import` makes one' 'and how one is made'
mkdir -p $corpus
status 2 'an empty corpus' "$THRESH" distill parse
like "$ERR" 'its corpus is empty' 'and says so'

# --- import ---
mkdir -p out/default/queue
for w in a b c ab abc abcd abcde abcdef fedcba aabbcc 'padding padding abcdef' 'xxabxxcdxx' '?'; do
	printf %s "$w" >"out/default/queue/id:$w"
done
status 0 'import of an output folder of AFL++' "$THRESH" import parse out
is "$OUT" 'parse: 13 new, 0 known' 'each input once'
status 0 'again' "$THRESH" import parse out
is "$OUT" 'parse: 0 new, 13 known' 'nothing changes'
(cd out/default && tar -cjf ../../q.tar.bz2 queue && zip -qr ../../seed_corpus.zip queue) 2>/dev/null
for f in q.tar.bz2 seed_corpus.zip; do
	[ -e $f ] || continue
	status 0 "import of $f" "$THRESH" import parse $f
	is "$OUT" 'parse: 0 new, 13 known' 'the same ones'
done
printf 'no archive' >bad.7z
status 2 'what only looks like an archive' "$THRESH" import parse bad.7z
ln -s /etc/passwd out/evil && tar -cf evil.tar out && rm out/evil
status 2 'an archive with a link in it' "$THRESH" import parse evil.tar
like "$ERR" 'evil' 'names it'
printf 'abf!' >kept_by_hand && cp kept_by_hand $corpus/by-hand

# --- distil ---
status 2 'a folder for two' "$THRESH" distill -o small
status 2 'a budget in place' "$THRESH" distill parse --max-files 2
status 0 'a look' "$THRESH" distill parse -n --json
is "$(json '$j->[0]{packed}')" 0 'changes nothing'
is "$(ls $corpus | wc -l)" 14 'indeed'
status 0 'into a folder' "$THRESH" distill parse -o small --edges --cost count
like "$OUT" 'no set of fewer can do' 'with the proof'
is "$(ls small | wc -l)" 1 'one input has every edge'
status 2 'a folder that is full' "$THRESH" distill parse -o small
like "$ERR" 'small: not empty' 'is left alone'
status 0 'within a budget' "$THRESH" distill parse -o two --max-files 2
is "$(ls two | wc -l)" 2 'two inputs'

printf '!crash' >crash && "$THRESH" import parse crash >/dev/null
ls $corpus | grep -v by-hand >.every
sha1sum <kept_by_hand | cut -d' ' -f1 >>.every
sort -u -o .every .every
status 0 'in place' "$THRESH" distill parse --json
is "$(json '$j->[0]{inputs}')" 15 'all were looked at'
is "$(json '$j->[0]{failed}')" 1 'one fails'
is "$(json '$j->[0]{kept} + $j->[0]{packed}')" 15 'the rest is packed'
is "$(json '$j->[0]{cost} == $j->[0]{bound} ? "proven" : "not"')" proven 'as small as can be'
is "$(all_of)" '' 'nothing is lost'
kept=$(ls $corpus)
status 0 'what failed' "$THRESH" bugs
like "$OUT" 'parse' 'is a bug'
status 0 'once more' "$THRESH" distill parse --json
is "$(json '$j->[0]{executed}')" 0 'nothing is run again'
is "$(ls $corpus)" "$kept" 'nothing changes'
# what it came to is remembered, as long as the question is the same
answers() { # answers NAME OPTION...: the same with and without what is remembered
	local name=$1 with without
	shift
	status 0 "$name" "$THRESH" distill parse --json "$@"
	with=$(json 'delete @{$j->[0]}{qw(ms cached executed)}; join " ", map { "$_ " . ($j->[0]{$_} // "") } sort keys %{$j->[0]}')
	rm -f .thresh/features/parse.distilled
	run "$THRESH" distill parse --json "$@"
	without=$(json 'delete @{$j->[0]}{qw(ms cached executed)}; join " ", map { "$_ " . ($j->[0]{$_} // "") } sort keys %{$j->[0]}')
	is "$with" "$without" "$name: as if asked for the first time"
}
# all but the one that comes and goes
unstable=$corpus/$(printf '?' | sha1sum | cut -d' ' -f1)
[ -f "$unstable" ] && mv "$unstable" aside
"$THRESH" distill parse -n >/dev/null
ok 'it is remembered' test -s .thresh/features/parse.distilled
answers 'again' -n
answers 'other costs' -n --cost bytes
answers 'edges' -n --edges
answers 'a budget' -n --max-files 2
printf 'fedcbafedcba' >one_more && "$THRESH" import parse one_more >/dev/null
answers 'one input more' -n
rm -f $corpus/"$(sha1sum <one_more | cut -d' ' -f1)"
answers 'and one less' -n
"$THRESH" distill parse -n >/dev/null
sed -i '$ s/[0-9]$/x/' .thresh/features/parse.distilled
answers 'damaged' -n
"$THRESH" distill parse -n >/dev/null
status 0 'into a folder, from memory' "$THRESH" distill parse -o remembered
is "$(ls remembered)" "$(ls $corpus)" 'the same set'
[ -f aside ] && mv aside "$unstable"
status 0 'restored' "$THRESH" corpus restore parse
is "$(ls $corpus | wc -l)" 15 'all are back'

# what was measured is forgotten with the build, and a damaged cache is no news
printf 'damage' | dd of=.thresh/features/parse bs=1 seek=120 conv=notrunc 2>/dev/null
status 0 'with a damaged cache' "$THRESH" distill parse --json
like "$ERR" 'features/parse: damaged behind' 'which is told'
is "$(ls $corpus)" "$kept" 'the same set'

# --- two at once, and killed at any instant ---
"$THRESH" corpus restore parse >/dev/null
exec 9>.thresh/corpus/.parse.lock
flock 9 && printf '%s\n' $$ >&9
"$THRESH" distill parse >/dev/null 2>waits 9>&- &
for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.3; grep -q waiting waits && break; done
like "$(cat waits)" "waiting for process $$" 'the second waits, and says for whom'
exec 9>&-
wait $!
is $? 0 'and goes on'
lost=''
for delay in 0.01 0.03 0.05 0.08 0.1 0.12 0.15 0.2; do
	"$THRESH" corpus restore parse >/dev/null
	"$THRESH" distill parse >/dev/null 2>&1 &
	sleep $delay
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
	lost+=$(all_of)
done
is "$lost" '' 'killed at any instant, nothing is lost'
status 0 'and it ends' "$THRESH" distill parse
is "$(ls $corpus)" "$kept" 'in the same set'

# --- and out again ---
status 0 'export' "$THRESH" export --corpus parse
is "$OUT" 'parse_seed_corpus.zip' 'by the name that OSS-Fuzz takes'
mkdir folder.new && echo mine >folder.new/mine
status 0 'export to a folder' "$THRESH" export --corpus parse -o folder
is "$(ls folder)" "$(ls $corpus)" 'all of it'
is "$(cat folder.new/mine)" mine 'what lies beside is let alone'
rm -r folder.new
status 0 'a name with a slash, below folders that are to be made' "$THRESH" export --corpus parse -o new/slash/
is "$(ls new) $(ls new/slash)" "slash $(ls $corpus)" 'is the same folder'
status 3 'export over a full folder' "$THRESH" export --corpus parse -o folder
is "$(ls folder)" "$(ls $corpus)" 'leaves it alone'
mv $corpus away
status 0 'and in again' "$THRESH" import parse parse_seed_corpus.zip
is "$(ls $corpus)" "$(ls away)" 'the same'
rm -rf $corpus && mv away $corpus

# a corpus that is a link to a folder elsewhere
mv $corpus elsewhere && ln -s "$T/elsewhere" $corpus && "$THRESH" corpus restore parse >/dev/null
status 0 'a corpus elsewhere' "$THRESH" distill parse
is "$(ls elsewhere)" "$kept" 'the folder is distilled'
ok 'the link stays' test -L $corpus
done_testing
