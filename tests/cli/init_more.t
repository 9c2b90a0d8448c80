#!/usr/bin/env bash
# thresh init on what strange packages turned out to be like: headers with tests beside them, builds that lack several things at
# once, headers that compile only by way of another, functions that take a text and parse nothing.
. "$(dirname "$0")/../lib.sh"
command -v clang++ >/dev/null || skip_all 'no clang'

# --- headers alone, with a test program and a framework beside them, and a build system that isn't installed ---
mkdir -p bin heads
printf 'project(x)\nadd_library(x INTERFACE)\n' >heads/CMakeLists.txt
printf "project('x', 'cpp')\n" >heads/meson.build
cat >heads/x.hxx <<'X'
#include <string>
namespace x {
inline int depth(const std::string &s) { int n = 0; for (char c : s) n += c == '[' ? 1 : c == ']' ? -1 : 0; return n; }
inline int parse(const std::string &s)
{
	if (s.size() > 2 && s[0] == '{') return depth(s);
	if (s.size() > 2 && s[1] == '"') return s[2] == '"' ? 1 : 2;
	for (char c : s) if (c == ';') return 3; else if (c == '#') return 4; else if (c == '!') return 5;
	return 0;
}
}
X
printf '#error "only with its own main"\nint catch_parse(const char *s);\n' >heads/catch.hpp
printf '#define CATCH_CONFIG_MAIN\n#include "catch.hpp"\n' >heads/test.cxx
status 0 'headers alone, beside tests of theirs' timeout -s INT 200 "$THRESH" init --dir heads
like "$OUT" 'x_parse: builds; [0-9]+ inputs tried' 'have a harness'
unlike "$ERR" 'needs meson' 'whatever else they could be built by'

# --- all that is missing, not the first of it alone ---
mkdir -p apt lacks
printf '#!/bin/sh\nprintf "libnosuch-one-dev\\nlibnosuch-two-dev\\nlibnosuch-three-dev\\n"\n' >apt/apt-cache
chmod +x apt/apt-cache
printf "#!/bin/sh\necho \"Package 'nosuch-one', required by 'virtual:world', not found\" >&2\nexit 1\n" >lacks/configure
chmod +x lacks/configure
cat >lacks/configure.ac <<'X'
PKG_CHECK_MODULES([ONE], [nosuch-one])
PKG_CHECK_MODULES([TWO], [
	nosuch-two >= 1.0
])
AS_IF([test "x$three" = xyes], [PKG_CHECK_MODULES([THREE], [nosuch-three])])
X
printf 'int lacks_parse(const char *s) { return *s; }\n' >lacks/a.c
status 3 'libraries that are not installed' env PATH="$PWD/apt:$PATH" "$THRESH" init --dir lacks
like "$ERR" 'needs nosuch-one and nosuch-two: `apt-get install libnosuch-one-dev libnosuch-two-dev`' 'are named, all that are wanted at any rate'

# --- automake, which wants what a package of GNU's has ---
cat >bin/autoreconf <<'X'
#!/bin/sh
[ -f ChangeLog ] || { echo "Makefile.am: error: required file './ChangeLog' not found" >&2; exit 1; }
printf '#!/bin/sh\nprintf "libgnu.a: a.o\\\\n\\\\tar rc libgnu.a a.o\\\\n" >Makefile\n' >configure
chmod +x configure
X
chmod +x bin/autoreconf
mkdir gnu
: >gnu/configure.ac
printf 'int gnu_parse(const char *s);\n' >gnu/a.h
printf '#include "a.h"\nint gnu_parse(const char *s) { return *s == 91 && s[1] == 93; }\n' >gnu/a.c
status 0 'a tree packed without a file that automake wants' env PATH="$PWD/bin:$PATH" "$THRESH" init --dir gnu
ok 'is built all the same, in the copy' grep -q autoreconf gnu/thresh.yaml
not_ok 'and nothing is added to the tree' test -e gnu/ChangeLog

