#!/bin/bash
# The accept/reject table of the real libraries: verdicts with the library's own words, and two builds of one library
# beside each other.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || skip_all 'no clang'
"$TOP/tools/fetch-targets" >/dev/null 2>&1
[ -e "$TOP/targets/.stamp" ] || skip_all 'targets are not fetched (tools/fetch-targets)'
for x in targets harnesses corpus dictionaries src; do ln -s "$TOP/$x" .; done
# as it stands, but compiled in a third of the time: the last -O counts
sed 's/cflags: \[/&-O0, /; s/^    ldflags: \[-lm\]/    cflags: [-O0]\n&/' "$TOP/thresh.yaml" >thresh.yaml

verdicts() { # HARNESS PATTERN
	status 0 "$1 $2" "$THRESH" edge "$1" --verdicts --no-file --case "$2"
}
verdicts cjson_parse 'json/structure/object-empty*'
like "$OUT" $'accepted\tjson/structure/object-empty\t' 'cJSON takes an object'
like "$OUT" $'rejected\tjson/structure/object-empty@twice\tno value at byte [0-9]+' 'and says where it stops at two'
verdicts yaml_parse 'yaml/*'
like "$OUT" $'accepted\tyaml/' 'libyaml takes some'
like "$OUT" $'rejected\tyaml/[^\t]*\t[^\t]*(did not find|could not find|found)[^\t]* at [0-9]+:[0-9]+' 'and gives its reasons'
verdicts thresh_config 'yaml/alias/*'
like "$OUT" $'rejected\tyaml/alias/[^\t]*\t[^\t]*[a-z]' 'so does the reader of the project file'

status 0 'a build beside itself' "$THRESH" edge cjson_parse --compare cjson --case 'json/number/*'
like "$OUT" 'cases on both, 0 with another verdict' 'differs in nothing'
status 1 'pristine and patched cJSON differ' "$THRESH" edge cjson_parse --compare cjson-patched --case 'json/long/exponent-zeros-*'
like "$OUT" $'json/long/exponent-zeros-8192\n  rejected: no value at byte 63\n  cjson-patched: accepted' 'another build takes what the first refuses'
like "$OUT" 'cases on both, [1-9][0-9]* with another verdict' 'and they are counted'
status 2 'a target that is not there' "$THRESH" edge cjson_parse --compare none
like "$ERR" 'none: no such target' 'is named'

# the parsers of this project itself: with every allocation failing
status 0 'thresh'\''s own parsers are clean' "$THRESH" edge thresh_config thresh_crash --only-faults --no-file
like "$OUT" 'thresh_config: [1-9][0-9,]* fault runs[^;]*; all pass' 'the reader of the project file'
like "$OUT" 'thresh_crash: [1-9][0-9,]* fault runs[^;]*; all pass' 'the reader of reports'
done_testing
