#!/usr/bin/env bash
# Saved reports and failing inputs sorted into bugs: without a project, hostile text, foreign programs.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"

cat >heap.log <<'L'
some words before it
=================================================================
==123==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014 at pc 0x0000004f0b2c bp 0x7ffd sp 0x7ffc
READ of size 4 at 0x602000000014 thread T0
    #0 0x4f0b2b in parse_name /src/lib/parse.c:41:9
    #1 0x4f0c3d in parse /src/lib/parse.c:90:3
    #2 0x4f0d4e in LLVMFuzzerTestOneInput /src/fuzz.c:7:2
    #3 0x42f1a2 in fuzzer::Fuzzer::ExecuteCallback(unsigned char const*, unsigned long) (/out/fuzz+0x42f1a2)

0x602000000014 is located 0 bytes to the right of 4-byte region [0x602000000010,0x602000000014)
allocated by thread T0 here:
    #0 0x4a1b2d in malloc (/out/fuzz+0x4a1b2d)
    #1 0x4f0a11 in make_name /src/lib/parse.c:12:12

SUMMARY: AddressSanitizer: heap-buffer-overflow /src/lib/parse.c:41:9 in parse_name
==123==ABORTING
L
sed 's/parse_name/parse_value/g; s/heap-buffer-overflow/stack-buffer-overflow/g' heap.log >other.log
echo 'all is well' >fine.log
field() { # FILE KEY: of each line
	perl -MJSON::PP -e 'my ($f, $k) = @ARGV; open my $h, "<", $f or die; print join " ", map { my $v = decode_json($_)->{$k}; ref $v ? join("|", @$v) : $v // "null" } <$h>' "$@"
}

status 1 'a saved log' "$THRESH" triage heap.log
like "$OUT" 'heap-buffer-overflow' 'its kind'
like "$OUT" 'parse_name' 'its frame'
status 1 'several, as JSON' "$THRESH" triage --json heap.log fine.log other.log
cp .out lines
is "$(wc -l <lines)" 3 'one line each'
is "$(field lines kind)" 'heap-buffer-overflow no-crash stack-buffer-overflow' 'kinds, in order'
is "$(field lines input)" 'heap.log fine.log other.log' 'inputs'
like "$(field lines frames)" '^parse_name\|parse[| ]' 'frames, without the runtime'
sig=$(field lines signature)
sig=${sig%% *}
for key in signature rule kind family access size address frames stack security why message sanitizer summary; do
	like "$(head -n 1 lines)" "\"$key\":" "has $key"
done
"$THRESH" triage --json <heap.log >lines
is "$(field lines signature)" "$sig" 'standard input: the same signature'
"$THRESH" triage --json - <heap.log >lines
is "$(field lines signature)" "$sig" 'as -, too'
sed 's/$/\r/' heap.log >crlf.log
perl -pe 's/^(==\d+==ERROR.*)$/\e[1m\e[31m$1\e[0m/; s/(#\d+)/\e[1m$1\e[0m/' heap.log >colour.log
sed 's/^/2026-11-22T10:00:00Z worker[3]: /' heap.log >prefixed.log
head -n 6 heap.log >cut.log
for f in crlf colour prefixed; do
	"$THRESH" triage --json "$f.log" >lines
	is "$(field lines signature)" "$sig" "$f: the same signature"
done
"$THRESH" triage --json cut.log >lines
is "$(field lines kind)" heap-buffer-overflow 'truncated: the kind is still told'
status 0 'nothing failed: 0' "$THRESH" triage fine.log
: >empty.log
status 0 'an empty log' "$THRESH" triage empty.log
status 3 'a file that is not there: 3' "$THRESH" triage gone.log heap.log
like "$OUT" 'heap-buffer-overflow' 'the others are still sorted'
like "$ERR" 'gone.log: No such file' 'and it is named'
status 2 'a mistyped option: 2' "$THRESH" triage --jsn heap.log

# --- bugs, and no list ---

