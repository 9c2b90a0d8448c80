#!/usr/bin/env bash
# A corpus in which things aren't as they should be: nothing is lost, nothing foreign comes in, and the rest goes on.
. "$(dirname "$0")/../lib.sh"

cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		switch (p[i]) { /* an edge each, as they can't become a table */
		case 'a': sink += 1; break;
		case 'b': sink ^= 2; break;
		case 'c': sink *= 3; break;
		}
	return 0;
}
C
small_yaml && sed -i '/max_len/d' thresh.yaml
echo '    timeout: 2s' >>thresh.yaml
corpus=.thresh/corpus/parse pack=.thresh/cold/parse.tar.zst
mkdir -p $corpus .thresh/cold
sha1() { sha1sum | cut -d' ' -f1; }
add() { printf %s "$1" >$corpus/"$(printf %s "$1" | sha1)"; }
path_of() { echo $corpus/"$(printf %s "$1" | sha1)"; }
held() { { ls $corpus; tar --zstd -tf $pack 2>/dev/null; } | sort -u; }

# --- names ---
add a && add aa && add zz
printf 'for my eyes only' >secret && ln -s "$PWD/secret" $corpus/link && mkfifo $corpus/pipe && mkdir $corpus/folder
odd=$'odd\nname\x01\xff -rf'
printf aab >"$corpus/$odd" && printf aabb >$corpus/.hidden && printf aac >"$corpus/$(printf 'n%.0s' {1..255})"
printf 'abcabc' >inner && tar -cf $corpus/by-hand.tar inner && tar=$(sha1 <$corpus/by-hand.tar)
{ ls $corpus | grep -E '^[0-9a-f]{40}$'; for w in aab aabb aac; do printf %s $w | sha1; done; echo "$tar"; } | sort >every
status 0 'odd names' timeout 60 "$THRESH" distill parse
is "$(held | grep -E '^[0-9a-f]{40}$' | comm -13 - every)" '' 'none is lost, an archive is an input as it is'
is "$(held | grep -c "$(printf abcabc | sha1)")" 0 'and is not unpacked'
is "$(held | grep -c "$(sha1 <secret)")" 0 'no link is followed'
ok 'it stays' test -L $corpus/link
ok 'as a pipe does' test -p $corpus/pipe

# --- bytes ---
"$THRESH" corpus restore parse >/dev/null
rm -f $corpus/link $corpus/pipe && rmdir $corpus/folder
rm -rf .thresh/cold .thresh/features $corpus && mkdir -p $corpus .thresh/cold
# each with a longer one that reaches the same
for w in aaaaaaaaab bbbbbbbbbc cccccccccccc; do add $w && add "${w:0:1}$w"; done
"$THRESH" distill parse -n -o kept >/dev/null
status 0 'what each reaches is known' "$THRESH" distill parse -n
kept=$(path_of aaaaaaaaab) dropped=$(path_of ccccccccccccc)
ok 'one that is to stay' test -e kept/"${kept##*/}"
not_ok 'and one that is not' test -e kept/"${dropped##*/}"
echo more >>"$kept" && : >"$dropped" && ls $corpus | sort >every
: >.thresh/cold/parse.tar.zst.Xy12Zz
status 0 'both have other bytes by now' "$THRESH" distill parse --json
is "$(json '$j->[0]{vanished}')" 2 'it is told'
is "$(json '$j->[0]{cost} == $j->[0]{bound} ? "proven" : "not"')" proven 'others have what they had'
ok 'one that has it stays' test -e "$(path_of aaaaaaaaaab)"
ok 'they are left alone' test -e "$kept" -a -e "$dropped"
is "$(held | comm -3 - every)" '' 'nothing is lost'
ok 'nor is anything packed under a wrong name' test -z "$(tar --zstd -tf $pack | grep -e "${kept##*/}" -e "${dropped##*/}")"
not_ok 'what a killed one was writing is gone' test -e .thresh/cold/parse.tar.zst.Xy12Zz
status 0 'text' "$THRESH" distill parse
like "$OUT" "2 inputs went away, or can't be read as what the name says: left alone" 'says so, too'
done_testing
