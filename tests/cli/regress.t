#!/usr/bin/env bash
# What becomes of a bug: its regression test is proven and merged into the tree, replayed, and closed only when the bug
# is gone.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/data/regress/scratch.sh"

command -v clang >/dev/null || skip_all 'no clang'
make_scratch "$T/p"
cd "$T/p" || bail 'no scratch project'
status 1 'two crashes are filed' "$THRESH" triage --harness plain --file crashes
over=$(bug_of read_over) null=$(bug_of read_null)
ok 'the over-read is a bug' test -n "$over"
ok 'the null dereference is a bug' test -n "$null"

# writing
status 0 'regression tests are written' "$THRESH" regress
over_dir=tests/regress/plain/$over null_dir=tests/regress/plain/$null
is "$(cat "$over_dir/input")" 'OVER' 'the input is beside its manifest'
manifest=$(cat "$over_dir/manifest")
like "$manifest" $'\nbug: '"$over" 'the manifest names the bug'
like "$manifest" $'\nstate: open\n' 'the manifest has its state'
like "$manifest" $'\nfails: [^\n]*clang with ASan' 'the manifest says where it was seen to fail'
like "$manifest" $'\npasses: [^\n]*no sanitizer' 'and where it passes'
like "$(cat "$over_dir/report")" 'read_over  lib/lib.c:' 'the report has places relative to the project'
unlike "$(cat tests/regress/plain/*/* | tr -d '\0')" "$T" 'nothing written names where the project lies'
like "$(cat tests/regress/plain/tests.list)" $'open\t1\t'"$over"'/input' 'the list has the test'
sums() { find tests -type f | sort | xargs sha256sum; }
before=$(sums)
status 0 'written again' "$THRESH" regress
is "$(sums)" "$before" 'written again: not a byte differs'
status 0 'proven again' "$THRESH" regress --again
is "$(sums)" "$before" 'proven again: not a byte differs'

# what people do to the files
echo 'remark: see the parser' >>"$over_dir/manifest"
status 0 'after an edit' "$THRESH" regress
like "$OUT" 'edited' 'an edit is noticed'
like "$(cat "$over_dir/manifest")" 'remark: see the parser' 'an edit is kept'
rm -r "$null_dir"
status 0 'after a deletion' "$THRESH" regress
like "$OUT" 'deleted' 'a deletion is noticed'
not_ok 'a deleted test stays so' test -e "$null_dir"
status 0 'a deleted test that is asked for' "$THRESH" regress "$null"
ok 'comes back' test -s "$null_dir/input"
like "$(cat tests/regress/plain/tests.list)" "$null" 'and is in the list'

# an input that doesn't fail is no test
cp seeds/a "$T/harmless"
status 2 'an unknown bug' "$THRESH" regress 0123456789abcdef
status 2 'an unknown style' "$THRESH" regress --style ninja

# replaying
status 0 'open bugs leave the suite green' "$THRESH" replay --tests
like "$OUT" $'^1\.\.2\n' 'the plan comes first'
like "$OUT" 'not ok [12] - [^#]*read_over[^#]*# TODO open' 'an open bug is a TODO'
status 0 'the table' "$THRESH" replay --tests --quiet
like "$OUT" 'still open' 'the table says what is open'
like "$OUT" '2 regression tests: 2 still open' 'and closes with a line'
status 0 'without a sanitizer' "$THRESH" replay --tests --variant plain
like "$OUT" '(^|'$'\n'')ok [12] - [^#'$'\n'']*read_over[^#'$'\n'']*\(open, passes\)' 'the over-read passes there'
status 1 'a failing file' "$THRESH" replay plain crashes/over seeds/a
like "$OUT" 'not ok 1 - crashes/over' 'a failing file is not ok'
like "$OUT" '# +#0 .*read_over .*lib.c:[0-9]+' 'its report has names'
like "$OUT" 'ok 2 - seeds/a' 'the one behind it is run'
status 0 'without files, the tests' "$THRESH" replay plain
like "$OUT" '^1\.\.2' 'of the harness'
status 0 'a harness without tests: its seeds' "$THRESH" replay cxx
like "$OUT" 'ok 1 - seeds/a' 'its seeds'
status 2 'an unknown harness' "$THRESH" replay nope
status 2 'a missing file' "$THRESH" replay plain nope
status 2 'an unknown target' "$THRESH" replay --tests --target nope
status 1 'JUnit' "$THRESH" replay plain crashes seeds --junit "$T/j.xml" --json
if command -v python3 >/dev/null; then
	ok 'JUnit is XML' python3 -c "import sys, xml.dom.minidom as m; d = m.parse('$T/j.xml'); s = d.getElementsByTagName('testsuite')[0]; sys.exit(not (s.getAttribute('tests') == '3' and s.getAttribute('failures') == '2'))"
	ok 'JSON is JSON' python3 -c "import json, sys; v = json.loads(sys.argv[1]); sys.exit(not (len(v) == 3 and v[0]['failure'] and not v[2]['failure']))" "$OUT"