# --- a header that compiles only by way of the one that users include; errors; functions that parse nothing ---
mkdir -p way/src
printf 'struct way_file;\nstruct way_error;\ntypedef struct way_file *way_t;\n' >way/src/types.h
cat >way/src/api.h <<'X'
int way_read(const unsigned char *data, unsigned long size, way_t *out, struct way_error **error);
int way_set_title(const char *title);
void way_file_free(way_t *file, struct way_error **error);
void way_error_free(struct way_error **error);
X
printf '#include "types.h"\n#include "api.h"\n' >way/src/way.h
cat >way/src/way.c <<'X'
#include "way.h"
#include <stdlib.h>
#include <string.h>
struct way_file { int n; };
struct way_error { int n; };
static char title[9];
int way_set_title(const char *s)
{
	if (strlen(s) > 8)
		return -1;
	strcpy(title, s);
	return 0;
}
int way_read(const unsigned char *data, unsigned long size, way_t *out, struct way_error **error)
{
	if (size < 2 || data[0] != '[') {
		*error = calloc(1, sizeof(**error));
		return -1;
	}
	*out = calloc(1, sizeof(**out));
	for (unsigned long i = 1; *out && i < size; i++)
		switch (data[i]) {
		case ']': (*out)->n++; break;
		case '{': (*out)->n += 2; break;
		case '"': (*out)->n += 3; break;
		case ',': (*out)->n += 4; break;
		}
	return 0;
}
void way_file_free(way_t *file, struct way_error **error) { (void)error; free(*file); *file = NULL; }
void way_error_free(struct way_error **error) { free(*error); *error = NULL; }
X
printf 'libway.a: src/way.o\n\tar rc $@ $^\n' >way/Makefile
status 0 'a header that needs another' "$THRESH" init --all --dir way
ok 'is included by way of it' grep -q 'include "\(src/\)\?way.h"' way/harnesses/way_read.c
ok 'what an error is put into is ended as one' grep -q 'way_error_free(&error)' way/harnesses/way_read.c
like "$OUT" 'way_read: builds; ([0-9]+) inputs tried, \1 of them passed' 'and what parses is kept'
like "$OUT" 'way_set_title: builds[^:]*left out[^:]*: it parses little or nothing' 'what only keeps its text is left out'

# --- C++: objects of abstract classes; words; a class whose constructor wants a name ---
mkdir -p cxx/src
cat >cxx/src/fam.hpp <<'X'
#pragma once
#include <string>
#include <vector>
namespace fam {
class Stream {
public:
	virtual ~Stream() {}
	virtual int next() = 0;
};
class FileStream : public Stream {
public:
	explicit FileStream(const char *path);
	int next() override;
};
class MemoryStream final : public Stream {
public:
	MemoryStream(const unsigned char *data, const unsigned int size);
	int next() override;
private:
	const unsigned char *m_data;
	unsigned m_left;
};
class Sink {
public:
	virtual ~Sink() {}
	virtual void begin() = 0;
	virtual const std::string &name() const = 0;
	virtual char *room(int n) = 0;
	virtual int take(const std::string &word, // the next
		bool last) = 0;
	virtual void end(int n) { (void)n; }
};
class Doc {
public:
	static bool parse(Stream *in, Sink &out);
};
class Options {
public:
	explicit Options(const std::string &program);
	bool parse(int argc, const char *const *argv);
	bool parseWords(const std::vector<std::string> &words);
private:
	std::string m_program;
};
}
X
cat >cxx/src/fam.cpp <<'X'
#include "fam.hpp"
namespace fam {
FileStream::FileStream(const char *) {}
int FileStream::next() { return -1; }
MemoryStream::MemoryStream(const unsigned char *data, const unsigned int size) : m_data(data), m_left(size) {}
int MemoryStream::next() { return m_left ? m_left--, *m_data++ : -1; }
bool Doc::parse(Stream *in, Sink &out)
{
	std::string word;
	out.begin();
	word = out.name();
	if (out.room(3)) return false;
	for (int c; (c = in->next()) >= 0;) {
		if (c == ' ' || c == ';') { out.take(word, c == ';'); word.clear(); }
		else if (c == '[' && word.size() > 2) return false;
		else word += (char)c;
	}
	out.end((int)word.size());
	return true;
}
Options::Options(const std::string &program) : m_program(program) {}
bool Options::parse(int argc, const char *const *argv)
{
	std::vector<std::string> words;
	for (int i = 1; i < argc; i++)
		words.push_back(argv[i]);
	return parseWords(words);
}
bool Options::parseWords(const std::vector<std::string> &words)
{
	int n = 0;
	for (const std::string &w : words) {
		if (w.size() > 1 && w[0] == '-') n++;
		if (w.find('=') != std::string::npos) n += 2;
		if (w == "--") break;
	}
	return n > 1;
}
}
X
printf 'libfam.a: src/fam.o\n\tar rc $@ $^\n' >cxx/Makefile
status 0 'C++ whose arguments are objects' "$THRESH" init --all --dir cxx
like "$OUT" 'Doc_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'one that reads the input, and one that does nothing'
ok 'by a class of the same family' grep -q 'fam::MemoryStream .*(data, size);' cxx/harnesses/Doc_parse.cc
ok 'and by an interface of its own' grep -q 'int take(const std::string &word, *bool last) override' cxx/harnesses/Doc_parse.cc
like "$OUT" 'Options_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'arguments of a program'
like "$OUT" 'Options_parseWords: builds; ([0-9]+) inputs tried, \1 of them passed' 'and words'
ok 'of an object that wants a name' grep -q 'Options("input")' cxx/harnesses/Options_parse.cc

