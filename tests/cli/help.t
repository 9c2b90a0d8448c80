#!/usr/bin/env bash
# The command line itself: help, misuse, exit statuses, lost output, and what is made from the tables.
. "$(dirname "$0")/../lib.sh"

status 2 'no command: status 2' "$THRESH"
is "$OUT" '' 'no command: nothing on standard output'
like "$ERR" 'usage: thresh COMMAND' 'no command: the overview on standard error'

for call in '--help' '-h' 'help'; do
	status 0 "thresh $call: status 0" "$THRESH" $call
	like "$OUT" 'exit status:' "thresh $call: on standard output"
done
status 0 'the version' "$THRESH" --version
like "$OUT" '^thresh [0-9]+\.[0-9]+\.[0-9]+$' 'the version is one line'

commands=$("$THRESH" help | sed -n '/^topics:/q;s/^  \([a-z]\{2,\}\)  .*/\1/p')
ok 'the overview lists commands' test -n "$commands"
bad=''
for c in $commands; do
	"$THRESH" help "$c" >a.txt 2>e.txt || bad="$bad $c:help"
	"$THRESH" "$c" --help >b.txt 2>>e.txt || bad="$bad $c:--help"
	cmp -s a.txt b.txt || bad="$bad $c:differs"
	[ -s e.txt ] && bad="$bad $c:stderr"
	head -n 1 a.txt | grep -q "^usage: thresh $c" || bad="$bad $c:usage"
	awk 'length($0) > 80 { exit 1 }' a.txt || bad="$bad $c:wide"
	grep -q ' $' a.txt && bad="$bad $c:blanks"
done
is "$bad" '' 'each command has help, to standard output, in 80 columns'

status 2 'an unknown command' "$THRESH" intt
like "$ERR" "did you mean 'init'" 'an unknown command: the nearest'
status 2 'an unknown option' "$THRESH" init --fromce
like "$ERR" '^thresh init: unknown option --fromce; did you mean --force\?$' 'an unknown option: one line'
status 2 'an unknown command, far from any' "$THRESH" zzzzzzzz
unlike "$ERR" 'did you mean' 'an unknown command, far from any: no guess'
status 2 'help for what is no command' "$THRESH" help docter
like "$ERR" "did you mean 'doctor'" 'help for what is no command: the nearest'
status 2 'a bad choice' "$THRESH" init --format=jsn
like "$ERR" 'not one of raw, text, json, .*; did you mean json' 'a bad choice: what there is'
status 2 'a value to a flag' "$THRESH" doctor --json=1
status 2 'a value missing' "$THRESH" init --name
like "$ERR" 'needs a value: NAME' 'a value missing: which'
status 2 'an argument too many' "$THRESH" doctor now
status 2 'quiet and verbose' "$THRESH" doctor -qv
status 2 'a directory that is not there' "$THRESH" -C "$T/none" doctor
status 2 'a log that cannot be' "$THRESH" --log "$T/none/log" doctor
status 2 'hostile words' "$THRESH" $'a\e[31mb\n'
unlike "$ERR" $'\e' 'hostile words: no control bytes in the message'
is "$(printf '%s\n' "$ERR" | wc -l)" 1 'hostile words: one line'

if [ -w /dev/full ]; then
	"$THRESH" help >/dev/full 2>err.txt
	is $? 3 'a full disk: status 3'
	like "$(cat err.txt)" 'standard output: No space left' 'a full disk: said'
else
	skip 2 'no /dev/full'
fi
"$THRESH" help >&- 2>err.txt
is $? 3 'standard output closed: status 3'
("$THRESH" help 2>err.txt; echo $? >rc.txt) | true
# the reader may be gone before or after the write
like "$(cat rc.txt)" '^(0|141)$' 'a reader that leaves: no failure of ours'
is "$(cat err.txt)" '' 'a reader that leaves: quiet'
mkfifo gone
(exec 3<>gone 4>gone 3<&-; "$THRESH" help >&4 2>err.txt)
is $? 141 'a pipe without reader: as any filter'
is "$(cat err.txt)" '' 'a pipe without reader: quiet'

# made from the tables
status 0 'the manual page' "$THRESH" help --man
bad=''
for c in $commands; do
	case $OUT in *".SS \"thresh $c"*) ;; *) bad="$bad $c" ;; esac
done
is "$bad" '' 'the manual page has every command'
like "$OUT" 'EXIT STATUS' 'the manual page has the exit statuses'
if command -v groff >/dev/null; then
	"$THRESH" help --man | groff -man -Tutf8 -ww >/dev/null 2>groff.txt
	is "$(cat groff.txt)" '' 'groff takes the manual page without a word'
else
	skip 1 'no groff'
fi
status 0 'completions' "$THRESH" help --completion bash
printf '%s\n' "$OUT" >completion.bash
ok 'completions: bash reads them' bash -n completion.bash
complete_with() {
	bash -c '. ./completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _thresh; echo "${COMPREPLY[*]}"' \
		_ "$@" | tr ' ' '\n' | sort | xargs
}
is "$(complete_with thresh doc)" 'doctor' 'completions: commands'
is "$(complete_with thresh init --fo)" '--force --format' 'completions: options'
is "$(complete_with thresh init --format '')" 'base64 binary csv ini json raw text url xml yaml' 'completions: choices'
is "$(complete_with thresh help ini)" 'init' 'completions: commands after help'
is "$(complete_with thresh help clu)" 'cluster' 'completions: topics after help'
for shell in zsh fish; do
	"$THRESH" help --completion $shell >completion.$shell
	if command -v $shell >/dev/null; then
		ok "completions: $shell reads them" $shell -n completion.$shell
	else
		skip 1 "no $shell"
	fi
	bad=''
	for c in $commands; do
		grep -q -e "'$c:" -e "-a $c " completion.$shell || bad="$bad $c"
	done
	is "$bad" '' "completions: $shell has every command"
done

# --- topics ---
topics=$("$THRESH" help | sed -n '/^topics:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
is "$(xargs <<<"$topics")" 'harnesses signatures states sanitizers oss-fuzz ci cluster' 'topics'
for t in $topics; do
	status 0 "help $t" "$THRESH" help "$t"
	is "$(awk 'length > 80' <<<"$OUT")" '' "$t: within 80 columns"
	# what it names is there
	bad=''
	for word in $(grep -o 'thresh [a-z]\+' <<<"$OUT" | cut -d' ' -f2 | sort -u); do
		case $word in between|has|says) continue ;; esac
		grep -q "^  $word " <<<"$("$THRESH" help)" || bad="$bad $word"
	done
	is "$bad" '' "$t: names commands that there are"
done

status 0 'the reference' "$THRESH" help --markdown
bad=''
for c in $commands; do
	case $OUT in *"### \`thresh $c"*) ;; *) bad="$bad $c" ;; esac
done
is "$bad" '' 'the reference has every command'
sed -n '/^<!-- reference: thresh help --markdown -->$/,/^<!-- end of reference -->$/p' "$TOP/README.md" |
	sed '1d;$d' >readme.txt
"$THRESH" help --markdown >reference.txt
if cmp -s readme.txt reference.txt; then
	pass "README.md's reference is up to date"
else
	fail "README.md's reference is up to date"
	diag 'bring it up to date with: tools/update-readme'
	diag "$(diff readme.txt reference.txt | head -n 20)"
fi
done_testing
