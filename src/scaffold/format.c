/* Words that formats have in the names of what reads them. */
#include "base/prelude.h"
#include "scaffold/format.h"

static bool name_says(const char *name, const char *const *words)
{
	for (; *words; words++)
		if (strcasestr(name, *words))
			return true;
	return false;
}

const char *format_guess(const char *name, const struct proto *proto)
{
	static const char *const json[] = { "json", NULL }, *const yaml[] = { "yaml", "yml", NULL };
	static const char *const xml[] = { "xml", "html", "svg", NULL };
	static const char *const csv[] = { "csv", "tsv", NULL };
	static const char *const ini[] = { "ini_", "_ini", "inifile", "toml", "conf", NULL };
	static const char *const url[] = { "url", "uri", NULL };
	static const char *const base64[] = { "base64", "b64", NULL };
	static const char *const text[] = { "text", "str", "date", "markdown", NULL };
	static const struct {
		const char *const *words;
		const char *format;
	} names[] = { { json, "json" }, { yaml, "yaml" }, { xml, "xml" }, { csv, "csv" },
		{ url, "url" }, { base64, "base64" }, { ini, "ini" }, { text, "text" } };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (name_says(name, names[i].words))
			return names[i].format;
	for (size_t i = 0; proto && i < proto->n_params; i++)
		if (proto->params[i].role == ROLE_TEXT)
			return "text";
	return "raw";
}