# --- templates, of which no object has a symbol ---
mkdir tpl
cat >tpl/tpl.hpp <<'X'
#pragma once
#include <cstddef>
namespace tpl {
template <class Ch = char> class Doc {
public:
	template <int Flags> void parse(Ch *text)
	{
		for (; *text; text++)
			if (*text == '[' && (depth_ += 1 + Flags) > 2)
				throw depth_;
			else if (*text == ']')
				depth_--;
			else if (*text == '"')
				depth_ += string(text);
	}
private:
	int string(Ch *s) { return s[1] == '"' ? 0 : s[1] == '\\' ? 1 : 2; }
	int depth_ = 0;
};
template <typename Iterator> int scan(Iterator first, Iterator last)
{
	int n = 0;
	for (; first != last; ++first)
		n += *first == ',' ? 2 : *first > 'a' ? 1 : *first < '0' ? 3 : 0;
	return n;
}
}
X
status 0 'a library of templates' "$THRESH" init --all --dir tpl
like "$OUT" 'Doc_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'a method of one, in one of its own'
ok 'for chars, and without flags' grep -q 'tpl::Doc<>().parse<0>(' tpl/harnesses/Doc_parse.cc
ok 'whose call stays, whatever it returns' grep -q 'auto &&kept = .*scan(' tpl/harnesses/scan.cc
like "$OUT" 'scan: builds; ([0-9]+) inputs tried, \1 of them passed' 'a function of iterators'

# --- headers that call an installed library ---
if echo 'int main(void) { return 0; }' | clang -x c - -o linked -lz 2>/dev/null && [ -e /usr/include/zlib.h ]; then
	mkdir inl
	cat >inl/inl.hpp <<'X'
#pragma once
#include <string>
#include <zlib.h>
namespace inl {
inline int parse(const std::string &s)
{
	int n = 0;
	for (char c : s)
		n += c == '[' ? 2 : c > 'a' ? 1 : c < '0' ? 3 : c == '{' ? 5 : 0;
	return n > 9 ? (int)crc32(0, (const Bytef *)s.data(), (uInt)s.size()) : n;
}
}
X
	status 0 'headers that call a library' "$THRESH" init --dir inl
	like "$OUT" 'parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'which is linked'
else
	skip 2 'no zlib'
fi

# --- a make that has no end: what it had no time for is found by what is wanted ---
mkdir -p cut/src
printf '#include <string>\nnamespace cut { struct Two { explicit Two(int n) noexcept; virtual ~Two(); int go(const std::string &s) const; int n; }; int three(int n);\nint parse(const std::string &s); }\n' >cut/src/cut.hpp
printf '#include "cut.hpp"\nint cut::parse(const std::string &s) { return s.size() > 2 && s[0] == 91 ? Two(s[1] == 92).go(s) : 0; }\n' >cut/src/a.cpp
printf '#include "cut.hpp"\nnamespace cut {\nTwo::Two(int k) noexcept : n(k) {}\nTwo::~Two() {}\nint Two::go(const std::string &s) const { return three(n + s[2]); }\n}\n' >cut/src/b.cpp
printf '#include "cut.hpp"\nnamespace cut {\nint three(int n) { return n * 3; }\n}\n' >cut/src/c.cpp
cat >cut/Makefile <<'X'
libcut.a: src/a.o src/b.o src/c.o
	ar rc $@ $^
src/b.o:
	sleep 300
src/c.o: src/b.o
X
status 0 'a make that does not end' "$THRESH" init --look-time 3s --dir cut
like "$OUT" 'cut_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'gives a library that links'
ok 'with all of its sources' grep -q 'src/c.cpp\|src/\*.cpp' cut/thresh.yaml

