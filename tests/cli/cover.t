#!/usr/bin/env bash
# Coverage: numbers that llvm-cov would print, what changed, what blocks, and all that can go wrong on the way.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang here'
mkdir -p lib vendor in && cd "$T" || bail 'no directory'
cat >vendor/vendor.h <<'C'
static inline int vendor_add(int a, int b)
{
	if (a > 1000)
		return 0;
	return a + b;
}
C
cat >lib/parse.h <<'C'
static inline int is_digit(int c)
{
	return c >= '0' && c <= '9';
}
int parse(const unsigned char *p, unsigned long n);
C
cat >lib/parse.c <<'C'
#include "parse.h"
#include "vendor.h"

static int deep(int a)
{
	return a * 2;
}

static int version_two(const unsigned char *p, unsigned long n)
{
	int sum = deep((int)n);

	for (unsigned long i = 0; i < n; i++)
		sum += p[i];
	return sum;
}

int parse(const unsigned char *p, unsigned long n)
{
	int sum = 0;

	if (n < 1)
		return -1;
	if (p[0] == '!')
		return *(volatile int *)0;
	if (p[0] == 'v') {
		sum = version_two(p, n);
		return sum;
	}
	for (unsigned long i = 0; i < n; i++)
		if (is_digit(p[i]))
			sum = vendor_add(sum, p[i] - '0');
	if (p[0] == 'w')
		sum++;
	return sum;
}
C
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include "lib/parse.h"
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	parse(p, n);
	return 0;
}
C
cat >other.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include "lib/parse.h"
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	(void)p;
	parse((const uint8_t *)"v2", n ? 2 : 0);
	return 0;
}
C
cat >thresh.yaml <<'Y'
version: 1
project: small
build:
  sources: [lib/parse.c]
  cflags: [-Ivendor]
  sanitizers: [address]
harnesses:
  parse:
    source: fuzz.c
    timeout: 2s
  other:
    source: other.c
Y
corpus=.thresh/corpus/parse
put() { # HARNESS TEXT: into its corpus
	mkdir -p ".thresh/corpus/$1"
	printf %s "$2" >".thresh/corpus/$1/$(printf %s "$2" | sha1sum | cut -c1-40)"
}
own='$j->{totals}{own}'
blockers() { json 'join " ", map { "$_->{line}:$_->{never}:$_->{lines_behind}:$_->{functions_behind}" } @{$j->{blockers}}'; }

# --- nothing to measure ---
status 2 'no corpus anywhere' "$THRESH" cover
like "$ERR" 'no harness has a corpus yet: `thresh run` or `thresh import` makes one' 'and how one is made'
status 2 'no corpus of the one named' "$THRESH" cover parse
like "$ERR" 'parse: it has no corpus yet, and no regression tests' 'is told'
status 2 'an unknown harness' "$THRESH" cover nobody
like "$ERR" 'nobody: no such harness' 'is told'
mkdir -p "$corpus"
status 2 'an empty corpus' "$THRESH" cover parse
put parse '!'
put parse '!7164' # the last one of the corpus: all are in its process before it
status 2 'a corpus of failing inputs' "$THRESH" cover parse
like "$ERR" 'parse: all its inputs \(2\) fail on the lines build' 'says so'
ok 'and nothing is kept of it' test ! -e .thresh/coverage/parse.json

# --- numbers ---
for i in 1 12 x9 y z abc; do put parse "$i"; done
status 2 'not measured yet' "$THRESH" report --format lcov
like "$ERR" 'thresh cover' 'the mend'
status 0 'a corpus' "$THRESH" cover parse --json --lcov out.info --html pages
is "$(json '"$j->{harnesses}[0]{inputs} $j->{harnesses}[0]{failed}"')" '6 2' 'failing inputs take nothing with them, and are told'
is "$(json "join ' ', map { \"$own->{\$_}{covered}/$own->{\$_}{count}\" } qw(lines functions branches regions)")" \
	"$(sed -n '/^SF:.*lib/,/^end/p' out.info | awk -F: '/^(LH|LF|FNH|FNF|BRH|BRF)/ { s[$1] += $2 } END { printf "%d/%d %d/%d %d/%d", s["LH"], s["LF"], s["FNH"], s["FNF"], s["BRH"], s["BRF"] }') $(json "\"$own->{regions}{covered}/$own->{regions}{count}\"")" \
	'the tracefile has the same'
