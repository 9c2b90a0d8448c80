#!/usr/bin/env bash
# Bugs for other programs: SARIF 2.1.0 and Markdown, from text that the target chose.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"

mkdir -p 'a p/in' && cd 'a p' || exit 3
cat >fuzz.c <<'C'
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int first(int *p), second(size_t n), third(const uint8_t *p, size_t n);
int first(int *p) { return *(volatile int *)p; }
int second(size_t n) { volatile char *b = malloc(n); b[n] = 1; free((void *)b); return 0; }
int third(const uint8_t *p, size_t n)
{
	fprintf(stderr, "a.out: x.c:1: int f(void): Assertion `%.*s' failed.\n", (int)n, (const char *)p);
	abort();
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n && *p == '1') first(NULL);
	if (n && *p == '2') second(n);
	if (n && *p == '3') third(p, n);
	return 0;
}
C
printf 'version: 1\nproject: sarif\nharnesses:\n  h:\n    source: fuzz.c\n' >thresh.yaml
printf 1 >in/1
printf 2 >in/2
printf '3```\n````\n~~~~\n# A heading\n</details><img src=x onerror=alert(1)> @everyone [x](http://x) \033[31m\xff\xfe\x00\xe2\x80\xae' >in/3
not_ok 'bugs are filed' "$THRESH" triage --harness h --file in
status 0 'SARIF' "$THRESH" bugs --sarif
cp "$T/.out" one.sarif
cat >check.pl <<'P'
use strict; use warnings; use JSON::PP; use Encode;
local $/;
open my $f, "<", shift or die; my $bytes = <$f>;
Encode::decode("UTF-8", my $copy = $bytes, Encode::FB_CROAK);
my $j = decode_json($bytes);
my @bad;
sub check { push @bad, $_[1] unless $_[0] }
check($j->{version} eq "2.1.0", "version");
check(($j->{'$schema'} // "") =~ /sarif-schema-2\.1\.0\.json$/, "schema");
check(ref $j->{runs} eq "ARRAY" && @{$j->{runs}} == 1, "runs");
my $run = $j->{runs}[0];
check(length($run->{tool}{driver}{name} // ""), "driver.name");
my @rules = @{$run->{tool}{driver}{rules} // []};
my %ids; check(!$ids{$_->{id}}++, "rule twice: $_->{id}") for @rules;
check(ref $run->{results} eq "ARRAY", "results");
sub location {
	my ($l, $where) = @_;
	my $p = $l->{physicalLocation} or return;
	my $uri = $p->{artifactLocation}{uri};
	check(defined $uri && $uri =~ m{^[A-Za-z0-9._~/%:+-]+$}, "$where: uri " . ($uri // "absent"));
	check(!defined $p->{artifactLocation}{uriBaseId} || $run->{originalUriBaseIds}{$p->{artifactLocation}{uriBaseId}}, "$where: base");
	check(($p->{region}{startLine} // 1) >= 1 && ($p->{region}{startColumn} // 1) >= 1, "$where: region");
}
for my $r (@{$run->{results}}) {
	my $n = $r->{properties}{bug};
	check(length($r->{message}{text} // ""), "$n: message");
	check($r->{level} =~ /^(none|note|warning|error)$/, "$n: level");
	check($r->{ruleIndex} >= 0 && $r->{ruleIndex} < @rules && $rules[$r->{ruleIndex}]{id} eq $r->{ruleId}, "$n: rule");
	check(scalar(%{$r->{partialFingerprints} // {}}), "$n: fingerprints");
	check(!ref, "$n: fingerprint is text") for values %{$r->{partialFingerprints}};
	check(@{$r->{locations} // []} == 1, "$n: location");
	check($r->{locations}[0]{physicalLocation}, "$n: nowhere");
	location($_, $n) for @{$r->{locations}}, @{$r->{relatedLocations} // []};
	for my $s (@{$r->{stacks} // []}) { location($_->{location}, "$n: stack") for @{$s->{frames}} }
}
print join("; ", @bad), "\n";
P
is "$(perl check.pl one.sarif)" '' 'it has what the standard wants'
is "$(perl -MJSON::PP -0777 -ne '$j = decode_json($_); print scalar @{$j->{runs}[0]{results}}' one.sarif)" 3 'a result per bug'
is "$(perl -MJSON::PP -0777 -ne '$j = decode_json($_); print join " ", sort map { "$_->{locations}[0]{physicalLocation}{artifactLocation}{uri}:$_->{locations}[0]{physicalLocation}{region}{startLine}" } @{$j->{runs}[0]{results}}' one.sarif)" \
	'fuzz.c:12 fuzz.c:7 fuzz.c:8' 'where they are, from the project'\''s root'
ok 'no control byte in it' perl -0777 -ne 'exit(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/ ? 1 : 0)' one.sarif
prints() {
	perl -MJSON::PP -0777 -ne '$j = decode_json($_); print join " ", sort map { %{$_->{partialFingerprints}} } @{$j->{runs}[0]{results}}' "$1"
}
rm -rf .thresh
"$THRESH" triage --harness h --file in >/dev/null 2>&1
"$THRESH" bugs --sarif >two.sarif
is "$(prints two.sarif)" "$(prints one.sarif)" 'fingerprints stay the same'
id=$("$THRESH" bugs --json | perl -MJSON::PP -0777 -ne 'print decode_json($_)->[0]{bug}')
"$THRESH" ignore "$id" --why 'known "for" years'
"$THRESH" bugs --sarif >three.sarif
is "$(perl check.pl three.sarif)" '' 'with an ignored bug, too'
is "$(perl -MJSON::PP -0777 -ne '$j = decode_json($_); print join " ", map { $_->{suppressions}[0]{justification} // () } @{$j->{runs}[0]{results}}' three.sarif)" \
	'known "for" years' 'which is suppressed, with its reason'

# --- Markdown ---

status 0 'Markdown' "$THRESH" bugs --all --markdown
cp "$T/.out" issue.md
ok 'it is UTF-8 without control bytes' perl -MEncode -0777 -ne 'exit 1 if /[\x00-\x08\x0b-\x1f\x7f]/; Encode::decode("UTF-8", $_, Encode::FB_CROAK)' issue.md
# outside of fenced code nothing that the target wrote may be live
perl -ne 'if (!$f && /^(`{3,}|~{3,})/) { $f = $1; next } if ($f && /^\Q$f\E`*\s*$/) { $f = ""; next } print unless $f; END { print "UNCLOSED\n" if $f }' issue.md >live.md
is "$(grep -c '^UNCLOSED' live.md)" 0 'fences are closed'
is "$(grep -E '^# A heading|<img|<script|^````' live.md)" '' 'and not broken out of'
like "$(cat live.md)" 'program&#39;s own check' 'entities are whole'
is "$(perl -CSD -ne 'print if /\x{202e}/' issue.md)" '' 'no text runs backwards'
rm -rf .thresh
mkdir -p empty && printf 'version: 1\nproject: none\nharnesses:\n  h:\n    source: ../fuzz.c\n' >empty/thresh.yaml
status 0 'no bugs: still a log' "$THRESH" -C empty bugs --sarif
cp "$T/.out" none.sarif
is "$(perl check.pl none.sarif)" '' 'that is one'
status 2 'two formats at once are refused' "$THRESH" -C empty bugs --sarif --json

# --- a frame that names somebody else's file ---

mkdir -p other && cd other || bail 'no folder'
printf 'the words of a stranger\n' >"$T/secret.txt"
printf '#line 1 "%s"\nint LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n) { return *(volatile char *)(d + n) == 3; }\n' \
	"$T/secret.txt" >fuzz.c
printf 'int nothing;\n' >none.c
printf 'version: 1\nproject: other\nbuild:\n  sources: [none.c]\nharnesses:\n  h:\n    source: fuzz.c\n' >thresh.yaml
printf 'ab' >in
status 1 'a fault that says it is elsewhere' "$THRESH" triage --harness h --file in
status 0 'a log of it' "$THRESH" bugs --sarif
like "$OUT" 'secret.txt' 'names the file'
unlike "$OUT" 'stranger' 'and quotes nothing of it'
status 0 'the page' "$THRESH" show "$("$THRESH" bugs --json | grep -o '[0-9a-f]\{16\}' | head -n 1)"
unlike "$OUT" 'stranger' 'nor does the page'
done_testing
