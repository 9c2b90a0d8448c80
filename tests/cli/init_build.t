#!/usr/bin/env bash
# thresh init on a project that nobody prepared: its own build is run in a copy, what that compiled is found, a function is
# chosen, and nothing of the project's is changed.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || skip_all 'no clang'

# A small parser of lines: a header that is installed, a generated one, a program, a test, and -lm.
project() { # folder
	mkdir -p "$1"/src/deep "$1"/include "$1"/tests
	cat >"$1/include/lines.h" <<'X'
#ifndef LINES_H
#define LINES_H
#include <stddef.h>
typedef unsigned char lines_byte;
#define LINES(type) extern type
typedef struct lines lines;
/* A reader; end it with lines_free(). */
LINES(lines *) lines_new(void);
LINES(void) lines_free(lines *l);
LINES(int) lines_parse(lines *l, const lines_byte *s, size_t n);
LINES(int) lines_get(const lines *l, const char *key);
#endif
X
	cat >"$1/src/lines.c" <<'X'
#include "lines.h"
#include "made.h"
#include <math.h>
#include <stdlib.h>
struct lines { size_t n; volatile double root; };
int lines_count(const lines_byte *s, size_t n);
lines *lines_new(void) { return calloc(1, sizeof(lines)); }
void lines_free(lines *l) { free(l); }
int lines_parse(lines *l, const lines_byte *s, size_t n)
{
	l->n += (size_t)lines_count(s, n) + MADE;
	l->root = sqrt((double)l->n);
	return n && s[0] == '[' ? 0 : -1;
}
int lines_get(const lines *l, const char *key) { return key && l->n > 1; }
#ifdef LINES_MAIN
int main(void) { return 0; }
#endif
X
	cat >"$1/src/deep/count.c" <<'X'
#include "lines.h"
int lines_count(const lines_byte *s, size_t n);
int lines_count(const lines_byte *s, size_t n)
{
	int k = 0;
	while (n--)
		k += s[n] == '\n';
	return k;
}
X
	printf '#include "lines.h"\nint main(void) { lines_free(lines_new()); return 0; }\n' >"$1/src/tool.c"
	printf '#include "lines.h"\nint main(void) { return 0; }\nint lines_count(void) { return 0; }\n' >"$1/tests/try.c"
}

# What its tests read, a file that isn't such, and a dictionary.
data() { # folder
	mkdir -p "$1/tests/data"
	printf '[a]\nb\n' >"$1/tests/data/one.lines"
	head -c 5000 /dev/zero | tr '\0' '\n' >"$1/tests/data/long.lines"
	echo 'how to run them' >"$1/tests/data/README.txt"
	printf '"["\n"]"\n' >"$1/tests/lines.dict"
}

# What the project is but for what init adds.
state() {
	(cd "$1" && find . -path ./harnesses -prune -o -path ./corpus -prune -o -name thresh.yaml -prune -o \
		-name .gitignore -prune -o -path ./.thresh -prune -o -type f -print0 | sort -z | xargs -0 sha1sum)
}

# folder, what made it
check_project() {
	local before=$(state "$1")

	status 0 "$2: init" "$THRESH" init --dir "$1"
	like "$OUT" 'lines_parse +bytes and a length .*has a harness now' "$2: the function is found and chosen"
	like "$OUT" 'lines_parse: builds; [0-9]+ inputs tried' "$2: it is built and tried"
	is "$(state "$1")" "$before" "$2: the project is as it was"
	ok "$2: the reader is made by its own function" grep -q 'lines_new()' "$1/harnesses/lines_parse.c"
	ok "$2: and ended" grep -q 'lines_free(l)' "$1/harnesses/lines_parse.c"
	ok "$2: a nested source is found" grep -q 'src/deep/count.c' "$1/thresh.yaml"
	ok "$2: and a main() that is compiled out" grep -q 'src/lines.c' "$1/thresh.yaml"
	not_ok "$2: programs and tests are left out" grep -q 'tool.c\|try.c' "$1/thresh.yaml"
	ok "$2: what has to be linked is found" grep -q -- '-lm' "$1/thresh.yaml"
}

# --- make ---
project make
cat >make/Makefile <<'X'
CC = gcc
CFLAGS = -DUNUSED='"a b"' -Iinclude -Igen
all: liblines.a tool
gen/made.h:
	mkdir -p gen && echo '#define MADE 1' >gen/made.h
%.o: %.c gen/made.h
	$(CC) $(CFLAGS) -c -o $@ $<
liblines.a: src/lines.o src/deep/count.o
	ar rcs $@ $^
tool: src/tool.o liblines.a
	$(CC) -o $@ $^ -lm
X
data make
check_project make make
is "$(cd make/corpus/lines_parse && echo *)" "$(for f in one long; do sha1sum <make/tests/data/$f.lines | cut -d' ' -f1; done | sort | paste -sd' ')" \
	"make: the tests' data are the seeds"
