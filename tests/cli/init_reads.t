#!/usr/bin/env bash
# thresh init beyond the first call: what is opened is read, and what a type doesn't say is passed as the project's own callers do.
. "$(dirname "$0")/../lib.sh"
command -v clang++ >/dev/null || skip_all 'no clang'

# --- C: opened by its path, with a table of functions that may be none, then read record by record ---
mkdir -p rec/tests
cat >rec/rec.h <<'X'
typedef struct { int (*open)(const char *); int (*close)(int); } rec_io;
typedef struct rec { int fd, n; const rec_io *io; } REC;
int rec_open(REC **out, const char *, const rec_io *, int);
int rec_next(REC *r);
int rec_write(REC *r);
int rec_close(REC *r);
X
cat >rec/rec.c <<'X'
#include "rec.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
static int plain_open(const char *path) { return open(path, O_RDONLY); }
static const rec_io plain = { plain_open, close };
int rec_open(REC **out, const char *pathname, const rec_io *io, int version)
{
	REC *r = calloc(1, sizeof(*r));
	if (!r || version != 3)
		return free(r), -1;
	r->io = io ? io : &plain;
	r->fd = r->io->open(pathname);
	return r->fd < 0 ? (free(r), -1) : (*out = r, 0);
}
int rec_next(REC *r)
{
	char head[4];
	if (read(r->fd, head, 4) != 4) return -1;
	if (head[0] == '[') r->n++; else if (head[0] == '{') r->n += 2; else if (head[0] > 'p') r->n += 3;
	if (head[1] == 'x' || head[1] == 0) r->n += 4; else if (head[1] == '"') r->n += 5;
	for (int i = 0; i < 4; i++)
		switch (head[i]) {
		case 0: case ' ': r->n++; break;
		case 1: case 'a': case '\n': r->n--; break;
		case 2: case 'b': case ':': r->n ^= 1; break;
		case '-': case '1': r->n |= 1; break;
		case -1: case 't': r->n <<= 1; break;
		}
	return 0;
}
int rec_write(REC *r) { return (int)write(r->fd, "", 1); }
int rec_close(REC *r) { r->io->close(r->fd); free(r); return 0; }
X
printf '#include "../rec.h"\n#define VERSION 3\nint main(int c, char **v) { REC *r; return rec_open(&r, v[c - 1], NULL, VERSION); }\n' >rec/tests/one.c
status 0 'what opens a file' timeout -s INT 200 "$THRESH" init --dir rec
like "$OUT" 'rec_open: builds; [0-9]+ inputs tried, [0-9]+ of them passed' 'has a harness'
unlike "$OUT" 'of no use|left out' 'of use'
text=$(cat rec/harnesses/rec_open.c)
like "$text" 'rec_open\(&out_1, memory_path, NULL, version\)' 'which passes no table, as callers do'
like "$text" 'version = 3;' 'and their number'
like "$text" 'got = \(int\)rec_next\(out_1\); n < 64' 'and reads on'
unlike "$text" 'rec_write' 'but writes nothing'

# --- C++: an object is made of the input, and a method reads it ---
mkdir cls
cat >cls/cls.hpp <<'X'
#include <string>
namespace cls {
class Reader {
public:
	explicit Reader(const std::string &text);
	int parse();
	void set_next();
	bool is_read() const;
private:
	int scan();
	std::string text_;
};
}
X
cat >cls/cls.cpp <<'X'
#include "cls.hpp"
namespace cls {
Reader::Reader(const std::string &text) : text_(text) {}
int Reader::parse() { return scan(); }
void Reader::set_next() { text_.clear(); }
bool Reader::is_read() const { return text_.empty(); }
int Reader::scan()
{
	int n = 0;
	for (char c : text_)
		switch (c) {
		case '{': n++; break;
		case '}': n--; break;
		case '"': n ^= 1; break;
		case ':': case 0: n |= 2; break;
		case 'a': case '1': n <<= 1; break;
		case '\n': case ' ': n >>= 1; break;
		case 'e': case '-': n += 3; break;
		case 'i': case 'x': n += 9; break;
		case -1: n = 4; break;
		}
	return n > 40 ? 1 : n > 20 ? 2 : n < -20 ? 3 : 0;
}
}
X
status 0 'a class made of a text' timeout -s INT 200 "$THRESH" init --dir cls
like "$OUT" 'Reader: builds; [0-9]+ inputs tried, [0-9]+ of them passed' 'has a harness'
text=$(cat cls/harnesses/Reader.cc)
like "$text" 'cls::Reader made_object\(std::string' 'which keeps it'
like "$text" '\(void\)made_object.parse\(\);' 'and has it parse'
unlike "$text" 'set_next|is_read|scan' 'but neither set nor ask, nor do what is private'

# --- what goes on reading waits for somebody: it is tried without ---
mkdir wait
printf 'struct pipe;\nstruct pipe *pipe_load(const char *text);\nint pipe_read(struct pipe *p);\nvoid pipe_close(struct pipe *p);\n' >wait/pipe.h
cat >wait/pipe.c <<'X'
#include "pipe.h"
#include <stdlib.h>
#include <unistd.h>
struct pipe { int n; };
struct pipe *pipe_load(const char *s)
{
	struct pipe *p = calloc(1, sizeof(*p));
	for (; p && *s; s++)
		switch (*s) {
		case '[': case '{': p->n++; break;
		case '"': p->n--; break;
		case ':': case ' ': p->n ^= 1; break;
		case '1': case '0': p->n |= 2; break;
		case 'a': case 's': p->n <<= 1; break;
		case '\n': case 'e': p->n >>= 1; break;
		case '-': case 't': p->n += 3; break;
		case 'x': case 'm': p->n += 9; break;
		case -1: p->n = 4; break;
		}
	return p;
}
int pipe_read(struct pipe *p) { for (;;) pause(); return p->n; }
void pipe_close(struct pipe *p) { free(p); }
X
status 0 'what waits when it is read' timeout -s INT 300 "$THRESH" init --dir wait
like "$OUT" 'pipe_load: builds; [0-9]+ inputs tried, [0-9]+ of them passed' 'has a harness all the same'
unlike "$OUT" "doesn't end" 'that ends'
unlike "$(cat wait/harnesses/pipe_load.c)" 'pipe_read' 'as it does not read'

