#!/usr/bin/env bash
# A campaign of several machines on one store in PostgreSQL: a checkout that plans, another that waits for its turn, workers with
# nothing but the program; and what happens to such: killed, stopped, cut off, lied to. "Machines" are folders here.
# shellcheck disable=SC2086
. "$(dirname "$0")/../lib.sh"
with_postgres "$0"
# each has what it needs, and no more
ok 'the roles are made' roles
url=$(as_role planner)
# leases as short as a test's patience
export THRESH_TEST_LEASE_MS=1500

mkdir one far && cd one || exit 3
# an engine that takes its time leaves the processor to others
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
static volatile int sink;
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	usleep(2000);
	if (n > 1 && p[0] == 'N' && p[1] == 'x')
		sink = *(volatile int *)(p[0] & 0);
	return 0;
}
C
printf '"Nx"\n' >words
mkdir seeds && printf 'plain' >seeds/plain
small_yaml
cat >>thresh.yaml <<'Y'
    seeds: [seeds]
    dictionary: words
    engines: [libfuzzer]
Y
sed -i "/^project:/a store: '$url'" thresh.yaml
cd ..
cp -r one two
cp -r one three
cp "$THRESH" far/thresh

far() { # NAME ARGUMENTS...: a worker that has nothing, in the background; its log in NAME.err
	local name=$1
	shift
	(cd far && exec env -i ${far_preload:+LD_PRELOAD=$far_preload ASAN_OPTIONS=verify_asan_link_order=0} ${far_silent:+THRESH_TEST_SILENT_MS=$far_silent} THRESH_TEST_LEASE_MS=$THRESH_TEST_LEASE_MS HOME="$T/far" PATH=/nowhere ./thresh worker --store "$(as_role worker:hush)" "$@" >/dev/null 2>"$T/$name.err") &
}

status 3 'a worker that is to end by itself, and a server that is not there' \
	timeout 60 "$THRESH" worker --store postgres://nobody:hush@127.0.0.1:1/none --until-idle
like "$ERR" "can't be reached now" 'says so, and ends'
unlike "$ERR" 'hush' 'without the password'

# --- one plans, one waits, one works ---
"$THRESH" -C one run --time 15m --finish 10s -j1 --no-guard --no-edge >one.out 2>one.err &
one=$!
until_ 90 grep -q -e '--key' one.err
key=$(sed -n 's/.*--key \([0-9a-f]*\).*/\1/p' one.err)
like "$key" '^[0-9a-f]{64}$' 'the planner says its key'
is "$(stat -c %a one/.thresh/key)" 600 'its secret one is private'
ok 'and narrowed' roles
is "$(cat roles.out)" '' 'without a word'
sql 'CREATE SCHEMA other; CREATE TABLE other.t (x int)'
for what in 'DELETE FROM corpus' 'TRUNCATE heartbeat' 'DROP TABLE job' 'ALTER TABLE job ADD x int' 'CREATE TABLE small.x (x int)' \
	'CREATE TABLE public.x (x int)' 'CREATE TEMPORARY TABLE x (x int)' 'CREATE SCHEMA x' 'SELECT * FROM other.t' \
	"UPDATE bug SET title = ''" 'UPDATE thresh_store SET version = 0' 'UPDATE campaign SET ended_ms = 1'; do
	like "$(PGUSER=small_worker sql "$what" 2>&1)" 'permission denied|must be owner' "a worker is refused: $what"
done
mkdir -p two/.thresh && cp one/.thresh/key two/.thresh/key
"$THRESH" -C two run --time 15m --finish 4s -j1 --no-guard --no-edge >two.out 2>two.err &
two=$!
far w1 --key "$key" --verbose --role refine
w1=$!
far w2 --key "$key" --verbose --role explore
w2=$!
ok 'a second planner waits, and says for whom' until_ 90 grep -q 'plans this project.s campaign; waiting' two.err
ok 'a worker without source or compiler sweeps' until_ 90 grep -q 'sweep parse' w1.err
ok 'another explores' until_ 90 grep -q 'fuzz parse libfuzzer' w2.err
ok 'what they find becomes a bug where a checkout is' until_ 90 sql_is 'SELECT count(*) FROM bug' 1

like "$(tr '\0' ' ' </proc/$w1/cmdline)" 'worker --store postgres://small_worker:\*\*\*@[^ ]* +--key' 'ps shows the store without its password'
is "$(for p in $w1 $w2 $(pgrep -P $w1,$w2); do grep -a 'hush' /proc/$p/cmdline; done 2>/dev/null)" '' 'nor do those that it starts show it'