# --- what is called a text by its type, and is bytes that say themselves how many they are ---
mkdir rec
printf 'int rec_parse(const char *record);\nint rec_scan(const char *record);\nint rec_read(const char *record);\n' >rec/rec.h
cat >rec/rec.c <<'X'
#include "rec.h"
#include <string.h>
int rec_parse(const char *record)
{
	unsigned n;
	int k = 0;
	memcpy(&n, record, 4);
	for (unsigned i = 4; i - 4 < (n & 7); i++)
		k += record[i] == 'a' ? 1 : record[i] < '0' ? 2 : record[i] > 'z' ? 3 : record[i] == '{' ? 4 : 5;
	return k + (n % 5 == 1 ? 2 : n % 7 == 1 ? 3 : n % 11 == 1 ? 4 : n % 3 == 1 ? 5 : n > 99 ? 6 : 7);
}
int rec_read(const char *record)
{
	return rec_scan(memcmp(record, "\xef\xbb\xbf", 3) == 0 ? record + 3 : record);
}
int rec_scan(const char *record)
{
	int k = 0;
	for (; *record; record++)
		k += *record == 'a' ? 1 : *record < '0' ? 2 : *record > 'z' ? 3 : *record == '{' ? 4 : 5;
	return k;
}
X
printf 'librec.a: rec.o\n\tar rc $@ $^\n' >rec/Makefile
status 0 'bytes by the type of a text' "$THRESH" init --all --dir rec
like "$(tr -s '[:space:]' ' ' <<<"$OUT")" 'rec_parse: builds;[^:]*left out of an empty text it reads more than its end' 'are left out'
like "$OUT" 'rec_scan: builds; ([0-9]+) inputs tried, \1 of them passed' 'a text is taken'
like "$OUT" $'rec_read: builds; [^;]*passed\n  an empty input fails: heap-buffer-overflow' 'also what reads too far at its beginning, and that is told'

# --- plugins that define what the library does, too ---
mkdir -p plug/plugins/one plug/plugins/two plug/src
printf 'int plug_parse(const char *s, unsigned long n);\nint plug_more(int c);\nint plug_copy(int c);\n' >plug/src/plug.h
printf '#include "plug.h"\nint plug_parse(const char *s, unsigned long n) { int k = 0; while (n--) k += s[n] == 91 ? plug_more(s[n]) : s[n] > 99 ? 2 : s[n] < 48 ? 3 : plug_copy(s[n]); return k; }\n' >plug/src/a.c
printf '#include "plug.h"\nint plug_module(void);\nint plug_module(void) { return 0; }\nint plug_more(int c) { return c; }\n' >plug/src/b.c
printf '#include "plug.h"\nint plug_copy(int c) { return c + 1; }\n' >plug/src/c.c
for f in one two; do printf 'int plug_module(void);\nint plug_module(void) { return 1; }\n' >plug/plugins/$f/$f.c; done
cat >plug/Makefile <<'X'
all: libplug.a libone.a libtwo.a
libplug.a: src/a.o src/b.o src/c.o
	ar rc $@ $^
libone.a: plugins/one/one.o
	ar rc $@ $^
libtwo.a: plugins/two/two.o
	ar rc $@ $^
X
status 0 'plugins' "$THRESH" init --dir plug
like "$OUT" 'plug_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'give way to the library'
unlike "$ERR" 'nothing here defines' 'which is whole'

# --- another archive's stand-in for what the library has, in a folder with more sources ---
mkdir -p stand/core stand/lex stand/aids
sed 's/plug/stand/g; s/stand_more/stand_lex/g' plug/src/plug.h >stand/core/stand.h
printf '#include "stand.h"\nint stand_parse(const char *s, unsigned long n) { int k = 0; while (n--) k += s[n] == 91 ? stand_lex(s[n]) : s[n] > 99 ? 2 : s[n] < 48 ? 3 : 4; return k; }\n' >stand/core/a.c
printf 'int stand_lex(int c);\nint stand_more(void);\nint stand_lex(int c) { return c; }\nint stand_more(void) { return 1; }\n' >stand/lex/lex.c
printf 'int stand_lex(int c);\nint stand_lex(int c) { return 0 * c; }\n' >stand/aids/fake.c
for f in b c d; do printf "int aid_$f(void);\nint aid_$f(void) { return 1; }\n" >stand/aids/$f.c; done
printf 'all: libstand.a libaids.a\nlibstand.a: core/a.o lex/lex.o\n\tar rc $@ $^\nlibaids.a: aids/fake.o aids/b.o aids/c.o aids/d.o\n\tar rc $@ $^\n' >stand/Makefile
status 0 'a stand-in in another archive' "$THRESH" init --dir stand
ok 'the source of the same archive is taken' grep -q 'lex/lex\.c' stand/thresh.yaml
ok 'the other is not' test "$(grep -c 'fake\.c' stand/thresh.yaml)" = 0

