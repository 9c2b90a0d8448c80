#!/usr/bin/env bash
# Capsules of a project that its own script builds: what the script is given, how it is called, and that it reproduces the
# bug without the project. (Capsules of projects built from sources: bisect.t.)
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/data/regress/scratch.sh"

command -v clang >/dev/null || skip_all 'no clang'
command -v git >/dev/null || skip_all 'no git'
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
p="$T/project"
make_scratch "$p"
cd "$p" || bail 'no scratch project'
mkdir -p oss/more
# OSS-Fuzz's ways: $SRC holds what lies beside the script, flags hold spaces, the harness looks for a file beside itself
cat >oss/build.sh <<'END'
#!/bin/bash -eu
: "$SANITIZER $FUZZING_ENGINE $ARCHITECTURE $LIB_FUZZING_ENGINE $PROJECT_NAME"
test -f "$SRC/word.txt"
cd "$SRC/scratch"
./configure
$CC $CFLAGS -DWORD="\"$(cat "$SRC/word.txt")\"" -Ilib -c lib/lib.c -o "$WORK/lib.o"
$CC $CFLAGS -Ilib -c fuzz/plain.c -o "$WORK/plain.o"
$CXX $CXXFLAGS "$WORK/plain.o" "$WORK/lib.o" $LIB_FUZZING_ENGINE -o "$OUT/plain"
END
chmod +x oss/build.sh
printf 'four' >oss/word.txt
printf '#!/bin/sh\ntouch configured\n' >configure
chmod +x configure
ln -s lib/lib.c linked.c
printf 'version: 1\nproject: scratch\nbuild:\n  script: oss/build.sh\n  cflags: [-DUNUSED=1]\nharnesses:\n  plain:\n    timeout: 2s\n    env: [SOME=thing]\n' >thresh.yaml
printf '.thresh/\n*.big\n' >.gitignore
head -c 100000 /dev/zero >ignored.big
git init -q . && git add -A && git commit -q -m one || bail 'git'
printf 'not yet added' >untracked.txt
run "$THRESH" triage --harness plain --file crashes
over=$(bug_of read_over)
[ -n "$over" ] || bail "no bug: $OUT $ERR"

status 0 'a capsule' "$THRESH" export "$over" -o "$T/capsule"
ok 'holds what git tracks' test -x "$T/capsule/src/configure"
ok 'and what it would take' test -f "$T/capsule/src/untracked.txt"
not_ok 'but nothing that is ignored' test -e "$T/capsule/src/ignored.big"
not_ok 'and no state' test -e "$T/capsule/src/.thresh"
unlike "$(cat "$T/capsule/reproduce.sh")" "$T" 'its script names no place of this machine'
like "$(cat "$T/capsule/expected-report.txt")" 'read_over' 'the report is there'
mv "$p" "$T/gone"
mkdir "$T/else where" && mv "$T/capsule" "$T/else where/"
status 0 'reproduces elsewhere, without the project' sh "$T/else where/capsule/reproduce.sh"
like "$OUT" 'in read_over .*src/lib/lib.c' 'with places in the capsule'
not_ok 'and leaves its own sources as they are' test -e "$T/else where/capsule/src/configured"
printf 'harmless' >"$T/else where/capsule/input"
status 1 'says when it does not' sh "$T/else where/capsule/reproduce.sh"
sed -i 's/^return/syntax error/; s/read_over(s, n) + 1/0/' "$T/else where/capsule/src/lib/lib.c"
echo '#error no' >>"$T/else where/capsule/src/lib/lib.c"
status 2 'a build that fails is told apart' sh "$T/else where/capsule/reproduce.sh"
like "$ERR" '#error no' 'with its words'
mv "$T/gone" "$p"
cd "$p" || exit 3

