#!/bin/bash
# A harness takes options from the first bytes of an input: how many is found out, and cases are made behind them.
. "$(dirname "$0")/../lib.sh"
command -v clang >/dev/null || skip_all 'no clang'

# A reader of arrays, objects, strings and numbers. With its last option on, or without options, an escape is read past the end.
cat >h.c <<'C'
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
static const uint8_t *p, *end;
static int strict, depth;
static int value(void);
static int peek(void) { return p < end ? *p : -1; }
static int string(void)
{
	for (p++; peek() >= 0 && *p != '"'; p++) {
		if (*p != '\\')
			continue;
		if (++p == end)
			return 0;
		if (*p == 'u' && (strict || end - p > 4))
			for (int i = 0; i < 4; i++, p++)
				if (!isxdigit(p[1]))
					return 0;
	}
	return peek() == '"' ? (p++, 1) : 0;
}
static int list(int close, int named)
{
	p++;
	if (peek() == close)
		return p++, 1;
	for (;;) {
		if (named && (peek() != '"' || !string() || peek() != ':' || !p++))
			return 0;
		if (!value())
			return 0;
		if (peek() == close)
			return p++, 1;
		if (peek() != ',')
			return 0;
		p++;
	}
}
static int number(void)
{
	if (peek() == '-')
		p++;
	if (!isdigit(peek()))
		return 0;
	while (peek() >= 0 && (isdigit(*p) || *p == '.' || *p == 'e' || *p == '-'))
		p++;
	return 1;
}
static int word(const char *w)
{
	while (*w && peek() == *w)
		p++, w++;
	return !*w;
}
static int value(void)
{
	int ok = 0;

	if (++depth > 50)
		return 0;
	switch (peek()) {
	case '"': ok = string(); break;
	case '[': ok = list(']', 0); break;
	case '{': ok = list('}', 1); break;
	case 't': ok = word("true"); break;
	case 'f': ok = word("false"); break;
	case 'n': ok = word("null"); break;
	default: ok = number();
	}
	depth--;
	return ok;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static volatile int sink;

	if (size < HEAD)
		return 0;
	p = data + HEAD;
	end = data + size;
	depth = 0;
	strict = HEAD == 0 || data[HEAD ? HEAD - 1 : 0] == ON;
	sink = value();
	return 0;
}
C
heads=(0 1 2 3 4 8)
{
	printf 'version: 1\nproject: heads\ntargets:\n'
	for n in "${heads[@]}"; do printf '  t%d:\n    cflags: [-DHEAD=%d, -DON=%s]\n' "$n" "$n" "$((n % 2 ? 1 : 49))"; done
	printf 'harnesses:\n'
	for n in "${heads[@]}"; do printf '  h%d:\n    source: h.c\n    target: t%d\n    format: json\n    max_len: 256\n' "$n" "$n"; done
} >thresh.yaml

for n in "${heads[@]}"; do
	run "$THRESH" edge "h$n" --no-minimize --time 20s --verbose
	if [ "$n" = 0 ]; then
		unlike "$ERR" 'bytes before the' 'a harness without options has none'
	else
		like "$ERR" "h$n: takes $n bytes before the json" "$n of them are found"
	fi
	like "$OUT" '(new|known) .*heap-buffer-overflow.*string' 'and what is behind them fails'
done
name=$(sed -n 's|.* \(json/[^ ,]*\).*|\1|p' <<<"$OUT" | head -n 1)
status 0 'a case of that name is had again' "$THRESH" edge h8 --case "$name" -o case
status 1 'with its head' "$THRESH" replay h8 case
status 0 'one is of another harness' "$THRESH" edge h0 --case json/structure/array-empty -o case
is "$(cat case)" '[]' 'without one'
# documents that hang, or crash, don't take the time of the cases
printf '%s\n' '#include <stddef.h>' '#include <stdint.h>' '#include <stdlib.h>' '#include <string.h>' \
	'int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)' \
	'{ for (size_t i = 2; i < n; i++) if (d[i] == (HEAD ? 91 : 123)) { if (HEAD) abort(); for (volatile int on = 1; on;) ; } return 0; }' >h.c
for n in 0 1; do
	before=$SECONDS
	run "$THRESH" edge "h$n" --no-minimize --time 4s
	unlike "$OUT" '(^|[^0-9,])0 cases' 'there is time for cases'
	ok "and no more of it is taken ($((SECONDS - before)) s)" test $((SECONDS - before)) -le 60
done
done_testing
