#!/bin/bash
# A project that nobody has seen: thresh init and thresh edge, nothing else, find what is planted. And the cases are what
# their names say: what is JSON and XML, and what isn't, as Python's readers have it.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || command -v gcc >/dev/null || skip_all 'no compiler'

plant() { # NAME PROTOTYPE <SOURCE
	mkdir -p "$1/src" "$1/include"
	{ echo "#include \"$1.h\"" && cat; } >"$1/src/$1.c"
	printf '%s\n' '#include <stddef.h>' '#include <stdint.h>' "$2;" >"$1/include/$1.h"
	status 0 "$1: init" "$THRESH" -C "$1" init --function "$2" --header "include/$1.h"
}
found() { # NAME FORMAT REGEX
	ok "$1: the format is guessed" grep -q "format: $2" "$1/thresh.yaml"
	status 1 "$1: edge finds it" "$THRESH" -C "$1" edge --time 1m --no-minimize
	like "$OUT" "$3" "$1: as what it is"
}

plant widths 'int utf8_widths(const char *s, size_t n)' <<'C'
unsigned char pages[0x1100];
int utf8_widths(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	int sum = 0;

	for (size_t i = 0; i + 3 < n; i += 4) {
		uint32_t c = (s[i] & 7u) << 18 | (s[i + 1] & 63u) << 12 | (s[i + 2] & 63u) << 6 | (s[i + 3] & 63u);
		if ((s[i] & 0xf8) != 0xf0)
			return -1;
		sum += pages[c >> 8];
	}
	return sum;
}
C
found widths raw 'out-of-bounds|overflow'
plant records 'int records_read(const uint8_t *p, size_t n)' <<'C'
#include <string.h>
int records_read(const uint8_t *p, size_t n)
{
	uint32_t count, size;
	unsigned sum = 0;

	if (n < 8)
		return -1;
	memcpy(&count, p, 4);
	memcpy(&size, p + 4, 4);
	if (!count || !size || size > 4096 || count * size > n - 8)
		return -1;
	for (uint32_t i = 0; i < count && i < 100000; i++)
		sum += p[8 + (size_t)i * size];
	return (int)sum;
}
C
found records raw 'heap-buffer-overflow'
plant location 'int url_hash(const char *url, size_t n)' <<'C'
int url_hash(const char *u, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		if (u[i] == '%' && i + 1 < n)
			sum += u[i + 1] * 16 + u[i + 2], i += 2;
	return sum;
}
C
found location url 'heap-buffer-overflow'
plant section 'int ini_sections(const char *text)' <<'C'
#include <string.h>
int ini_sections(const char *t)
{
	char name[64] = "";
	const char *end = strchr(t, ']');

	if (*t == '[' && end) {
		memcpy(name, t + 1, (size_t)(end - t - 1));
		name[end - t - 1] = 0;
	}
	return name[0];
}
C
found section ini 'stack-buffer-overflow|index-out-of-bounds'
plant nested 'int expr_depth(const char *s)' <<'C'
static int value(const char **s)
{
	volatile char frame[64];

	frame[0] = **s;
	if (**s == '(') {
		++*s;
		return value(s) + frame[0];
	}
	return 0;
}
int expr_depth(const char *s) { return value(&s); }
C
found nested text 'stack-overflow'

# --- names ---

if command -v python3 >/dev/null; then
	cat >cases.py <<'P'
import json, re, subprocess, sys, xml.parsers.expat as expat
thresh, prefix, lies = sys.argv[1], sys.argv[2], re.compile(sys.argv[3])
run = lambda *a: subprocess.run([thresh, "-C", prefix, "edge", *a], capture_output=True).stdout
def constant(word):
    raise ValueError(word)
def taken(data):
    try:
        if prefix == "json":
            json.loads(data.decode("utf-8"), parse_constant=constant)
        else:
            expat.ParserCreate().Parse(data, True)
        return True
    except Exception:
        return False
names = [l.split("\t")[0] for l in run("--list", "--case", prefix + "/*").decode().splitlines()]
names = [n for n in names if "@" not in n and not re.search("/(long|wide|depth)/", n)]
good = {n for n in names if taken(run("--case", n, "-o", "-"))}
print(len(names), len(good), *sorted(n for n in good if lies.search(n)))
P
	for f in json xml; do
		mkdir $f
		printf 'version: 1\nproject: %s\nharnesses:\n  %s:\n    source: h.c\n    format: %s\n' $f $f $f >$f/thresh.yaml
	done
	run python3 cases.py "$THRESH" json 'number/(leading|minus-leading|two|no-|nan|inf|hex|octal)|unterminated|end-of-input|-cut|trailing-comma|two-commas|comment-(line|block|slash|inside|nested|hash)'
	like "$OUT" '^[23][0-9][0-9] [1-9][0-9]+$' 'JSON cases that say they are none are none, and some are'
	run python3 cases.py "$THRESH" xml 'unended|-cut|crossed|two-roots|attribute-(twice|no-)|entity-(empty|beyond|nul|hex|of-)|twice$'
	like "$OUT" '^1[0-9][0-9] [1-9][0-9]+( xml/entity-twice)?$' 'XML cases that say they are none are none, and some are'
else
	skip 2 'no python3'
fi
done_testing
