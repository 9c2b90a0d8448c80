/* Saved logs -> one JSON object each: `crash-json [--compact] LOG...`; "-" is standard input. For tests. */
#include "base/prelude.h"
#include "report/crash_json.h"
#include <stdio.h>

static int one(const char *path)
{
	struct crash_parser *p = crash_parser_new();
	FILE *f = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	struct crash_signature sig;
	struct crash_report **all;
	char chunk[65536];
	size_t n, at;
	cJSON *o;
	char *s;

	if (!f) {
		perror(path);
		return 1;
	}
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		crash_parser_feed(p, chunk, n);
	if (f != stdin)
		fclose(f);
	all = crash_parser_end(p, &n, &at);
	for (size_t i = 0; i < n; i++)
		crash_finish(all[i], NULL);
	crash_sign(all[at], NULL, &sig);
	o = crash_json_all(all, n, at, &sig);
	s = cJSON_Print(o);
	puts(s);
	free(s);
	cJSON_Delete(o);
	crash_signature_release(&sig);
	crash_reports_free(all, n);
	return 0;
}

int main(int argc, char **argv)
{
	int rc = 0;

	for (int i = 1; i < argc; i++)
		rc |= one(argv[i]);
	return rc;
}
