# What every tests/cli/*.t sources: TAP, a private directory, and running the program. bash.
#
#   . "$(dirname "$0")/../lib.sh"
#   plan 3                      or: done_testing at the end
#   ok NAME COMMAND...          passes when the command succeeds
#   not_ok NAME COMMAND...      passes when it fails
#   is GOT WANT NAME            equal strings
#   like TEXT REGEX NAME        bash's =~; unlike: the opposite
#   status WANT NAME COMMAND... runs it; exit status WANT; output in $OUT, errors in $ERR
#   json EXPRESSION            perl's, over $j, which is the JSON in $OUT: prints its value
#   skip N WHY                  N tests that can't run here
#   soaks N WHAT               true where tests that take long are made, else N are skipped
#   skip_all WHY                the whole file
#   with_postgres "$0"          begins a file that needs a server: it is run once more, beside one of its own
#   bail WHY                    nothing can go on
#
# $T is a fresh directory, removed at the end (kept with KEEP=1), and the current one at the start.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
: "${TOP:=$here}"
: "${THRESH:=$TOP/build/thresh}"
export TOP THRESH
# what the environment holds mustn't change what is tested
unset NO_COLOR COLUMNS CFLAGS CXXFLAGS LDFLAGS SOURCE_DATE_EPOCH MAKEFLAGS MFLAGS MAKELEVEL
export LC_ALL=C.UTF-8 TERM=dumb

test_n=0 test_failed=0 test_planned='' test_done=''
T=$(mktemp -d "${TMPDIR:-/tmp}/thresh-test.XXXXXX") || exit 3
OUT='' ERR=''

test_end() {
	local rc=$?
	cd / || exit 3
	if [ -n "${KEEP:-}" ]; then
		printf '# kept: %s\n' "$T"
	else
		chmod -R u+rwX "$T" 2>/dev/null
		rm -rf "$T"
	fi
	if [ -z "$test_done" ] && [ "${test_planned:-x}" != "$test_n" ]; then
		printf '# ended after %d of %s tests\n' "$test_n" "${test_planned:-?}"
		exit 3
	fi
	[ "$rc" = 0 ] || exit "$rc"
	[ "$test_failed" = 0 ] || exit 1
}
trap test_end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$T" || exit 3

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

plan() {
	test_planned=$1
	printf '1..%d\n' "$1"
}

done_testing() {
	printf '1..%d\n' "$test_n"
	test_done=1
}

skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	test_done=1
	exit 0
}

with_postgres() { # THIS-FILE
	[ -z "${PG_CTL:-}" ] || return 0
	"$TOP/tools/with-postgres" bash "$TOP/tests/cli/${1##*/}" 2>why
	local rc=$?
	[ $rc != 77 ] || skip_all "$(tail -n 1 why)"
	cat why >&2
	test_done=1
	exit $rc
}

# Of a PostgreSQL that holds the project "small": the two roles that are shipped, its store as one of them, and what a query
# gives.
roles() { psql -q -v project=small -f "$TOP/tools/cluster/roles.sql" >roles.out 2>&1; }
as_role() { printf '%s' "${THRESH_TEST_STORE/thresh@/small_$1@}"; }
sql() { PGOPTIONS='-c search_path=small' psql -q -A -t -c "$1"; }
sql_is() { [ "$(sql "$1" 2>/dev/null)" = "$2" ]; }

until_() { # SECONDS COMMAND...: until it succeeds; false when it doesn't in time
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.4
	done
}

