#!/usr/bin/env bash
# Corpora of programs that are nobody's harness: compiled for AFL++, behind --.
. "$(dirname "$0")/../lib.sh"

command -v afl-clang-fast >/dev/null || { skip 1 'no afl-clang-fast here'; done_testing; exit; }
cat >parser.c <<'C'
#include <stdio.h>
static volatile int sink;
int main(int n, char **v)
{
	FILE *f = n > 1 ? fopen(v[1], "rb") : stdin;
	int c;
	if (!f)
		return 9;
	while ((c = getc(f)) != EOF)
		switch (c) {
		case 'a': sink += 1; break;
		case 'b': sink += 2; break;
		case 'c': sink += 3; break;
		case 'd': sink += 5; break;
		case '!': *(volatile int *)0 = 1; break;
		case '~': for (;;) {}
		}
	return sink & 1; /* as many programs say that they don't like it */
}
C
AFL_QUIET=1 afl-clang-fast -w -O1 -o parser parser.c >/dev/null 2>&1
"${CC:-cc}" -w -o plain parser.c
mkdir -p 'in/default/queue' more
for w in a b ab abc abcd dcba x xx aabb; do printf %s "$w" >"in/default/queue/id:$w"; done
printf 'abcd' >more/again && printf '!' >more/crash && printf '~' >more/hang
(cd more && tar czf ../more.tar.gz .)
before=$(find in more -type f -exec sha1sum {} + | sort)

status 0 'a folder of AFL++, and an archive' "$THRESH" distill in more.tar.gz -o small --cost count --timeout 300ms --json -- ./parser @@
is "$(json '$j->[0]{inputs}')" 11 'each input once'
is "$(json '$j->[0]{failed}')" 2 'the crash and the hang are out'
is "$(json '$j->[0]{kept} == $j->[0]{bound} ? "proven" : "not"')" proven 'as few as can be'
is "$(json '$j->[0]{kept}')" "$(ls small | wc -l)" 'so many are written'
ok 'what reaches all' grep -q '[dcba]\{4\}' small/*
is "$(find in more -type f -exec sha1sum {} + | sort)" "$before" 'the sources stay as they are'
is "$(ls | grep -c 'small\.')" 0 'nothing is left beside'

status 0 'on standard input' "$THRESH" distill in -o stdin --cost count --json -- ./parser
is "$(ls stdin)" "$(ls small)" 'the same set'
status 0 'in words' "$THRESH" distill more -o words --timeout 300ms -- ./parser @@
like "$OUT" '2 inputs left out: they fail' 'what failed is told'

status 2 'over a full folder' "$THRESH" distill in -o small -- ./parser @@
like "$ERR" 'small: not empty' 'is refused'
status 2 'without instrumentation' "$THRESH" distill in -o no -- ./plain @@
like "$ERR" 'not instrumented.*afl-clang-fast' 'says what to do'
status 2 'no such program' "$THRESH" distill in -o no -- ./absent @@
status 2 'nowhere to' "$THRESH" distill in -- ./parser @@
like "$ERR" 'usage: thresh distill DIR... --output NEW -- COMMAND' 'says how'
mkdir empty
status 2 'nothing to distil' "$THRESH" distill empty -o no -- ./parser @@
like "$ERR" 'no inputs' 'says so'
status 3 'a source that is not there' "$THRESH" distill absent -o no -- ./parser @@
ok 'nothing was made' test ! -e no
printf '!' >empty/crash
status 0 'only crashing inputs' "$THRESH" distill empty -o none -- ./parser @@
is "$(ls none | wc -l)" 0 'leave nothing'
done_testing
