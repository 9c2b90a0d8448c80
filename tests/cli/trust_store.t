#!/usr/bin/env bash
# A database that was damaged, cut off or is held by others: nothing aborts, nothing is taken for empty, who can wait waits.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'no sqlite3'
. "$TOP/tests/data/magic.sh"
db=.thresh/thresh.db
status 1 'a bug' "$THRESH" run --time 2s --finish 1m --no-edge --json
id=$(json '$j->{bugs}[0]{bug}')
sqlite3 "$db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp "$db" sound.db

# --- held by others ---

# goes on beside the rest, in a copy
cp -a . ../held
(
	cd ../held || exit
	(
		printf 'BEGIN IMMEDIATE;\n'
		sleep 8
		printf 'COMMIT;\n'
	) | sqlite3 "$db" &
	sleep 0.5
	"$THRESH" run --time 2s --finish 1m --no-edge --json >out 2>err
	echo $? >rc
) &

# --- rows ---

# what each of these does to a store; every command has to end by itself, whatever it says
damages=(
	"UPDATE bug SET input = NULL"
	"UPDATE bug SET input = '../../../etc/passwd', state = 77, severity = -3, security = 9"
	"UPDATE site SET input = 'x', severity = 99, bug = NULL"
	"UPDATE site SET input = '', id = 'nothing', home = ''"
	"UPDATE site SET input = ''; UPDATE bug SET input = 'x'"
	"UPDATE finding SET input = 'no name', state = 44, variant = '', site = 'zz', bug = NULL"
	"UPDATE bug SET id = 'not an id'"
	"UPDATE job SET state = 9, payload = 'x', kind = 'y', key = id"
	"UPDATE stat SET execs = -5, engine = ''"
)
spoil() { sqlite3 "$db" "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; $1" 2>/dev/null; }
damage() {
	rm -f "$db"*
	cp sound.db "$db"
	spoil "$1" && return
	# what is NOT NULL has to be let go first
	sqlite3 "$db" "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'TEXT NOT NULL', 'TEXT');"
	spoil "$1" || fail "the store is damaged: $1"
}
ends_itself() { # COMMAND...: no signal, no internal error
	run "$@"
	[ "$RC" -le 3 ] && ! [[ $ERR =~ 'internal error' ]]
}
for d in "${damages[@]}"; do
	damage "$d"
	for command in 'bugs --all' 'bugs --json' "show $id" "show --json $id" status 'status --json' 'verify' "export $id -o out.tar.gz" \
		'regress' "minimize parse seeds/magic" "ignore $id --until 2099-01-01 --why test" 'run --time 1s --finish 2s --no-edge'; do
		# a second and more each: of the tables that a campaign works on
		[[ $command != run* || $d =~ ^'UPDATE '(finding|job) ]] || continue
		# shellcheck disable=SC2086
		ok "after $d: ${command%% *}" ends_itself "$THRESH" $command || diag "$RC $(printf '%s' "$ERR" | head -c 500)"
		rm -f out.tar.gz
	done
done
damage 'UPDATE bug SET input = NULL, state = 77'
run "$THRESH" bugs --all
like "$OUT" "${id:0:8}" 'what is left of a damaged row is shown'
like "$ERR" 'damaged' 'and that it is damaged is said'

# --- a file that was cut off ---

rm -f "$db"* && : >"$db"
status 3 'an empty file is no new database' "$THRESH" bugs
like "$ERR" 'empty file' 'it is said so'
status 3 'a campaign does not begin on it' "$THRESH" run --time 1s
ok 'and leaves it as it is' test ! -s "$db"
rm -f "$db"*
status 0 'no file is one' "$THRESH" bugs
is "$(ls .thresh | grep -c 'thresh.db.new')" 0 'and it is made under its own name at once'

# --- moved away ---

status 0 'one that was moved away' "$THRESH" bugs
like "$OUT" 'no bugs' 'has no bugs'
like "$ERR" 'the store sqlite:.*/.thresh/thresh.db is new.*which holds [1-9][0-9]* failing input' 'which is said to be no answer'
cp sound.db .thresh/thresh.db.old
status 0 'status' "$THRESH" status
like "$ERR" 'perhaps it is .*/.thresh/thresh.db.old' 'says so, too, and where it may be'
mkdir ../never && cp -r thresh.yaml fuzz.c ../never
status 0 'where there was none' "$THRESH" -C ../never bugs
is "$ERR" '' 'nothing is said'

# --- held by others ---

wait
OUT=$(cat ../held/out) ERR=$(cat ../held/err)
is "$(cat ../held/rc)" 1 'a database that another holds for eight seconds'
is "$(json '$j->{complete} ? 1 : 0')" 1 'is waited for'
done_testing