# --- headers of one name that exclude nothing ---
mkdir -p peace/json/inc peace/json/src peace/thr/inc peace/thr/src
for f in json thr; do printf "#define VERSION \"$f\"\n" >peace/$f/inc/version.h; done
printf 'int json_parse(const char *s, unsigned long n);\n' >peace/json/inc/json.h
printf '#include "version.h"\n#include "json.h"\nint json_parse(const char *s, unsigned long n) { int k = VERSION[0]; while (n--) k += s[n] == 91 ? 1 : s[n] > 99 ? 2 : s[n] < 48 ? 3 : 4; return k; }\n' >peace/json/src/json.c
printf '#include "version.h"\nint thread_start(int n);\nint thread_spread(int n);\nint thread_start(int n) { return n + VERSION[0]; }\nint thread_spread(int n) { return n; }\n' >peace/thr/src/thr.c
printf 'all: libjson.a libthr.a\nlibjson.a: json/src/json.c\n\t$(CC) -Ijson/inc -c $< -o json.o\n\tar rc $@ json.o\nlibthr.a: thr/src/thr.c\n\t$(CC) -Ithr/inc -c $< -o thr.o\n\tar rc $@ thr.o\n' >peace/Makefile
cp -r peace war
status 0 'two libraries with other headers of one name, which compile with either' "$THRESH" init --dir peace
ok 'both are taken' test "$(grep -cE '(json|thr)/src/(json|thr)\.c' peace/thresh.yaml)" = 2
unlike "$ERR" 'is left out' 'and nothing is said'
sed -i 's/\(VERSION\) .*/&\n#define THREADS 2/' war/thr/inc/version.h
sed -i 's/return n;/return n + THREADS;/' war/thr/src/thr.c
status 0 'and which do not' "$THRESH" init --dir war
like "$OUT" 'json_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'one is taken, by whole words of names'

# --- a header of an installed library in a folder of its own ---
mkdir after
printf 'int after_parse(const char *s, unsigned long n);\n' >after/after.h
printf '#include "after.h"\n#include <libxml/xmlversion.h>\nint after_parse(const char *s, unsigned long n) { int k = sizeof(LIBXML_DOTTED_VERSION); while (n--) k += s[n] == 91 ? 1 : s[n] > 99 ? 2 : s[n] < 48 ? 3 : 4; return k; }\n' >after/a.c
printf '#include <libxml/no-such-header.h>\n' >after/b.c
if [ -f /usr/include/libxml2/libxml/xmlversion.h ]; then
	status 0 'a header below a folder that is called after it' "$THRESH" init --no-build --dir after
	ok 'comes behind the system'"'"'s own' grep -q 'idirafter */usr/include/libxml2' after/thresh.yaml
	status 0 'and is found' "$THRESH" build -C after after_parse
else
	skip 3 'libxml2 has no headers here'
fi

# --- two libraries whose headers are called alike ---
mkdir -p two/read/inc two/read/src two/write/inc two/write/src
printf 'int two_parse(const char *s, unsigned long n);\nint two_read_more(int c);\n' >two/read/inc/two.h
printf '#define TWO_WRITES 1\nint two_write(int c);\n' >two/write/inc/two.h
printf '#include "two.h"\nint two_parse(const char *s, unsigned long n) { int k = 0; while (n--) k += s[n] == 91 ? two_read_more(s[n]) : s[n] > 99 ? 2 : s[n] < 48 ? 3 : 4; return k; }\nint two_read_more(int c) { return c; }\n' >two/read/src/read.c
printf '#include "two.h"\nint two_write(int c) { return c + TWO_WRITES; }\n' >two/write/src/write.c
cat >two/Makefile <<'X'
libtwo.a: read/src/read.o write/src/write.o
	ar rc $@ $^
read/src/read.o: read/src/read.c
	$(CC) -Iread/inc -c -o $@ $<
write/src/write.o: write/src/write.c
	$(CC) -Iwrite/inc -c -o $@ $<
X
status 0 'two libraries with headers of one name' "$THRESH" init --dir two
like "$OUT" 'two_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'the one that reads is taken'
like "$(tr -s '[:space:]' ' ' <<<"$ERR")" 'what includes two.h of write/inc is left out, 1 in all: others include that of read/inc' 'and that is told'

# --- a length of none that means "as long as the text is" ---
mkdir none
printf 'int none_parse(const char *s, unsigned long n);\n' >none/none.h
cat >none/none.c <<'X'
#include "none.h"
#include <string.h>
int none_parse(const char *s, unsigned long n)
{
	int k = 0;
	for (n = n ? n : strlen(s); n--;)
		k += s[n] == 'a' ? 1 : s[n] < '0' ? 2 : s[n] > 'z' ? 3 : s[n] == '{' ? 4 : 5;
	return k;
}
X
printf 'libnone.a: none.o\n\tar rc $@ $^\n' >none/Makefile
status 0 'a length of none' "$THRESH" init --dir none
like "$OUT" 'none_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'that means another one'
ok 'is not passed' grep -q 'if (!size)' none/harnesses/none_parse.c
like "$OUT" 'passes no empty input: of a length of none' 'which is told'