mkdir "$T/out"
for kind in tar.gz tar.zst zip; do
	status 0 "an archive: $kind" "$THRESH" export "$over" -o "$T/out/c.$kind"
	case $kind in
	zip) list=$(unzip -Z "$T/out/c.$kind") ;;
	tar.zst) list=$(zstd -dcq "$T/out/c.$kind" | tar tvf -) ;;
	*) list=$(tar tvf "$T/out/c.$kind") ;;
	esac
	like "$list" 'rwxr-xr-x[^'$'\n'']*plain-[0-9a-f]{8}/src/oss/build.sh' 'holds the script, below its own name'
	like "$list" 'lrwxrwxrwx[^'$'\n'']*src/linked.c' 'and a link as a link'
	unlike "$list" "$(id -un) |$(date +%Y)" 'but no owner and no time'
done
touch lib/lib.c
status 0 'the same again' "$THRESH" export "$over" -o "$T/out/d.tar.gz"
ok 'gives the same bytes' cmp "$T/out/c.tar.gz" "$T/out/d.tar.gz"

# where it goes: nobody's files are in the way, and what can't be is said before anything is built
mkdir "$T/out/cap.part" && echo mine >"$T/out/cap.part/file"
status 0 'a folder whose name ends in a slash' "$THRESH" export "$over" -o "$T/out/cap/"
is "$OUT" "$T/out/cap" 'is a folder'
ok 'and holds the capsule' test -x "$T/out/cap/reproduce.sh"
is "$(cat "$T/out/cap.part/file")" mine 'what lies beside it stays'
is "$(cd "$T/out" && echo *)" 'c.tar.gz c.tar.zst c.zip cap cap.part d.tar.gz' 'and nothing else is left there'
ln -s nowhere "$T/out/dangling"
before=$(cd "$T/out" && echo *)
while IFS='|' read -r out why; do
	status 2 "-o $out" "$THRESH" export "$over" -o "$out"
	like "$ERR" "$why" 'says why not'
done <<END
$T/out|is a folder already; the capsule could be $T/out/plain-
$T/out/|is a folder already
$T/out/c.zip|is there already
$T/out/dangling|is there already
$T/out/c.tar.bz2|an archive's name ends in
$T/none/cap|there is no folder $T/none
-x|begins with a '-'; write ./-x
END
is "$(cd "$T/out" && echo *)" "$before" 'and leaves nothing'
rm -rf .git
status 0 'without git' "$THRESH" export "$over" -o "$T/all"
ok 'all of the tree' test -f "$T/all/src/ignored.big"
not_ok 'but its state' test -e "$T/all/src/.thresh"
sed -i '/is(s, n, "OVER")/,+1d' lib/lib.c
status 3 'a bug that is not there any more' "$THRESH" export "$over" -o "$T/none"
not_ok 'leaves no capsule' test -e "$T/none"

# words in $CFLAGS and $LIB_FUZZING_ENGINE can't hold blanks
cp -R "$p" "$T/a project" && cd "$T/a project" && rm -rf .thresh
status 3 'a path with a blank in it' "$THRESH" build --variant asan
like "$ERR" "a build script can't work below a path with blanks" 'is said to be the trouble'

# built from sources: what they include in quotes from elsewhere in the project
mkdir -p "$T/far/fuzz" "$T/far/deep/er"
cd "$T/far" || exit 3
printf '#include "er/other.h"\n' >deep/far.h
printf '#define LIMIT 3\n' >deep/er/other.h
cat >fuzz/h.c <<'END'
#include <stdint.h>
#include <stdlib.h>
#include "../deep/far.h"
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)
{
	(void)d;
	if (n > LIMIT)
		abort();
	return 0;
}
END
printf 'version: 1\nproject: far\nharnesses:\n  h: {source: fuzz/h.c}\n' >thresh.yaml
printf 'long enough' >in
run "$THRESH" triage --harness h --file in
id=$("$THRESH" bugs --json | sed -n 's/.*"bug":[[:space:]]*"\([0-9a-f]*\)".*/\1/p' | head -1)
status 0 'headers from elsewhere in the project' "$THRESH" export "$id" -o "$T/far-capsule"
ok 'come along, and what they include' test -f "$T/far-capsule/src/deep/er/other.h"
done_testing