ok 'make: which are let in' grep -q 'max_len: 8K' make/thresh.yaml
ok 'make: the dictionary is used' grep -q 'dictionary: tests/lines.dict' make/thresh.yaml
ok 'make: a header that the build makes is kept' grep -q MADE make/harnesses/generated/gen/made.h
ok 'make: where it comes from is said' grep -q '# make -k' make/thresh.yaml
ok 'make: its flags are taken over' grep -q UNUSED make/thresh.yaml
status 2 'a function that there is none of' "$THRESH" init --dir make --force --function lines_pars
like "$ERR" 'did you mean lines_parse' 'the nearest is named'
status 0 'a function by its name alone' "$THRESH" init --dir make --force --function lines_parse
status 0 'calls on objects of a type' "$THRESH" init --dir make --force --handle lines
like "$OUT" 'lines_calls: builds; [0-9]+ inputs tried, [0-9]+ of them passed' 'handle: its harness builds'
unlike "$OUT" 'of no use' 'handle: and is of use'
ok 'handle: it calls what takes one' grep -q '(void)lines_parse(a1, a2, ' make/harnesses/lines_calls.c
status 2 'a type that there is none of' "$THRESH" init --dir make --force --handle line
like "$ERR" 'did you mean lines' 'the nearest is named, too'
status 0 'all that compile' "$THRESH" init --dir make --force --all
ok 'all: each has a harness' test -f make/harnesses/lines_parse.c
like "$OUT" 'lines_get: builds[^:]*left out[^:]*: it parses little or nothing' 'all: but what only looks at its input'

