/* An ini file: sections by engine or sanitizer, and NAME = VALUE, of which a few mean something here. */
#include "base/prelude.h"
#include "scaffold/options_file.h"
#include "base/mem.h"
#include "base/num.h"
#include <stdio.h>

/* what thresh.yaml takes */
#define LEN_MAX ((uint64_t)1 << 30)
#define TIMEOUT_MAX ((uint64_t)86400)
#define MEMORY_MIN ((uint64_t)16)
#define MEMORY_MAX ((uint64_t)1 << 20)

enum meaning {
	MAX_LEN,
	TIMEOUT,
	MEMORY,
	DICTIONARY,
	LEAKS,
	LEFT,
};

static const struct {
	const char *section, *name;
	enum meaning meaning;
	/* of what is left: why, or what is there instead */
	const char *why;
} known[] = {
	{ "libfuzzer", "max_len", MAX_LEN, NULL },
	{ "libfuzzer", "timeout", TIMEOUT, NULL },
	{ "libfuzzer", "rss_limit_mb", MEMORY, NULL },
	{ "libfuzzer", "dict", DICTIONARY, NULL },
	{ "libfuzzer", "detect_leaks", LEAKS, NULL },
	{ "asan", "detect_leaks", LEAKS, NULL },
	{ "libfuzzer", "close_fd_mask", LEFT, "isn't needed: what it prints is kept apart" },
	{ "libfuzzer", "only_ascii", LEFT,
		"has no like; `format: text` makes edge cases of that kind" },
	{ "libfuzzer", "malloc_limit_mb", LEFT, "has no like; `memory` limits the whole" },
	{ "libfuzzer", "len_control", LEFT, "is chosen by thresh" },
	{ "libfuzzer", "use_value_profile", LEFT, "is chosen by thresh, and varied" },
	{ "libfuzzer", "fork", LEFT, "is chosen by thresh" },
	{ "libfuzzer", "entropic", LEFT, "is chosen by thresh, and varied" },
};

static void leave(struct options_file *o, unsigned line, struct strv section, struct strv name,
	const char *why)
{
	strlist_addf(&o->left, "%u: %.*s%.*s%s%.*s: %s", line, section.len ? 1 : 0, "[",
		(int)section.len, section.s, section.len ? "] " : "", (int)name.len, name.s, why);
}

static bool number(struct strv value, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t n;

	if (num_u64(value, &n) < 0 || n < min || n > max)
		return false;
	*out = n;
	return true;
}

static void take(struct options_file *o, unsigned line, struct strv section, struct strv name,
	struct strv value)
{
	static const char strange[] = "its value is none that thresh.yaml takes";
	size_t i = 0;
	bool ok = true;

	while (i < ARRAY_LEN(known) &&
		!(strv_eqs(section, known[i].section) && strv_eqs(name, known[i].name)))
		i++;
	if (i == ARRAY_LEN(known)) {
		leave(o, line, section, name, "isn't known, and not taken over");
		return;
	}
	switch (known[i].meaning) {
	case MAX_LEN:
		ok = number(value, 1, LEN_MAX, &o->max_len);
		break;
	case TIMEOUT:
		ok = number(value, 1, TIMEOUT_MAX, &o->timeout_s);
		break;
	case MEMORY:
		ok = number(value, MEMORY_MIN, MEMORY_MAX, &o->memory_mb);
		break;
	case DICTIONARY:
		free(o->dictionary);
		o->dictionary = strv_dup(value);
		break;
	case LEAKS:
		o->no_leaks = strv_eqs(value, "0") || strv_eqs(value, "false");
		break;
	case LEFT:
		leave(o, line, section, name, known[i].why);
		break;
	}
	if (!ok)
		leave(o, line, section, name, strange);
}

void options_file_read(struct strv text, struct options_file *out)
{
	struct strv line, section = { "", 0 };
	unsigned n = 0;

	*out = (struct options_file){ 0 };
	while (strv_line(&text, &line)) {
		size_t eq;

		n++;
		line = strv_trim(line);
		if (!line.len || line.s[0] == '#' || line.s[0] == ';')
			continue;
		if (line.s[0] == '[' && strv_ends(line, "]")) {
			section = strv_sub(line, 1, line.len - 2);
			continue;
		}
		eq = strv_chr(line, '=');
		if (eq == SIZE_MAX)
			leave(out, n, section, strv_sub(line, 0, 60), "isn't NAME = VALUE");
		else
			take(out, n, section, strv_trim(strv_sub(line, 0, eq)),
				strv_trim(strv_from(line, eq + 1)));
	}
}

void options_file_release(struct options_file *o)
{
	free(o->dictionary);
	strlist_release(&o->left);
	*o = (struct options_file){ 0 };
}
