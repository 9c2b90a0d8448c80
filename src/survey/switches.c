/* Each project calls them as it likes; the words in them are the same. */
#include "base/prelude.h"
#include "survey/switches.h"
#include "base/mem.h"
#include <ctype.h>

#define NAME_LOOKED 100
#define SWITCHES_MAX 40

/* Is it one of the words of a name ("X_BUILD_TESTS")? more: an S behind it is all the same. */
static bool has_word(struct strv name, const char *word, bool more)
{
	struct strv rest = name, one;

	while (strv_split(&rest, '_', &one)) {
		if (more && one.len == strlen(word) + 1 &&
			toupper((unsigned char)one.s[one.len - 1]) == 'S')
			one.len--;
		if (strv_eqs(one, word))
			return true;
	}
	return false;
}

static bool is_aside(struct strv name)
{
	static const char *const words[] = { "TEST", "TESTING", "UNITTEST", "EXAMPLE", "SAMPLE",
		"DEMO", "BENCH", "BENCHMARK", "BENCHMARKING", "DOC", "DOCUMENTATION", "DOXYGEN",
		"MANPAGE", "MAN", "TUTORIAL",
		/* threads, as -fopenmp makes them (command.c) */
		"OPENMP", "OMP" };
	/* on means off then */
	static const char *const turned[] = { "NO", "DISABLE", "SKIP", "WITHOUT", "EXCLUDE",
		"OMIT" };

	for (size_t i = 0; i < ARRAY_LEN(turned); i++)
		if (has_word(name, turned[i], false))
			return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (has_word(name, words[i], true))
			return true;
	return false;
}

static void read_one(struct strv text, const char *command, struct strlist *out)
{
	size_t at;

	while (out->n < SWITCHES_MAX && (at = strv_find(text, command)) != SIZE_MAX) {
		struct strv rest = strv_trim_start(strv_from(text, at + strlen(command)));
		size_t n = 0;

		text = strv_from(text, at + strlen(command));
		if (!rest.len || rest.s[0] != '(')
			continue;
		rest = strv_trim_start(strv_from(rest, 1));
		while (n < rest.len &&
			(isupper((unsigned char)rest.s[n]) || isdigit((unsigned char)rest.s[n]) ||
				rest.s[n] == '_'))
			n++;
		rest = strv_sub(rest, 0, n);
		if (n && is_aside(rest))
			strlist_add_once_take(out, xasprintf("-D%.*s=OFF", (int)n, rest.s));
	}
}

static bool is_lower_aside(struct strv name)
{
	char *upper = strv_dup(name);
	bool is;

	for (char *c = upper; *c; c++)
		*c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
	is = is_aside(strv_of(upper));
	free(upper);
	return is;
}

/* 'word', in either of Meson's ways; what is behind it stays in v. */
static struct strv quoted(struct strv *v)
{
	struct strv word = strv_n("", 0);

	*v = strv_trim_start(*v);
	if (v->len && v->s[0] == '\'') {
		*v = strv_from(*v, 1);
		strv_split(v, '\'', &word);
	}
	return word;
}

void switches_read_meson(struct strv text, struct strlist *out)
{
	size_t at;

	while (out->n < SWITCHES_MAX && (at = strv_find(text, "option(")) != SIZE_MAX) {
		struct strv one, name, type;

		text = strv_from(text, at + strlen("option("));
		at = strv_find(text, "option(");
		one = strv_sub(text, 0, at);
		name = quoted(&one);
		at = strv_find(one, "type");
		if (at == SIZE_MAX || !name.len || !is_lower_aside(name))
			continue;
		one = strv_trim_start(strv_from(one, at + strlen("type")));
		if (!strv_skip(&one, ":"))
			continue;
		type = quoted(&one);
		if (strv_eqs(type, "boolean"))
			strlist_addf(out, "-D" STRV_FMT "=false", STRV_ARG(name));
		else if (strv_eqs(type, "feature"))
			strlist_addf(out, "-D" STRV_FMT "=disabled", STRV_ARG(name));
	}
}

/* "# Check whether --with-x was given.": of those that aren't wanted, without. */
static void read_given(struct strv text, const char *before, const char *off, struct strlist *out)
{
	size_t at;

	while (out->n < SWITCHES_MAX && (at = strv_find(text, before)) != SIZE_MAX) {
		struct strv name, line;

		text = strv_from(text, at + strlen(before));
		line = strv_sub(text, 0, MIN(text.len, (size_t)NAME_LOOKED));
		at = strv_find(line, " was given");
		name = strv_sub(line, 0, MIN(at, line.len));
		if (at == SIZE_MAX || !name.len || strv_chr(name, '\n') != SIZE_MAX ||
			!is_lower_aside(name))
			continue;
		strlist_add_once_take(out, xasprintf("--%s-" STRV_FMT, off, STRV_ARG(name)));
	}
}

void switches_read_configure(struct strv text, struct strlist *out)
{
	read_given(text, "# Check whether --enable-", "disable", out);
	read_given(text, "# Check whether --with-", "without", out);
}

void switches_read(struct strv text, struct strlist *out)
{
	read_one(text, "option", out);
	read_one(text, "OPTION", out);
}
