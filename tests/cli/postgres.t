#!/usr/bin/env bash
# A store in PostgreSQL: the same contract, the same commands, several processes at once; and what servers do to one: refuse,
# end in the middle, be another's, be newer. All of it on a server of the test's own.
# shellcheck disable=SC2016,SC2086
. "$(dirname "$0")/../lib.sh"
with_postgres "$0"
: "${BUILD:=$TOP/build}"
url=$THRESH_TEST_STORE
schema() { # NAME: an empty one, and its store
	sql "CREATE SCHEMA $1"
	store "$url?options=-csearch_path%3D$1"
}
store() { sed -i "s|^store:.*|store: '$1'|" thresh.yaml; }

for t in test_store test_store_postgres; do
	[ -x "$BUILD/tests/$t" ] || make -C "$TOP" --no-print-directory "$BUILD/tests/$t" >/dev/null 2>&1
	"$BUILD/tests/$t" >$t.out 2>&1
	is $? 0 "the contract: $t"
	grep -A 3 '^not ok\|^# .*error' $t.out | sed 's/^/# /'
done

cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	/* long enough for a server to be stopped meanwhile */
	if (n > 2 && p[0] == 'N')
		usleep(200000);
	if (n > 1 && p[0] == 'N')
		sink = *(volatile int *)(p[0] & 0);
	return 0;
}
C
small_yaml
sed -i '/^project:/a store:' thresh.yaml
mkdir inputs
for i in 1 2 3 4 5 6 7 8; do printf 'N%s' $i >inputs/$i; done

schema plain
status 1 'edge finds and files' "$THRESH" edge --time 1m --variant asan --no-minimize --case 'raw/byte-4e*' parse
like "$OUT" 'new +null-deref' 'it says so'
status 0 'bugs' "$THRESH" bugs
like "$OUT" 'null-deref +1 ' 'lists it'
status 0 'status' "$THRESH" status
# two at once, with one input of each other's
"$THRESH" triage --harness parse --file inputs/[12345] >a.out 2>&1 & a=$!
"$THRESH" triage --harness parse --file inputs/[45678] >b.out 2>&1 & b=$!
wait $a; a=$?
wait $b
is "$a $?" '1 1' 'two processes at once'
is "$(sql 'SELECT count(*) FROM plain.finding WHERE state = 1')" "$(sql 'SELECT count(DISTINCT input) FROM plain.finding')" 'each input is one finding'
like "$(sql "SELECT count(*) FROM plain.finding f JOIN plain.bug b ON b.id = f.bug WHERE f.origin <> 'edge'")" '^8$' 'of one bug, none lost'
is "$("$THRESH" doctor 2>/dev/null | grep -c 'store .*search_path')" 0 'doctor shows no parameters'

# --- refused, with words ---
refused() { # STATUS REGEX NAME
	status "$1" "$3" "$THRESH" bugs
	like "$ERR" "$2" "$3: in words"
	unlike "$OUT$ERR" 'hush' "$3: no password in them"
}
hba=$PGHOST/data/pg_hba.conf
printf 'local all locked scram-sha-256\n%s\n' "$(cat "$hba")" >"$hba.new" && cat "$hba.new" >"$hba"
sql "CREATE ROLE locked LOGIN PASSWORD 'right'; CREATE ROLE full LOGIN CONNECTION LIMIT 0; CREATE ROLE nobody LOGIN; SELECT pg_reload_conf()" >/dev/null
enc=${PGHOST//\//%2F}
store "postgres://locked:hush@$enc/postgres"
refused 3 "database 'postgres' on $PGHOST: .*password" 'a wrong password'
store "postgres://locked@$enc/postgres"
printf '*:*:*:locked:hush\n' >pgpass && chmod 600 pgpass
PGPASSFILE=$PWD/pgpass refused 3 'password' '~/.pgpass is looked at'
store "postgresql://thresh:hush@%2Fnowhere/postgres"
refused 3 "database 'postgres' on /nowhere: can't be reached" 'no such server'
store "postgres://thresh:hush@$enc/nothing"
refused 3 "'nothing'.*not exist" 'no such database'
store "postgres://thresh:hush@[$enc/postgres"
refused 2 'postgres://USER@HOST' 'no URL'
store "postgres://full@$enc/postgres"
refused 3 'too many connections' 'no connection left'
sql 'CREATE SCHEMA theirs; GRANT ALL ON SCHEMA plain TO nobody; CREATE TABLE theirs.t (x int)'
store "postgres://thresh@$enc/postgres?options=-csearch_path%3Dtheirs"
refused 2 "schema 'theirs' has another program's tables" "another program's schema"
store "postgres://thresh@$enc/postgres?options=-csearch_path%3Dabsent"
refused 2 'CREATE SCHEMA' 'no schema'
store "postgres://nobody@$enc/postgres?options=-csearch_path%3Dplain"
refused 3 'permission denied.*GRANT' 'a role without rights'
store "postgres://thresh@$enc/postgres?options=-csearch_path%3Dplain"
version=$(sql 'SELECT version FROM plain.thresh_store')
sql 'UPDATE plain.thresh_store SET version = 99'
refused 2 "schema 'plain' was made by a newer thresh \(format 99" 'a newer schema'
sql "UPDATE plain.thresh_store SET version = $version"
printf 'N9' >inputs/9
store "postgres://thresh@$enc/postgres?options=-csearch_path%3Dplain%20-cdefault_transaction_read_only%3Don"
status 3 'a database that takes no writes' "$THRESH" triage --harness parse --file inputs/9
like "$ERR$OUT" 'takes no writes' 'in words'

# --- the server dies in the middle ---
schema dies
mkdir slow
for ((i = 10; i < 50; i++)); do printf 'N%s' $i >slow/$i; done
"$THRESH" triage --harness parse --file --jobs 1 slow >dies.out 2>dies.err &
pid=$!
until [ "$(sql 'SELECT count(*) FROM dies.finding' 2>/dev/null)" -gt 0 ] 2>/dev/null; do
	kill -0 $pid 2>/dev/null || break
	sleep 0.05
done
told=$(sql 'SELECT count(*) FROM dies.finding')
$PG_CTL -m immediate stop
wait $pid
is $? 3 'a server that died: exit status 3'
like "$(cat dies.err)" "can't be reached" 'it says so'
# (pg_ctl leaves a server that outlives this pipe)
$PG_CTL start >/dev/null 2>&1 </dev/null
ok 'what was recorded is there' test "$(sql 'SELECT count(*) FROM dies.finding')" -ge "$told"
status 1 'and on it goes' "$THRESH" triage --harness parse --file inputs/9

# --- the two schemas are one ---
if command -v sqlite3 >/dev/null; then
	store 'sqlite:lite.db'
	"$THRESH" bugs >/dev/null 2>&1
	sqlite3 lite.db "SELECT m.name || '.' || c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'" | sort >lite
	sql "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'plain' AND table_name <> 'thresh_store'" | sort >pg
	is "$(diff lite pg)" '' 'PostgreSQL has the tables and columns that SQLite has'
	ok 'and there are some' test -s lite
else
	skip 2 'no sqlite3'
fi
ok 'it compiles without libpq' "${CC:-gcc}" -std=c11 -D_GNU_SOURCE -I"$TOP/src" -Werror -fsyntax-only "$TOP/src/store/postgres.c"
done_testing