else
	skip 2 'no python3'
fi
a=$("$THRESH" replay plain crashes seeds --shuffle 1 | grep -v '^#' | cut -d: -f1)
b=$("$THRESH" replay plain crashes seeds --shuffle 2 | grep -v '^#' | cut -d: -f1)
is "$a" "$b" 'shuffled runs print in one order'
printf '#!/bin/sh\ngrep -q OVER "$1" && kill -SEGV $$\nexit 0\n' >"$T/tool"
chmod +x "$T/tool"
status 1 'another executable' "$THRESH" replay plain crashes --exe "$T/tool"
like "$OUT" $'(^|\n)ok 1 - crashes/null' 'passes what it passes'
like "$OUT" $'\nnot ok 2 - crashes/over' 'fails what it fails'
status 1 'a command' "$THRESH" replay plain crashes -- sh "$T/tool" @@
like "$OUT" $'\nnot ok 2 - crashes/over' 'a command: the same'

# verifying: same, masked, gone, cannot tell
status 1 'nothing fixed' "$THRESH" verify
like "$OUT" '2 bugs: 2 same' 'nothing fixed: all the same'
cp lib/lib.c "$T/lib.c"
sed -i 's/return read_over(s, n) + 1;/return *nothing + 1;/' lib/lib.c
status 1 'masked' "$THRESH" verify "$over"
like "$OUT" 'masked .*open' 'another crash at the same input is no fix'
other=$(bug_of parse)
ok 'the other crash is a bug' test -n "$other"
cp "$T/lib.c" lib/lib.c
sed -i '/is(s, n, "OVER")/,+1d' lib/lib.c
status 0 'gone' "$THRESH" verify "$over"
like "$OUT" 'gone +fixed, was open' 'what passes is fixed'
like "$(cat "$over_dir/manifest")" $'\nstate: fixed\n' 'the edited manifest follows'
like "$(cat "$over_dir/manifest")" 'remark: see the parser' 'and keeps the edit'
like "$(cat tests/regress/plain/tests.list)" $'fixed\t1\t'"$over" 'so does the list'
status 0 'the suite with a fixed bug' "$THRESH" replay --tests --quiet
like "$OUT" 'fixed +fixed' 'a fixed bug that passes'
cp "$T/lib.c" lib/lib.c
status 1 'it is back: red' "$THRESH" replay --tests
like "$OUT" $'not ok [0-9] - [^\n#]*read_over[^\n#]*\n' 'without a TODO'
status 1 'it is back: verify says so' "$THRESH" verify "$over"
like "$OUT" 'regressed, was fixed' 'it has regressed'
sed -i 's/parse((const char \*)data, size)/parse("none", 4 + 0 * size + 0 * data[0])/' fuzz/plain.c
status 1 'the harness leads elsewhere' "$THRESH" verify "$over"
like "$OUT" 'cannot tell +regressed' 'that closes nothing'
echo '#error no' >>fuzz/plain.c
status 1 'the harness does not build' "$THRESH" verify "$over"
like "$OUT" 'cannot tell +regressed' 'that closes nothing, either'
status 1 'its tests are not run' "$THRESH" replay --tests
like "$OUT" 'not ok 1 ' 'and not called passed'

