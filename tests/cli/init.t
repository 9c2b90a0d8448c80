#!/usr/bin/env bash
# thresh init: harnesses from prototypes compile without a warning; nothing is ever overwritten.
. "$(dirname "$0")/../lib.sh"

CC=${CC:-gcc} CXX=${CXX:-g++}
WARN='-Wall -Wextra -Wshadow -Werror -fsyntax-only'
compilers="$CC"
command -v clang >/dev/null && compilers="$compilers clang"

# Compile the harness in DIR with every compiler there is.
compiles() {
	local h cc
	h=$(echo "$1"/harnesses/*.c*)
	case $h in
	*.cc)
		$CXX -std=c++17 $WARN -I"$1" "$h" || return 1
		! command -v clang++ >/dev/null || clang++ -std=c++17 $WARN -I"$1" "$h"
		;;
	*)
		for cc in $compilers; do
			$cc -std=c11 $WARN -I"$1" "$h" || { cat "$h"; return 1; }
		done
		;;
	esac
}

# prototype | the call that must come of it (the rest of a line)
n=0
while IFS='|' read -r proto call; do
	[ -n "$proto" ] || continue
	n=$((n + 1))
	status 0 "init: $proto" "$THRESH" init --dir "p$n" --function "$proto"
	ok "compiles: $proto" compiles "p$n"
	ok "calls: $call" grep -qF -- "$call" "p$n"/harnesses/*.c*
done <<'EOF'
int parse(const char *s, size_t n)|parse((const char *)data, size);
int parse(size_t n, const uint8_t *s);|parse(size, data);
void f(const void *buf, int len)|f(data, (int)size);
int parse(const char *text)|parse(text);
int parse(const unsigned char *p, unsigned n, bool strict)|parse((const unsigned char *)data, (unsigned)size, strict);
struct doc *read_doc(FILE *in, int flags)|read_doc(in, flags);
struct doc *load_doc(const char *path)|load_doc(memory_path);
int load_fd(int fd)|load_fd(fd);
void minify(char *json)|minify(json);
int edit(unsigned char *buf, size_t n)|edit(buf, size);
int decode(const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len)|decode(data, size, out_3, &out_len);
ssize_t unpack(void *dst, size_t room, const void *src, size_t n)|unpack(dst, ROOM, data, size);
int lex(const char *begin, const char *end)|lex((const char *)data, (const char *)(data + size));
int merge(const char *a, size_t an, const char *b, size_t bn)|merge((const char *)data1, size1, (const char *)data2, size2);
int named(const uint8_t data[], size_t size, const char *name)|named(data, size, "input");
int more(struct parser *p, const char *s, uint32_t length, struct tok **toks, unsigned *n)|more(p, (const char *)data, (uint32_t)size, &toks, &n);
extern __attribute__((nonnull(1))) int odd(const char *restrict s, size_t count) __attribute__((pure))|odd((const char *)data, size);
int tiny(const uint8_t *s, unsigned char n)|tiny(data, (unsigned char)size);
int digest(const uint8_t *msg, size_t len, uint8_t out[32])|digest(data, size, out_3);
double number(const char *s, char **rest)|number(s, &rest);
int convert(FILE *in, FILE *to, const char *name)|convert(in, to, "input");
char *glue(const char *a, /* left */ const char *b) // right|glue(a, b);
int cxx(const std::string &s)|cxx(std::string(reinterpret_cast<const char *>(data), size));
bool vec(const std::vector<uint8_t> &v, int flags = 3)|vec(std::vector<uint8_t>(data, data + size), flags);
EOF

# prototypes that can't be served: usage errors, and nothing written
while IFS='|' read -r proto why; do
	[ -n "$proto" ] || continue
	status 2 "refused: $proto" "$THRESH" init --dir bad --function "$proto"
	like "$ERR" "$why" "says why: $why"
done <<'EOF'
int nothing(int x)|no parameter takes bytes
int nothing(void)|no parameter takes bytes
static int f(const char *s)|a static function
cJSON *cJSON_Parse(const char *value)|which header declares cJSON
int f(|isn't closed
int f(const char *s, struct opts o)|which header declares struct opts
f(const char *s)|no result type
parse|whole prototype
EOF
not_ok 'refused: nothing was written' test -e bad

# a library: found sources, a header with macros, the result freed by its own function
mkdir -p lib/src lib/include
cat >lib/include/toy.h <<'EOF'
#ifndef TOY_H
#define TOY_H
#include <stddef.h>
#define TOY_API(type) type
typedef struct toy toy;
struct toy_options { int strict; };
/* Parses; free the result with toy_free(). */
TOY_API(toy *) toy_parse(const char *value, size_t length,
	struct toy_options options);
TOY_API(void) toy_free(toy *t);
int toy_each(const char *s, void (*fn)(void *arg, int c), void *arg);
#endif
EOF
cat >lib/src/toy.c <<'EOF'
#include "toy.h"
#include <stdlib.h>
struct toy { size_t n; };
toy *toy_parse(const char *value, size_t length, struct toy_options options)
{
	toy *t = malloc(sizeof(*t));
	if (t)
		t->n = length && value[length - 1] == '\n' && !options.strict;
	return t;
}
void toy_free(toy *t) { free(t); }
int toy_each(const char *s, void (*fn)(void *arg, int c), void *arg)
{
	for (; fn && *s; s++)
		fn(arg, *s);
	return 0;
}
EOF
cat >lib/src/tool.c <<'EOF'
#include "toy.h"
int main(int argc, char **argv)
{
	return argc > 1 && toy_each(argv[1], 0, 0);
}
EOF
status 0 'a function by its name alone' "$THRESH" init --dir lib --function toy_parse --header toy.h
like "$OUT" 'wrote   harnesses/toy_parse.c' 'what was written is listed'
like "$OUT" 'wrote   harnesses/thresh.h' 'and the header for oracles and verdicts'
ok 'as it is' cmp "$TOP/src/runtime/thresh.h" lib/harnesses/thresh.h
like "$OUT" 'thresh build toy_parse' 'the next command is named'
ok 'the header is included' grep -qF '#include "toy.h"' lib/harnesses/toy_parse.c
ok 'the result is freed' grep -qF 'toy_free(result);' lib/harnesses/toy_parse.c
ok 'the file with main() is left out' grep -q 'src/toy.c' lib/thresh.yaml
not_ok 'the file with main() is left out, indeed' grep -q 'tool.c' lib/thresh.yaml
ok 'the state is ignored by git' grep -qx '/.thresh/' lib/.gitignore
ok 'it links and replays its seeds' bash -c "
	$CC -g -fsanitize=address,undefined -D_GNU_SOURCE -Ilib/include lib/harnesses/toy_parse.c lib/src/toy.c \
		'$TOP'/src/runtime/replay.c -o toy && ./toy lib/corpus/toy_parse"
bad=''
for f in lib/corpus/toy_parse/*; do
	[ "$(sha1sum <"$f" | cut -d' ' -f1)" = "$(basename "$f")" ] || bad="$bad $f"
done
is "$bad" '' 'seeds are named by the SHA-1 of their bytes'
status 0 'the project loads' bash -c "'$THRESH' -C lib doctor --json >doctor.json; grep -q '1 harness' doctor.json"

# what only a compiler knows: typedefs, macros in declarations, conditions
mkdir -p exact/include/more
cat >exact/include/exact.h <<'EOF'
#include <stdarg.h>
#include "more/types.h"
#define EXACT_CALL
#define EXACT(ret, name, params) extern EXACT_CALL ret name params __attribute__((visibility("default")))
#define renamed exact_v2_renamed
#define only_macro(s) exact_bytes(s, 1)
EXACT(exact_int, exact_bytes, (exact_data where, exact_count how_many));
EXACT(exact_doc, exact_load, (exact_text from, exact_flags with));
#include "free.h"
EXACT(int, exact_fill, (exact_byte *const in, exact_count n));
EXACT(int, exact_words, (exact_text s, exact_fn fn, exact_any arg));
EXACT(int, exact_print, (exact_text s, va_list list));
EXACT(int, exact_fixed, (const exact_byte in[16], exact_count n, exact_byte out[16]));
EXACT(int, exact_edit, (exact_room in, exact_count n));
EXACT(int, renamed, (exact_text s));
extern int exact_variable;
#ifdef EXACT_HIDDEN
int exact_hidden(const char *s);
#endif
EOF
cat >exact/include/more/types.h <<'EOF'
typedef unsigned char exact_byte;
typedef const exact_byte *exact_data;
typedef exact_byte *exact_room;
typedef const char *exact_text;
typedef unsigned short exact_count;
typedef long exact_int;
typedef void *exact_any;
typedef struct exact_doc_s { int n; } *exact_doc;
typedef enum { EXACT_NONE, EXACT_ALL } exact_flags;
typedef int (*exact_fn)(exact_any arg, exact_text word);
EOF
cat >exact/include/old.h <<'EOF'
#include "not-there.h"
int old_parse(const char *s, size_t n);
EOF
printf 'extern void exact_free (exact_doc it);\n' >exact/include/free.h
printf 'typedef FILE *stream;\nint streams(stream in);\n' >exact/include/streams.h
if command -v clang >/dev/null; then
	n=0
	while IFS='|' read -r fn header call; do
		[ -n "$fn" ] || continue
		n=$((n + 1))
		cp -R exact "e$n"
		status 0 "clang: $fn" "$THRESH" init --dir "e$n" --function "$fn" --header "$header"
		[ "$fn" = old_parse ] || ok "compiles: $fn" $CC -std=c11 $WARN -I"e$n/include" "e$n"/harnesses/*.c
		ok "calls: $call" grep -qF -- "$call" "e$n"/harnesses/*.c
	done <<'EOF'
exact_bytes|exact.h|exact_bytes((const exact_byte *)data, (exact_count)size)
exact_load|exact.h|exact_free(result);
exact_words|exact.h|exact_words(s, callback_2, NULL)
exact_print|exact.h|exact_print(s, list)
exact_fixed|exact.h|exact_fixed((const exact_byte *)data, (exact_count)size, out_3)
exact_fill|exact.h|exact_fill(in, (exact_count)size)
exact_edit|exact.h|exact_edit(in, (exact_count)size)
renamed|exact.h|renamed(s)
streams|streams.h|streams(in)
old_parse|old.h|old_parse((const char *)data, size)
strtol|stdlib.h|strtol(nptr, &endptr, base)
fgets|<stdio.h>|fgets(s, ROOM, stream)
EOF
	status 0 'a directory that is not there yet' "$THRESH" init --dir later/on --function strtol --header stdlib.h
	ok 'a length that its type is too small for is refused' grep -qF 'size > (size_t)USHRT_MAX' e1/harnesses/exact_bytes.c
	status 0 'words for what the header does not declare' "$THRESH" init --dir exact --header exact.h \
		--function 'int extra(exact_data p, exact_count n)'
	ok 'have its types' grep -qF 'extra((const exact_byte *)data, (exact_count)size)' exact/harnesses/extra.c
	while IFS='|' read -r fn why; do
		[ -n "$fn" ] || continue
		status 2 "refused: $fn" "$THRESH" init --dir exact --function "$fn" --header exact.h
		like "$ERR" "$why" "says why: $why"
	done <<'EOF'
exact_missing|exact_missing: not declared in exact.h as a function
only_macro|only_macro: not declared in exact.h as a function
exact_variable|exact_variable: not declared in exact.h as a function
EOF
	status 0 'what a condition hides' "$THRESH" init --dir exact --function exact_hidden --header exact.h
	like "$ERR" 'only where some macro is defined' 'is told'
	printf 'version: 1\nbuild:\n  cflags: [-DEXACT_HIDDEN]\n  include: [include]\nharnesses:\n  a: {source: harnesses/exact_bytes.c}\n' >e1/thresh.yaml
	status 0 'the flags that the project has' "$THRESH" init --dir e1 --function exact_hidden --header exact.h
	is "$ERR" '' 'count'
else
	skip 1 'no clang'
fi
status 0 'without clang' env PATH=/nonexistent "$THRESH" init --dir bare --function toy_parse --header "$PWD/lib/include/toy.h"
ok 'the text of the header is read' grep -qF 'toy_parse((const char *)data, size, options)' bare/harnesses/toy_parse.c
status 2 'without clang, behind a macro' env PATH=/nonexistent "$THRESH" init --dir bare2 --function exact_bytes --header "$PWD/exact/include/exact.h"
like "$ERR" 'there is no clang' 'says so'

# a second harness; a second time
cp lib/thresh.yaml before.yaml
cp lib/.gitignore before.gitignore
status 2 'again, without a name' "$THRESH" init --dir lib
like "$ERR" 'exists; --name or --function adds a harness' 'again, without a name: what to do'
status 2 'again, the same harness' "$THRESH" init --dir lib --function toy_parse --header toy.h
status 0 'a further harness' "$THRESH" init --dir lib --function toy_each --header toy.h
like "$OUT" 'toy_each:.*source: harnesses/toy_each.c' 'a further harness: the lines to add'
ok 'a further harness compiles' $CC -std=c11 $WARN -Ilib/include lib/harnesses/toy_each.c
ok 'a callback does nothing' grep -qF 'toy_each(s, callback_2, NULL)' lib/harnesses/toy_each.c
ok 'thresh.yaml is as it was' cmp before.yaml lib/thresh.yaml
ok '.gitignore is as it was' cmp before.gitignore lib/.gitignore
sed -i '/^harnesses:/q' lib/thresh.yaml
printf '%s\n' "$OUT" | sed -n '/^  toy_each:/,/^$/p' >>lib/thresh.yaml
status 0 'the printed lines load' bash -c "'$THRESH' -C lib doctor --json >doctor.json; grep -q '1 harness' doctor.json"

mkdir -p old
echo 'mine: 1' >old/thresh.yaml
printf 'build' >old/.gitignore
status 0 'force' "$THRESH" init --dir old --force
is "$(cat old/thresh.yaml.old)" 'mine: 1' 'force keeps the old file'
is "$(cat old/.gitignore)" $'build\n/.thresh/' '.gitignore: a line added, the last one ended'
echo '# mine' >>old/thresh.yaml
status 0 'force, again' "$THRESH" init --dir old --force
is "$(cat old/thresh.yaml.old)" 'mine: 1' 'force, again: the older file is still there'
ok 'force, again: so is the newer' test -f old/thresh.yaml.old2

status 0 'force, with nothing changed' "$THRESH" init --dir old --force
not_ok 'puts nothing aside' test -e old/thresh.yaml.old3

status 0 'a skeleton' "$THRESH" init --dir new/deep --name decoder --format json
ok 'a skeleton compiles' compiles new/deep
like "$OUT" 'holds 1 TODO' 'a skeleton: says that it is one'
status 2 'a bad name' "$THRESH" init --dir none --name ../x
not_ok 'a bad name: nothing was written' test -e none
status 0 'odd paths' "$THRESH" init --dir "o'dd: #dir" --sources "a b/*.c" --sources "it's.c"
status 0 'odd paths load' bash -c "'$THRESH' -C \"o'dd: #dir\" doctor --json >doctor.json; grep -q '1 harness' doctor.json"
if [ "$(id -u)" != 0 ]; then
	mkdir ro
	chmod 555 ro
	status 3 'a directory that is read-only' "$THRESH" init --dir ro
else
	: >file
	status 3 'a directory that is a file' "$THRESH" init --dir file/x
fi
# where temporary files go, and where a project is, programs may not be run
if unshare -rm true 2>/dev/null; then
	mkdir nowhere
	noexec() { # folder, command...
		unshare -rm sh -c 'mount -t tmpfs -o noexec,mode=1777 none "$0" && exec "$@"' "$@"
	}
	# a program of its own writes one of its headers
	mkdir runs
	printf '#include <stdio.h>\nint main(void) { return puts("#define MADE 1") < 0; }\n' >runs/gen.c
	printf 'int odd_parse(const char *s, unsigned long n);\n' >runs/odd.h
	printf '#include "made.h"\n#include "odd.h"\nint odd_parse(const char *s, unsigned long n) { return n > MADE && *s == 1; }\n' >runs/odd.c
	printf 'odd.o: odd.c made.h\nmade.h: gen\n\t./gen >$@\n' >runs/Makefile
	status 0 'temporary files where no program runs' noexec "$T/nowhere" env TMPDIR="$T/nowhere" "$THRESH" init --dir runs
	like "$OUT" 'builds; [0-9]+ inputs tried' 'go elsewhere'
	status 3 'a project where no program runs' noexec "$T/nowhere" "$THRESH" init --dir nowhere
	like "$ERR" 'nowhere: .*mounted noexec.*move it' 'says so, and what to do'
else
	skip 4 'no user namespaces'
fi

# what can't be written is found out before anything is
odd() { # folder, what makes it odd
	mkdir "$1"
	printf 'int odd_parse(const char *s, unsigned long n) { return n && *s; }\n' >"$1/odd.c"
	printf 'int odd_parse(const char *s, unsigned long n);\n' >"$1/odd.h"
	(cd "$1" && eval "$2")
	find "$1" | sort >before
}
n=0
while IFS='|' read -r what why; do
	n=$((n + 1))
	odd "odd$n" "$what"
	status 2 "refused: $what" "$THRESH" init --dir "odd$n"
	like "$ERR" "$why" "says why: $why"
	is "$(find "odd$n" | sort)" "$(cat before)" "as it was: $what"
done <<'EOF'
mkdir .gitignore|gitignore: isn.t a file
ln -s nowhere thresh.yaml|thresh.yaml: a link to what isn.t there
: >harnesses|harnesses: isn.t a folder
ln -s nowhere corpus|corpus: isn.t a folder
EOF
odd forced 'ln -s nowhere thresh.yaml'
status 0 'a link that leads nowhere, with --force' "$THRESH" init --dir forced --no-build --force
is "$(readlink forced/thresh.yaml.old)" nowhere 'is put aside'
# a harness from elsewhere, without the header that it includes
mkdir -p other/harnesses
printf 'version: 1\nharnesses:\n  bare:\n    source: harnesses/bare.c\n' >other/thresh.yaml
printf '%s\n' '#include "thresh.h"' 'int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);' \
	'int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { THRESH_CHECK(p || !n); return thresh_accept(); }' \
	>other/harnesses/bare.c
status 3 'thresh.h is missing' "$THRESH" -C other build bare --variant asan
like "$OUT$ERR" '\.thresh/runtime/thresh\.h is a copy' 'where to have it is told'
cp other/.thresh/runtime/thresh.h other/harnesses/
status 0 'and that mends it' "$THRESH" -C other build bare --variant asan
done_testing