# --- what is hung into an object of the caller's, and nobody ends: leaks say nothing then ---
mkdir hung
printf 'struct hung { char *text; };\nint hung_parse(const char *s, struct hung *out);\n' >hung/hung.h
printf '#include "hung.h"\n#include <string.h>\nint hung_parse(const char *s, struct hung *out)\n{ int n = 0; if (s[0] == 91 || !s[0]) out->text = strdup(s);\n' >hung/hung.c
printf 'for (; *s; s++) switch (*s) { case 91: case 123: n++; break; case 34: n--; break; case 58: case 32: n ^= 1; break; case 49: case 48: n |= 2; break; case 97: n <<= 1; break; case 10: n >>= 1; break; case 45: n += 3; break; case 120: n += 9; break; case 44: n = 4; break; case -1: n -= 7; break; } return n > 9; }\n' >>hung/hung.c
status 0 'what fills in an object' timeout -s INT 300 "$THRESH" init --dir hung
like "$(cat hung/thresh.yaml)" "hung_parse.c.*# it doesn't end all.*leaks: false" 'is not looked at for leaks, with a word on why'
unlike "$OUT" 'leak' 'nor is it told of an empty input'
unlike "$(cat wait/thresh.yaml rec/thresh.yaml)" 'leaks: false' 'what ends all is'

# a structure of numbers has nothing hung into it
mkdir nums
sed 's/hung/nums/g; s/char \*text/int n/' hung/hung.h >nums/nums.h
sed 's/hung/nums/g; s/out->text = strdup(s)/out->n = 1/' hung/hung.c >nums/nums.c
status 0 'what fills in numbers' timeout -s INT 300 "$THRESH" init --dir nums
unlike "$(cat nums/thresh.yaml)" 'leaks: false' 'is looked at for leaks'

# --- a text with its length that is to end with a NUL all the same ---
mkdir ends
printf 'int ends_parse(const char *text, unsigned long n);\n' >ends/ends.h
printf '#include "ends.h"\nint ends_parse(const char *s, unsigned long len)\n{ int n = 0; if (s[len]) return -1;\n' >ends/ends.c
tail -n 1 hung/hung.c >>ends/ends.c
status 0 'what wants a NUL behind a text' timeout -s INT 300 "$THRESH" init --dir ends
like "$OUT" 'ends_parse: builds; [0-9]+ inputs tried, [0-9]+ of them passed' 'has a harness'
unlike "$OUT" 'of no use|left out' 'of use'
like "$(cat ends/harnesses/ends_parse.c)" 'text\[size\] = 0;' 'that ends it'
unlike "$(cat ends/harnesses/ends_parse.c)" '\(const char \*\)data' 'and passes no bytes as they are'

# --- all that users get, and not what the library keeps to itself, where that is of use ---
mkdir inst
names='a b c'
# a name within another is none
printf 'include_HEADERS = known.h api.h\nnoinst_HEADERS = own.h\n' >inst/Makefile.am
for n in $names; do printf 'int api_parse_%s(const char *s);\n' $n; done >inst/api.h
for n in $names; do printf 'int own_parse_%s(const char *text);\n' $n; done >inst/own.h
{
	printf '#include "api.h"\n#include "own.h"\n'
	printf 'static int level(const char *s, int k) { int n = 0; for (; *s; s++) switch (*s) { case 91: n += k; break; case 34: n--; break;'
	printf ' case 58: n ^= 1; break; case 49: n |= 2; break; case 97: n <<= 1; break; case 10: n >>= 1; break; case 45: n += 3; break;'
	printf ' case 120: n += 9; break; case 123: n = 4; break; case 44: n -= 7; break; case -1: n++; break; } return n > 9 ? 1 : n < -9; }\n'
	for n in $names; do printf 'int api_parse_%s(const char *s) { return level(s, 1); }\nint own_parse_%s(const char *s) { return level(s, 2); }\n' $n $n; done
} >inst/inst.c
# nor does what automake makes of that say more
printf 'install-includeHEADERS: $(include_HEADERS)\n\t@list=$(include_HEADERS); test -n "$(includedir)" || list=\n' >inst/Makefile.in
status 0 'headers that are installed, and others' timeout -s INT 300 "$THRESH" init --dir inst --all
ls inst/harnesses >found
like "$(cat found)" 'api_parse_a.c.*api_parse_b.c.*api_parse_c.c' 'have harnesses'
unlike "$(cat found)" 'own_parse' 'and what is kept inside has none'
# a folder that is installed brings more than is named; another harness would do as well
rm -r inst/harnesses inst/thresh.yaml inst/Makefile.am inst/Makefile.in
printf 'install(FILES api.h DESTINATION include)\ninstall(DIRECTORY . DESTINATION include)\n' >inst/CMakeLists.txt
status 0 'headers that are installed with their folder' timeout -s INT 300 "$THRESH" init --dir inst --all
ls inst/harnesses >found
like "$(cat found)" 'api_parse_a.c.*own_parse_a.c' 'have harnesses'
done_testing