# --- a worker that is stopped for longer than its lease, and one that is killed ---
gets_one() { job=$(sql "SELECT id FROM job WHERE kind = 'fuzz' AND state = 1 AND owner LIKE '%:$1:%'") && [ -n "$job" ]; }
is_others() { sql_is "SELECT count(*) FROM job WHERE id = ${job:-0} AND attempts > 1 AND COALESCE(owner, '') NOT LIKE '%:$1:%'" 1; }
# stopped while it has a job: one that ends just then is no use
caught() { kill -STOP $1 && gets_one $1 || ! kill -CONT $1; }
until_ 90 caught $w2
far w3 --key "$key" --role explore
w3=$!
ok 'another one takes the job of one that is stopped' until_ 90 is_others $w2
kill -CONT $w2
ok 'awake again, it hears so' until_ 90 grep -q 'its lease ran out' w2.err
ok 'and the job stays the other one'"'"'s' is_others $w2
until_ 90 caught $w2
kill -KILL $w2 $w3
wait $w2 $w3 2>/dev/null
far w4 --key "$key" --role explore
w4=$!
ok 'as it does that of one that was killed' until_ 90 is_others $w2
until_ 90 gets_one $w4
kill -TERM $w4
wait $w4
is $? 0 'told to end in the middle of a slice, one ends cleanly'
is "$(sql "SELECT count(*) FROM job WHERE state = 1 AND owner LIKE '%:$w4:%'")" 0 'and gives back what it had'
is "$(sql "SELECT count(*) FROM heartbeat WHERE until_ms > 0 AND owner LIKE '%:$w4:%'")" 0 'and counts no more'
far w5 --key "$key" --role explore --verbose --max-jobs 1 --max-time 8s
w5=$!
wait $w5
is "$? $(grep -c 'fuzz parse' w5.err)" '0 1' 'one that may do one job does one, and ends cleanly'
far w6 --key "$key" --role explore --verbose --max-time 3s
w6=$!
wait $w6
is $? 0 'one whose time is over ends cleanly'
is "$(sql "SELECT count(*) FROM job WHERE state = 1 AND (owner LIKE '%:$w5:%' OR owner LIKE '%:$w6:%')")" 0 'both leave no job behind'

# --- a clock that is a day ahead, or behind; no connection left ---
cat >shifted.c <<'C'
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec *t)
{
	int rc = (int)syscall(SYS_clock_gettime, id, t);
	if (id == CLOCK_REALTIME && strcmp(program_invocation_short_name, "thresh") == 0)
		t->tv_sec += SHIFT;
	return rc;
}
C
for way in ahead behind; do
	cc -shared -fPIC -DSHIFT="$([ $way = ahead ] || printf -)86400" -o $way.so shifted.c || bail 'cc'
	far_preload=$PWD/$way.so
	far w7-$way --key "$key" --role explore --verbose --max-jobs 1 --max-time 8s
	w7=$!
	wait $w7
	far_preload=
	is "$? $(grep -c 'fuzz parse' w7-$way.err)" '0 1' "one whose clock is a day $way does its job"
	like "$(cat w7-$way.err)" "clock is (1d 0h|23h 59m) $way( of)? the store's" 'and is told of it'
	unlike "$(cat w7-$way.err)" 'lease ran out' 'its lease runs by the store'"'"'s'
done
is "$(sql 'SELECT count(*) FROM finding WHERE found_ms > thresh_now() OR found_ms < thresh_now() - 43200000')" 0 'nothing was found tomorrow, or yesterday'
sql 'ALTER ROLE small_worker CONNECTION LIMIT 0'
far w8 --key "$key" --role explore --max-jobs 1 --max-time 8s
w8=$!
ok 'one for whom there is no connection says so' until_ 60 grep -q "can't be reached now: .*too many connections" w8.err
sql 'ALTER ROLE small_worker CONNECTION LIMIT -1'
wait $w8
is $? 0 'waits for one, and does its job'