is "$(json 'join " ", map { "$_->{file}=$_->{owner}" } @{$j->{files}}')" \
	'lib/parse.c=own lib/parse.h=own fuzz.c=harness vendor/vendor.h=third-party' 'whose code each file is'
is "$(blockers)" '26:true:12:2 22:true:1:0 24:true:1:0 33:true:1:0' 'what blocks, best first'
is "$(json 'join " ", $j->{blockers}[0]{source}, $j->{blockers}[0]{function}, @{$j->{blockers}[0]{calls}}')" \
	"if (p[0] == 'v') { parse version_two" 'with its line and what it would call'
is "$(json 'defined $j->{harnesses}[0]{changes} ? "some" : "none"')" none 'the first time nothing has changed'
"$THRESH" report --format lcov -o again.info
ok 'the report has it from memory' cmp -s out.info again.info
cov=$(command -v llvm-cov-14 || command -v llvm-cov)
exe=.thresh/build/_/lines/parse
is "$("$cov" export --summary-only --instr-profile .thresh/coverage/parse.profdata "$exe" |
	perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>)->{data}[0]; my %s; for my $f (grep { $_->{filename} =~ m{/lib/} } @{$j->{files}}) { for (qw(lines functions branches regions)) { $s{$_}[0] += $f->{summary}{$_}{covered}; $s{$_}[1] += $f->{summary}{$_}{count} } } print join " ", map { "$s{$_}[0]/$s{$_}[1]" } qw(lines functions branches regions)')" \
	"$(json "join ' ', map { \"$own->{\$_}{covered}/$own->{\$_}{count}\" } qw(lines functions branches regions)")" 'llvm-cov counts the same'
cp -r . ../copied
run env -C ../copied "$THRESH" report --format lcov -o ../copied.info
is "$RC $(test -e ../copied.info && echo there)" '3 ' 'what was measured in another place is no tracefile of this one'
like "$ERR" 'no line of the coverage.*thresh cover' 'and why, with the mend'
ok 'pages' grep -q version_two "pages/coverage$T/lib/parse.c.html"
is "$(grep -rEl '(src|href)=.(https?:)?//[^>]*\.(js|css)' pages | wc -l)" 0 'that load nothing from elsewhere'

# --- remembered ---
status 0 'again' "$THRESH" cover parse --json
is "$(json '$j->{harnesses}[0]{cached} ? 1 : 0')" 1 'comes from what is kept'
is "$(blockers)" '26:true:12:2 22:true:1:0 24:true:1:0 33:true:1:0' 'and is the same'
status 0 'in words' "$THRESH" cover parse --blockers 1
ok '80 columns' test "$(widest "$OUT")" -le 80
like "$OUT" 'parse +6 +[0-9]+/[0-9]+ ' 'the harness'
like "$OUT" 'parse: 2 inputs fail on the lines build and don.t count' 'failing inputs'
like "$OUT" 'third-party \(1 file\)' 'third-party code in one line'
like "$OUT" 'lib/parse.c:26:6: never true in 6 runs' 'the best blocker'
unlike "$OUT" 'parse.c:24' 'as many as asked for'
status 0 'measured again on request' "$THRESH" cover parse --json --fresh
is "$(json '$j->{harnesses}[0]{cached} ? 1 : 0')" 0 'is run'
: >.thresh/coverage/parse.json
status 0 'what is kept was cut short' "$THRESH" cover parse --json
is "$(json '$j->{harnesses}[0]{cached} ? 1 : 0')" 0 'is measured'

# --- what changed ---
put parse w
status 0 'one more input' "$THRESH" cover parse --json
is "$(json 'my $c = $j->{harnesses}[0]{changes}; join " ", map { ("$_->{function}:", "lost", @{$_->{lost}}, "gained", @{$_->{gained}}) } @{$c->{functions}}')" \
	'parse: lost gained 34' 'gains its line'
