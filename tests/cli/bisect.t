#!/usr/bin/env bash
# thresh bisect on a generated history: the commit that brought a bug in, the one that took it out, commits that don't
# build, a merge, a harness younger than the bug; and a search that was ended goes on. Then capsules and debug.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/data/regress/scratch.sh"

command -v clang >/dev/null || skip_all 'no clang'
command -v git >/dev/null || skip_all 'no git'
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
make_scratch "$T/p"
cd "$T/p" || bail 'no scratch project'
git init -q -b main . || bail 'git init'
printf '.thresh/\n' >.gitignore
cp lib/lib.c "$T/buggy.c"
without() { sed "/is(s, n, \"$1\")/,+1d" "$T/buggy.c"; }
n=0
commit() { # MESSAGE
	n=$((n + 1))
	echo "$n" >note
	git add -A && git commit -q -m "$1" && git rev-parse HEAD
}

# history: no harness, harness, good, unbuildable, bad (OVER), bad, merge of a branch that brings NULL, bad, fix of OVER
mkdir "$T/aside"
mv fuzz "$T/aside/"
sed 's/if (is(s, n, "TWIN").*/if (0)/' "$T/buggy.c" | sed '/is(s, n, "OVER")/,+1d; /is(s, n, "NULL")/,+1d' >lib/lib.c
no_harness=$(commit 'the library')
mv "$T/aside/fuzz" .
harness=$(commit 'a harness')
commit 'nothing much' >/dev/null
cp lib/lib.c "$T/good.c"
echo '#error not now' >>lib/lib.c
commit 'broken' >/dev/null
sed '/is(s, n, "NULL")/,+1d; s/if (is(s, n, "TWIN").*/if (0)/' "$T/buggy.c" >lib/lib.c
first_bad=$(commit 'reads over; and | `odd` $text')
commit 'more' >/dev/null
git checkout -q -b side
commit 'on the side' >/dev/null
sed 's/if (is(s, n, "TWIN").*/if (0)/' "$T/buggy.c" >lib/lib.c
null_in=$(commit 'null in a branch')
commit 'later on the side' >/dev/null
git checkout -q main
echo main >main-only
commit 'on main' >/dev/null
git merge -q --no-ff -X theirs -m 'a merge' side || bail 'merge'
bad=$(git rev-parse HEAD)
for i in 1 2 3; do commit "later $i" >/dev/null; done
run "$THRESH" triage --harness plain --file crashes
over=$(bug_of read_over) null=$(bug_of read_null)
[ -n "$over" ] && [ -n "$null" ] || bail "no bugs: $OUT $ERR"
here=$(git rev-parse HEAD) before=$(git status --porcelain)

status 0 'the commit that brought it in' "$THRESH" bisect "$over" --good "$harness"
like "$OUT" "$first_bad brought it in|one of these" 'is found'
like "$OUT" "doesn't build" 'a commit that does not build is said'
is "$(git rev-parse HEAD) $(git status --porcelain)" "$here $before" 'the checkout is as it was'
is "$(git worktree list | wc -l)" 1 'no worktree is left'
status 0 'again' "$THRESH" bisect "$over" --good "$harness" --json
like "$OUT" '"tested":[[:space:]]*0,' 'again: nothing is built anew'
SHELL=/bin/sh TERM=xterm script -qec "stty cols 80; $THRESH bisect $null --good $harness" /dev/null </dev/null >"$T/seen" 2>&1
is $? 0 'in a merged branch, on a terminal'
like "$(cat "$T/seen")" "$null_in brought it in" 'the commit in the branch is found'
like "$(cat "$T/seen")" 'building and running [12] commits?, of [0-9]+ in question' 'what is under way is shown'
status 2 'a good end that is bad' "$THRESH" bisect "$over" --good HEAD~1
like "$ERR" 'should be good, but: bad' 'says so'
status 2 'no such commit' "$THRESH" bisect "$over" --good nope
status 2 'no ends' "$THRESH" bisect "$over"

