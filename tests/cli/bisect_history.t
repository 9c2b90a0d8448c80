#!/usr/bin/env bash
# thresh bisect on a history of real patches: cJSON as released and the distribution's patches to it, a commit each; which
# one mends an over-read, and, of the same patches taken back, which one brings it in. Several commits at once.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang'
command -v git >/dev/null || skip_all 'no git'
series=$TOP/targets/cjson-patched/debian/patches/series
[ -r "$series" ] || skip_all 'no targets; run tools/fetch-targets'
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
mkdir "$T/a history" && cd "$T/a history" || bail 'no folder'
git init -q -b main . || bail 'git init'
cp -r "$TOP"/targets/cjson-pristine/. .
cat >fuzz.c <<'C'
#include "cJSON.h"
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cJSON_Delete(cJSON_ParseWithLength((const char *)data, size));
	return 0;
}
C
printf 'version: 1\nproject: history\nbuild:\n  sources: [cJSON.c]\n  include: [.]\n  cflags: [-O0]\nharnesses:\n  parse:\n    source: fuzz.c\ncampaign:\n  jobs: 3\n' >thresh.yaml
printf '.thresh/\ncrash\n' >>.gitignore
commit() { git add -A && git commit -q -m "$1" && git rev-parse HEAD; }
first=$(commit 'cJSON as released')
printf '{"":0,' >crash
run "$THRESH" triage --harness parse --file crash
bug=$("$THRESH" bugs --json 2>/dev/null | sed -n 's/.*"bug":[[:space:]]*"\([0-9a-f]*\)".*/\1/p' | head -n 1)
[ -n "$bug" ] || bail "no bug: $OUT $ERR"

# the patches that touch the library, with commits between them that don't, and one that doesn't build
echo '#error not now' >>cJSON.c
commit 'half of something' >/dev/null
sed -i '$d' cJSON.c
commit 'the other half' >/dev/null
fix='' patches=()
while read -r name _; do
	case $name in '' | '#'*) continue ;; esac
	echo "$name" >>notes
	commit "a note on $name" >/dev/null
	patch -s -p1 --no-backup-if-mismatch <"${series%/*}/$name" >"$T/patch.log" 2>&1 || bail "$name: $(cat "$T/patch.log")"
	git add -A && git diff --cached --quiet -- cJSON.c && continue
	rev=$(commit "$name")
	patches+=("$rev")
	git show "$rev" | grep -q '^+.*cannot_access_at_index' && fix=$rev
done <"$series"
commit 'the end' >/dev/null
patched=$(git rev-parse HEAD)
[ -n "$fix" ] || bail 'none of the patches mends the over-read'

status 0 'which patch takes it out' "$THRESH" bisect "$bug" --bad "$first"
like "$OUT" "$fix took it out" 'is found'

status 0 'again' "$THRESH" bisect "$bug" --bad "$first" --json
like "$OUT" '"tested":[[:space:]]*0,' 'nothing is built anew'
is "$(git worktree list | wc -l)" 1 'no worktree is left'

# taken back, the last one first
for ((i = ${#patches[@]} - 1; i >= 0; i--)); do
	git revert --no-edit "${patches[i]}" >/dev/null 2>&1 || bail "revert of ${patches[i]}"
	[ "${patches[i]}" = "$fix" ] && brought=$(git rev-parse HEAD)
	echo "without $i" >>notes
	commit "note without $i" >/dev/null
done
status 0 'which one brings it in' "$THRESH" bisect "$bug" --good "$patched"
like "$OUT" "$brought brought it in" 'is found'
is "$(git worktree list | wc -l)" 1 'no worktree is left, either'

# killed while several are under way
rm -rf .thresh/thresh.db*
run "$THRESH" triage --harness parse --file crash
"$THRESH" bisect "$bug" --good "$patched" >"$T/half" 2>&1 &
pid=$!
for ((i = 0; i < 400; i++)); do
	[ "$(git worktree list | wc -l)" -gt 2 ] && break
	sleep 0.02
done
is "$(($(git worktree list | wc -l) > 2))" 1 'several worktrees at once'
is "$(($(git worktree list | wc -l) <= 4))" 1 'not more than jobs'
kill -9 "$pid"
wait "$pid" 2>/dev/null
# as git leaves one that it was still making
for w in .git/worktrees/*/; do [ -d "$w" ] && echo initializing >"$w/locked"; done
status 0 'killed, and begun again' "$THRESH" bisect "$bug" --good "$patched"
like "$OUT" "$brought brought it in" 'the same is found'
is "$(git worktree list | wc -l)" 1 'and no worktree is left'
done_testing