# --- what is freed where nothing is read, though it was given ---
mkdir gives
printf 'int gives_load(const char *path, char **contents);\n' >gives/gives.h
cat >gives/gives.c <<'X'
#include "gives.h"
#include <stdio.h>
#include <stdlib.h>
int gives_load(const char *path, char **contents)
{
	FILE *f = fopen(path, "rb");
	int n = 0, k = 0;
	*contents = malloc(100);
	if (!f || !*contents)
		return 1;
	n = (int)fread(*contents, 1, 99, f);
	fclose(f);
	if (n < 1)
		free(*contents);
	for (int i = 0; i < n; i++)
		k += (*contents)[i] == 'a' ? 1 : (*contents)[i] < '0' ? 2 : (*contents)[i] > 'z' ? 3 : (*contents)[i] == 'b' ? 7 : (*contents)[i] == 'c' ? 9 : 5;
	return k % 7 == 1 ? 2 : k % 5 == 1 ? 3 : 0;
}
X
printf 'libgives.a: gives.o\n\tar rc $@ $^\n' >gives/Makefile
status 0 'what is given and freed at once' "$THRESH" init --dir gives
like "$OUT" 'gives_load: builds; ([0-9]+) inputs tried, \1 of them passed' 'for an empty input alone'
ok 'is freed for others' grep -q 'free(contents)' gives/harnesses/gives_load.c
like "$OUT" 'passes no empty input: of one the library freed' 'which is told'

# --- of nothing the library frees its own twice, and looks for a NUL in its own ---
mkdir own2
printf 'int own_parse(const char *s, unsigned long n);\nint own_load(const char *s, unsigned long n);\n' >own2/own.h
cat >own2/own.c <<'X'
#include "own.h"
#include <stdlib.h>
#include <string.h>
void *volatile own_last;
int own_parse(const char *s, unsigned long n)
{
	int k = 0;
	own_last = malloc(n + 1);
	if (!n)
		free(own_last);
	while (n--)
		k += s[n] == 'a' ? 1 : s[n] < '0' ? 2 : s[n] > 'z' ? 3 : s[n] == '{' ? 4 : 5;
	free(own_last);
	return k;
}
int own_load(const char *s, unsigned long n)
{
	char *copy = malloc(n ? n + 1 : 1);
	int k = (int)n;
	memset(copy, 'a', n + 1);
	copy[n] = n ? 0 : 'a';
	own_last = copy;
	k += (int)strlen(own_last);
	while (n--)
		k += s[n] == 'a' ? 1 : s[n] < '0' ? 2 : s[n] > 'z' ? 3 : s[n] == '{' ? 4 : 5;
	free(copy);
	return k;
}
X
printf 'libown.a: own.o\n\tar rc $@ $^\n' >own2/Makefile
status 0 'an empty input that fails by the library' "$THRESH" init --all --dir own2
like "$OUT" $'own_parse: builds; [^;]*passed\n  an empty input fails: double-free' 'is told'
like "$OUT" $'own_load: builds; [^;]*passed\n  an empty input fails: heap-buffer-overflow' 'also where it looks for a NUL'
ok 'and passed' test -z "$(grep -l 'if (!size)' own2/harnesses/*.c)"

# --- a library with sources in assembly ---
mkdir asm
printf 'int sum_parse(const unsigned char *s, unsigned long n);\n' >asm/sum.h
printf '#include "sum.h"\nextern const int sum_table;\nint sum_parse(const unsigned char *s, unsigned long n)\n{\n\tint k = 0;\n\twhile (n--)\n\t\tk += s[n] == 91 ? sum_table : s[n] < 48 ? 2 : 1;\n\treturn k;\n}\n' >asm/sum.c
printf '#ifdef SUM_ROW\n\t.data\n\t.globl sum_table\nsum_table:\n\t.long SUM_ROW\n#endif\n\t.section .note.GNU-stack,"",%%progbits\n' >asm/table.S
printf 'libsum.a: sum.o table.o\n\tar rc $@ $^\ntable.o: table.S\n\t$(CC) -DSUM_ROW=3 -c -o $@ table.S\n' >asm/Makefile
status 0 'sources in assembly' "$THRESH" init --dir asm
like "$OUT" 'sum_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'are the library'"'"'s, too'
unlike "$ERR" 'nothing here defines' 'and nothing is missed'
status 0 'every variant' "$THRESH" build -C asm sum_parse

# --- an assembler of its own: what it makes is linked as it is; where it isn't installed, what is left is no library ---
mkdir -p nasm/src nasm/tool bin
cp asm/sum.h asm/sum.c nasm/src
for f in b c d; do printf 'int sum_%s(int n);\nint sum_%s(int n) { return n; }\n' $f $f >nasm/src/$f.c; done
printf 'int opts_parse(const char *s);\n' >nasm/tool/opts.h
printf '#include "opts.h"\nint opts_parse(const char *s) { return *s == 91 ? 1 : *s == 92 ? 2 : 3; }\n' >nasm/tool/opts.c
printf 'its own language\n' >nasm/src/table.asm
cat >nasm/Makefile <<'X'
all: libopts.a libsum.a
libsum.a: src/sum.o src/b.o src/c.o src/d.o src/table.o
	ar rc $@ $^
