/* Of each object its members "directory" and "command", or "arguments". */
#include "base/prelude.h"
#include "survey/database.h"
#include "survey/line.h"
#include "base/mem.h"
#include <cjson/cJSON.h>

static const char *member(const cJSON *entry, const char *name)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, name));
}

static void read_entry(const cJSON *entry, struct records *out)
{
	const char *dir = member(entry, "directory"), *command = member(entry, "command");
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(entry, "arguments"), *word;
	struct strlist argv = STRLIST_INIT;

	if (command)
		line_words(strv_of(command), &argv);
	else
		cJSON_ArrayForEach(word, list) if (cJSON_GetStringValue(word))
			strlist_add(&argv, cJSON_GetStringValue(word));
	if (dir && argv.n) {
		GROW(out->v, out->n, out->cap);
		out->v[out->n++] = (struct record){ xstrdup(dir), argv };
	} else {
		strlist_release(&argv);
	}
}

void database_read(struct strv text, struct records *out)
{
	cJSON *all = cJSON_ParseWithLength(text.s, text.len);
	const cJSON *entry;

	cJSON_ArrayForEach(entry, all) read_entry(entry, out);
	cJSON_Delete(all);
}