# --- a server that says nothing more; one that isn't there any more, for who is told to end ---
not_there() { ! kill -0 "$1" 2>/dev/null; }
last_backend() { # of the worker that came last
	sql "SELECT pid FROM pg_stat_activity WHERE usename = 'small_worker' ORDER BY backend_start DESC LIMIT 1"
}
far_silent=6000
far w9 --key "$key" --role explore --verbose
w9=$!
far_silent=
until_ 90 gets_one $w9
mute=$(last_backend)
kill -STOP "$mute"
ok 'a server that says nothing more is left' until_ 90 grep -q 'it no longer answers' w9.err
kill -CONT "$mute"
shows_life() { sql_is "SELECT count(*) FROM heartbeat h, pg_stat_activity a WHERE h.owner LIKE '%:$1:%' AND h.until_ms > thresh_now() AND a.pid = $(last_backend) AND a.pid <> $mute" 1; }
ok 'its worker goes on by another connection' until_ 90 shows_life $w9
kill -TERM $w9
wait $w9
is $? 0 'and ends cleanly'
far w10 --key "$key" --role explore --verbose
w10=$!
until_ 90 gets_one $w10
sql 'ALTER ROLE small_worker CONNECTION LIMIT 0'
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $(last_backend)" >/dev/null
kill -TERM $w10
ok 'told to end while the server is not to be reached, one ends' until_ 90 not_there $w10
not_there $w10 || kill -KILL $w10
sql 'ALTER ROLE small_worker CONNECTION LIMIT -1'
wait $w10

# --- other versions: of the tables, and of the program that plans ---
version=$(sql 'SELECT version FROM thresh_store')
sql "UPDATE thresh_store SET version = $version - 1"
far w11 --key "$key" --role explore --verbose
w11=$!
ok 'a worker that is newer than the tables waits for them, and says so' \
	until_ 60 grep -q "its tables are an older thresh's, .*thresh run" w11.err
sql "UPDATE thresh_store SET version = $version"
ok 'and works then' until_ 90 grep -q 'fuzz parse' w11.err
kill -TERM $w11
wait $w11

status 0 'status of a checkout that ran nothing' "$THRESH" -C three status
like "$OUT" 'under way: planned by [^ ]*:'"$one"':' 'says who plans'
like "$OUT" 'workers +[1-9][0-9]* alive' 'and how many work'
"$THRESH" -C three run --time 15m --json >three.out 2>three.err &
three=$!
until_ 90 grep -q 'waiting, to take over' three.err
kill -TERM $three
wait $three
OUT=$(cat three.out)
is "$(json '"$j->{complete} $j->{not_done}[0]{what}: $j->{not_done}[0]{why}"')" \
	"0 campaign: interrupted while it waited for the process that plans this project's" 'one that only waited says that it did nothing'

# --- the planner is killed ---
kill -KILL $one
wait $one 2>/dev/null
ok 'the second takes over' until_ 90 grep -q 'is gone; this process plans now' two.err
ok 'and goes on with the campaign' until_ 180 grep -q 'going on with campaign 1,' two.err
ok 'the worker goes on with its build' until_ 180 sh -c "grep -c 'campaign 1 of small, build' w1.err | grep -q 2"

# --- the server is restarted in the middle ---
# as if it had gone just before a worker could give a job back
lost=$(sql "UPDATE job SET state = 1, owner = (SELECT owner FROM heartbeat WHERE owner LIKE '%:$w1:%' LIMIT 1), \
	lease_until_ms = 9000000000000000 WHERE id = (SELECT max(id) FROM job WHERE kind = 'fuzz' AND state = 2) RETURNING id")
$PG_CTL -m fast restart >/dev/null 2>&1 </dev/null
ok 'it is as before' until_ 90 sql_is 'SELECT count(*) FROM bug' 1
ok 'what a living worker cannot know that it holds is free again' until_ 90 sql_is \
	"SELECT count(*) FROM job WHERE id = ${lost:-0} AND lease_until_ms < 9000000000000000" 1
kill -INT $two
wait $two
is $? 1 'the campaign survives it, and is ended cleanly'
kill -TERM $w1
wait $w1
is $? 0 'as is the worker'
is "$(sql "SELECT count(*) FROM job WHERE state = 1")" 0 'nobody holds a job'
is "$(sql 'SELECT count(*) FROM corpus c LEFT JOIN blob b ON b.sha1 = c.sha1 WHERE b.sha1 IS NULL')" 0 'each input has its bytes'
is "$(sql 'SELECT count(*) FROM finding f LEFT JOIN blob b ON b.sha1 = f.input WHERE b.sha1 IS NULL')" 0 'each failing one, too'

is "$(grep -l 'permission denied' w?.err)" '' 'nothing that a worker did asked for more than it may'
is "$(grep -rl worker:hush w?.err one.err two.err far)" '' 'and no password is told or left'