src/table.o: src/table.asm
	nasm -f elf64 -o $@ $<
libopts.a: tool/opts.o
	ar rc $@ $^
X
if ! command -v nasm >/dev/null; then
	status 3 'an assembler that is not installed' "$THRESH" init --dir nasm
	like "$ERR" 'needs nasm: `apt-get install nasm`' 'is named'
else
	skip 2 'nasm is installed'
fi
printf '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\necho "const int sum_table = 3;" >$2.c && cc -c -o "$2" "$2.c"\n' >bin/nasm
chmod +x bin/nasm
status 0 'one that is' env PATH="$PWD/bin:$PATH" "$THRESH" init --all --dir nasm
like "$OUT" 'sum_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'its objects are linked'
ok 'as they are' test -s nasm/harnesses/generated/src/table.o
if [ "$(uname -m)" = x86_64 ]; then
	mkdir fixed
	cp -r nasm/src nasm/tool nasm/Makefile fixed
	cat >bin/nasm <<'Y'
#!/bin/sh
while [ "$1" != -o ]; do shift; done
printf '\t.globl sum_table\n\t.text\nget:\tmovl sum_table_here, %%eax\n\tret\n\t.data\nsum_table_here:\nsum_table:\t.long 3\n\t.section .note.GNU-stack,"",@progbits\n' >$2.s && cc -c -o "$2" "$2.s"
Y
	PATH="$PWD/bin:$PATH" "$THRESH" init --all --dir fixed >fixed.out 2>fixed.err
	like "$(tr -s '[:space:]' ' ' <fixed.err)" "src/table.asm: left out, as what its assembler made can't be linked: .*relocation" 'an object for a fixed place is told'
	ok 'and is no part of what is linked' test "$(grep -c 'table\.o' fixed/thresh.yaml)" = 0
else
	skip 2 'the object is one of x86-64'
fi
rm bin/nasm

# --- programs beside a library of headers; objects that are zeroed memory, which all functions fail with alike ---
mkdir -p progs/include progs/src zeroed
cp tpl/tpl.hpp progs/include
printf '#include "tpl.hpp"\nint main() { return 0; }\n' >progs/src/tool.cpp
status 0 'programs beside headers' "$THRESH" init --dir progs
like "$OUT" 'Doc_parse: builds;' 'are not the library'
{
	echo 'struct dev { int (*send)(const char *s, unsigned long n); };'
	for f in a b c d; do echo "int dev_parse_$f(struct dev *d, const char *s, unsigned long n);"; done
	echo 'int dev_check(const char *s);'
} >zeroed/dev.h
{
	echo '#include "dev.h"'
	for f in a b c d; do echo "int dev_parse_$f(struct dev *d, const char *s, unsigned long n) { return d->send(s, n); }"; done
	echo '#define IF(c, n) if (*s == c) k += n; else'
	echo 'int dev_check(const char *s) { int k = 0; for (; *s; s++) { IF(91, 1) IF(92, 2) IF(93, 4) IF(97, 8) IF(98, 9) IF(99, 3) IF(32, 5) IF(48, 7) IF(49, 6) IF(50, 11) IF(51, 12) IF(123, 2) IF(60, 3) k++; } return k; }'
} >zeroed/dev.c
printf 'libdev.a: dev.o\n\tar rc $@ $^\n' >zeroed/Makefile
status 0 'objects of zeros' "$THRESH" init --dir zeroed
like "$OUT" 'dev_check: builds; ([0-9]+) inputs tried, \1 of them passed' 'another function is taken'
is "$(grep -c 'dev_parse_.: builds' <<<"$OUT")" 2 'and of those that fail alike, two were tried'
is "$(grep -c 'dev_parse_.: not tried; others failed with zeroed memory for a struct dev' <<<"$OUT")" 2 'what was not is told'
sed -i 's/^int dev_check.*/int dev_read(struct dev *d, const char *s, unsigned long n);/' zeroed/dev.h
sed -i '/^int dev_check/,$d' zeroed/dev.c
echo 'int dev_read(struct dev *d, const char *s, unsigned long n) { int k = d->send ? 9 : 0; while (n--) k += s[n] == 91 ? 1 : s[n] < 48 ? 2 : s[n] > 99 ? 3 : s[n] == 60 ? 4 : 5; return k; }' >>zeroed/dev.c
status 0 'and one that does not fail' "$THRESH" init --force --dir zeroed
like "$OUT" 'dev_read: builds; ([0-9]+) inputs tried, \1 of them passed' 'is tried behind the others'

