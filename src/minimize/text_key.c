/* Report text without what changes from run to run, hashed. Module offsets stay: they are what identifies. */
#include "base/prelude.h"
#include "minimize/text_key.h"
#include "base/hash.h"
#include "crash/severity.h"
#include <ctype.h>

/* "==123==" in front: the process. */
static void skip_pid(struct strv *line)
{
	size_t i = 2;

	if (!strv_starts(*line, "=="))
		return;
	while (i < line->len && isdigit((unsigned char)line->s[i]))
		i++;
	if (i > 2 && i + 1 < line->len && line->s[i] == '=' && line->s[i + 1] == '=')
		*line = strv_from(*line, i + 2);
}

static uint64_t add(uint64_t h, const char *s, size_t n)
{
	return n ? hash_fnv(h, s, n) : h;
}

/* One byte for any address but those that make it another kind of fault. */
static const char *address_class(struct strv digits)
{
	static const char *const as[] = {
		[CRASH_ADDRESS_NULL] = "0", [CRASH_ADDRESS_MARK] = "!", [CRASH_ADDRESS_ANY] = "#"
	};
	uint64_t v = 0;

	for (size_t i = 0; i < digits.len && v <= UINT32_MAX; i++) {
		char c = digits.s[i];

		v = v << 4 | (unsigned)(isdigit((unsigned char)c) ? c - '0' : (c | 32) - 'a' + 10);
	}
	return as[crash_address_class(v)];
}

/* Addresses become one byte; those behind a + are offsets in a module. With numbers: those, too. */
static uint64_t line_key(uint64_t h, struct strv line, bool numbers)
{
	size_t done = 0, i = 0;

	while (i < line.len) {
		unsigned char c = (unsigned char)line.s[i];
		const char *as = "#";
		size_t end = i;

		if (c == '0' && i + 2 < line.len && line.s[i + 1] == 'x' &&
			(i == 0 || line.s[i - 1] != '+')) {
			for (end = i + 2; end < line.len && isxdigit((unsigned char)line.s[end]);)
				end++;
			as = address_class(strv_sub(line, i + 2, end - i - 2));
		} else if (numbers && isdigit(c)) {
			while (end < line.len && isdigit((unsigned char)line.s[end]))
				end++;
		}
		if (end == i) {
			i++;
			continue;
		}
		h = add(h, line.s + done, i - done);
		h = add(h, as, 1);
		done = i = end;
	}
	h = add(h, line.s + done, line.len - done);
	return add(h, "\n", 1);
}

uint64_t text_key(uint64_t h, struct strv text)
{
	struct strv line;

	while (strv_line(&text, &line)) {
		bool located, limits;

		if (strv_starts(line, "Shadow bytes around") || strv_starts(line, "MS: "))
			break;
		skip_pid(&line);
		/* sizes of blocks and times: no part of any signature */
		located = strv_contains(line, " is located ");
		limits = strv_contains(line, "thresh: ") || strv_contains(line, "ALARM: ");
		h = line_key(h, line, located || limits);
	}
	return h;
}