# Processes of this test: what it built, and thresh and afl-fuzz that work in its folder. One program for all of them.
ours() {
	find /proc -mindepth 2 -maxdepth 2 -path '/proc/[0-9]*' '(' -name exe -o -name cwd ')' -printf '%h %f %l\n' 2>/dev/null |
		T=$T THRESH=$THRESH awk '{ link = substr($0, length($1) + length($2) + 3); pid = substr($1, 7) }
			$2 == "exe" && index(link, ENVIRON["T"] "/") == 1 { print pid; next }
			$2 == "exe" && (link == ENVIRON["THRESH"] || link ~ /\/afl-fuzz$/) { tool[pid] = 1 }
			$2 == "cwd" && index(link, ENVIRON["T"]) == 1 { here[pid] = 1 }
			END { for (pid in tool) if (here[pid]) print pid }'
}
nobody_left() {
	local i
	for ((i = 0; i < 100; i++)); do
		[ -n "$(ours)" ] || return 0
		sleep 0.1
	done
	ps -fp "$(ours | paste -sd,)"
	return 1
}

json() { # EXPRESSION over $j, of $OUT
	printf '%s' "$OUT" | perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>); my $r = eval shift; die $@ if $@; print $r' "$1"
}

# A project of one harness, parse, of fuzz.c; its keys are last, so that more of them can be added.
small_yaml() {
	cat >thresh.yaml <<'Y'
version: 1
project: small
build:
  sanitizers: [address]
harnesses:
  parse:
    source: fuzz.c
    max_len: 64
Y
}

# soaks N WHAT && { ... }: N tests that take long, and are made by `make check-long` only
soaks() {
	[ -n "${CHECK_LONG:-}" ] && return 0
	skip "$1" "$2: in make check-long"
	return 1
}

bail() {
	printf 'Bail out! %s\n' "$*"
	test_done=1
	exit 3
}

pass() {
	test_n=$((test_n + 1))
	printf 'ok %d - %s\n' "$test_n" "$1"
}

fail() {
	test_n=$((test_n + 1))
	test_failed=$((test_failed + 1))
	printf 'not ok %d - %s\n' "$test_n" "$1"
}

ok() {
	local name=$1
	shift
	if "$@" >"$T/.ok" 2>&1; then
		pass "$name"
	else
		fail "$name"
		diag "failed: $*"
		diag "$(head -c 2000 "$T/.ok")"
		return 1
	fi
}

not_ok() {
	local name=$1
	shift
	if "$@" >"$T/.ok" 2>&1; then
		fail "$name"
		diag "succeeded: $*"
		return 1
	fi
	pass "$name"
}

is() {
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3"
		diag "got:  $(printf '%s' "$1" | head -c 1000)"
		diag "want: $(printf '%s' "$2" | head -c 1000)"
		return 1
	fi
}

like() {
	if [[ $1 =~ $2 ]]; then
		pass "$3"
	else
		fail "$3"
		diag "got: $(printf '%s' "$1" | head -c 2000)"
		diag "no match for: $2"
		return 1
	fi
}

unlike() {
	if [[ $1 =~ $2 ]]; then
		fail "$3"
		diag "got: $(printf '%s' "$1" | head -c 2000)"
		diag "a match for: $2"
		return 1
	fi
	pass "$3"
}

# Run, keep what it printed; no test by itself. The status is in $RC.
run() {
	"$@" >"$T/.out" 2>"$T/.err" </dev/null
	RC=$?
	OUT=$(tr -d '\0' <"$T/.out")
	ERR=$(tr -d '\0' <"$T/.err")
	return "$RC"
}

status() {
	local want=$1 name=$2
	shift 2
	run "$@"
	if [ "$RC" = "$want" ]; then
		pass "$name"
	else
		fail "$name"
		diag "exit status $RC, not $want: $*"
		diag "$(head -c 1500 "$T/.err")"
		diag "$(head -c 1500 "$T/.out")"
		return 1
	fi
}

skip() {
	local i
	for ((i = 0; i < $1; i++)); do
		test_n=$((test_n + 1))
		printf 'ok %d # SKIP %s\n' "$test_n" "$2"
	done
}

# The longest line of a text, in bytes.
widest() {
	printf '%s\n' "$1" | awk 'length($0) > n { n = length($0) } END { print n + 0 }'
}

[ -x "$THRESH" ] || bail "$THRESH: not built; run make"
