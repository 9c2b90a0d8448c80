#!/usr/bin/env bash
# thresh report: one model in all formats, from text that the target chose, and a folder that is whole or not there.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/browser.sh"

mkdir -p 'a p/in' && cd 'a p' || exit 3
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
int first(int *p), third(const uint8_t *p, size_t n);
int first(int *p) { return *(volatile int *)p; } /* <b>bold & "quoted"</b> */
int third(const uint8_t *p, size_t n)
{
	fprintf(stderr, "a.out: x.c:1: int f(void): Assertion `%.*s' failed.\n", (int)n, (const char *)p);
	abort();
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n && *p == '1') first(NULL);
	if (n && *p == '3') third(p, n);
	return 0;
}
C
printf 'version: 1\nproject: p\nharnesses:\n  h:\n    source: fuzz.c\n    dictionary: words.dict\n  h2:\n    source: fuzz.c\n' >thresh.yaml
printf '"</code><script>"\n"\\x1b\\xff\\xe2\\x80\\xae"\n' >words.dict
run "$THRESH" report
status 0 'an empty store has a report' "$THRESH" report
like "$OUT" 'none has run yet' 'that says so'
status 0 'and its pages' "$THRESH" report -o empty
printf 1 >in/1
printf '3</td></table><script>alert(1)</script><img src=x onerror=alert(1)> "&\x27`|@all\n\x1b[31m\xff\xfe\xe2\x80\xae\xd8\x9c\x07' >in/3
not_ok 'bugs are filed' "$THRESH" triage --harness h --file in
"$THRESH" replay h in/1 >saved.log 2>/dev/null
status 1 'what a replay printed is a log' "$THRESH" triage --json saved.log
run "$THRESH" bugs --json
is "$(json 'join " ", map { $_->{signature} } grep { $_->{kind} eq "null-deref" } @{$j}')" \
	"$("$THRESH" triage --json saved.log | perl -MJSON::PP -0777 -ne 'print decode_json($_)->{signature}')" 'of the same bug'

# --- text formats ---
status 0 'terminal' "$THRESH" report
like "$OUT" 'thresh show [0-9a-f]{8}' 'says what to do next, with the command'
unlike "$OUT" $'\x1b|\x07|\xe2\x80\xae' 'and nothing that a target printed acts on the terminal'
status 0 'JSON' "$THRESH" report --format json
is "$(json '$j->{version} . " " . scalar(@{$j->{bugs}}) . " " . $j->{counts}{open} . " " . scalar(@{$j->{harnesses}})')" '1 2 2 2' \
	'has a version, the bugs and the harnesses'
keys='version project made since level counts news unfiled_findings alive worse todo campaigns harnesses bugs'
is "$(json 'join " ", grep { !exists $j->{$_} } qw('"$keys"')')" '' 'and each key that is promised'
is "$(json 'join " ", sort keys %{$j->{todo}[0]}')" 'about command level text' 'a line of it is whole'
status 0 'Prometheus' "$THRESH" report --format prometheus
is "$(grep -vE '^(# (HELP|TYPE) thresh_[a-z_]+ .+|thresh_[a-z_]+\{[a-z]+="([^"\\]|\\["\\n])*"(,[a-z]+="([^"\\]|\\["\\n])*")*\} [-+.0-9e]+)$' "$T/.out")" '' \
	'each line is a comment or a sample'
like "$OUT" 'thresh_bugs\{project="p",state="open"\} 2' 'with what it is of'
status 0 'Markdown' "$THRESH" report --format markdown
unlike "$OUT" '<script|<img|@all|<i>' 'has no markup of the target'
status 0 'JUnit' "$THRESH" report --format junit -o bugs.xml
like "$(cat bugs.xml)" 'tests="2" failures="2"' 'fails for each open bug'
status 0 'SARIF' "$THRESH" report --format sarif
is "$(json 'scalar grep { $_->{partialFingerprints}{primaryLocationLineHash} =~ /^[0-9a-f]{16}:1$/ } @{$j->{runs}[0]{results}}')" 2 \
	'tells GitHub which bugs are the same'

# --- pages ---
status 0 'pages' "$THRESH" report -o pages
like "$OUT" 'pages/index.html' 'their first one is named'
is "$(find pages -name '*.html' | wc -l)" 5 'the first, one for each bug and harness'
if command -v python3 >/dev/null; then
	ok 'are well-formed, link to what is there, ask for nothing and run nothing' python3 - <<'P'