perl -pe 's/READ of/WRITE of/; s/parse_name/copy_all/g; s/parse\.c:41:9/copy.c:7:3/' heap.log >worse.log
for i in 1 2 3 4 5; do cp heap.log same$i.log; done
status 1 'many logs' "$THRESH" triage heap.log same?.log fine.log worse.log
is "$(grep -n 'copy_all\|parse_name' <<<"$OUT" | sed -n '1s/.*(\(write\|read\).*/\1/p')" write 'the worst first'
like "$OUT" '6 reports' 'counted'
like "$OUT" '#0 parse_name +[^ ]*parse.c:41' 'with file and line'
like "$OUT" 'severity (high|critical|medium); security: ' 'and how bad it is'
like "$OUT" 'heap.log, same1.log, same2.log and 3 more' 'where they came from'
like "$OUT" '7 reports: 2 bugs' 'in all'
is "$(grep -c 'signature ' <<<"$OUT")" 2 'each once'
status 1 'more of it' "$THRESH" triage --stacks heap.log
like "$OUT" 'allocated by thread T0' 'the other stacks, too'

# --- hostile text ---

perl -pe 's/parse_name/evil\e]0;owned\a\e[2J\x{9b}31m<script>\$(touch owned)\xff\xfe/; s/READ of size 4/READ of size 99999999999999999999/' heap.log >hostile.log
printf '\0\0\0' >>hostile.log
run "$THRESH" triage hostile.log
not_ok 'no control byte reaches the terminal' env LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' .out
run "$THRESH" triage --json hostile.log
ok 'JSON is valid UTF-8 and JSON' perl -MEncode -MJSON::PP -0777 -ne 'decode_json($_); Encode::decode("UTF-8", $_, Encode::FB_CROAK)' .out
is "$(wc -l <.out)" 1 'and one line'
# what a log has beside its crash is no crash, but nothing is dropped in silence
{ cat heap.log; printf 'a.c:3:4: runtime error: division by zero\n'; } >beside.log
status 1 'an error that its process survived' "$THRESH" triage beside.log
like "$OUT" $'\n1 error that ended no process is left out; --survived has it' 'is told as left out'
status 1 'and is there when asked for' "$THRESH" triage --survived beside.log
like "$OUT" $'divide-by-zero .*\n2 reports: 2 bugs' 'as a bug'
sed "s,in [a-zA-Z_:]* /.*,($THRESH+0x1234),; s,in .* (,(," heap.log >nameless.log
run "$THRESH" triage nameless.log
like "$OUT" $'\n1 report has functions by address: --symbolize looks up their names' 'and who has no names is told what gives some'
unlike "$("$THRESH" triage heap.log)" 'symbolize|survived' 'others are not'

head -c 300000 /dev/urandom >noise.log
run "$THRESH" triage --json noise.log
ok 'noise is survived' test "$RC" -le 1
perl -e 'print "==1==ERROR: AddressSanitizer: SEGV on unknown address 0x0\n"; print "    #$_ 0x1 in f$_ /a.c:1\n" for 0 .. 200000' >deep.log
run "$THRESH" triage --json deep.log
is "$RC" 1 'a stack of 200,000 frames'

# --- 100 MB ---

if grep -q __asan_init "$THRESH" || [ ! -r /proc/self/status ]; then
	skip 2 'memory is not ours to measure here'
else
	mkfifo pipe
	"$THRESH" triage --json - <pipe >lines &
	pid=$!
	exec 9>pipe
	cat heap.log >&9
	perl -e '$l = "noise " x 170 . "\n"; print $l for 1 .. 102400' >&9
	peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")
	exec 9>&-
	wait "$pid"
	is "$(field lines signature)" "$sig" 'a log of 100 MB: the same signature'
	ok 'in flat memory' test "${peak:-999999}" -lt 40000
fi

# --- foreign programs ---

