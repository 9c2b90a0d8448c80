#!/usr/bin/env bash
# Files that a harness reads (`files` of a harness): found by relative names, by those in its environment and beside
# argv[0], served, by engines, and in a capsule; and what is said when they aren't there, or its LLVMFuzzerInitialize fails.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang'
mkdir -p "$T/project/data" "$T/elsewhere" && cd "$T/project" || bail 'no project'
echo BOOM >data/rules.txt
echo more >"$T/elsewhere/more.txt"
cat >thresh.yaml <<'END'
version: 1
project: given
harnesses:
  reader:
    source: reader.c
    env: [DATA=data/rules.txt]
    files: [data/rules.txt, ../elsewhere/more.txt]
END
cat >reader.c <<'END'
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char rules[64];
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char beside[5000], name[4096];
	FILE *f = fopen("data/rules.txt", "r"), *g, *h = fopen(getenv("DATA"), "r"),
	     *i = fopen("more.txt", "r");

	snprintf(name, sizeof(name), "%s", (*argv)[0]);
	snprintf(beside, sizeof(beside), "%s/data/rules.txt", dirname(name));
	g = fopen(beside, "r");
	if (!f || !g || !h || !i || !fgets(rules, sizeof(rules), f))
		return 1;
	fclose(f);
	fclose(g);
	fclose(h);
	fclose(i);
	return *argc < 0;
}
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)
{
	if (n >= 4 && !memcmp(d, rules, 4))
		abort();
	return 0;
}
END
printf BOOM >boom && printf none >none
run "$THRESH" replay reader boom none
like "$OUT" 'not ok 1 - boom: abort' 'read by a relative name, by one in env, and beside argv[0]'
like "$OUT" 'ok 2 - none' 'and found by every input'
for engine in libfuzzer aflpp; do
	if [ $engine = aflpp ] && ! command -v afl-fuzz >/dev/null; then
		skip 1 'no afl-fuzz'
		continue
	fi
	sed -i '/^campaign/,$d' thresh.yaml
	printf 'campaign:\n  engines: [%s]\n' "$engine" >>thresh.yaml
	run timeout 120 "$THRESH" run --time 3s -j1 --no-edge --fresh reader
	like "$OUT" '[1-9][0-9,]* runs in' "$engine finds them"
done

run "$THRESH" triage --harness reader --file boom
id=$("$THRESH" bugs --json | sed -n 's/.*"bug":[[:space:]]*"\([0-9a-f]*\)".*/\1/p' | head -1)
status 0 'a capsule' "$THRESH" export "$id" -o "$T/capsule"
is "$(cat "$T/capsule/files/data/rules.txt")" BOOM 'holds them'
mv "$T/project" "$T/gone"
mv "$T/elsewhere" "$T/away"
status 0 'and reproduces elsewhere' sh "$T/capsule/reproduce.sh"
is "$(cd "$T/capsule/files" && find . -type f | sort | tr '\n' ' ')" './data/rules.txt ./more.txt ' 'which leaves it as it was'
mv "$T/gone" "$T/project"
mv "$T/away" "$T/elsewhere"
cd "$T/project" || exit 3

sed -i 's/files: .*/files: [data\/no-such-file]/' thresh.yaml
run "$THRESH" replay reader none
like "$OUT$ERR" 'no-such-file: a harness is to be given it' 'a file that is not there is named'
for all in . .. data/.. ; do
	sed -i "s|files: .*|files: [$all]|" thresh.yaml
	run "$THRESH" replay reader none
	like "$OUT$ERR" 'not all of it: name what it reads' "the whole project ($all) can't be given"
done
ok 'and is as it was' test -f data/rules.txt
sed -i '/files:/d' thresh.yaml
run "$THRESH" replay reader none
like "$OUT" 'not ok 1 .*Initialize failed' 'an Initialize that fails is an error, and nothing passes'
rm -rf .thresh
status 3 'nor does a campaign end well' timeout 120 "$THRESH" run --time 2s -j1 --fresh reader
like "$OUT$ERR" 'Initialize failed' 'which says why'
done_testing