# --- from a checkout that ran nothing ---
cd three || exit 3
status 0 'bugs' "$THRESH" bugs
like "$OUT" 'null-deref' 'lists what others found'
bug=$(sql 'SELECT id FROM bug')
status 0 'show' "$THRESH" show "$bug"
unlike "$OUT$ERR" 'damaged|no such file' 'has its input'
status 0 'status' "$THRESH" status
like "$OUT" 'parse +libfuzzer' 'has the engines of others'
status 0 'report' "$THRESH" report --format json
status 0 'export' "$THRESH" export --corpus parse -o c
is "$(find c -type f | wc -l)" "$(sql "SELECT count(*) FROM corpus WHERE harness = 'parse' AND gone = 0")" 'has all of the corpus'
# (which has its builds)
cd ../two || exit 3
status 1 'verify' "$THRESH" verify
like "$OUT" 'same' 'the bug is there on its build'
status 0 'regress' "$THRESH" regress
ok 'writes the test here' test -d tests/regress/parse
status 0 'distill' "$THRESH" distill parse
kept=$(find .thresh/corpus/parse -type f | wc -l)
is "$(sql "SELECT count(*) FROM corpus WHERE harness = 'parse' AND gone = 0")" "$kept" 'is for all'

# --- what nothing needs ---
sql "INSERT INTO blob (sha1, bytes) VALUES ('$(printf stray | sha1sum | cut -d' ' -f1)', 'stray')"
counted() { json "join ' ', map { \$_->{count} } grep { \$_->{name} eq 'shared' } @{\$j->{rows}}"; }
status 0 'gc' "$THRESH" gc --json
is "$(counted)" 1 'bytes that nothing names can go'
sql 'UPDATE blob SET made_ms = 0'
status 0 'gc, years later' "$THRESH" gc --remove --json
like "$(counted)" '^[1-9]' 'they go'
is "$(sql "SELECT count(*) FROM blob WHERE bytes = 'stray' OR sha1 IN (SELECT sha1 FROM corpus WHERE gone = 1 AND sha1 NOT IN (SELECT input FROM finding))")" 0 'so does what was distilled away'
is "$(sql 'SELECT count(*) FROM finding f LEFT JOIN blob b ON b.sha1 = f.input WHERE b.sha1 IS NULL AND f.trimmed = 0')" 0 'no failing input does that is kept'
is "$(sql "SELECT count(*) FROM corpus WHERE harness = 'parse' AND gone = 0")" "$kept" 'nor one of the corpus'
# (nor the build: see below)

# --- lies ---
sha1=$(sql "SELECT sha1 FROM corpus WHERE harness = 'parse' AND gone = 0 ORDER BY sha1 LIMIT 1")
sql "UPDATE blob SET bytes = 'evil' WHERE sha1 = '$sha1'"
rm -rf .thresh/corpus
status 0 'an input that isn'"'"'t what its name says' "$THRESH" export --corpus parse -o d
like "$ERR" "input $sha1 of the store doesn't match its name" 'is told of'
not_ok 'and not used' test -e "d/$sha1"
cd ..
sql 'UPDATE campaign SET ended_ms = 0'
refused() { # REGEX NAME ARGUMENTS...: a worker ends by 2
	local re=$1 name=$2
	shift 2
	far refused --until-idle "$@"
	wait $!
	is $? 2 "$name"
	like "$(cat refused.err)" "$re" "$name: in words"
}
refused 'signed by the key [0-9a-f]*, which isn.t one of those' 'a key that nobody named' --key "${key//[0-9]/0}"
refused 'signed by the key' 'no key'
sql "CREATE TABLE spare AS SELECT * FROM fact WHERE key LIKE 'build/%'"
sql "UPDATE fact SET value = regexp_replace(value, 'runtime [0-9a-f]*', 'runtime 0123') WHERE key LIKE 'build/%'"
refused 'made by another version of thresh' 'a build of another version' --trust-store
sql "UPDATE fact SET value = (SELECT value FROM spare WHERE spare.key = fact.key) WHERE key LIKE 'build/%'"
refused 'not a key' 'what is no key' --key abc
sql "UPDATE blob SET bytes = 'evil' WHERE length(bytes) > 100000"
rm -rf far/.cache
# one that needs the build: whether the campaign left any is chance
sql "UPDATE job SET state = 0, owner = NULL, attempts = 0 WHERE id = (SELECT max(id) FROM job WHERE kind = 'fuzz')"
far pack --until-idle --key "$key"
wait $!
is $? 3 'a poisoned pack'
like "$(cat pack.err)" "don't have this SHA-1" 'a poisoned pack: in words'
is "$(sql 'SELECT count(*) FROM job WHERE state = 1')" 0 'and no job is lost by it'
sql "UPDATE fact SET value = replace(value, 'project small', 'project evil!') WHERE key LIKE 'build/%'"
refused "isn't what its key signed" 'a poisoned manifest' --key "$key"
is "$(find far/.cache -name parse -type f 2>/dev/null | wc -l)" 0 'nothing of it was unpacked'
done_testing