mkdir -p found/crashes
printf 'BOOM' >found/crashes/id:000000
printf 'quiet' >found/crashes/id:000001
echo 'words of an engine' >found/crashes/README.txt
cat >target.sh <<'S'
#!/bin/sh
if [ $# -gt 0 ]; then read -r line <"$1"; else read -r line; fi
case $line in BOOM*) sed 's/==123==/==1==/' "$LOG" >&2; exit 77 ;; esac
exit 0
S
chmod +x target.sh
export LOG=$T/heap.log
status 1 'a folder of artefacts through a command' "$THRESH" triage --json found -- ./target.sh @@
cp .out lines
is "$(field lines kind)" 'heap-buffer-overflow no-crash' 'each told'
status 1 'fed to standard input' "$THRESH" triage --json found/crashes/id:000000 -- ./target.sh
cp .out lines
is "$(field lines kind)" heap-buffer-overflow 'the same'
status 0 'a passing one: 0' "$THRESH" triage found/crashes/id:000001 -- ./target.sh @@
cat >sleeper.sh <<'S'
#!/bin/sh
sleep 60
S
chmod +x sleeper.sh
status 1 'one that hangs' "$THRESH" triage --json --timeout 300ms found/crashes/id:000000 -- ./sleeper.sh @@
cp .out lines
is "$(field lines kind)" timeout 'is a timeout'
status 124 'what never ends is ended by a signal' timeout -k 10 1 "$THRESH" triage /dev/zero
mkfifo nobody-writes
status 124 'what never begins, too' timeout -k 10 1 "$THRESH" triage nobody-writes
status 2 'without a project, a harness is an error' "$THRESH" triage --harness nope found
run "$THRESH" triage found -- ./nowhere @@
ok 'a command that is not there' test "$RC" -ge 2
like "$ERR" 'nowhere' 'is named'

# --- how a command ends ---

cat >ends.sh <<'S'
#!/bin/sh
read -r how <"$1"
case $how in
status*) exit "${how#status }" ;;
words*) echo "ERROR: malformed; SUMMARY: one problem, WARNING: none" >&2; exit 1 ;;
asserts*) echo "ends.c:7: parse: Assertion \`n > 0' failed." >&2; exit 3 ;;
esac
S
chmod +x ends.sh
ends() { printf '%s\n' "$1" >how; }
of_rows() { # OPTIONS, then rows of an input, the end of triage, and what it makes of it
	local options=$1 row
	shift
	while [ $# -gt 0 ]; do
		ends "$1"
		# shellcheck disable=SC2086
		run "$THRESH" triage --json $options how -- ./ends.sh @@
		is "$RC $(json '$j->{kind} . " " . ($j->{outcome} // "")')" "$2" "${options:-plainly}: $1"
		shift 2
	done
}
of_rows '' 'fine' '0 no-crash ok' 'status 1' '0 no-crash rejected' 'status 77' '0 no-crash rejected' \
	'status 126' '0 no-crash rejected' 'status 127' '0 no-crash rejected' 'words' '0 no-crash rejected' \
	'asserts' '1 assertion ' 'status 139' '1 segv ' 'status 134' '1 abort ' 'status 137' '0 no-crash rejected'
of_rows '--fail-status 3,70-77' 'status 1' '0 no-crash rejected' 'status 77' '1 unexpected-exit ' 'status 3' '1 unexpected-exit '
of_rows '--fail-status any' 'status 1' '1 unexpected-exit ' 'status 127' '0 no-crash rejected'
of_rows '--fail-status any,127' 'status 127' '1 unexpected-exit '
of_rows '--fail-status 127' 'status 127' '1 unexpected-exit '
run "$THRESH" triage how -- ./ends.sh @@
like "$OUT" 'rejected \(exit status 127\)' 'the status of a rejected one is told'
for list in '' 0 256 3-1 3- a 1,,2 1,; do
	status 2 "--fail-status '$list'" "$THRESH" triage --fail-status "$list" how -- ./ends.sh @@
done
like "$ERR" 'no list of exit statuses' 'says what it is to be'
status 2 '--fail-status without a command' "$THRESH" triage --fail-status 1 "$LOG"
# what never ran is no bug of the input's
printf '#!/bin/sh\n./nowhere-at-all "$1"\n' >starts.sh
printf '#!/bin/sh\n./how "$1"\n' >denied.sh
printf '#!%s/interpreter\n' "$T" >script.sh
chmod +x starts.sh denied.sh script.sh
for row in 'starts.sh|nowhere-at-all.*not found' 'denied.sh|how.*denied' 'script.sh|/interpreter, which is no program'; do
	status 2 "${row%%|*} can't run anything" "$THRESH" triage --fail-status any how -- "./${row%%|*}" @@
	like "$ERR" "${row#*|}" 'says what'
done
status 2 'nor can a command that env does not find' "$THRESH" triage how -- env nowhere-at-all @@
like "$ERR" 'nowhere-at-all' 'says what'
done_testing