# a merge of a branch that brings the bug, where the line before it can't be told; then one where the branch can't be
merge_of() { # MAIN-FILE SIDE-FILE NAME
	git checkout -q -B "$3" "$harness"
	cp "$T/good.c" lib/lib.c
	commit "good $3" >/dev/null
	git checkout -q -B "$3-side"
	commit "side $3" >/dev/null
	cp "$2" lib/lib.c
	brought=$(commit "null in $3")
	git checkout -q "$3"
	cp "$1" lib/lib.c
	commit "line $3" >/dev/null
	git merge -q -s ours -m "a merge $3" "$3-side" || bail 'merge'
	sed 's/if (is(s, n, "TWIN").*/if (0)/' "$T/buggy.c" >lib/lib.c
	git add -A && git commit -q --amend --no-edit
	commit "more $3" >/dev/null
}
(cat "$T/good.c"; echo '#error not now') >"$T/broken.c"
sed 's/if (is(s, n, "TWIN").*/if (0)/' "$T/buggy.c" >"$T/null.c"
merge_of "$T/broken.c" "$T/null.c" two
status 0 'in a merged branch, behind a commit that does not build' "$THRESH" bisect "$null" --good "$harness"
like "$OUT" "$brought brought it in" 'the commit in the branch is found'
merge_of "$T/good.c" "$T/broken.c" three
status 0 'in a merged branch that does not build' "$THRESH" bisect "$null" --good "$harness"
like "$OUT" 'one of these.*a merge three.*null in three' 'the merge and the branch are both named'
git checkout -q main

# the harness is younger than the bug
git checkout -q --orphan old
git rm -rfq --cached . && rm -rf fuzz
cp "$T/buggy.c" lib/lib.c
old=$(commit 'the bug, and no harness')
git checkout -q "$here" -- fuzz
young=$(commit 'a harness for it')
commit 'and on' >/dev/null
status 0 'a young harness' "$THRESH" bisect "$over" --good "$old"
like "$OUT" "$young brought the harness in" 'is the verdict'
status 2 'with the harness of today it is bad from the start' "$THRESH" bisect "$over" --good "$old" --todays-harness
like "$ERR" 'should be good, but: bad' 'and says so'

# the fix
sed -i '/is(s, n, "OVER")/,+1d' lib/lib.c
fix=$(commit 'mended')
commit 'after it' >/dev/null
status 0 'the commit that took it out' "$THRESH" bisect "$over" --bad "$young"
like "$OUT" "$fix took it out" 'is found'

# ended half-way
git checkout -q -f main
"$THRESH" bisect "$over" --good "$harness" --todays-harness >"$T/half" 2>&1 &
pid=$!
for i in $(seq 1200); do
	grep -q . "$T/half" && break
	sleep 0.05
done
kill -9 "$pid"
wait "$pid" 2>/dev/null
status 0 'killed, and begun again' "$THRESH" bisect "$over" --good "$harness" --todays-harness
like "$OUT" 'as before' 'goes on'
is "$(git worktree list | wc -l)" 1 'and ends the worktree that was left'
rm -rf "${TMPDIR:-/tmp}"/thresh-bisect-nothing

# capsules
status 0 'a capsule' "$THRESH" export "$over" -o "$T/capsule"
mv "$T/p" "$T/gone"
ok 'reproduces without the project' sh "$T/capsule/reproduce.sh"
if command -v gcc >/dev/null && ! gcc -fsanitize=address -x c /dev/null -o /dev/null 2>&1 | grep -q 'cannot find'; then
	sed -i "s/^flags=.*/flags='-g -fsanitize=address'/" "$T/capsule/reproduce.sh"
	ok 'and with gcc' env CC=gcc CXX=g++ sh "$T/capsule/reproduce.sh"
else
	skip 1 'no gcc with ASan'
fi
printf 'harmless' >"$T/capsule/input"
not_ok 'says when it does not' sh "$T/capsule/reproduce.sh"
mv "$T/gone" "$T/p"
cd "$T/p" || exit 3
status 2 'a capsule that is there' "$THRESH" export "$over" -o "$T/capsule"
status 0 'an archive' "$THRESH" export "$over" -o "$T/c.tar.gz"
like "$(tar tzf "$T/c.tar.gz")" 'reproduce.sh' 'holds the script'
sed -i '/is(s, n, "OVER")/,+1d' lib/lib.c
status 3 'a bug that is not there any more' "$THRESH" export "$over" -o "$T/none"
not_ok 'leaves no capsule' test -e "$T/none"
git checkout -q lib/lib.c

# debug
if command -v gdb >/dev/null; then
	status 0 'the command line' "$THRESH" debug "$over" --print
	like "$OUT" 'gdb .*--args .*/plain --no-fork ' 'has all it takes'
	bash -c "$OUT" </dev/null >"$T/gdb" 2>&1
	like "$(cat "$T/gdb")" 'Breakpoint 1, .*ReportGenericError.*read_over' 'and stops at the report'
	"$THRESH" debug "$null" </dev/null >"$T/gdb" 2>&1
	like "$(cat "$T/gdb")" '(SIGSEGV|__ubsan_on_report).*read_null' 'a null pointer: too'
else
	skip 4 'no gdb'
fi
done_testing