rm "$corpus/$(printf w | sha1sum | cut -c1-40)"
sed -i 's/a \* 2/a * 3/; 1i /* a line more */' lib/parse.c
status 0 'it goes away, and all moves down' "$THRESH" cover parse --json
is "$(json 'my $c = $j->{harnesses}[0]{changes}; join " ", (map { ("$_->{function}:", "lost", @{$_->{lost}}, "gained", @{$_->{gained}}) } @{$c->{functions}}), "edited $c->{edited}"')" \
	'parse: lost 35 gained edited 1' 'only that line is lost'
status 0 'in words' "$THRESH" cover parse
like "$OUT" 'parse, since 20[0-9T:Z-]+: 1 line lost; 1 function edited, so not compared' 'is told'
like "$OUT" '  lost: parse in lib/parse.c, line 35' 'with its place'

# --- together ---
put other x
status 0 'all harnesses' "$THRESH" cover --json
is "$(json 'join " ", map { $_->{harness} } @{$j->{harnesses}}')" 'parse other' 'each is there'
is "$(json "\"$own->{functions}{covered}/$own->{functions}{count}\"")" 4/4 'what one reaches is reached'
unlike "$(blockers)" '27:' 'and blocks nothing'
status 0 'as a table' "$THRESH" cover
like "$OUT" 'together' 'with a row for all'
status 0 'pages of all' "$THRESH" cover --html pages
status 0 'the report has it on each harness'"'"'s page' "$THRESH" report -o report
page=$(tr -d '\n' <report/harness/parse.html)
like "$page" '<td data-h="code">own</td><td data-h="files" class="n">2</td>.*<td data-h="code">third-party</td>' 'own code apart from third party'
like "$page" 'data-h="file" class="t">lib/parse\.c<.*data-h="file" class="t">lib/parse\.h<' 'files, the worst first'
like "$page" 'What blocks it.*lib/parse\.c:[0-9]+:[0-9]+</code> never true in [0-9]+ runs?: <code>if \(p\[0\] ==' 'and what blocks it'
mkdir full && : >full/mine
status 2 'pages into a full folder' "$THRESH" cover --html full
like "$ERR" 'full: not empty' 'are refused'
status 3 'a tracefile that cannot be written' "$THRESH" cover --lcov no/such/out.info

# --- a regression test's input counts ---
mkdir -p tests/regress/parse/11112222 && printf w >tests/regress/parse/11112222/input
status 0 'a regression test' "$THRESH" cover parse --json
is "$(json '$j->{harnesses}[0]{inputs}')" 7 'is one input more'
rm -r tests

# --- files that are none ---
ln -s /etc/passwd "$corpus/link"
mkfifo "$corpus/$(printf fifo | sha1sum | cut -c1-40)"
mkdir "$corpus/folder"
status 0 'links, pipes and folders in the corpus' "$THRESH" cover parse --json
is "$(json '"$j->{harnesses}[0]{inputs} $j->{harnesses}[0]{unreadable}"')" '6 2' 'are passed over, and told'
status 0 'again' "$THRESH" cover parse --json
is "$(json '$j->{harnesses}[0]{cached} ? 1 : 0')" 1 'and the answer is remembered all the same'
mkdir 'odd%m'
status 2 'a percent sign in TMPDIR' env TMPDIR="$T/odd%m" "$THRESH" cover parse --fresh
like "$ERR" 'odd%m.*set TMPDIR' 'is refused, with the mend'
rm -r "$corpus/link" "$corpus/folder" "$corpus/$(printf fifo | sha1sum | cut -c1-40)"

# --- the source is gone ---
mv lib/parse.h lib/kept.h
status 3 'a build that fails' "$THRESH" cover parse
like "$ERR" 'parse.h' 'says why'
mv lib/kept.h lib/parse.h
status 0 'built again' "$THRESH" cover parse
cat >thresh.yaml <<'Y'
version: 1
project: small
build:
  script: build.sh
  sanitizers: [address]
