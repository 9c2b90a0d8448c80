#!/usr/bin/env bash
# thresh init in trees that keep what belongs together apart: where the sources of a library lie, and which of two headers counts.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || skip_all 'no clang'

# A parser of lines in $1, whose makefile takes the objects $2 and runs first what $3 says.
lines() {
	mkdir -p "$1/src/tests" "$1/common"
	cat >"$1/src/lines.h" <<'X'
#include <stddef.h>
int lines_parse(const unsigned char *s, size_t n);
X
	cat >"$1/src/lines.c" <<'X'
#include "lines.h"
#include "common.h"
int lines_tested(int silent);
int lines_parse(const unsigned char *s, size_t n)
{
	int k = 0;
#ifdef OLD_MACHINE
#error the header of another machine
#endif
	if (lines_tested(1))
		return -1;
	while (n--)
		k += s[n] == '\n' ? 1 : s[n] == '[' ? 2 : s[n] > 'a' ? 3 : s[n] == '\0' ? 4 : 5;
	return k;
}
X
	printf 'int lines_tested(int silent);\nint lines_tested(int silent) { return !silent; }\n' >"$1/src/tests/self.c"
	printf '#include "../lines.h"\nint main(void) { return lines_parse((void *)"", 0); }\nint lines_tested(int k) { return k; }\n' >"$1/src/tests/try.c"
	printf '/* how many */\n#define COUNT 1\n' >"$1/common/config.h"
	printf '#include "config.h"\n#include "../common/more.h"\n' >"$1/common/common.h"
	printf '#define MORE 1\n' >"$1/common/more.h"
	printf 'all: liblines.a\n%s\n.c.o:\n\t$(CC) -Icommon -c -o $@ $<\nliblines.a: %s\n\tar rcs $@ %s\n' "$3" "$2" "$2" >"$1/Makefile"
}

# --- a library that calls the checks of itself, which lie in a folder of tests ---
lines self 'src/lines.o src/tests/self.o src/tests/mock.o' ''
printf 'int abs(int n) { return 7 + n; }\n' >self/src/tests/mock.c
sed -i 's/^int lines_tested(int silent);/int abs(int n);\n&/; s/if (lines_tested(1))/if (abs(lines_tested(1)))/' self/src/lines.c
status 0 'a library with its own tests in it' "$THRESH" init --dir self
like "$OUT" 'lines_parse: builds; [0-9]+ inputs tried' 'is built'
unlike "$ERR" 'nothing here defines' 'and nothing lacks'
ok 'with what its archive has of that folder' grep -q 'src/tests/self.c' self/thresh.yaml
not_ok 'and nothing else of it' grep -q 'src/tests/try.c\|mock' self/thresh.yaml

# --- a header that was made of a template on another machine, and packed ---
lines packed 'src/lines.o src/tests/self.o' '.PHONY: made
src/lines.o: made
made:
	sed "s/@COUNT@/4/" <common/config.h.in >common/config.h'
printf '#define OLD_MACHINE 1\n' >packed/common/config.h
printf '#define COUNT @COUNT@\n' >packed/common/config.h.in
status 0 'a header that the build makes anew' "$THRESH" init --dir packed
like "$OUT" 'lines_parse: builds; [0-9]+ inputs tried' 'is the one that counts'
ok 'and is kept apart, with what includes it from beside' grep -q config.h packed/harnesses/generated/common/common.h
ok 'as it was made' grep -q 'COUNT 4' packed/harnesses/generated/common/config.h
ok 'what lies there is as it was' grep -q OLD_MACHINE packed/common/config.h

# one that a source finds beside itself counts for all of them, and people are told
lines near 'src/lines.o src/tests/self.o' '.PHONY: made
src/lines.o: made
made:
	sed "s/@COUNT@/4/" <src/config.h.in >src/config.h'
printf '#define COUNT 1\n' >near/src/config.h
printf '#define COUNT @COUNT@\n' >near/src/config.h.in
printf '#include "config.h"\n' >>near/src/lines.c
status 0 'a header that is found beside a source' "$THRESH" init --dir near
like "$ERR" 'src/config.h: the build makes it otherwise .*src/lines.c.*remove it' 'is told'
not_ok 'and is not kept for others' test -e near/harnesses/generated/src/config.h
like "$OUT" 'lines_parse: builds' 'which build with what lies there'
rm -r near/harnesses near/thresh.yaml near/src/config.h
status 0 'the header removed' "$THRESH" init --dir near
unlike "$ERR" 'config.h: the build' 'there is nothing to be told'
ok 'and it is kept' grep -q 'COUNT 4' near/harnesses/generated/src/config.h

# --- a class of C++ in a header that users get by way of another, which has its words, too ---
if command -v clang++ >/dev/null; then
	mkdir -p wrap/include wrap/src
	cat >wrap/src/tree.hpp <<'X'
