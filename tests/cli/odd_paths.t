#!/usr/bin/env bash
# A project in a folder whose name holds whatever a name may hold: bugs are told apart, named, proven and exported as elsewhere.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang'

mkdir proto && cd proto || bail 'no project'
cat >lib.c <<'C'
#include <stdlib.h>
#include "lib.h"
int one(const char *s, size_t n);
int two(const char *s, size_t n);
int one(const char *s, size_t n)
{
	return *(volatile const char *)(s + n);
}
int two(const char *s, size_t n)
{
	int *volatile p = (int *)(n - n);

	return *p + s[0];
}
int parse(const char *s, size_t n)
{
	return n > 0 && s[0] == '1' ? one(s, n) : n > 0 && s[0] == '2' ? two(s, n) : 0;
}
C
printf '#include <stddef.h>\nint parse(const char *s, size_t n);\n' >lib.h
printf '#include "lib.h"\nint LLVMFuzzerTestOneInput(const unsigned char *d, size_t n)\n{\n\treturn parse((const char *)d, n) * 0;\n}\n' >fuzz.c
printf 'version: 1\nproject: odd\nbuild:\n  sources: [lib.c]\n  include: [.]\nharnesses:\n  h:\n    source: fuzz.c\n' >thresh.yaml
mkdir crashes && printf 1 >crashes/1 && printf 2 >crashes/2
cd .. || bail 'no folder'

names=('p (1)' '(x+0x1) (BuildId: ab)' "it's" 'a "b"' '%41 100%' '[x] *?' 'a;b&c|d' '$HOME `id`' '#0 0x1 in f' '-x' ' blank ' 'ü日' $'\x01tab\there')
for name in "${names[@]}"; do
	say=$(printf '%q' "$name")
	cp -r proto "./$name" && cd "./$name" || bail "no folder $say"
	status 1 "$say: triage" "$THRESH" triage --harness h --file crashes
	run "$THRESH" bugs --json
	is "$(grep -o '"summary":[[:space:]]*"[^"]*"' <<<"$OUT" | sed 's/.* in \([a-z]*\) .*/\1/' | sort | tr '\n' ' ')" 'one two ' \
		"$say: two bugs, by their functions"
	bug=$(grep -o '[0-9a-f]\{16\}' <<<"$OUT" | head -n 1)
	status 0 "$say: show" "$THRESH" show "$bug"
	like "$OUT" 'return ' "$say: with its source"
	rm -rf "$T/kept" && cp -r . "$T/kept"
	cd .. || bail 'no folder'
done

# once through all that builds and writes, in the worst of them
name='p (1) "q" ; $x %41'
cp -r proto "$name" && cd "$name" || bail 'no folder'
status 1 'triage' "$THRESH" triage --harness h --file crashes
status 0 'regress' "$THRESH" regress
is "$(find tests/regress -name input | wc -l)" 2 'tests of both'
status 0 'replay of tests' "$THRESH" replay --tests
status 1 'verify' "$THRESH" verify
like "$OUT" '2 bugs: 2 same' 'both are the same'
status 0 'SARIF' "$THRESH" bugs --sarif
status 0 'Markdown' "$THRESH" bugs --markdown
status 0 'minimize' "$THRESH" minimize h crashes/1 -o "small (1)"
status 0 'doctor' "$THRESH" doctor --quiet
status 1 'run' "$THRESH" run --time 3s
status 0 'status' "$THRESH" status
cd ..

# a line feed in it: no names, as no symboliser can be asked, but still two bugs
name=$'two\nlines'
cp -r proto "$name" && cd "$name" || bail 'no folder'
status 1 'line feed: triage' "$THRESH" triage --harness h --file crashes
is "$("$THRESH" bugs --json | grep -c '"bug":')" 2 'line feed: two bugs'
done_testing
