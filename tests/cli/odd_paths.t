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

names=('p (1)' '(x+0x1) (BuildId: ab)' "it's" 'a "b" it'"'"'s' '%41 100%' '[x] *?' 'a;b&c|d' '$HOME `id`' '#0 0x1 in f' '-x' ' blank ' 'ü日' $'John\xe2\x80\x99s\xc2\xa0\xff' $'\x01tab\there\nline')
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
	status 1 "$say: replay" "$THRESH" replay --quiet h crashes/1
	like "$OUT" ' in one ' "$say: by its function, too"
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
unlike "$OUT" 'other crash' 'each fails as it did'
status 1 'verify' "$THRESH" verify
like "$OUT" '2 bugs: 2 same' 'both are the same'
status 0 'SARIF' "$THRESH" bugs --sarif
status 0 'Markdown' "$THRESH" bugs --markdown
status 0 'minimize' "$THRESH" minimize h crashes/1 -o "small (1)"
status 0 'doctor' "$THRESH" doctor --quiet
status 1 'run' "$THRESH" run --time 3s
status 0 'status' "$THRESH" status
cd ..

# a program that is none of ours, by its own name
cd "$T/$name" || bail 'no folder'
printf '#include <stdio.h>\nint parse(const char *s, size_t n);\nint main(int c, char **v)\n{\n\tstatic char b[1];\n\tFILE *f = fopen(v[c - 1], "r");\n\tsize_t n = fread(b, 1, 1, f);\n\tchar *p = __builtin_malloc(1);\n\t*p = *b;\n\treturn parse(p, n) * 0;\n}\n' >main.c
clang -g -fsanitize=address -I. main.c lib.c -o 'prog (1'
status 1 'a foreign program' "$THRESH" triage crashes -- './prog (1' @@
like "$OUT" 'in one .*in two |in two .*in one ' 'by its functions'
cd "$T" || bail 'no folder'

# sources, folders and flags that build systems would read as words of theirs
cd "$T" && mkdir sources 'sources/inc#l d' && cd sources || bail 'no folder'
printf 'int lib(const unsigned char *p, unsigned long n);\n' >'inc#l d/lib.h'
printf '#include "lib.h"\nint LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n)\n{\n\treturn lib(d, n) * 0;\n}\n' >'h#x.c'
cat >'li#b$x:y q.c' <<'C'
#include "lib.h"
int lib(const unsigned char *p, unsigned long n)
{
	static int *volatile null;
	return n > 1 && p[0] == 'Z' && MARK[0] == '#' && MARK[1] == '$' ? *null : 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: odd
build:
  sources: ['li#b$x:y q.c']
  include: ['inc#l d']
  cflags: ['-DMARK="#$x"']
  sanitizers: [address]
harnesses:
  h: {source: 'h#x.c'}
Y
printf ZZ >crash
status 1 'odd sources: triage' "$THRESH" triage --harness h --file crash
status 0 'odd sources: style make' "$THRESH" regress --style make
ok 'odd sources: make builds and runs them' make -C tests/regress check
if command -v meson >/dev/null && command -v ninja >/dev/null; then
	printf "project('odd', 'c')\nsubdir('tests/regress')\n" >meson.build
	status 0 'odd sources: style meson' "$THRESH" regress --style meson
	ok 'odd sources: meson sets them up' meson setup b
	ok 'odd sources: and builds and runs them' meson test -C b
else
	skip 3 'no meson'
fi
status 2 'odd sources: style automake, which has no words for them' "$THRESH" regress --style automake
like "$ERR" "h#x.c: automake can't build a source with a '#'|li#b" 'odd sources: it says which'
cd ..
done_testing
