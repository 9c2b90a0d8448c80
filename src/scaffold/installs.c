/* A list that doesn't name all that it brings, by a folder, a pattern or a variable, leaves nothing to be said of any header. */
#include "base/prelude.h"
#include "scaffold/installs.h"
#include "base/mem.h"
#include <ctype.h>
#include <string.h>

/* of what is installed by one command */
#define LIST_MAX ((size_t)8000)

/* To the bracket that closes, or to the end of a line that isn't continued. */
static size_t end_of_list(struct strv v)
{
	bool bracket = v.len && (v.s[0] == '(' || v.s[-1] == '(');

	for (size_t i = 0; i < v.len && i < LIST_MAX; i++)
		if (bracket ? v.s[i] == ')' : v.s[i] == '\n' && i && v.s[i - 1] != '\\')
			return i;
	return MIN(v.len, LIST_MAX);
}

/* Is it a name in what says what is installed, and no part of one: "api.h" isn't "my_api.h"? */
static bool is_named(struct strv lists, const char *name)
{
	size_t at, n = strlen(name);

	for (; (at = strv_find(lists, name)) != SIZE_MAX; lists = strv_from(lists, at + n)) {
		char before = at ? lists.s[at - 1] : ' ';
		char behind = at + n < lists.len ? lists.s[at + n] : ' ';

		if (!strv_is_word(before) && !strchr("-.", before) && !strv_is_word(behind) &&
			!strchr("-.", behind))
			return true;
	}
	return false;
}

/* "x-config.cmake", "x.pc": no header, whatever its folder is called. */
static bool is_other_file(struct strv name)
{
	static const char *const ends[] = { ".cmake", ".pc", ".cmake.in", ".pc.in", ".so", ".a",
		".1", ".3", ".txt", ".md", ".xml", ".desktop", ".py", ".sh", ".m4", ".html" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strv_ends(name, ends[i]))
			return true;
	return false;
}

/* No part of a word of letters: "doc" isn't in DOCOPT_DIR, nor "etc" in "fetch". In any case. */
static bool has_part(const char *path, const char *part)
{
	size_t n = strlen(part);

	for (const char *at = path; (at = strcasestr(at, part)); at += n)
		if ((at == path || !isalpha((unsigned char)at[-1])) &&
			(part[n - 1] == '/' || !isalpha((unsigned char)at[n])))
			return true;
	return false;
}

/* By where CMake puts it: no compiler looks for headers there. */
static bool goes_elsewhere(struct strv list)
{
	static const char *const headers[] = { "include", "header", NULL };
	static const char *const others[] = { "mandir", "docdir", "datadir", "datarootdir",
		"sysconfdir", "bindir", "libdir", "pkgconfig", "man", "doc", "docs", "share", "etc",
		"lib/", "bin", NULL };
	size_t at = strv_find(list, "DESTINATION");
	char *to = at == SIZE_MAX ? NULL : strv_dup(strv_from(list, at + 11));
	bool is = false, header = false;

	for (size_t i = 0; to && headers[i]; i++)
		header = header || strcasestr(to, headers[i]);
	for (size_t i = 0; to && others[i] && !header; i++)
		is = is || has_part(to, others[i]);
	free(to);
	return is;
}

/* May a list bring headers that it doesn't name, by a folder, a pattern or a variable? CMake's name where to, too. */
static bool brings_more(struct strv list, const char *word)
{
	bool cmake = strcmp(word, "install(") == 0;

	list = strv_trim(list);
	if (cmake && goes_elsewhere(list))
		return false;
	list = strv_sub(list, 0, strv_find(list, "DESTINATION"));
	if (cmake && strv_starts(list, "DIRECTORY"))
		return true;
	if (strcmp(word, "INSTALL") == 0 || (cmake && !strv_starts(list, "FILES")))
		return false;
	if (strcmp(word, "install_headers") == 0 && !strv_contains(list, ".h"))
		return true;
	for (size_t n; list.len; list = strv_from(list, n + 1)) {
		struct strv one;

		for (n = 0; n < list.len && !strchr(" \t\n\",;", list.s[n]);)
			n++;
		one = strv_sub(list, 0, n);
		if (strv_chr(one, '*') != SIZE_MAX ||
			(strv_chr(one, '$') != SIZE_MAX && !strv_contains(one, ".h") &&
				!is_other_file(one)))
			return true;
	}
	return false;
}

/* What stands behind the words that install. */
void installs_add(struct installs *all, struct strv text)
{
	static const char *const words[] = { "include_HEADERS", "install(", "install_headers",
		"PUBLIC_HEADER", "INSTALL", "HEADERS =" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct strv rest = text, list;
		size_t at;

		while ((at = strv_find(rest, words[i])) != SIZE_MAX) {
			rest = strv_from(rest, at + strlen(words[i]));
			list = strv_sub(rest, 0, end_of_list(rest));
			buf_addv(&all->lists, list);
			buf_addch(&all->lists, '\n');
			if (i + 1 == ARRAY_LEN(words))
				continue;
			all->more = all->more || brings_more(list, words[i]);
			buf_addv(&all->for_users, list);
			buf_addch(&all->for_users, '\n');
		}
	}
}

bool installs_names(const struct installs *all, const char *name)
{
	return strv_contains(strv_n(buf_str(&all->lists), all->lists.len), name);
}

bool installs_for_users(const struct installs *all, const char *name)
{
	return all->more || is_named(strv_n(buf_str(&all->for_users), all->for_users.len), name);
}

void installs_release(struct installs *all)
{
	buf_release(&all->lists);
	buf_release(&all->for_users);
}
