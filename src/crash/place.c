/* Places in words, as sites and keys are made of them, and which of them only pass on what somebody else got wrong. */
#include "base/prelude.h"
#include "crash/place.h"
#include "crash/internal.h"
#include <fnmatch.h>
#include <inttypes.h>

/* A name's end is a libc function's: cJSON_strdup, xmemcpy. For whom they are helpers, by family. */
static const struct {
	const char *families;
	const char *names;
} helper_names[] = {
	{ " bounds lifetime null uninit ", " memcpy memmove memset memcmp memchr memmem memdup "
					   "strcpy strncpy strlcpy strcat strncat "
					   "strlcat strlen strnlen strcmp strncmp strcasecmp "
					   "strncasecmp strchr strrchr strstr strdup "
					   "strndup " },
	{ " leak oom lifetime ",
		" malloc calloc realloc reallocarray zalloc free memdup strdup strndup " },
	{ " abort exit trap signal ", " die fatal panic abort fail error bug oops assert fail_if "
				      "assert_fail unreachable " },
};

/*
 * A word in the name, as underscores and capitals part it: xmlNewNode, cJSON_Delete. What constructors allocate is lost, and
 * what destructors free is used, by their callers' doing.
 */
static const struct {
	const char *families;
	const char *words;
} helper_words[] = {
	{ " leak oom ", " alloc new create dup duplicate clone make " },
	{ " freed ", " free delete destroy release dispose unref cleanup clear close deinit " },
};

static bool listed(const char *list, struct strv word)
{
	for (const char *at = list; word.len && (at = strstr(at, " ")) && at[1]; at++)
		if (!strncmp(at + 1, word.s, word.len) && at[1 + word.len] == ' ')
			return true;
	return false;
}

bool place_family_in(const char *families, const char *family)
{
	return !families || listed(families, strv_of(family));
}

/* In the project's list? 1; -1: with a '!' in front, which goes before all else; 0: not said. */
static int own_helper(const char *function, const struct crash_rules *rules)
{
	int said = 0;

	for (size_t i = 0; rules && rules->helpers && i < rules->helpers->n; i++) {
		const char *pattern = rules->helpers->v[i];

		if (*pattern == '!' && !fnmatch(pattern + 1, function, 0))
			return -1;
		if (!fnmatch(pattern, function, 0))
			said = 1;
	}
	return said;
}

/* "safe_str_dup" and "xmalloc": behind each underscore, and behind one letter. */
static bool ends_as(const char *names, struct strv name)
{
	for (;;) {
		size_t cut = strv_chr(name, '_');

		if (listed(names, name) || (name.len > 1 && strchr("xsgz", name.s[0]) &&
						   listed(names, strv_from(name, 1))))
			return true;
		if (cut == SIZE_MAX)
			return false;
		name = strv_from(name, cut + 1);
	}
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool has_word(const char *words, struct strv name)
{
	for (size_t i = 0, end; i < name.len; i = MAX(end, i + 1)) {
		char word[16];
		size_t n = 0;

		for (end = i; end < name.len && is_letter(name.s[end]); end++)
			/* "newNode", "XMLFree" */
			if (end > i && is_upper(name.s[end]) &&
				(!is_upper(name.s[end - 1]) ||
					(end + 1 < name.len && name.s[end + 1] >= 'a' &&
						name.s[end + 1] <= 'z')))
				break;
		for (size_t k = i; k < end && n < sizeof(word); k++)
			word[n++] = (char)(is_upper(name.s[k]) ? name.s[k] - 'A' + 'a' : name.s[k]);
		if (n < sizeof(word) && listed(words, strv_n(word, n)))
			return true;
	}
	return false;
}

bool place_is_helper(const char *function, const char *family, const struct crash_rules *rules)
{
	struct strv name = strv_of(function), fam = strv_of(family);
	size_t cut = strv_rchr(name, ':');
	int said = own_helper(function, rules);

	if (said)
		return said > 0;
	if (cut != SIZE_MAX)
		name = strv_from(name, cut + 1);
	for (size_t i = 0; i < ARRAY_LEN(helper_names); i++)
		if (listed(helper_names[i].families, fam) && ends_as(helper_names[i].names, name))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(helper_words); i++)
		if (listed(helper_words[i].families, fam) && has_word(helper_words[i].words, name))
			return true;
	return false;
}

void place_add(struct buf *b, const struct crash_place *p)
{
	buf_adds(b, p->function ? p->function : "?");
	if (p->statement) {
		buf_adds2(b, " {", p->statement);
		buf_addch(b, '}');
	} else if (p->module)
		buf_addf(b, " %s+0x%" PRIx64, p->module, p->offset);
	else if (p->line)
		buf_addf(b, " :%u", p->line);
	if (p->statement && p->ordinal > 1)
		buf_addf(b, "#%u", p->ordinal);
}

void place_add_message(struct buf *b, const struct crash_report *r)
{
	struct strv m;
	size_t colon;

	if (!r->message || !listed(" assertion exception loader ", strv_of(r->family)))
		return;
	m = strv_of(r->message);
	colon = strv_find(m, ": ");
	if (!strcmp(r->family, "exception") && colon != SIZE_MAX)
		m.len = colon; /* the exception's type; what() may quote the input */
	buf_adds(b, " \"");
	text_fold(b, m);
	buf_addch(b, '"');
}
