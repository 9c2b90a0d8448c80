/* Where a word starts: behind what is no letter, at a capital behind a small one, behind a run of capitals. */
#include "base/prelude.h"
#include "scaffold/words.h"
#include <ctype.h>
#include <strings.h>

static bool starts_here(const char *name, const char *p)
{
	unsigned char c = (unsigned char)*p, before;

	if (p == name)
		return true;
	before = (unsigned char)p[-1];
	if (!isalpha(before) || (isupper(c) && islower(before)))
		return true;
	if (islower(c))
		return p - name > 1 && isupper(before) && isupper((unsigned char)p[-2]);
	/* XMLParse: the last capital of a run begins a word */
	return isupper(c) && islower((unsigned char)p[1]);
}

static bool found(const char *name, const char *word, bool whole)
{
	size_t n = strlen(word);

	for (const char *p = name; *p; p++)
		if (starts_here(name, p) && strncasecmp(p, word, n) == 0 &&
			(!whole || !islower((unsigned char)p[n]) ||
				!islower((unsigned char)p[n - 1])))
			return true;
	return false;
}

bool words_begin(const char *name, const char *word)
{
	return found(name, word, false);
}

bool words_have(const char *name, const char *word)
{
	return found(name, word, true);
}

bool words_have_any(const char *name, const char *const *words)
{
	for (; *words; words++)
		if (words_have(name, *words))
			return true;
	return false;
}

size_t words_next(const char *name, size_t at)
{
	size_t i = at;

	while (name[i] &&
		(i == at || !isalpha((unsigned char)name[i]) || !starts_here(name, name + i)))
		i++;
	return i;
}

size_t words_take(const char *name, size_t at, char *word, size_t room)
{
	size_t next = words_next(name, at), n = 0;

	while (at + n < next && n + 1 < room && isalpha((unsigned char)name[at + n])) {
		word[n] = name[at + n];
		n++;
	}
	word[n] = '\0';
	return next;
}

size_t words_common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

size_t words_parting(const char *a, const char *b)
{
	size_t at = words_common(a, b);

	while (at && isalpha((unsigned char)a[at - 1]))
		at--;
	return at;
}

bool words_among(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(*list, s) == 0)
			return true;
	return false;
}

size_t words_find(struct strv text, struct strv name)
{
	const char *end = text.s + text.len, *from = text.s, *at;

	while (name.len && (at = memmem(from, (size_t)(end - from), name.s, name.len)) != NULL) {
		from = at + name.len;
		if ((at == text.s || !strv_is_word(at[-1])) &&
			(from == end || !strv_is_word(*from)))
			return (size_t)(at - text.s);
	}
	return SIZE_MAX;
}

bool words_is_name(const char *s)
{
	return *s &&
	       !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")];
}

bool words_aim(const char *function, const char *name)
{
	const char *two = strrchr(function, '2'), *to = strcasestr(function, "_to_");
	const char *aim = two ? two + 1 : to ? to + 4 : "";

	/* a letter is what many a word begins with */
	if (strlen(name) < 2 || strlen(aim) < 2)
		return *aim && strcasecmp(aim, name) == 0;
	return strncasecmp(aim, name, strlen(name)) == 0 ||
	       strncasecmp(aim, name, strlen(aim)) == 0;
}