# a fix that takes one of two ways into a bug: the other one's findings become a bug of their own
make_scratch "$T/q"
cd "$T/q" || bail 'no scratch project'
sed -i 's/second_twin() *)/first_twin())/' lib/lib.c
mkdir twins
printf 'TWIN1' >twins/1
printf 'TWIN2+' >twins/2
run "$THRESH" triage --harness plain --file twins
twin=$(bug_of first_twin)
is "$("$THRESH" bugs --json | grep -c '"bug":')" 1 'two ways into one bug'
cp "$T/lib.c" lib/lib.c
sed -i "s/s\[4\] == '1' ? first_twin()/s[4] == '1' ? 0/" lib/lib.c
status 0 'one of the two is mended' "$THRESH" verify "$twin"
like "$OUT" '1 of 1 findings fail in other' 'the other is filed anew'
second=$(bug_of second_twin)
ok 'as a bug of its own' test -n "$second"
like "$("$THRESH" bugs --state fixed)" "${twin:0:8}" 'and the first is fixed'

# another finding shows the same failure: the bug stays open
cp "$T/lib.c" lib/lib.c
printf 'NULL and more' >twins/3
run "$THRESH" triage --harness plain --file crashes/null twins/3
null=$(bug_of read_null)
sed -i 's/if (is(s, n, "NULL"))/if (is(s, n, "NULL") \&\& n > 4)/' lib/lib.c
status 1 'a fix of only the reproducer' "$THRESH" verify "$null"
like "$OUT" 'same +open +.*another finding' 'closes nothing'

# ignored, and pruned
if "$THRESH" help ignore >/dev/null 2>&1; then
	status 0 'tests' "$THRESH" regress "$null"
	status 0 'ignored' "$THRESH" ignore "$null" --until 2999-01-01 --why 'not ours'
	status 0 'tests follow' "$THRESH" regress
	like "$(cat tests/regress/plain/tests.list)" $'\nignored:2999-01-01\t1\t'"$null" 'and so does the list'
	like "$(cat "tests/regress/plain/$null/manifest")" $'state: ignored\nuntil: 2999-01-01T00:00:00Z\nwhy: not ours' 'the manifest says so'
	status 0 'an ignored one' "$THRESH" replay --tests plain
	like "$OUT" 'ok [0-9]+ - .*# SKIP ignored: not ours' 'is skipped'
	sed -i 's/^until: 2999/until: 2001/' "tests/regress/plain/$null/manifest"
	status 0 'an ignore that has ended' "$THRESH" replay --tests plain
	like "$OUT" 'not ok [0-9]+ - .*# TODO open' 'is an open bug'
	sed -i 's/^until: 2001/until: 2999/' "tests/regress/plain/$null/manifest"
fi
some=$(basename "$(grep -l '^state: open' tests/regress/plain/*/manifest | head -n 1 | xargs dirname)")
mv "tests/regress/plain/$some/input" "$T/lost"
status 1 'a test whose input got lost' "$THRESH" replay --tests plain
like "$OUT" "not ok [0-9]+ - plain/${some:0:8}[^#]*"$'\n# [^\n]*/input: No such file' 'fails, and is no TODO'
status 0 'the next regress' "$THRESH" regress
ok 'has it back' cmp "tests/regress/plain/$some/input" "$T/lost"
mkdir -p tests/regress/plain/by-hand
printf 'x' >tests/regress/plain/by-hand/input
rm -rf .thresh
status 0 'without a store nothing is taken out' "$THRESH" regress
ok 'by itself' test -e "tests/regress/plain/$null/input"
status 0 'unless asked for' "$THRESH" regress --prune
not_ok 'then it is' test -e "tests/regress/plain/$null"
ok 'but for what was written by hand' test -e tests/regress/plain/by-hand/input
unlike "$(cat tests/regress/plain/tests.list)" "$null" 'and the list follows'
done_testing