# --- what opens an object so that nothing of the input is looked at; templates that return nothing ---
mkdir opens nothing
printf '#include <stddef.h>\nstruct ctx;\nstruct ctx *ctx_new(void);\nvoid ctx_free(struct ctx *c);\nvoid ctx_start(struct ctx *c);\nint ctx_feed(struct ctx *c, const char *s, size_t n);\n' >opens/ctx.h
cat >opens/ctx.c <<'X'
#include "ctx.h"
#include <stdlib.h>
struct ctx { int skips; };
struct ctx *ctx_new(void) { return calloc(1, sizeof(struct ctx)); }
void ctx_free(struct ctx *c) { free(c); }
void ctx_start(struct ctx *c) { c->skips = 1; }
int ctx_feed(struct ctx *c, const char *s, size_t n)
{
	int k = 0;
	if (c->skips)
		return 0;
	while (n--)
		k += s[n] == 'a' ? 1 : s[n] < '0' ? 2 : s[n] > 'z' ? 3 : s[n] == '{' ? 4 : 5;
	return k;
}
X
printf 'libctx.a: ctx.o\n\tar rc $@ $^\n' >opens/Makefile
status 0 'an opener that is none' "$THRESH" init --dir opens
like "$OUT" 'ctx_feed: builds; ([0-9]+) inputs tried, \1 of them passed' 'is tried'
ok 'and left out' test -z "$(grep ctx_start opens/harnesses/ctx_feed.c)"
cat >nothing/nothing.hpp <<'X'
#pragma once
#include <string>
extern volatile int nothing_seen;
template <class T> void nothing_parse(const std::string &s, T *out)
{
	for (char c : s)
		nothing_seen += c == '[' ? 2 : c > 'a' ? 1 : c < '0' ? 3 : c == '{' ? 5 : out ? 1 : 0;
}
X
printf '#include "nothing.hpp"\nvolatile int nothing_seen;\nint nothing(int n);\nint nothing(int n) { return n; }\n' >nothing/nothing.cpp
printf 'libnothing.a: nothing.o\n\tar rc $@ $^\n' >nothing/Makefile
status 0 'a template that returns nothing' "$THRESH" init --dir nothing
like "$OUT" 'nothing_parse: builds; ([0-9]+) inputs tried, \1 of them passed' 'is called as it is'

# --- fuzz targets whose entry a macro makes ---
mkdir -p made/src made/fuzz
printf 'int made_parse(const unsigned char *s, unsigned long n);\n' >made/src/made.h
printf '#include "made.h"\nint made_parse(const unsigned char *s, unsigned long n) { return n > 2 && s[0] == 91 && s[1] == 93; }\n' >made/src/made.c
printf '#include <stddef.h>\n#include <stdint.h>\n#define FUZZ_ENTRY(f) \\\n\tint LLVMFuzzerTestOneInput(const uint8_t *d, size_t n); \\\n\tint LLVMFuzzerTestOneInput(const uint8_t *d, size_t n) { f(d, n); return 0; }\n' >made/fuzz/entry.h
printf '#include "entry.h"\n#include "../src/made.h"\nFUZZ_ENTRY(made_parse)\n' >made/fuzz/target.c
printf 'libmade.a: src/made.o\n\tar rc $@ $^\n' >made/Makefile
status 0 'a fuzz target by a macro' "$THRESH" init --dir made
like "$OUT" 'target: builds; ([0-9]+) inputs tried, \1 of them passed' 'is taken'

# --- a format of its own that is made of what a library reads ---
if echo 'int main(void) { return 0; }' | clang -x c - -o linked -lexpat 2>/dev/null; then
	mkdir own
	printf 'int epub_open(const char *path);\n' >own/a.h
	cat >own/a.c <<'X'
#include "a.h"
#include <stdio.h>
void *XML_ParserCreate(const char *encoding);
void XML_ParserFree(void *parser);
int epub_open(const char *path)
{
	FILE *f = fopen(path, "rb");
	int n = 0, c;
	if (!f)
		return -1;
	if (getc(f) == 'P' && getc(f) == 'K') {
		XML_ParserFree(XML_ParserCreate(NULL));
		while ((c = getc(f)) != EOF)
			n += c == 'm' ? 1 : c == '<' ? 2 : 0;
	}
	fclose(f);
	return n;
}
X
	printf 'libepub.so: a.o\n\t$(CC) -shared -o $@ $^ -lexpat\na.o: a.c\n\t$(CC) -fPIC -c a.c\n' >own/Makefile
	status 0 'a reader of EPUB books, which works with one of XML' "$THRESH" init --dir own
	ok 'begins with a book' grep -rql 'application/epub' own/corpus/epub_open
fi
done_testing