# --- configure, by hand: knows no option of autoconf's ---
project conf
cat >conf/configure <<'X'
#!/bin/sh
[ $# = 0 ] || { echo "unknown option $1"; exit 1; }
echo '#define MADE 2' >made.h
cat >Makefile <<'Y'
all:
	$(CC) $(CFLAGS) -I. -Iinclude -c src/lines.c -o lines.o
	$(CC) $(CFLAGS) -I. -Iinclude -c src/deep/count.c -o count.o
	ar rc liblines.a lines.o count.o
	false
Y
X
chmod +x conf/configure
check_project conf configure
sed -i 's/^\[.*/echo "configure: error: libthing is needed" >\&2; exit 1/' conf/configure
status 0 'a configuration that fails' "$THRESH" init --dir conf --force
like "$ERR" 'configure was of no use: .*libthing is needed' 'is told in its own words'

# --- CMake ---
if command -v cmake >/dev/null && command -v make >/dev/null; then
	project cmake
	cat >cmake/CMakeLists.txt <<'X'
cmake_minimum_required(VERSION 3.10)
project(lines C)
file(WRITE ${CMAKE_BINARY_DIR}/made.h "#define MADE 3\n")
add_library(lines src/lines.c src/deep/count.c)
target_include_directories(lines PUBLIC include ${CMAKE_BINARY_DIR})
target_link_libraries(lines m)
add_executable(tool src/tool.c)
target_link_libraries(tool lines)
X
	check_project cmake CMake

	# in a folder that is named for it, and not in another
	project folders
	mkdir -p folders/Project/Unix folders/tools/src
	sed 's/src\/[a-z]/..\/..\/&/g; s/ include / ..\/..\/include /' cmake/CMakeLists.txt >folders/Project/Unix/CMakeLists.txt
	echo 'message(FATAL_ERROR no)' >folders/tools/src/CMakeLists.txt
	status 0 'a build below' "$THRESH" init --dir folders
	ok 'is found' grep -q -- 'cmake -S ./Project/Unix -B' folders/thresh.yaml

	# what takes too long: a source of the library that isn't compiled by then, and a program that isn't to be at all
	project late
	sed 's/^add_library/set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_SOURCE_DIR}\/slow)\n&/' cmake/CMakeLists.txt >late/CMakeLists.txt
	printf '#!/bin/sh\ncase "$*" in *count.c*) sleep 600;; esac\nexec "$@"\n' >late/slow
	chmod +x late/slow
	status 0 'a build that takes too long' "$THRESH" init --dir late --look-time 8s
	like "$(tr -s '[:space:]' ' ' <<<"$ERR")" "CMake had compiled 1 of the library's 2 sources when its time was up" 'is told'
	ok 'all of its sources are taken' grep -q 'src/deep/count.c' late/thresh.yaml
	like "$OUT" 'lines_parse: builds; [0-9]+ inputs tried' 'and the harness builds'
	like "$(tr -s '[:space:]' ' ' <late/thresh.yaml)" 'build BUILD --target lines --' 'the library alone was built'
else
	skip 17 'no cmake'
fi

# --- Meson ---
if command -v meson >/dev/null && command -v ninja >/dev/null; then
	project meson
	cat >meson/meson.build <<'X'
project('lines', 'c')
configure_file(output: 'made.h', configuration: {'MADE': 4})
lines = library('lines', 'src/lines.c', 'src/deep/count.c', include_directories: include_directories('include'),
	dependencies: meson.get_compiler('c').find_library('m'))
executable('tool', 'src/tool.c', include_directories: include_directories('include'), link_with: lines)
X
	check_project meson Meson
else
	skip 10 'no meson'
fi

# --- no build system: spaces, another alphabet, a link out of the tree ---
odd='a "b" ü$x'
project "$odd"
mkdir "$odd/gen"
echo '#define MADE 5' >"$odd/gen/made.h"
ln -s / "$odd/root"
check_project "$odd" plain
like "$(cat "$odd/thresh.yaml")" 'gen' 'plain: the folder of a header is found'
project unbuilt
cp make/Makefile unbuilt
status 0 'not built' "$THRESH" init --dir unbuilt --no-build
like "$ERR" 'made.h' 'what is missing then is told'

# --- a fuzz target that is there ---
project target
mkdir target/gen target/fuzz
echo '#define MADE 6' >target/gen/made.h
# it only calls one
printf '%s\n' '#include <stddef.h>' 'int LLVMFuzzerTestOneInput(const unsigned char *, size_t);' \
	'int main(void) { return LLVMFuzzerTestOneInput((const unsigned char *)"", 0); }' >target/fuzz/runner.c
# with a header in a folder that the library doesn't need, and a function in a source beside it
mkdir target/fuzz/more
printf 'int more_of(int n);\n' >target/fuzz/more/more.h
printf '#include "more.h"\nint more_of(int n) { return n; }\n' >target/fuzz/more.c
printf 'int unneeded(int n) { return n; }\n' >target/fuzz/unneeded.c
printf '#include "lines.h"\n#include "more.h"\n#include <stdint.h>\nint LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);\n%s\n' \
	'int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { lines *l = lines_new(); if (l) lines_parse(l, p, n); lines_free(l); return more_of(0); }' \
	>target/fuzz/parse_fuzzer.c
status 0 'a fuzz target' "$THRESH" init --dir target
ok 'is taken as a harness' grep -q 'source: fuzz/parse_fuzzer.c' target/thresh.yaml
not_ok 'what calls one is none' grep -q runner target/thresh.yaml
like "$OUT" 'parse_fuzzer: builds; ' 'which builds'
ok 'with the header that it needs' grep -q -- '- fuzz/more$' target/thresh.yaml
like "$ERR" 'fuzz/more.c is compiled, too, as parse_fuzzer.c needs it' 'and with the source, which is told'
not_ok 'and not with others' grep -q unneeded target/thresh.yaml

# one in C++, of a library in an old C
mkdir -p dialect/fuzz
printf 'int old_parse(const char *s, unsigned long n);\n' >dialect/old.h
printf '#include "old.h"\nint old_parse(const char *s, unsigned long n) { return n && *s == 91; }\n' >dialect/old.c
printf 'all:\n\t$(CC) -std=gnu99 -c old.c\n\tar rc libold.a old.o\n' >dialect/Makefile
printf '%s\n' '#include <stddef.h>' 'extern "C" {' '#include "../old.h"' \
	'int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n) { return old_parse((const char *)p, n) * 0; }' '}' >dialect/fuzz/old_fuzzer.cc
status 0 'a fuzz target in C++' "$THRESH" init --dir dialect
like "$OUT" 'old_fuzzer: builds; ' "isn't compiled by the library's dialect of C"

# a program for AFL++'s persistent mode
rm dialect/fuzz/*
cat >dialect/fuzz/old_afl.c <<'X'
#include "old.h"
#include <stdio.h>
__AFL_FUZZ_INIT();
int main(int argc, char **argv)
{
	unsigned char *buf = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(1000)) {
		int len = __AFL_FUZZ_TESTCASE_LEN;
		if (len > 1 && argc == 1 && argv[0])
			old_parse((const char *)buf, (unsigned long)len);
	}
	return 0;
}
X
# and one in C++ that reads standard input, whose main() returns nothing by itself
printf '%s\n' '#include <unistd.h>' 'extern "C" {' '#include "old.h"' '}' 'int main(void) {' 'static char b[99];' \
	'while (__AFL_LOOP(100)) { long n = read(0, b, sizeof(b)); if (n > 0) old_parse(b, n);' 'if (n == 3 && b[2] == 33) _exit(77); } }' >dialect/fuzz/old_in.cc
sed 's/long n = read(0, b, sizeof(b));/long n = fgets(b, sizeof(b), stdin) ? (long)strlen(b) : 0;/; s/<unistd.h>/<cstdio>\n#include <cstring>\n#include <unistd.h>/' dialect/fuzz/old_in.cc >dialect/fuzz/old_gets.cc
status 0 "a program for AFL++'s persistent mode" "$THRESH" init --dir dialect --force
like "$OUT" 'old_afl: builds; [0-9]+ inputs tried, [0-9]+ of them passed' 'is taken'
like "$OUT" 'wrote +harnesses/old_afl.c' 'by a harness around it'
like "$OUT" 'old_in: builds; [0-9]+ inputs tried, [0-9]+ of them passed' 'one that reads standard input, too'
printf '[a!' >in.txt
status 1 'which is the input' "$THRESH" -C dialect replay old_in "$PWD/in.txt"
mkdir ins && printf 'one line\nand another\n' >ins/a && cp in.txt ins/b && printf '[a?' >ins/c
status 1 'by the line' "$THRESH" -C dialect replay old_gets "$PWD/ins"
is "$(sed -n 's/^\(.*ok\) [0-9]* - .*\/\([abc]\)\b.*/\1 \2/p' <<<"$OUT" | tr '\n' ' ')" 'ok a not ok b ok c ' 'each has its own'

# --- C++: a method, whose object is made first; an exception is an answer ---
if command -v clang++ >/dev/null; then
	mkdir -p cxx/src
	cat >cxx/src/doc.hpp <<'X'
#include <string>
namespace toy {
class Doc {
public:
	Doc();
	bool parse(const std::string &text);
private:
	int parse_hidden(const char *s, unsigned long n);
	int n;
};
}
X
	cat >cxx/src/doc.cpp <<'X'
#include "doc.hpp"
#include <stdexcept>
namespace toy {
Doc::Doc() : n(0) {}
bool Doc::parse(const std::string &text)
{
	if (text.size() > 3)
		throw std::runtime_error(text);
	return parse_hidden(text.data(), text.size()) > 0;
}
int Doc::parse_hidden(const char *s, unsigned long m) { return m && *s == '<' ? n + 1 : 0; }
}
X
	printf '#include <iterator>\nint doc_more(void) { int v[3] = {}; return (int)std::size(v); }\n' >cxx/src/more.cpp
	status 0 'C++' "$THRESH" init --dir cxx
	ok 'C++: of its own year' grep -q -- '-std=c++17' cxx/thresh.yaml
	like "$OUT" 'Doc_parse +a string' 'C++: what is private is passed over'
	like "$OUT" 'Doc_parse: builds; ([0-9]+) inputs tried, ([0-9]+) of them passed' 'C++: it builds'
	is "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" 'C++: an exception is no failure'

	# a header that is none by itself: its types are whole where another includes it
	mkdir narrow
	printf 'namespace toy { struct Node { int n; }; }\n' >narrow/node.h
	printf '#include <string>\nnamespace toy { struct Node; Node narrow_parse(const std::string &s); }\n' >narrow/narrow.h
	printf '#include "narrow.h"\n#include "node.h"\n' >narrow/whole.h
	printf '#include "whole.h"\n%s\n' 'toy::Node toy::narrow_parse(const std::string &s) { return Node{ s[0] == 91 }; }' >narrow/a.cpp
	status 0 'a header that is not whole' "$THRESH" init --dir narrow
	like "$OUT" 'narrow_parse: builds; ' 'C++: the function has a harness'
	ok 'C++: with the header that includes it' grep -q '#include "whole.h"' narrow/harnesses/toy_narrow_parse.cc
else
	skip 8 'no clang++'
fi

# --- functions whose harness is of no use: the next one in the ranking is taken, and why is said ---
mkdir pick
cat >pick/pick.h <<'X'
#include <stddef.h>
typedef struct pick pick;
/* ends with a release that is called "put" */
pick *pick_parse(const char *s, size_t n);
int pick_put(pick *p);
X
cat >pick/pick.c <<'X'
#include "pick.h"
#include <stdlib.h>
struct pick { size_t n; };
pick *pick_parse(const char *s, size_t n)
{
	pick *p = calloc(1, sizeof(*p));
	if (p && n && *s == '[')
		p->n = n;
	return p;
}
int pick_put(pick *p) { free(p); return 1; }
X
status 0 'an end with another name' "$THRESH" init --dir pick
ok 'is known' grep -q 'pick_put(result)' pick/harnesses/pick_parse.c
like "$OUT" 'pick_parse: builds; [^;]*$' 'and nothing is left out then'
cp -R pick sick
rm -rf sick/harnesses sick/corpus sick/thresh.yaml sick/.thresh sick/.gitignore
cat >>sick/pick.h <<'X'
int pick_parse_text(const char *s);
int pick_parse_buffer(const char *s, size_t n);
int pick_parse_memory(const char *s, size_t n);
typedef struct block { char c[8]; } block;
block *pick_parse_block(const char *s, size_t n);
int pick_parse_again(const char *s, size_t n);
typedef struct deep { const char *name; } deep;
int pick_parse_most(const char *s);
deep *pick_open_deep(const char *path);
int pick_parse_deep(deep *d, const char *s, size_t n);
X
sed -i '/^pick \*pick_parse/d' sick/pick.h
cat >sick/more.c <<'X'
#include "pick.h"
#include <stdlib.h>
#include <string.h>
int pick_missing(void);
/* can't be linked; fails at once; does nothing; leaks, as nothing ends the result */
int pick_parse_buffer(const char *s, size_t n) { return pick_missing() + (n && *s == '['); }
int pick_parse_again(const char *s, size_t n) { return pick_parse_buffer(s, n); }
X
cat >sick/pick_more.c <<'X'
#include "pick.h"
#include <stdlib.h>
#include <string.h>
int pick_parse_memory(const char *s, size_t n) { if (s || n) abort(); return 0; }
block *pick_parse_block(const char *s, size_t n)
{
	block *p = malloc(sizeof(*p));
	if (p && n)
		p->c[0] = *s == '[';
	return p;
}
int pick_parse_text(const char *s) { return *s == '[' && s[1] == ']'; }
int pick_parse_most(const char *s) { if (*s && *s != '[') abort(); return 0; }
/* the harness has no object for it */
deep *pick_open_deep(const char *path) { deep *d = malloc(sizeof(*d)); d->name = path; return d; }
int pick_parse_deep(deep *d, const char *s, size_t n) { return n && *s ? d->name[0] == *s : 0; }
X
status 0 'sick harnesses' "$THRESH" init --dir sick
like "$OUT" "pick_parse_(again|buffer): doesn't build; left out.*pick_missing" 'what does not link is left out'
like "$OUT" 'pick_parse_memory: [^;]*; [^;]*; left out.*fails on each of [0-9]+ inputs: .*pick_parse_memory \(' 'what fails at once, too, and how'
like "$OUT" 'pick_parse_block: [^;]*; [^;]*; left out.*leaks memory in each run' 'and what leaks'
like "$OUT" 'pick_parse_text: builds; [^;]*passed' 'the next one is taken'
is "$(cd sick/harnesses && echo *)" 'pick_parse_text.c thresh.h' 'nothing of the others stays'
is "$(cd sick/corpus && echo *)" 'pick_parse_text' 'nor of their inputs'
is "$(grep -c 'source: harnesses' sick/thresh.yaml)" 1 'nor in thresh.yaml'
status 0 'all of them' "$THRESH" init --dir sick --force --all
like "$OUT" "pick_parse_(again|buffer): doesn't build, for the same reason; left out" 'one reason is told once'
like "$OUT" 'pick_parse_most: [^;]*; [^;]*; left out.*fails on [0-9]+ of' 'and what fails on most inputs'
like "$OUT" 'pick_parse_deep: [^;]*; [^;]*; left out.*zeroed memory for a deep' 'what fails for an object of nobody is left out'
is "$(grep 'source: ' sick/thresh.yaml)" '    source: harnesses/pick_parse_text.c' 'are tried, and only those of use are kept'
status 0 'one that was asked for' "$THRESH" init --dir sick --force --function pick_parse_memory
like "$OUT" 'no use yet.*fails on each of' 'is kept, and told'
ok 'in thresh.yaml, too' grep -q pick_parse_memory sick/thresh.yaml

# --- bytes that the caller owns, and some that it doesn't: the trial tells; a library that is to be started ---
mkdir own
printf 'int own_init(int level, void (*say)(const char *));\n' >own/own.h
printf 'char *own_parse(const char *s);\nchar *own_parse_static(const char *s);\n' >>own/own.h
cat >>own/own.h <<'X'
typedef char *own_context;
own_context own_create(void);
void own_close(own_context c);
void own_end_run(own_context c);
void own_destroy(own_context c);
int own_context_parse(own_context c, const char *s);
X
cat >own/own.c <<'X'
#include "own.h"
#include <stdlib.h>
#include <string.h>
static int ready;
int own_init(int level, void (*say)(const char *)) { ready = !say; return level; }
char *own_parse(const char *s) { char *p = ready ? strdup(s) : NULL; if (p && *p == '[') *p = '{'; return p; }
struct context { char room[8192]; int (*is)(char c); };
static int is_open(char c) { return c == '['; }
own_context own_create(void) { struct context *c = calloc(1, sizeof(*c)); if (c) c->is = is_open; return (char *)c; }
void own_close(own_context c) { (void)c; }
void own_end_run(own_context c) { (void)c; }
void own_destroy(own_context c) { free(c); }
int own_context_parse(own_context c, const char *s) { return ((struct context *)(void *)c)->is(*s); }
char *own_parse_static(const char *s) { static char c[2]; c[0] = *s == '[' ? '{' : *s; return c; }
X
status 0 'bytes that are handed out' "$THRESH" init --dir own --all
ok 'are freed' grep -q 'free(result)' own/harnesses/own_parse.c
ok 'behind the start of the library' grep -q '(void)own_init(0, NULL);' own/harnesses/own_parse.c
ok 'but not where that fails' grep -q 'TODO: free what it returns' own/harnesses/own_parse_static.c
like "$OUT" 'own_parse_static: builds; ([0-9]+) inputs tried, \1 of them passed' 'and then it passes'
like "$OUT" 'own_context_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'an object behind a char * is made'
ok 'and ended by the opposite of its maker' grep -q 'own_destroy(c)' own/harnesses/own_context_parse.c

# --- files that are to be called as the library's own are ---
mkdir named
printf 'int named_load(const char *path);\n' >named/n.h
cat >named/n.c <<'X'
#include "n.h"
#include <stdio.h>
#include <string.h>
static const char *const ends[] = { ".nam", ".nam", ".nam" };
int named_load(const char *path)
{
	const char *dot = strrchr(path, '.');
	FILE *f = dot && strcmp(dot, ends[0]) == 0 ? fopen(path, "r") : NULL;
	int c = f ? fgetc(f) : 0;

	if (f)
		fclose(f);
	return c == '[' || c == '{' ? 1 : c == 's' ? 2 : c == 0 ? 3 : 0;
}
X
status 0 'a file that is to have a name' "$THRESH" init --dir named
like "$OUT" 'named_load: builds; [0-9]+ inputs tried, [0-9]+ of them passed[^,]*wrote' 'has a harness of use'
ok 'which gives it that name' grep -q '/input-XXXXXX.nam' named/harnesses/named_load.c

# --- calls on objects, behind the start of the library ---
mkdir box
printf 'struct box;\nint box_init(void);\nstruct box *box_new(void);\nvoid box_free(struct box *b);\nint box_set(struct box *b, const char *s);\n' >box/box.h
cat >box/box.c <<'X'
#include "box.h"
#include <stdlib.h>
struct box { int n; };
static int ready;
int box_init(void) { ready = 1; return 0; }
struct box *box_new(void) { if (!ready) abort(); return calloc(1, sizeof(struct box)); }
void box_free(struct box *b) { free(b); }
int box_set(struct box *b, const char *s) { if (*s == '[') b->n++; return b->n; }
X
status 0 'calls behind a start' "$THRESH" init --dir box --handle box
like "$OUT" 'box_calls: builds; ([0-9]+) inputs tried, \1 of them passed' 'it is called'

# --- one that hangs: bounded, told, and in nobody's way ---
mkdir hang
printf 'int hang_parse(const char *s);\n' >hang/h.h
printf 'int hang_parse(const char *s) { volatile int i = 0; while (*s > 32) i++; return i; }\n' >hang/h.c
status 0 'a harness that hangs' "$THRESH" init --dir hang
like "$(tr -s '[:space:]' ' ' <<<"$OUT")" "hang_parse: builds; .* doesn't end within the limit of time, and nothing was left" 'is told'

# --- ended while harnesses are tried: what was found by then is written ---
mkdir slow
printf 'int slow_parse(const char *s);\n' >slow/slow.h
printf '#include <unistd.h>\nint slow_parse(const char *s) { usleep(300000); return *s == 91; }\n' >slow/slow.c
for sig in TERM INT; do
	rm -rf slow/thresh.yaml slow/harnesses
	"$THRESH" init --dir slow >out 2>err &
	for ((i = 0; i < 1200; i++)); do
		[ ! -e slow/harnesses/slow_parse.c ] || break
		sleep 0.1
	done
	kill -$sig $!
	wait $!
	is $? 3 "SIG$sig: init ends"
	like "$(tr -s '[:space:]' ' ' <out)" 'slow_parse: not tried to the end; kept.*wrote harnesses/slow_parse.c.*thresh build slow_parse' \
		"SIG$sig: with the harness that it was at"
	like "$(tr -s '[:space:]' ' ' <err)" 'interrupted: what was found until then is written' "SIG$sig: and says so"
	ok "SIG$sig: the harness is in thresh.yaml" grep -q 'source: harnesses/slow_parse.c' slow/thresh.yaml
done

# --- a header that needs another in front of it, as the sources know; a struct that only the library's own header has ---
mkdir order
printf 'typedef struct order order;\ntypedef unsigned long order_size;\n' >order/types.h
printf 'int order_parse(order *o, const char *s, order_size n);\n' >order/order.h
printf 'struct order { int n; };\n' >order/inner.h
printf '#include "types.h"\n#include "order.h"\n#include "inner.h"\n%s\n' \
	'int order_parse(order *o, const char *s, order_size n) { return n && *s == 91 ? o->n : 0; }' >order/a.c
status 0 'a header that needs another' "$THRESH" init --dir order
like "$OUT" 'order_parse: builds' 'is included behind it'
is "$(grep -c '#include "types.h"' order/harnesses/order_parse.c)" 1 'in the harness, too'
not_ok 'of a struct that the header has not, no size is taken' grep -q 'sizeof(\*o)' order/harnesses/order_parse.c

# --- an interrupt, and a kill, while the project's build runs: it waits for one ---
interrupted() { # signal
	local i

	mkdir stop tmp
	printf 'int stop_parse(const char *s) { return *s; }\n' >stop/a.c
	printf 'int stop_parse(const char *s);\n' >stop/a.h
	printf 'all:\n\t$(CC) -c a.c\n\tar rc liba.a a.o\n\tsleep 300\n' >stop/Makefile
	find stop | sort >before
	TMPDIR=$PWD/tmp "$THRESH" init --dir stop >out 2>err &
	for ((i = 0; i < 600; i++)); do
		[ -z "$(echo tmp/thresh-survey-*/src/liba.a | grep -v '\*')" ] || break
		sleep 0.1
	done
	kill -"$1" $!
	wait $! 2>/dev/null
	RC=$?
}
interrupted INT
is "$RC" 3 'an interrupt ends it'
like "$(tr -s '[:space:]' ' ' <err)" 'interrupted while make built the library in a copy; nothing is written' 'and is told'
is "$(find stop | sort)" "$(cat before)" 'the project is as it was'
is "$(ls tmp)" '' 'no folder is left'
rm -rf stop tmp
interrupted KILL
like "$(ls tmp)" 'thresh-survey-' 'a kill leaves a folder'
mkdir tmp/thresh-survey-other
status 0 'the next one' env TMPDIR="$PWD/tmp" "$THRESH" init --dir stop --no-build
is "$(ls tmp)" 'thresh-survey-other' 'takes it away, and nothing else'

# --- a symbol that nothing of the project has: the library that does is named ---
mkdir open
printf 'int open_parse(const char *s);\n' >open/a.h
printf 'int open_parse(const char *s);\nint sqlite3_complete(const char *s);\nint nobody_has(int);\nint __kmpc_x(void);\n%s\n' \
	'int open_parse(const char *s) { return sqlite3_complete(s) + nobody_has(1) + __kmpc_x(); }' >open/a.c
status 0 'symbols that are nowhere' "$THRESH" init --dir open
like "$ERR" 'nobody_has \(a.c\)' 'are named with the source that wants them'
like "$ERR" 'linked with -lsqlite3, which has sqlite3_complete' 'what a library has that is installed is linked'
like "$ERR" '__kmpc_x \(a.c; OpenMP' 'and the runtime'
like "$OUT" "open_parse: doesn't build; kept, to be mended" 'the harness waits for it'

# --- what can't be ---
printf '[submodule "x"]\n\tpath = third/x\n[submodule "y"]\n\tpath=open\n' >open/.gitmodules
mkdir open/open
: >open/open/file
status 0 'a submodule that is missing' "$THRESH" init --dir open --force --no-build
like "$ERR" "submodules aren't there: third/x .\`git submodule" 'is named, with the mend'
mkdir broken
printf '#include "elsewhere.h"\nint f(const char *s);\n' >broken/a.c
printf 'all:\n\t$(CC) -c a.c\n' >broken/Makefile
status 3 'what nothing can compile' "$THRESH" init --dir broken
like "$ERR" "can't be compiled here: make was of no use: .*elsewhere.h" 'is told in one line'
not_ok 'and nothing is written' test -e broken/thresh.yaml
printf 'all:\n\tsleep 600\n' >broken/Makefile
mkdir broken/debian && : >broken/debian/control
status 3 'a make that does not end' timeout 100 "$THRESH" init --dir broken --look-time 1s
like "$ERR" 'make was of no use: make: no end within its time[^;]*; --look-time gives it more' 'is told, with the mend'
unlike "$ERR" 'apt-get' 'and with no other'
mkdir -p alone/tests
cat >alone/f.hpp <<'X'
namespace fs {
class odd { odd(); public: int parse(const char *s) { return *s; } };
inline int f_parse(const char *s) { return *s == '['; }
}
X
printf 'int main() { return 0; }\n' >alone/tests/a.cc
printf 'all:\n\t$(CXX) tests/a.cc\n' >alone/Makefile
# as ccache does it: the next one of its name on PATH, unless its cache can't be written to
mkdir cache
cat >cache/clang++ <<'X'
#!/usr/bin/env bash
[ -n "${CCACHE_DISABLE:-}" ] || : >"${0%/*}/kept" || exit 1
IFS=:
for d in $PATH; do
	[ "$d/clang++" -ef "$0" ] || ! [ -x "$d/clang++" ] || exec "$d/clang++" "$@"
done
X
chmod +x cache/clang++
status 0 'headers without sources, and a compiler behind a cache' timeout -s INT 200 env PATH="$PWD/cache:$PATH" "$THRESH" init --dir alone
like "$OUT" 'fs_f_parse: builds; [0-9]+ inputs tried' 'what they define inline has a harness'
ok 'the source that includes them is kept' grep -q 'f.hpp"' alone/harnesses/generated/headers.cc
mkdir stb
cat >stb/stb_x.h <<'X'
int stbx_parse(const unsigned char *data, int size);
#ifdef STB_X_IMPLEMENTATION
int stbx_parse(const unsigned char *data, int size) { return size > 1 && data[0] == '[' && data[1] == ']'; }
static int stbx_parsed(const char *s) { return *s == '[' && s[1] == '['; }
#endif
X
cat >stb/stb_y.h <<'X'
#include "stb_x.h"
int stby_parse(const unsigned char *data, int size);
#if defined(STB_Y_IMPL)
int stby_parse(const unsigned char *data, int size) { return size > 2 && data[2] == '{' && stbx_parse(data, size); }
#endif
X
status 0 'functions behind macros, of headers one of which includes the other' "$THRESH" init --dir stb --all
like "$OUT" 'stbx_parse: builds; [0-9]+ inputs tried' 'are defined once'
like "$OUT" 'stby_parse: builds; [0-9]+ inputs tried' 'both of them'
unlike "$OUT$ERR" 'stbx_parsed' 'what is defined there for itself alone is not taken for a function with nearly its name'
rm stb/stb_y.h
mkdir inl
cat >inl/inl.h <<'X'
#include <stddef.h>
static inline int inl_is(char c) { return c == '['; }
static inline int inl_parse(const char *s, size_t n) { return n > 1 && inl_is(s[0]) && s[1] == ']'; }
X
status 0 'functions that are static inline, in C' "$THRESH" init --dir inl
like "$OUT" 'inl_parse: builds; ([0-9]+) inputs tried, \1 of them passed[^,]*wrote' 'are called, and the calls kept'
printf '#include "nowhere.h"\ninline int f(const char *s) { return *s; }\n' >stb/stb_x.h
status 3 'headers that do not compile' "$THRESH" init --dir stb --force
like "$ERR" 'a library of headers alone.*--header FILE' 'are told, with the way to go'

# --- a generator that isn't installed: said, and no harness is made for half a library ---
mkdir half
printf 'int half_parse(const char *s);\n' >half/a.h
printf '#include "a.h"\nint yyparse(void);\nint half_parse(const char *s) { return *s ? yyparse() : 0; }\n' >half/a.c
printf 'all:\n\t$(CC) -c a.c\n\tar rc liba.a a.o\n\t@echo "/bin/sh: 1: gperf: not found"; false\n' >half/Makefile
status 3 'a generator that is missing' "$THRESH" init --dir half
like "$ERR" 'needs gperf: `apt-get install gperf` .--no-build' 'is named with its package'
not_ok 'and nothing is written then' test -e half/thresh.yaml
sed -i 's/return.*/return half_more(*s); }/; s/yyparse(void)/half_more(int c)/' half/a.c
sed -i '/ar rc/d' half/Makefile
printf 'int half_more(int c);\nint half_more(int c) { return c; }\n' >half/more.c
status 0 'where the library is whole without it' "$THRESH" init --dir half
like "$ERR" 'more.c is compiled, too, as it has half_more' 'and with what the build left out'
like "$OUT" 'half_parse: builds' 'it is taken'

# --- a build that gives a part of the library, and another that gives all of it; a generated file that no ending says is one ---
mkdir part
printf 'int part_parse(const char *s);\n' >part/a.h
printf '#include "a.h"\n#include "words"\nint part_more(int c);\n%s\n' \
	'int part_parse(const char *s) { return *s == WORD ? part_more(*s) : 0; }' >part/a.c
printf '#include "config.h"\nint part_more(int c);\nint part_more(int c) { return c + MORE; }\n' >part/b.c
printf '#!/bin/sh\necho >config.h\necho "#define WORD 91" >words\n' >part/configure
chmod +x part/configure
cat >part/Makefile <<'X'
liba.a: a.o b.o
	ar rc $@ $^
%.o: %.c config.h
	$(CC) -I. -c $<
config.h:
	echo '#define MORE 1' >$@
	echo '#define WORD 91' >words
X
status 0 'a build that fails for a part' "$THRESH" init --dir part
like "$ERR" 'configure was of no use: .*MORE' 'gives way to another'
like "$OUT" 'part_parse: builds; ' 'which gives all'
ok 'with all that is included' grep -q WORD part/harnesses/generated/words

# --- a library's header that isn't installed, without which no library came of the build ---
mkdir -p lacks apt
printf '#!/bin/sh\necho libnosuch-dev\n' >apt/apt-cache
chmod +x apt/apt-cache
printf 'int lacks_parse(const char *s);\n' >lacks/a.h
printf '#include "a.h"\nint lacks_parse(const char *s) { return *s; }\n' >lacks/a.c
printf '#include <nosuch.h>\nint lacks_more(void);\n' >lacks/b.c
printf 'liblacks.a: a.o b.o\n\tar rc $@ $^\n' >lacks/Makefile
status 3 'a header that is not installed' env PATH="$PWD/apt:$PATH" "$THRESH" init --dir lacks
like "$ERR" 'needs nosuch: `apt-get install libnosuch-dev`' 'is named with its package'
mkdir strange
printf 'int parse_thing(const char *s, unsigned long n);\n' >strange/lib.h
printf '#include "lib.h"\nint parse_thing(const char *s, unsigned long n) { return n > 3 && s[0]; }\n' >strange/lib.c
mkfifo strange/pipe.c strange/pipe.h
ln -s loop strange/loop && ln -s . strange/self && ln -s /dev/zero strange/zero.c
printf 'int y(const char *p, unsigned long n);\n' >"strange/"$'red\e[31m.h'
truncate -s 1G strange/big.c
status 0 'FIFOs, devices, loops of links, a source of a gigabyte' timeout 55 "$THRESH" init --dir strange --no-build
like "$ERR" 'big.c: not compiled: too large' 'what is no source is told'
unlike "$OUT$ERR" $'\e' 'a name with an escape is shown as one'
mkdir none
printf 'int add(int a, int b) { return a + b; }\n' >none/a.c
printf 'int add(int a, int b);\n' >none/a.h
status 0 'nothing that takes input' "$THRESH" init --dir none
like "$ERR" 'no function of the headers takes bytes' 'is told'
cp none/thresh.yaml before
status 2 'again' "$THRESH" init --dir none
ok 'nothing is overwritten' cmp before none/thresh.yaml
done_testing
