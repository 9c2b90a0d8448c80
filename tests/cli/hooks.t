#!/usr/bin/env bash
# The project's own commands on a bug: what they get, tried again when they fail, and never fatal.
. "$(dirname "$0")/../lib.sh"

cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) { return n ? *(volatile int *)0 : (p == 0); }
C
printf 'version: 1\nproject: p\nbuild:\n  sanitizers: [address]\nharnesses:\n  h:\n    source: fuzz.c\n    max_len: 4\non_new_bug: [./flaky.sh, ./broken.sh, ./good.sh]\n' >thresh.yaml
cat >flaky.sh <<'S'
#!/bin/sh
echo try >>flaky.tries
[ "$(wc -l <flaky.tries)" -gt 1 ] || { echo "the network is away" >&2; exit 7; }
cat >flaky.json
S
printf '#!/bin/sh\necho try >>broken.tries\nprintf "\\033[31mno\\n" >&2\nexit 1\n' >broken.sh
printf '#!/bin/sh\nprintf "%%s " "$THRESH_CONFIG" "$THRESH_STATE" >places\ncat >good.json\n' >good.sh
chmod +x ./*.sh
run "$THRESH" --state elsewhere edge --no-minimize --time 2s h
is "$RC" 1 'the bug is found, whatever the commands do'
is "$(wc -l <flaky.tries)" 2 'one that failed is tried again'
OUT=$(cat flaky.json)
is "$(json '"$j->{event} $j->{harness} $j->{state}"')" 'new_bug h open' 'and gets the bug then'
is "$(wc -l <broken.tries)" 3 'one that goes on failing is given up'
like "$ERR" 'on_new_bug: ./broken\.sh: exit status 1: .*no.*\(3 tries\)' 'and told'
like "$ERR" 'no .3 tries' 'in one line'
unlike "$ERR" $'\x1b' 'harmlessly'
is "$(cat places)" "$PWD/thresh.yaml $PWD/elsewhere " 'it is told where to look for more'
is "$(cat good.json)" "$(cat flaky.json)" 'the next one gets the same'

# --- the examples, with clients that only write down what they were asked ---
if command -v jq >/dev/null; then
	mkdir bin
	cat >bin/client <<'S'
#!/bin/sh
printf '%s|' "${0##*/}" "$@" >>calls
echo >>calls
for a; do case $a in @*) cat "${a#@}" >>bodies ;; esac; done
case $* in
*'issue list'*) cat number 2>/dev/null ;;
*-s*) cat >>bodies ;;
*-) cat >>bodies ;;
esac
exit "${FAILS:-0}"
S
	printf '#!/bin/sh\necho '"'"'[{"bug":"0123456789abcdef"},{"bug":"1111111111111111"}]'"'"'\n' >bin/fixed
	chmod +x bin/*
	for c in gh mail curl; do ln -s client bin/$c; done
	evil='{"event":"new_bug","bug":"0123456789abcdef","kind":"leak `x` $(touch pwned)","summary":"--x\nBcc: x@y <b> @all\u202e $(touch pwned)"}'
	example() { : >calls; : >bodies; printf '%s' "$1" | PATH=$PWD/bin:$PATH THRESH_MAIL_TO=me@here THRESH_WEBHOOK=https://h/secret "$TOP/tools/hooks-examples/$2"; }
	ok 'mail' example "$evil" mail
	is "$(cat calls)" 'mail|-s|thresh: new_bug: --x Bcc: x@y <b> @all  $(touch pwned)|--|me@here|' 'has one line for its subject'
	unlike "$(cat bodies)" $'\u202e' 'and turns no text around'
	ok 'webhook' example "$evil" webhook
	like "$(cat bodies)" '^\{"text":"new_bug 0123456789abcdef --x\\nBcc: x\?y \?b\? \?all.* \$\(touch pwned\)"\}url = "https://h/secret"$' 'mentions nobody'
	unlike "$(cat calls)" 'secret' 'and shows its address to nobody'
	ok 'a new bug' example "$evil" github-issue
	like "$(cat calls)" 'gh\|issue\|create\|--title\|thresh 0123456789abcdef: leakxtouchpwned\|' 'is a new issue'
	echo 12 >number
	ok 'one that is back' example "${evil/new_bug/regression}" github-issue
	like "$(cat calls)" 'gh\|issue\|reopen\|12\|' 'opens it again'
	printf '12 thresh 0123456789abcdef: leak\n13 thresh 2222222222222222: leak\n' >number
	ok 'the end of a night' example '{"event":"end"}' github-issue
	unlike "$(cat calls)" 'close' 'closes none of a bug that is open'
	THRESH=$PWD/bin/fixed
	ok 'nor of one that is fixed' example '{"event":"end"}' github-issue
	is "$(grep -c close calls) $(grep -c 'gh|issue|close|12|' calls)" '1 1' 'any but that'
	THRESH=$PWD/nothing
	not_ok 'no thresh is a failure' example '{"event":"end"}' github-issue
	for e in mail webhook github-issue; do
		not_ok "$e: so is a client that fails" env FAILS=1 bash -c "$(declare -f example); evil='$evil' TOP='$TOP'; example \"\$evil\" $e"
		not_ok 'what is no JSON' example 'no {' $e
		not_ok 'and nothing' example '' $e
	done
	not_ok 'nothing in it is a command' test -e pwned
else
	skip 25 'no jq'
fi
if command -v systemd-analyze >/dev/null; then
	for u in service timer; do sed "s|/usr/local/bin/thresh|$(command -v true)|" "$TOP/tools/hooks-examples/thresh-night.$u" >"thresh-night.$u"; done
	status 0 'systemd reads the units' systemd-analyze verify --man=no "$PWD/thresh-night.service" "$PWD/thresh-night.timer"
	unlike "$ERR" 'thresh-night' 'and has nothing to say on them'
else
	skip 2 'no systemd-analyze'
fi
done_testing