class Tree {
public:
	Tree() : n(0) {}
	int load(const char *text, unsigned int options = 1);
private:
	int n;
};
X
	printf '#include "../src/tree.hpp"\nclass Wrap {\npublic:\n\tbool load(int n);\n\tTree tree;\n};\n' >wrap/include/wrap.hpp
	printf '#include "tree.hpp"\nint Tree::load(const char *s, unsigned o) { for (; *s; s++) n += *s == 91 ? 1 : *s > 97 ? 2 : 3; return n + (int)o; }\n' >wrap/src/tree.cpp
	status 0 'a class by way of another header' "$THRESH" init --dir wrap
	like "$(cat wrap/harnesses/*.cc)" 'load\(text, options\)' 'its options are no length'
	# nor what another class has by that name, in a header that only has the word
	rm -r wrap/harnesses wrap/thresh.yaml
	printf '#include "../src/tree.hpp"\nclass Aside {\npublic:\n\tint load(const char *text, unsigned int length);\n\tTree *tree;\n};\n' >wrap/include/aside.hpp
	status 0 'another class beside it' "$THRESH" init --dir wrap
	like "$(cat wrap/harnesses/*.cc)" 'load\(text, options\)' 'has no word in that'
else
	skip 4 'no clang++'
fi

# --- an object whose type is what others begin with: the function takes it for more ---
mkdir base
cat >base/sink.h <<'X'
#include <stddef.h>
struct sink { int (*put)(struct sink *s, const unsigned char *data, size_t n); };
struct kept { struct sink base; size_t n, all; };
int sink_parse(struct sink *s, const unsigned char *data, size_t n);
X
cat >base/sink.c <<'X'
#include "sink.h"
int sink_parse(struct sink *s, const unsigned char *data, size_t n)
{
	struct kept *k = (struct kept *)s;
	int sum = 0;
	if (!n)
		return (int)++k->all;
	for (size_t i = 0; i < n; i++)
		sum += data[i] == '[' ? 1 : data[i] > 'a' ? 2 : data[i] ? 3 : 4;
	return sum;
}
X
printf 'libsink.a: sink.o\n\tar rc $@ $^\n' >base/Makefile
status 0 'an object that is more than its type' "$THRESH" init --dir base
like "$OUT" 'sink_parse: .*of no use yet' 'is of no use to start with'
like "$(tr -s '[:space:]' ' ' <<<"$OUT")" 'zeroed memory that it passes for a struct sink' 'which is said'

# other memory of the harness's is as large as the function is told: what runs over that fails by the library
cp -r base over && rm -r over/harnesses over/thresh.yaml over/corpus
sed -i 's/\(int sink_parse(.*size_t n\))/\1, unsigned char *out, size_t room)/' over/sink.[ch]
sed -i 's/return (int)++k->all;/out[room] = 1;/; /struct kept \*k/d' over/sink.c
status 0 'what runs over other memory' "$THRESH" init --dir over
like "$OUT" 'an empty input fails: .*heap-buffer-overflow' 'is told as that'
unlike "$OUT" 'zeroed memory' 'and of no object'

# --- sources that are gone once the build is done: make removes what it made on the way, and others do so themselves ---
mkdir passing && printf 'int pass_parse(const char *text);\n' >passing/pass.h
printf '#include "pass.h"\nint pass_parse(const char *text) { return *text == 1 ? 1 : *text > 65; }\n' >passing/pass.in
printf 'int other_one(void);\nint other_one(void) { return 1; }\n' >passing/other.in
printf 'libpass.a: pass.o other.o\n\tar rc $@ $^\n%%.c: %%.in\n\tcp $< $@\n' >passing/Makefile
printf 'other.o: other.in\n\tcp $< other.c && $(CC) -c other.c && rm other.c\n' >>passing/Makefile
status 0 'sources that the build removes' "$THRESH" init --dir passing
like "$OUT" 'pass_parse: builds; [0-9]+ inputs tried' 'make keeps its own'
like "$OUT$ERR" 'other.c: left out, as the build removed it again' 'others are named'

# --- what is asked of a text stands behind its NUL: so does that of an input to begin with ---
mkdir asks
printf 'int ask_find(const char *text, const char *key);\n' >asks/ask.h
cat >asks/ask.c <<'X'
#include "ask.h"
int ask_find(const char *text, const char *key)
{
	int n = 0;
	for (; *text; text++)
		n += *text == '[' ? 1 : *text == *key ? 2 : *text > 'a' ? 3 : *text == ']' ? 4 : 5;
	return n;
}
X
printf 'libask.a: ask.o\n\tar rc $@ $^\n' >asks/Makefile
status 0 'a text that is asked something' "$THRESH" init --dir asks
like "$OUT" 'three inputs to begin with' 'has one more input'
ok 'which asks' bash -c "cat asks/corpus/ask_find/* | tr '\\0' '@' | grep -q '@a'"

done_testing