harnesses:
  parse:
    timeout: 2s
Y
cat >build.sh <<'S'
#!/bin/sh
set -e
cp fuzz.c made.c
$CC $CFLAGS -I. -Ilib -Ivendor -o "$OUT/parse" made.c lib/parse.c $LIB_FUZZING_ENGINE
rm made.c
S
chmod +x build.sh
status 0 'a script, and a source that only it had' "$THRESH" cover parse --json --html pages
is "$(json 'join " ", sort map { "$_->{file}=$_->{owner}" } @{$j->{files}}')" \
	'lib/parse.c=own lib/parse.h=own made.c=own vendor/vendor.h=own' 'is counted all the same'
like "$ERR" 'made.c' 'and said to be missing from the pages'
is "$(json 'join " ", grep { $_->{file} eq "made.c" } @{$j->{blockers}}')" '' 'nothing is guessed of what blocks it'

# --- a shared library ---
cp build.sh kept.sh && mkdir shared
cat >build.sh <<'S'
#!/bin/sh
set -e
$CC $CFLAGS -shared -fPIC -Ilib -Ivendor -o shared/libparse.so lib/parse.c
$CC $CFLAGS -Ilib -Ivendor -o "$OUT/parse" fuzz.c -Lshared -lparse -Wl,-rpath,"$PWD/shared" $LIB_FUZZING_ENGINE
S
status 0 'what is tested is in a shared library' "$THRESH" cover parse --json
like "$(json 'join " ", map { $_->{file} } @{$j->{files}}')" 'lib/parse.c' 'whose lines count'
ok 'those that are covered, too' json '(grep { $_->{file} eq "lib/parse.c" } @{$j->{files}})[0]{lines}{covered} > 5'
mv kept.sh build.sh

# --- tools ---
mkdir bin
for tool in clang gcc cc as ld ar sh cp rm; do
	path=$(command -v "$tool") && ln -s "$path" "bin/$tool"
done
status 2 'without the tools' env PATH="$T/bin" "$THRESH" cover parse --fresh
like "$ERR" 'llvm-profdata.*apt-get install llvm-[0-9]+' 'names the package'
printf '#!/bin/sh\necho "  LLVM version 3.1.0"\n' >bin/llvm-cov && chmod +x bin/llvm-cov
ln -s "$(command -v llvm-profdata-14 || command -v llvm-profdata)" bin/llvm-profdata
status 2 'tools of another version' env PATH="$T/bin" "$THRESH" cover parse --fresh
like "$ERR" 'is of LLVM 3, and clang of [0-9]+; apt-get install llvm' 'are told'

# --- a target that leaves what it likes ---
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static void leave(const char *path)
{
	FILE *f = fopen(path, "w");

	if (f) {
		fputs("no profile", f);
		fclose(f);
	}
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const char *env = getenv("LLVM_PROFILE_FILE");
	char path[5000];

	if (!env || !strrchr(env, '/'))
		return 0;
	(void)p, (void)n;
	snprintf(path, sizeof(path), "%.*s/bad.profraw", (int)(strrchr(env, '/') - env), env);
	leave(path);
	snprintf(path, sizeof(path), "%.*s/link.profraw", (int)(strrchr(env, '/') - env), env);
	return symlink("/etc/passwd", path) < 2 ? 0 : -1;
}
C
sed -i 's/ lib.parse.c / /' build.sh
status 0 'profiles that are none' "$THRESH" cover parse --json
is "$(json '$j->{harnesses}[0]{inputs}')" 8 'hide no other'
sed -i 's|^	leave(path);|	leave(__llvm_profile_get_filename ? __llvm_profile_get_filename() : path);|
	s|^static void leave|const char *__llvm_profile_get_filename(void) __attribute__((weak));\n&|' fuzz.c
status 3 'a profile that cannot be read' "$THRESH" cover parse
like "$ERR" 'parse: llvm-profdata[^:]*: exit status 1: ' 'is told'
done_testing
