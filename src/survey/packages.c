/* Names of packages are made of those of libraries, but not all in one way. */
#include "base/prelude.h"
#include "survey/packages.h"
#include "base/buf.h"
#include "base/mem.h"
#include <ctype.h>
#include <strings.h>

/* "libglib2.0-dev" and "glib-2.0" have "glib" in common; the caller frees. */
static char *core(struct strv name)
{
	struct buf b = BUF_INIT;

	if (name.len > 3 && strncasecmp(name.s, "lib", 3) == 0)
		name = strv_from(name, 3);
	if (strv_ends(name, "-dev"))
		name.len -= 4;
	for (size_t i = 0; i < name.len; i++)
		if (isalpha((unsigned char)name.s[i]))
			buf_addch(&b, (char)tolower((unsigned char)name.s[i]));
	buf_adds(&b, "");
	return buf_detach(&b);
}

/* How many of the digits are the same from the start: "2.0" is rather libglib2.0-dev than libglib1.2-dev. */
static size_t same_digits(struct strv a, struct strv b)
{
	size_t n = 0, i = 0, k = 0;

	for (;;) {
		while (i < a.len && !isdigit((unsigned char)a.s[i]))
			i++;
		while (k < b.len && !isdigit((unsigned char)b.s[k]))
			k++;
		if (i == a.len && k == b.len)
			return n + 1;
		if (i == a.len || k == b.len || a.s[i++] != b.s[k++])
			return n;
		n++;
	}
}

/* "webpmux" without what says which part of the library it is; false: it says none. */
static bool drop_part(char *name)
{
	static const char *const parts[] = { "demux", "mux", "decoder", "encoder", "stream",
		"streams", "generators", "utils", "util", "core", "common", "client", "cpp",
		"cxx" };
	size_t n = strlen(name);

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		size_t k = strlen(parts[i]);

		if (n >= k + 3 && strcmp(name + n - k, parts[i]) == 0) {
			name[n - k] = '\0';
			return true;
		}
	}
	return false;
}

static struct strv best_package(const char *name, const char *want, struct strv packages)
{
	struct strv line, best = { "", 0 };
	size_t best_score = 0;

	while (*want && strv_line(&packages, &line)) {
		bool library = strv_starts(line, "lib") && strv_ends(line, "-dev");
		size_t score;
		char *is;

		if (!library && !strv_eqs(line, name))
			continue;
		is = core(line);
		score = strcmp(is, want) == 0 ? 1 + same_digits(strv_of(name), line) : 0;
		if (score && library)
			score += 100;
		if (score > best_score || (score == best_score && score && line.len < best.len)) {
			best = line;
			best_score = score;
		}
		free(is);
	}
	return best;
}

char *packages_of(const char *name, struct strv packages)
{
	char *want = core(strv_of(name));
	struct strv best = best_package(name, want, packages);

	if (!best.len && drop_part(want))
		best = best_package(name, want, packages);
	free(want);
	return strv_dup(best);
}

/* What most projects call headers of their own that a build makes, though there are packages of that name. */
static bool is_common(const char *stem)
{
	static const char *const words[] = { "config", "version", "common", "util", "utils",
		"types", "test", "core", "base", "export", "platform", "internal", "debug", "log",
		"error", "parser", "lexer", "grammar", "opcodes", "tables", "features",
		"revision" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(stem, words[i]) == 0)
			return true;
	return false;
}

/* "lz4.h", "yaml-cpp/yaml.h": lz4, yaml-cpp; as packages have it; the caller frees. */
static char *stem_of(const char *header)
{
	struct strv v = strv_of(header);
	char *stem = strv_dup(strv_sub(v, 0, strcspn(header, "/.")));

	for (char *c = stem; *c; c++)
		*c = *c == '_' ? '-' : (char)tolower((unsigned char)*c);
	return stem;
}

static bool has_line(struct strv text, const char *want)
{
	struct strv line;

	while (strv_line(&text, &line))
		if (strv_eqs(line, want))
			return true;
	return false;
}

char *packages_with_header(const char *header, struct strv packages)
{
	char *stem = stem_of(header);
	const char *bare = strncmp(stem, "lib", 3) == 0 ? stem + 3 : stem;
	char *package = xasprintf("lib%s-dev", bare);

	if (!*bare || is_common(bare) || !has_line(packages, package)) {
		free(package);
		package = NULL;
	}
	free(stem);
	return package;
}