import os, sys, xml.etree.ElementTree as E
bad = []
for top, _, names in os.walk("pages"):
    for n in names:
        p = os.path.join(top, n)
        if not n.endswith(".html"):
            continue
        for e in E.fromstring(open(p, "rb").read().replace(b"<!DOCTYPE html>", b"")).iter():
            if e.tag in ("script", "img", "iframe", "object", "embed", "form", "base"):
                bad.append((p, e.tag))
            for k, v in e.attrib.items():
                if k.startswith("on") or (k == "src") or (k == "href" and v != "data:," and
                   not os.path.exists(os.path.join(top, v.split("#")[0]))):
                    bad.append((p, k, v))
            if "url(" in (e.text or "") and e.tag == "style":
                bad.append((p, "url"))
            if e.tag == "th" and not e.get("scope"):
                bad.append((p, "th"))
sys.exit(str(bad) if bad else 0)
P
	like "$(cat pages/bug/*.html)" '&lt;b&gt;bold &amp; &quot;quoted&quot;' 'source stands beside the stack'
else
	skip 2 'no python3'
fi
unlike "$(cat pages/index.html pages/*/*.html | tr -d '\0')" $'\x1b|\x07|\xe2\x80\xae|<script|onerror=alert\\(1\\)>' 'nothing of the target is markup'
unlike "$(cat pages/index.html pages/*/*.html)" 'http:|https:|//' 'no address of anything elsewhere'
like "$(cat pages/harness/h.html)" 'Nobody looked yet.*None was made yet' 'of a harness that nobody looked at the page says what to do'
"$THRESH" edge --time 1m h --no-minimize >/dev/null 2>&1
"$THRESH" check h >/dev/null 2>&1
"$THRESH" dict h >/dev/null 2>&1
status 0 'after a look' "$THRESH" report -o pages
like "$(cat pages/harness/h.html)" 'id="health".*, seen .*id="words".*&lt;/code&gt;&lt;script&gt;.*id="verdicts".*edge cases' \
	'its page has health, dictionary and verdicts'
status 0 'and so has' "$THRESH" report --format json
is "$(json 'my ($h) = grep { $_->{harness} eq "h" } @{$j->{harnesses}}; join " ", (map { $h->{health}{$_} } "verdict"), $h->{verdicts}[0]{of}, $h->{verdicts}[0]{failed} > 0 ? "failed" : "none"')" \
	'healthy edge cases failed' 'the JSON'
if browser >/dev/null; then
	bug=$(find pages/bug -name '*.html' | head -n 1)
	for at in "pages/index.html 400 light" "pages/index.html 1400 dark" "$bug 400 dark" "pages/harness/h.html 400 light"; do
		# shellcheck disable=SC2086
		seen=$(see $at)
		like "$seen" 'console 0 overflow 0 contrast ([5-9]|1[0-9]|4\.[5-9])[.0-9]* requests 0 scripts 0' "in a browser: ${at##*/}"
	done
else
	skip 4 'no browser'
fi

# --- the folder ---
inode=$(stat -c %i pages)
status 0 'once more' "$THRESH" report -o pages
ok 'takes the place of the old one' test "$(stat -c %i pages)" != "$inode"
is "$(find . -maxdepth 1 -name 'pages.*' | wc -l)" 0 'and leaves nothing beside it'
echo mine >pages/mine.txt
before=$(cat pages/index.html)
status 2 'a file of somebody else among them is in the way' "$THRESH" report -o pages
like "$ERR" 'pages: holds mine\.txt' 'and named'
is "$(cat pages/index.html)$(cat pages/mine.txt)" "${before}mine" 'nothing was touched'
mkdir other && echo x >other/x
status 2 'so is a folder of somebody else' "$THRESH" report -o other
is "$(ls -A other)" x 'untouched'
status 2 'and a file' "$THRESH" report -o thresh.yaml
if [ "$(id -u)" != 0 ]; then
	mkdir shut && chmod 500 shut
	status 3 'a folder that nobody may write to' "$THRESH" report -o shut/pages
else
	status 3 'a disk that is full' "$THRESH" report --format json -o /dev/full
fi
mv fuzz.c gone.c
rm -rf .thresh/inputs
status 0 'a bug whose source and input are gone still has its page' "$THRESH" report -o pages2
like "$(cat pages2/bug/*.html)" 'lost' 'that says what is lost'
done_testing
