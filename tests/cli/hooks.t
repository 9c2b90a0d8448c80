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
printf '#!/bin/sh\ncat >good.json\n' >good.sh
chmod +x ./*.sh
run "$THRESH" edge --no-minimize --time 2s h
is "$RC" 1 'the bug is found, whatever the commands do'
is "$(wc -l <flaky.tries)" 2 'one that failed is tried again'
OUT=$(cat flaky.json)
is "$(json '"$j->{event} $j->{harness} $j->{state}"')" 'new_bug h open' 'and gets the bug then'
is "$(wc -l <broken.tries)" 3 'one that goes on failing is given up'
like "$ERR" 'on_new_bug: ./broken\.sh: exit status 1: .*no.*\(3 tries\)' 'and told'
unlike "$ERR" $'\x1b' 'harmlessly'
is "$(cat good.json)" "$(cat flaky.json)" 'the next one gets the same'

# --- the examples, with clients that only write down what they were asked ---
if command -v jq >/dev/null; then
	mkdir bin
	for c in gh mail curl; do
		printf '#!/bin/sh\nprintf "%%s|" %s "$@" >>calls; echo >>calls; case "$*" in *"issue list"*) cat number 2>/dev/null ;; *-|*@-*|*-s*) cat >>bodies ;; esac; :\n' "$c" >"bin/$c"
	done
	chmod +x bin/*
	evil='{"event":"new_bug","bug":"0123456789abcdef","kind":"leak `x`","summary":"a\nBcc: x@y <b> @all"}'
	example() { : >calls; printf '%s' "$1" | PATH=$PWD/bin:$PATH THRESH_MAIL_TO=me@here THRESH_WEBHOOK=file:x "$TOP/tools/hooks-examples/$2"; }
	ok 'mail' example "$evil" mail
	is "$(cat calls)" 'mail|-s|thresh: new_bug: a Bcc: x@y <b> @all|--|me@here|' 'has one line for its subject'
	ok 'webhook' example "$evil" webhook
	like "$(tail -n 1 bodies)" '^\{"text":"new_bug 0123456789abcdef a\\nBcc: x\?y \?b\? \?all"\}$' 'mentions nobody'
	ok 'a new bug' example "$evil" github-issue
	like "$(cat calls)" 'gh\|issue\|create\|--title\|thresh 0123456789abcdef: leakx\|' 'is a new issue'
	echo 12 >number
	ok 'one that is back' example "${evil/new_bug/regression}" github-issue
	like "$(cat calls)" 'gh\|issue\|reopen\|12\|' 'opens it again'
	ok 'the end of a night' example '{"event":"end"}' github-issue
	unlike "$(cat calls)" 'close' 'closes none of a bug that is open'
else
	skip 10 'no jq'
fi
done_testing
