#!/usr/bin/env bash
# State elsewhere than in the project (--state): what every command does goes there, and to workers, and nothing is made here.
# And the places for what is passing: TMPDIR, AFL_TMPDIR.
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all 'no clang'
mkdir project seeds && cd project || exit 3
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 1 && p[0] == 'N')
		sink = *(volatile int *)(p[0] & 0);
	return 0;
}
C
small_yaml
printf 'N1' >../crash
before=$(find . | sort)
with=(--state ../state)
status 1 'replay' "$THRESH" replay "${with[@]}" parse ../crash
status 1 'edge' "$THRESH" edge --time 1m "${with[@]}" --variant asan --case 'raw/byte-*' parse
ok 'the store is there' test -s ../state/thresh.db
status 0 'bugs' "$THRESH" "${with[@]}" bugs --json
is "$(json 'scalar @$j')" 1 'has what was found'
run "$THRESH" run "${with[@]}" --time 3s -j1 --no-edge --no-guard parse
like "$RC" '^[13]$' 'a campaign, whose workers find it'
ok 'it is no other' test -d ../state/corpus/parse
run "$THRESH" "${with[@]}" status --json
is "$(json 'join " ", grep { abs($_->{execs_per_s} * $_->{seconds} / $_->{execs} - 1) > .01 } grep { $_->{execs} } @{$j->{engines}}')" '' \
	'its rates are those of its whole time, as those that people see'
status 0 'bugs from another folder' "$THRESH" -C / --state "$T/state" bugs --config "$PWD/thresh.yaml" --json
is "$(json 'scalar @$j')" 1 'has them, too'
# commands that are to be copied do what they say where they were printed
bug=$("$THRESH" "${with[@]}" bugs | sed -n '2s/ .*//p')
thresh() { "$THRESH" "$@"; }
# DIRECTORY OPTION...: of each command that `show` and `report` print there, its options
printed() {
	local at=$1
	shift
	(cd "$at" && thresh "$@" show "$bug" && thresh "$@" report && thresh "$@" bugs --markdown) | sed -n 's/^ *\(thresh .*\)/\1/p' >printed
	sed 's/ \(replay\|debug\|show\|run\|check\|night\|bugs\) .*//' printed | sort -u
}
for row in ". ${with[*]}" "$T -C project --state ../state" "/ --config ${T#/}/project/thresh.yaml --state $T/state"; do
	read -ra options <<<"$row"
	is "$(printed "${options[@]}")" "thresh ${options[*]:1}" "printed commands name ${options[*]:1}"
	(cd "${options[0]}" && eval "$(grep -m1 ' replay ' "$OLDPWD/printed")" >"$T/.again" 2>&1)
	is $? 1 'and run as they are'
done
mkdir below && mv printed "$T" && run bash -c 'cd below && "$THRESH" --state ../../state show '"$bug"
rmdir below
like "$OUT" "--state ../../state replay parse ../../state/inputs/" 'an input is named as it is seen from where one is'
like "$OUT" $'\n'"  $T/project/tests/regress/" 'and whole what is not below it'
run "$THRESH" "${with[@]}" report --format json
is "$(json 'join " ", grep { !/^thresh --state ..\/state [a-z]/ } map { $_->{command} } @{$j->{todo}}')" '' 'those of a report do, too'
# tests have nowhere to go: once, with what helps
mv tests ../tests.kept && : >tests
status 1 'a campaign whose tests can not be written' "$THRESH" run "${with[@]}" --time 2s -j1 --no-edge --no-guard parse
is "$(grep -c 'tests elsewhere' <<<"$OUT$ERR")" 1 'says so once'
like "$OUT" "not done: regression tests: $PWD/tests: Not a directory; .thresh --state ../state regress --dir DIR. writes tests elsewhere" 'and where they can be'
unlike "$ERR" 'regress' 'and no job fails of it'
status 3 'those that are asked for' "$THRESH" regress "${with[@]}"
like "$ERR" 'regress --dir DIR. writes tests elsewhere' 'are an error that says the same'
status 0 'elsewhere' "$THRESH" regress "${with[@]}" --dir ../elsewhere
ok 'they are written' test -e ../elsewhere/parse
rm -r tests ../elsewhere && mv ../tests.kept tests
status 0 'gc' "$THRESH" gc "${with[@]}"
status 0 'report' "$THRESH" report "${with[@]}" -o ../pages
is "$(find . -not -path './tests*' | sort)" "$before" 'nothing is new in the project but tests'
cat >>thresh.yaml <<'Y'
store: sqlite:mine.db
Y
status 0 'a store that is named' "$THRESH" "${with[@]}" bugs
ok 'stays where it was named' test -s mine.db
status 2 'an empty name' "$THRESH" status --state ''
status 2 'a worker of another machine has none' "$THRESH" worker --state ../state --store postgres://x@127.0.0.1:1/x
like "$ERR" '--cache' 'and is told what it has'

run env TMPDIR=/nonexistent "$THRESH" replay --state ../state parse ../crash
like "$OUT$ERR" 'TMPDIR=/nonexistent: no such folder; make it, or unset' 'a TMPDIR that is not there is named, with the mend'
if command -v afl-fuzz >/dev/null; then
	printf '    engines: [aflpp]\n' >>fuzz.yaml
	sed '/^store:/d' thresh.yaml | cat - fuzz.yaml >afl.yaml
	run env AFL_TMPDIR=/nonexistent "$THRESH" run --config afl.yaml --state ../afl --time 6s -j1 --no-edge --no-guard --json parse
	like "$(json '$j->{tested}[0]{execs}')" '[1-9]' 'AFL++ runs, whatever AFL_TMPDIR says'
else
	skip 1 'no afl-fuzz'
fi
done_testing
