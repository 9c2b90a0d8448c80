/* Words that formats have in the names of what reads them. */
#include "base/prelude.h"
#include "scaffold/format.h"
#include "scaffold/words.h"

static bool name_says(const char *name, const char *const *words)
{
	for (; *words; words++)
		if (strcasestr(name, *words))
			return true;
	return false;
}

const char *format_of_libraries(const struct strlist *ldflags)
{
	static const struct {
		const char *flag, *format;
	} rows[] = { { "-lxml2", "xml" }, { "-lexpat", "xml" }, { "-lxerces-c", "xml" },
		{ "-ltinyxml2", "xml" }, { "-ljson-c", "json" }, { "-ljansson", "json" },
		{ "-lcjson", "json" }, { "-lyajl", "json" }, { "-lyaml", "yaml" },
		{ "-lyaml-cpp", "yaml" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strlist_has(ldflags, rows[i].flag))
			return rows[i].format;
	return NULL;
}

static const char *const json[] = { "json", NULL }, *const yaml[] = { "yaml", "yml", NULL };
static const char *const xml[] = { "xml", "html", "svg", NULL };
static const char *const csv[] = { "csv", "tsv", NULL };
static const char *const ini[] = { "inifile", "iniparse", "inih", "toml", "conf", NULL };
static const char *const url[] = { "url", "uri", NULL };
static const char *const base64[] = { "base64", "b64", NULL };
static const char *const text[] = { "text", "str", "date", "markdown", NULL };

/* whole: in the name of a project, too, it says what most of its functions read */
static const struct {
	const char *const *words;
	const char *format;
	bool whole;
} formats[] = { { json, "json", true }, { yaml, "yaml", true }, { xml, "xml", true },
	{ csv, "csv", true }, { url, "url", false }, { base64, "base64", true },
	{ ini, "ini", false }, { text, "text", false } };

const char *format_of_project(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i].whole && name_says(name, formats[i].words))
			return formats[i].format;
	return NULL;
}

const char *format_guess(const char *name, const struct proto *proto)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (name_says(name, formats[i].words))
			return formats[i].format;
	/* "init" begins so, too */
	if (words_have(name, "ini"))
		return "ini";
	for (size_t i = 0; proto && i < proto->n_params; i++)
		if (proto->params[i].role == ROLE_TEXT)
			return "text";
	return "raw";
}
