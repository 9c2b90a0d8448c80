#!/usr/bin/env bash
# One bug at two places of a function: each keeps its input and gets its test, a mend of one is no mend of the bug, and what
# people decide about either holds.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang'

mkdir p && cd p || bail 'no project'
cat >lib.c <<'C'
#include <stdlib.h>
#include <string.h>
#include "lib.h"

int copy(const char *s, size_t n)
{
	char *p = malloc(8);
	int r = 0;

	memset(p, 0, 8);
	if (n > 1 && s[0] == 'r')
		r = p[n + 6];
	if (n > 1 && s[0] == 'w')
		((long *)p)[n - 4] = 1;
	r += p[0];
	free(p);
	return r;
}
C
cat >lib.h <<'C'
#include <stddef.h>
int copy(const char *s, size_t n);
C
cat >fuzz.c <<'C'
#include "lib.h"
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	copy((const char *)data, size);
	return 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: two
build:
  sources: [lib.c]
  include: [.]
harnesses:
  h:
    source: fuzz.c
Y
mkdir crashes
printf 'rabc' >crashes/read
printf 'wabcd' >crashes/write
json() { # PATH: a value of the JSON on standard input, by its key
	grep -o "\"$1\":[[:space:]]*[^,}]*" | head -n 1 | sed 's/^[^:]*:[[:space:]]*//; s/"//g'
}

status 1 'both inputs fail' "$THRESH" triage --harness h --file crashes
run "$THRESH" bugs --json
is "$(grep -c '"bug":' <<<"$OUT")" 1 'they are one bug'
is "$(json site_count <<<"$OUT")" 2 'at two sites'
is "$(json severity <<<"$OUT")" high 'as grave as the graver of them'
bug=$(json bug <<<"$OUT")
run "$THRESH" show --json "$bug"
mapfile -t sites < <(grep -o '"text":[[:space:]]*"s2 [^"]*' <<<"$OUT" | sed 's/^.*"s2/s2/' | sort)
is "${sites[*]}" 's2 bounds read copy {r=p[n+6]} s2 bounds write copy {((long*)p)[n-4]=1}' 'named by their statements'
mapfile -t ids < <(grep -o '"site":[[:space:]]*"[0-9a-f]\{16\}"' <<<"$OUT" | grep -o '[0-9a-f]\{16\}' | sort -u)
is "${#ids[@]}" 2 'with ids'

status 0 'tests of it' "$THRESH" regress
is "$(find tests/regress -name input | wc -l)" 2 'a test each'
status 0 'the page' "$THRESH" show "$bug"
like "$OUT" 'sites .thresh show SITE' 'lists the sites'
is "$(awk 'length > 80' <<<"$OUT" | wc -l)" 0 'within 80 columns'
status 0 'why two sites are one bug' "$THRESH" show "${ids[0]}" --why "${ids[1]}"
like "$OUT" 'two sites of one bug by the rule "function"' 'the rule is named'

for id in "${ids[@]}"; do
	run "$THRESH" show --json "$id"
	input=$(json input_path <<<"$OUT")
	kind=$(json kind <<<"$OUT")
	status 1 "the input of site ${id:0:8} fails" "$THRESH" replay h "$input"
	like "$OUT" "$kind" 'in its own way'
done

# one fault mended: lines move, one site is gone, the bug isn't
cp lib.c was.c
sed -i 's/r = p\[n + 6\];/r = p[0];/; 1i /* moved */\n' lib.c
run "$THRESH" verify --json
is "$(json verdict <<<"$OUT")" same 'one place mended: the bug is there still'
is "$(json sites_gone <<<"$OUT")" 1 'at one place it is gone'
is "$("$THRESH" bugs --json | json state)" open 'it stays open'
sed -i 's/\[n - 4\] = 1/[0] = 1/' lib.c
run "$THRESH" verify --json
is "$(json verdict <<<"$OUT")" gone 'both mended: gone'
is "$("$THRESH" bugs --all --json | json state)" fixed 'and fixed'
cp was.c lib.c
run "$THRESH" replay --tests --json
is "$(grep -c '"result":[[:space:]]*"regressed"' <<<"$OUT")" 2 'unmended, both tests say so'
status 1 'and triage' "$THRESH" triage --harness h crashes/read
run "$THRESH" verify --json
is "$("$THRESH" bugs --json | json state)" regressed 'the bug has come back'

# people part a site, and it stays apart
status 0 'split a site' "$THRESH" split "${ids[0]}"
is "$("$THRESH" bugs --json | grep -c '"bug":')" 2 'two bugs'
status 1 'the inputs again' "$THRESH" triage --harness h --file crashes
is "$("$THRESH" bugs --json | grep -c '"bug":')" 2 'still two'
status 0 'merged again' "$THRESH" merge "$bug" "${ids[0]}"
is "$("$THRESH" bugs --json | grep -c '"bug":')" 1 'one bug'
status 2 'nothing to split' "$THRESH" split 0123456789abcdef
like "$ERR" 'neither a site nor joined' 'why not'

# a lost input is one bug's trouble, and the test's bytes stand in for it
rm .thresh/inputs/*
status 0 'tests are kept up' "$THRESH" regress
is "$(find .thresh/inputs -type f | wc -l)" 2 'and give the inputs back'
rm -rf .thresh/inputs/* tests
run "$THRESH" verify --json
is "$(json verdict <<<"$OUT")" 'cannot tell' 'without either nothing can be told'
status 0 'the page without its input' "$THRESH" show "$bug"
like "$OUT" 'lost: ' 'says that it is lost'
status 0 'SARIF all the same' "$THRESH" bugs --sarif
status 0 'Markdown all the same' "$THRESH" bugs --markdown
done_testing
