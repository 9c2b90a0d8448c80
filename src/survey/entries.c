/* Two looks at all texts: for macros that make an entry, and for what defines or uses one. */
#include "base/prelude.h"
#include "survey/entries.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "survey/command.h"
#include "survey/defines.h"
#include "survey/internal.h"

#define SOURCE_MAX ((uint64_t)4 << 20)
#define MACROS_MAX 8

/* Is it there as a word of its own, on a line that is no directive? */
static bool uses(struct strv text, const char *word)
{
	size_t n = strlen(word);
	struct strv line;

	if (!strv_contains(text, word))
		return false;
	while (strv_line(&text, &line)) {
		struct strv rest = strv_trim(line);
		size_t at;

		if (strv_starts(rest, "#") || strv_starts(rest, "//") || strv_starts(rest, "*"))
			continue;
		while ((at = strv_find(rest, word)) != SIZE_MAX) {
			bool whole = (!at || !strv_is_word(rest.s[at - 1])) &&
				     (at + n == rest.len || !strv_is_word(rest.s[at + n]));

			if (whole)
				return true;
			rest = strv_from(rest, at + n);
		}
	}
	return false;
}

void entries_macros(struct strv text, const char *word, struct strlist *out)
{
	struct strv line, name;

	if (!strv_contains(text, word))
		return;
	while (strv_line(&text, &line)) {
		struct strv rest = strv_trim(line), body;
		size_t n = 0;
		bool has;

		if (!strv_skip(&rest, "#"))
			continue;
		rest = strv_trim(rest);
		if (!strv_skip(&rest, "define") || !rest.len || !strv_is_space(rest.s[0]))
			continue;
		rest = strv_trim(rest);
		while (n < rest.len && strv_is_word(rest.s[n]))
			n++;
		name = strv_sub(rest, 0, n);
		body = strv_from(rest, n);
		has = strv_contains(body, word);
		while (strv_ends(strv_trim(line), "\\") && strv_line(&text, &line))
			has |= strv_contains(line, word);
		if (has && n && out->n < MACROS_MAX)
			strlist_add_once_take(out, strv_dup(name));
	}
}

static bool uses_one(struct strv text, const struct strlist *macros)
{
	for (size_t i = 0; i < macros->n; i++)
		if (uses(text, macros->v[i]))
			return true;
	return false;
}

/* Sources that are fuzz targets, and programs that AFL++ is to run. */
static void sort_source(
	struct survey *out, const char *rel, struct strv text, const struct strlist *macros)
{
	/* what only calls it runs inputs, as replay.c does, and has a main() of its own */
	if (defines_function(text, SURVEY_ENTRY) ||
		(uses_one(text, macros) && !defines_function(text, "main")))
		strlist_add_once(&out->fuzz_targets, rel);
	else if (strv_contains(text, "__AFL_LOOP") && defines_function(text, "main"))
		strlist_add(&out->afl_programs, rel);
}

static bool is_looked_at(const char *rel, bool headers)
{
	return (command_is_source(rel) || (headers && files_header(rel))) &&
	       strncmp(rel, "harnesses/", 10) != 0;
}

void entries_find(const char *dir, const struct files *t, struct survey *out)
{
	struct strlist macros = STRLIST_INIT;

	for (unsigned look = 0; look < 2; look++)
		for (size_t i = 0; i < t->files.n; i++) {
			const char *rel = t->files.v[i];
			struct buf text = BUF_INIT;
			char *path;

			if (!is_looked_at(rel, look == 0))
				continue;
			path = fs_join(dir, rel);
			if (fs_read(path, SOURCE_MAX, &text, NULL) == 0) {
				struct strv v = strv_n(buf_str(&text), text.len);

				if (look == 0)
					entries_macros(v, SURVEY_ENTRY, &macros);
				else
					sort_source(out, rel, v, &macros);
			}
			buf_release(&text);
			free(path);
		}
	strlist_release(&macros);
}
