/* The dictionaries of dictionaries/ that are for a format, not for one of this repository's harnesses. */
#include "base/prelude.h"
#include "corpus/shipped.h"
#include "base/fs.h"
#include "base/incbin.h"

#ifndef DICTIONARIES_DIR
#define DICTIONARIES_DIR "dictionaries"
#endif
#define EMBED(format) EMBED_TEXT(dict_##format, INCBIN(DICTIONARIES_DIR "/" #format ".dict"))

EMBED(csv);
EMBED(http);
EMBED(ini);
EMBED(json);
EMBED(url);
EMBED(xml);
EMBED(yaml);

#define NAMES "csv, http, ini, json, url, xml, yaml"

const struct shipped_dict *shipped_dict(const char *name)
{
	static struct shipped_dict all[] = { { "csv", { dict_csv, 0 } },
		{ "http", { dict_http, 0 } }, { "ini", { dict_ini, 0 } },
		{ "json", { dict_json, 0 } }, { "url", { dict_url, 0 } },
		{ "xml", { dict_xml, 0 } }, { "yaml", { dict_yaml, 0 } } };
	/* in the order of the rows; lengths are the linker's to know, not the compiler's */
	const size_t lens[] = { dict_csv_len, dict_http_len, dict_ini_len, dict_json_len,
		dict_url_len, dict_xml_len, dict_yaml_len };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		all[i].text.len = lens[i];
		if (name && strcmp(all[i].name, name) == 0)
			return &all[i];
	}
	return NULL;
}

const char *shipped_dict_names(void)
{
	return NAMES;
}

int dictionary_of_harness(const char *path, const char *format, struct dictionary *d,
	struct dict_problems *problems, struct err *err)
{
	const struct shipped_dict *s = shipped_dict(path && !fs_exists(path) ? fs_basename(path)
						    : path                   ? NULL
									     : format);
	struct buf from = BUF_INIT;
	int rc = 0;

	if (s) {
		buf_addf(&from, "thresh's own for %s", s->name);
		dictionary_parse(s->text, from.s, d, problems);
	} else if (path) {
		buf_addf(&from, "declared: %s", fs_basename(path));
		rc = dictionary_read(path, from.s, d, problems, err);
	}
	buf_release(&from);
	return rc;
}
